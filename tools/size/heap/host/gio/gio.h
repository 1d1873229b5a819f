/*
 * As much of GLib as the SDK's simulator platform asks for: timers and idle sources on one thread. It takes the place of
 * the real one, which would have to be there for 32 bits.
 */
#ifndef GIO_STAND_IN
#define GIO_STAND_IN

typedef int gboolean;
typedef unsigned int guint;
typedef void* gpointer;
typedef gboolean (*GSourceFunc)(gpointer data);
typedef void (*GDestroyNotify)(gpointer data);
typedef struct GSource GSource;
typedef struct GMainContext GMainContext;
typedef struct GSocket GSocket;
typedef struct GThread GThread;
typedef struct { int unused; } GMutex;
typedef struct { int unused; } GCond;

#define FALSE 0
#define TRUE 1
#define G_SOURCE_REMOVE FALSE
#define G_SOURCE_CONTINUE TRUE
#define G_PRIORITY_HIGH (-100)
#define G_PRIORITY_DEFAULT 0

#define g_mutex_init(mutex) ((void)(mutex))
#define g_mutex_clear(mutex) ((void)(mutex))
#define g_mutex_lock(mutex) ((void)(mutex))
#define g_mutex_unlock(mutex) ((void)(mutex))
#define g_cond_init(cond) ((void)(cond))
#define g_cond_clear(cond) ((void)(cond))
#define g_cond_signal(cond) ((void)(cond))
#define g_cond_wait(cond, mutex) ((void)(cond), (void)(mutex))
#define g_thread_self() ((GThread*)0)
#define g_main_context_get_thread_default() ((GMainContext*)0)

guint g_timeout_add_full(int priority, guint interval, GSourceFunc callback, gpointer data, GDestroyNotify notify);
guint g_timeout_add(guint interval, GSourceFunc callback, gpointer data);
gboolean g_source_remove(guint tag);
GSource* g_idle_source_new(void);
void g_source_set_callback(GSource* source, GSourceFunc callback, gpointer data, GDestroyNotify notify);
void g_source_set_priority(GSource* source, int priority);
guint g_source_attach(GSource* source, GMainContext* context);
void g_source_unref(GSource* source);
void g_source_destroy(GSource* source);

#endif
