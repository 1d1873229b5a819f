/*
 * Runs a simulator application of the Moddable SDK (mc.so) without a screen:
 *
 *     host MC_SO
 *
 * Standard output is what the application traces, line by line. The exit code is that of XS when the machine aborts
 * (5: an exception that nobody catches, 8: a rejection), 0 after SIGTERM or SIGINT, 1 when it cannot be started.
 */
#include <dlfcn.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>

#define mxLinux 1
#include "screen.h"

enum { WIDTH = 240, HEIGHT = 320, IDLE_INTERVAL_MS = 1 };

static txScreen* screen;

static void aborted(txScreen* it, int status)
{
	(void)it;
	fflush(stdout);
	fprintf(stderr, "the machine aborted with status %d\n", status);
	_Exit(status == 0 ? 1 : status);
}

static void ignore(txScreen* it)
{
	(void)it;
}

static void ignoreInterval(txScreen* it, double interval)
{
	(void)it;
	(void)interval;
}

static void ignoreMessage(txScreen* it, char* buffer, int size)
{
	(void)it;
	(void)buffer;
	(void)size;
}

static void stopped(int signal)
{
	(void)signal;
	_Exit(0);
}

static gboolean idle(gpointer data)
{
	(void)data;
	if (screen->idle)
		(*screen->idle)(screen);
	return G_SOURCE_CONTINUE;
}

static txScreen* makeScreen(void)
{
	txScreen* it = calloc(1, sizeof(txScreen) + WIDTH * HEIGHT * screenBytesPerPixel);
	if (!it)
		return NULL;
	it->abort = aborted;
	it->bufferChanged = ignore;
	it->formatChanged = ignore;
	it->start = ignoreInterval;
	it->stop = ignore;
	it->post = ignoreMessage;
	it->width = WIDTH;
	it->height = HEIGHT;
	it->mainThread = mxCurrentThread();
	mxCreateMutex(&it->workersMutex);
	return it;
}

int main(int count, char** arguments)
{
	void* library = count == 2 ? dlopen(arguments[1], RTLD_NOW) : NULL;
	txScreenLaunchProc launch = library ? (txScreenLaunchProc)dlsym(library, "fxScreenLaunch") : NULL;
	if (!launch) {
		fprintf(stderr, "%s\n", count == 2 ? dlerror() : "usage: host MC_SO");
		return 1;
	}
	/* Who started it may be killed; it must not go on alone. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	setvbuf(stdout, NULL, _IOLBF, 0);
	signal(SIGINT, stopped);
	signal(SIGTERM, stopped);
	/* The SDK's sockets write to peers that have closed; on a device that is an error, and no more. */
	signal(SIGPIPE, SIG_IGN);
	screen = makeScreen();
	if (!screen)
		return 1;
	(*launch)(screen);
	g_timeout_add(IDLE_INTERVAL_MS, idle, NULL);
	g_main_loop_run(g_main_loop_new(NULL, FALSE));
	return 0;
}
