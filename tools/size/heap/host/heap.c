/*
 * Runs an application of the Moddable SDK on a heap of fixed size, as a device has it, without a screen:
 *
 *     heap STATIC_BYTES STACK_SLOTS
 *
 * Chunks grow from the bottom of the block, slots and the stack from its top. Exits with 0 after SIGTERM, when it prints
 * what is in use, garbage collected, and with the status of XS when the machine aborts (1: memory full).
 */
#include "xsAll.h"
#include "xs.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#include "loop.h"
#include "screen.h"

enum { FIRST_CHUNKS = 512, MORE_CHUNKS = 64, FIRST_SLOTS = 64, MORE_SLOTS = 16, PAINT = 0xa5 };

extern void* xsPreparationAndCreation(xsCreation** creation);

static txByte* bottom;
static txByte* top;
static txByte* stack;
static size_t stackBytes;
static volatile int isOver;

void* __wrap_fxAllocateChunks(txMachine* the, txSize size)
{
	txBlock* block = the->firstBlock;
	txSize needed = size;
	/* What is free at the end of the block counts: it only has to grow by the rest. */
	if (block)
		needed -= (txSize)sizeof(txBlock) + (txSize)(block->limit - block->current);
	if (top - bottom < needed)
		return NULL;
	txByte* from = bottom;
	bottom += needed;
	if (!block)
		return from;
	/* XS takes adjoining memory for growth of the block by `size`: it ends where it must. */
	block->limit = bottom - size;
	the->maximumChunksSize += needed - (size - (txSize)sizeof(txBlock));
	return block->limit;
}

static txSlot* takeFromTop(size_t bytes)
{
	if ((size_t)(top - bottom) < bytes)
		return NULL;
	top -= bytes;
	return (txSlot*)top;
}

txSlot* __wrap_fxAllocateSlots(txMachine* the, txSize count)
{
	size_t bytes = count * sizeof(txSlot);
	if (!stack) {
		stack = (txByte*)takeFromTop(bytes);
		if (!stack)
			fxAbort(the, XS_NOT_ENOUGH_MEMORY_EXIT);
		memset(stack, PAINT, bytes);
		stackBytes = bytes;
		return (txSlot*)stack;
	}
	the->growHeapDirection = -1;
	txSlot* slots = takeFromTop(bytes);
	if (slots || !the->firstBlock)
		return slots;
	fxCollect(the, XS_COMPACT_FLAG | XS_ORGANIC_FLAG);
	the->maximumChunksSize -= the->firstBlock->limit - the->firstBlock->current;
	bottom = the->firstBlock->limit = the->firstBlock->current;
	return takeFromTop(bytes);
}

void __wrap_fxFreeChunks(txMachine* the, void* chunks)
{
	(void)the;
	(void)chunks;
}

void __wrap_fxFreeSlots(txMachine* the, void* slots)
{
	(void)the;
	(void)slots;
}

static size_t stackPeak(void)
{
	size_t untouched = 0;
	while (untouched < stackBytes && (unsigned char)stack[untouched] == PAINT)
		untouched++;
	return stackBytes - untouched;
}

static void printUse(txMachine* the)
{
	printf("slots %ld chunks %ld stack %zu slot %zu\n", (long)(the->currentHeapCount * sizeof(txSlot)),
		(long)the->currentChunksSize, stackPeak(), sizeof(txSlot));
}

static void aborted(txScreen* screen, int status)
{
	(void)screen;
	fprintf(stderr, "the machine aborted with status %d\n", status);
	fflush(NULL);
	_Exit(status == 0 ? 255 : status);
}

static void stopped(int signal)
{
	(void)signal;
	isOver = 1;
}

static void launch(xsMachine* the, txString name)
{
	xsBeginHost(the);
	{
		xsVars(1);
		xsVar(0) = xsImportNow(name);
		xsVar(0) = xsGet(xsVar(0), xsID("default"));
		if (xsTest(xsVar(0)))
			xsCallFunction0(xsVar(0), xsGlobal);
	}
	xsEndHost(the);
}

int main(int count, char** arguments)
{
	if (count != 3) {
		fprintf(stderr, "usage: heap STATIC_BYTES STACK_SLOTS\n");
		return 2;
	}
	size_t size = strtoul(arguments[1], NULL, 10);
	bottom = aligned_alloc(16, size);
	if (!bottom)
		return 2;
	top = bottom + size;
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	setvbuf(stdout, NULL, _IOLBF, 0);
	signal(SIGTERM, stopped);
	txScreen* screen = calloc(1, sizeof(txScreen));
	screen->abort = aborted;
	txPreparation* preparation = xsPreparationAndCreation(NULL);
	txCreation creation = preparation->creation;
	creation.stackCount = strtoul(arguments[2], NULL, 10);
	creation.initialChunkSize = FIRST_CHUNKS;
	creation.incrementalChunkSize = MORE_CHUNKS;
	creation.initialHeapCount = FIRST_SLOTS;
	creation.incrementalHeapCount = MORE_SLOTS;
	txMachine* the = fxPrepareMachine(&creation, preparation, "heap", screen, NULL);
	if (!the)
		return 1;
	the->host = screen;
	screen->machine = the;
	launch(the, preparation->main);
	runLoop(&isOver);
	fxCollectGarbage(the);
	printUse(the);
	return 0;
}
