/* SPDX-License-Identifier: MIT */
/*
 * The machine: what a driver's calls without an object reach (physical memory, DMA, interrupts,
 * the event log). One per host; what nt/ keeps outside it is a thread's own (nt_self in thread.h)
 * or the signal handlers' (crash.c, watchdog.c), which a process has once.
 */
#ifndef NT_MACHINE_H
#define NT_MACHINE_H

#include <ntddk.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "nt/dma.h"
#include "nt/event.h"
#include "nt/guard.h"
#include "nt/processor.h"
#include "nt/trace.h"
#include "nt/trap/mmio.h"

struct nt_violation;
struct text;
struct nt_pool;
struct nt_contiguous;
struct nt_lookaside;
struct nt_faults;
struct nt_objects;
struct nt_timers;
struct nt_thread;
struct nt_watchdog;
struct wdf_driver;

#define NT_MACHINE_NOTED 64

/* Waits for several objects at once. */
struct nt_wait_many {
	_Atomic uint32_t waiters; /* threads in such a wait */
	_Atomic uint32_t signals; /* counts signals while there is one (a futex) */
};

/*
 * What the executive tells the subsystem of user mode above it, which is there once a driver has
 * asked for it. Owned by that layer; any of the functions may be NULL.
 */
struct nt_subsystem {
	/* The calling thread is about to leave the machine. */
	void (*thread_ends)(struct nt_subsystem *subsystem);
	/*
	 * The driver with this module has been unloaded: log what it left and take it back.
	 * @module: base address, as dladdr() has it. Return: how much.
	 */
	unsigned long (*module_gone)(struct nt_subsystem *subsystem, const char *driver,
				     const void *module);
	/* The machine ends, and the drivers are gone: its own threads end, too. */
	void (*stop)(struct nt_subsystem *subsystem);
	/* No thread is in the machine any more. */
	void (*destroy)(struct nt_subsystem *subsystem);
};

/*
 * Owned by the host: nt_machine_init() before any thread enters, nt_machine_destroy() after all
 * have left. The hooks are set once, before any thread enters.
 */
struct nt_machine {
	struct nt_event_sink sink;
	struct nt_dma dma;
	struct nt_mmio mmio;
	struct nt_guards guards;
	/* Last words before a violation ends the process (remove sockets, devices); may be NULL. */
	void (*on_violation)(void *context, const struct nt_violation *violation);
	void *on_violation_context;
	/*
	 * A report is about to be printed: what came before it is to be out. Any thread, also a
	 * signal handler's; context is on_violation's. May be NULL.
	 */
	void (*before_report)(void *context);
	/*
	 * Is it the name of one of several adapters? Reports then say so. For any thread; context
	 * is on_violation's. NULL: nobody knows.
	 */
	bool (*is_adapter)(void *context, const char *name);
	/*
	 * What on Windows ends with the driver whose code is among @frames, when that is not the
	 * system: lines for a report. @adapter: for which it ran; NULL: not known. Context is
	 * on_violation's; also for a signal handler. NULL: nobody knows.
	 */
	void (*tell_end)(void *context, void *const *frames, int count, const char *adapter,
			 struct text *text);
	/* Places that have been noted (nt_violation_note), as hashes; 0: free. */
	_Atomic uint32_t noted[NT_MACHINE_NOTED];
	/* DPCs queued or running anywhere, counted in the phase they were queued in (nt/dpc.c). */
	_Atomic unsigned dpcs_in_flight[2];
	_Atomic unsigned dpc_phase;
	pthread_mutex_t dpc_flush_lock;
	struct nt_pool *pool;
	pthread_mutex_t contiguous_lock;
	struct nt_contiguous *contiguous; /* what drivers have of it (nt/contiguous.c) */
	pthread_mutex_t lookaside_lock;
	struct nt_lookaside *lookasides; /* that drivers have not deleted (nt/lookaside.c) */
	struct nt_timers *timers;
	struct nt_objects *objects; /* threads and others, and handles of them (nt/object.c) */
	struct nt_wait_many waits;
	_Atomic(struct nt_subsystem *) subsystem; /* NULL: no driver has asked for one */
	struct nt_processors processors;
	/* The threads that have entered, for the watchdog. */
	pthread_mutex_t threads_lock;
	struct nt_thread *threads;
	struct nt_watchdog *watchdog; /* under threads_lock; NULL: none */
	_Atomic bool watchdog_asleep; /* no call into the driver was running when it last looked */
	/* A call into the driver begins while the watchdog sleeps; set when there is one. */
	void (*rouse_watchdog)(struct nt_machine *machine);
	struct nt_traces traces; /* what drivers tell, and who listens */
	struct nt_faults
		*faults; /* the host's, set before any thread enters; NULL: nothing fails */
	/* The framework's drivers, to know who calls; looked at by wdf/ only. */
	pthread_mutex_t drivers_lock;
	struct wdf_driver *drivers;
};

/*
 * nt_machine_init() - an empty machine: everything zero but what needs more
 * The sink and the hooks are set after it. Return: 0 or -ENOMEM.
 */
int nt_machine_init(struct nt_machine *machine);
void nt_machine_destroy(struct nt_machine *machine);

/*
 * nt_thread_enter() - the calling thread becomes one of the machine's, at PASSIVE_LEVEL
 * nt_thread_leave() - and is none any longer; IRQL must be PASSIVE_LEVEL and nothing pending
 */
void nt_thread_enter(struct nt_machine *machine);
void nt_thread_leave(void);

/* nt_machine() - the calling thread's machine; NULL on a thread that never entered one. */
struct nt_machine *nt_machine(void);

#endif
