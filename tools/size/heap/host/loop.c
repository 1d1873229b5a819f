/* The event loop behind gio/gio.h: sources in the order of their time, which is that of the machine's monotonic clock. */
#include <gio/gio.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include "loop.h"

struct GSource {
	GSource* next;
	guint tag;
	int priority;
	guint interval;
	int64_t due;
	GSourceFunc callback;
	gpointer data;
	int isAttached;
};

static GSource* sources;
static guint lastTag;

static int64_t now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

static void insert(GSource* source)
{
	GSource** at = &sources;
	while (*at && ((*at)->due < source->due || ((*at)->due == source->due && (*at)->priority <= source->priority)))
		at = &(*at)->next;
	source->next = *at;
	source->isAttached = 1;
	*at = source;
}

GSource* g_idle_source_new(void)
{
	GSource* source = calloc(1, sizeof(GSource));
	if (!source)
		abort();
	source->tag = ++lastTag;
	return source;
}

void g_source_set_callback(GSource* source, GSourceFunc callback, gpointer data, GDestroyNotify notify)
{
	(void)notify;
	source->callback = callback;
	source->data = data;
}

void g_source_set_priority(GSource* source, int priority)
{
	source->priority = priority;
}

guint g_source_attach(GSource* source, GMainContext* context)
{
	(void)context;
	source->due = now() + (int64_t)source->interval * 1000;
	insert(source);
	return source->tag;
}

void g_source_unref(GSource* source)
{
	(void)source;
}

void g_source_destroy(GSource* source)
{
	g_source_remove(source->tag);
}

guint g_timeout_add_full(int priority, guint interval, GSourceFunc callback, gpointer data, GDestroyNotify notify)
{
	GSource* source = g_idle_source_new();
	source->priority = priority;
	source->interval = interval;
	g_source_set_callback(source, callback, data, notify);
	return g_source_attach(source, NULL);
}

guint g_timeout_add(guint interval, GSourceFunc callback, gpointer data)
{
	return g_timeout_add_full(G_PRIORITY_DEFAULT, interval, callback, data, NULL);
}

gboolean g_source_remove(guint tag)
{
	for (GSource** at = &sources; *at; at = &(*at)->next) {
		GSource* source = *at;
		if (source->tag != tag)
			continue;
		*at = source->next;
		free(source);
		return TRUE;
	}
	return FALSE;
}


void runLoop(const volatile int* isOver)
{
	while (!*isOver) {
		int64_t wait = sources ? sources->due - now() : 5000;
		if (wait > 0) {
			struct timespec pause = { 0, (wait < 5000 ? wait : 5000) * 1000 };
			nanosleep(&pause, NULL);
			continue;
		}
		GSource* source = sources;
		guint tag = source->tag;
		GSourceFunc callback = source->callback;
		gpointer data = source->data;
		/* Where it stands in the list it can be removed from within; it is behind all that is due now. */
		sources = source->next;
		source->due = now() + (int64_t)source->interval * 1000;
		insert(source);
		if (!callback(data))
			g_source_remove(tag);
	}
}
