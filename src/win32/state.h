/* SPDX-License-Identifier: MIT */
/* What user mode has of one machine, and what its files do when one begins and ends. */
#ifndef WIN32_STATE_H
#define WIN32_STATE_H

#include <fibersapi.h>
#include <pthread.h>

#include "nt/event.h"
#include "nt/machine.h"
#include "win32/private.h"

struct w32_heap;
struct w32_region;
struct w32_section;
struct w32_task;
struct w32_waiter;

#define W32_ROOMS 64
#define W32_SLOTS 1088 /* as many as Windows has for threads */

/* Where threads wait for an address to be woken. */
struct w32_room {
	pthread_mutex_t lock;
	pthread_cond_t woken;
	struct w32_waiter *first;
};

/* Values of threads. The lock is for allocation. */
struct w32_slots {
	pthread_mutex_t lock;
	struct {
		_Atomic unsigned generation; /* odd while it is allocated */
		bool fiber;                  /* FlsAlloc's */
		_Atomic(PFLS_CALLBACK_FUNCTION) callback;
	} slot[W32_SLOTS];
};

/* Threads and whom they serve: the process', or CreateThreadpool's. Under the lock of w32_pool. */
struct _TP_POOL {
	struct w32_pool *all;
	struct w32_task *first, **end; /* those with callbacks to come, in turn */
	unsigned threads, idle, most;
	unsigned leaving; /* threads that serve nobody any more */
	unsigned tasks;   /* objects that are its */
	bool closed;
	const void *maker; /* in the driver */
	struct _TP_POOL *next;
};

/* The thread pools and their objects (thread_pool.h). */
struct w32_pool {
	struct nt_machine *machine;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct w32_task *tasks;
	struct _TP_POOL own, *made; /* the process', which has the waits of all; the drivers' */
	struct _TP_CLEANUP_GROUP *groups;
	bool ending;
};

struct w32 {
	struct nt_subsystem subsystem;
	pthread_mutex_t names_lock; /* from looking for a name to having made its object */
	pthread_mutex_t sections_lock;
	struct w32_section *sections; /* critical sections that are initialised */
	pthread_mutex_t heaps_lock;
	struct w32_heap *heaps, *heap; /* all, and the process' own */
	pthread_mutex_t regions_lock;
	struct w32_region *regions; /* VirtualAlloc's */
	struct w32_room rooms[W32_ROOMS];
	struct w32_slots slots;
	struct w32_pool pool;
};

/*
 * ..._report() - the driver with that module is gone: log what it left, and take it back. Return:
 * how much. ..._destroy() - at the machine's end
 */
unsigned long w32_sections_report(struct w32 *w32, const char *driver, const void *module);
void w32_sections_destroy(struct w32 *w32);
bool w32_heaps_init(struct w32 *w32);
unsigned long w32_heaps_report(struct w32 *w32, const char *driver, const void *module);
void w32_heaps_destroy(struct w32 *w32);
unsigned long w32_regions_report(struct w32 *w32, const char *driver, const void *module);
void w32_regions_destroy(struct w32 *w32);
void w32_pool_init(struct w32_pool *pool);
unsigned long w32_pool_report(struct w32 *w32, const char *driver, const void *module);
void w32_pool_destroy(struct w32 *w32);
void w32_rooms_init(struct w32 *w32);
void w32_rooms_destroy(struct w32 *w32);

/* w32_pool_stop() - its threads end; no callback is called any more */
void w32_pool_stop(struct w32 *w32);

/* w32_slots_thread_ends() - the calling thread's values are no more */
void w32_slots_thread_ends(struct w32 *w32);

/* w32_module_of() - the module with this address, as dladdr() has its base; NULL: none */
const void *w32_module_of(const void *address);

/*
 * w32_wait_while() - wait to be woken for an address
 * @same: asked before, with the room's lock held: false: no wait; NULL: wait
 * @release: called when it is sure that no wake is missed; NULL: nothing
 * Return: false: the time has come. w32_wake() - one of those who wait for it, or all
 */
bool w32_wait_while(const volatile void *address, bool (*same)(const void *context),
		    const void *context, void (*release)(const void *context), uint64_t until_ns);
void w32_wake(const volatile void *address, bool all);

/* w32_section_leave() / _enter() - for a condition variable */
void w32_section_leave(LPCRITICAL_SECTION section, const char *call);
void w32_section_enter(LPCRITICAL_SECTION section, const void *where);

#endif
