/* SPDX-License-Identifier: MIT */
/* What a thread knows as a processor of its machine. Private to nt/. */
#ifndef NT_THREAD_H
#define NT_THREAD_H

#include "nt/callback.h"
#include "nt/deadlock.h"
#include "nt/held_locks.h"
#include "nt/interrupt.h"
#include "nt/irql.h"
#include "nt/machine.h"
#include "nt/region.h"

/* Every interrupt of a machine's devices, with 32 messages each: what waits is never dropped. */
#define NT_THREAD_INTERRUPTS (32 * NT_MMIO_REGIONS)

struct nt_thread {
	struct nt_machine *machine;
	KIRQL irql;
	bool pending; /* an interrupt or a DPC waits for a lower IRQL */
	unsigned interrupt_count;
	struct nt_interrupt *interrupts[NT_THREAD_INTERRUPTS];
	/* DPCs that wait, oldest first; under dpc_lock, since others look for theirs (nt/dpc.c). */
	atomic_flag dpc_lock;
	_Atomic(struct nt_dpc *) dpcs;
	struct nt_dpc *last_dpc;
	_Atomic(const void *) dpc_routine; /* of the KDPC that runs; read when a driver unloads */
	_Atomic(const struct nt_callback *)
		callback;              /* the innermost that runs; read by the watchdog */
	_Atomic(const char *) adapter; /* whose worker it is, or NULL; read by the watchdog */
	struct nt_waits waits;
	bool in_dpc; /* inside a DPC or a timer's function: a flush would wait for it */
	struct nt_regions regions;
	unsigned mutants; /* that it owns */
	/* The locks it holds (nt/held_locks.c). */
	_Atomic unsigned held_count;
	KIRQL held_level; /* the highest of theirs */
	struct nt_held held[NT_HELD_LOCKS];
	struct nt_thread_object *object; /* its PKTHREAD, once somebody has asked; NULL: nobody */
	GROUP_AFFINITY affinity;         /* as the driver has set it; Mask 0: it has not */
	struct nt_callback_watch *watch; /* NULL: none; the thread's own */
	/* A timer that lies on its stack, and who set it (nt/left_behind.h); NULL: none. */
	const KTIMER *stack_timer;
	const void *stack_setter;
	void *signal_stack;
	uintptr_t trap_refused; /* an instruction that faults again, to be reported as a crash */

	/*
	 * For the watchdog (nt/watchdog.c). Counts calls into the driver from outside of any other:
	 * odd while one runs. Written by the thread alone.
	 */
	_Atomic uint64_t calls;
	_Atomic(const struct nt_callback *) outermost; /* of the call that runs */
	pthread_t self;
	struct nt_thread *next, **link; /* the machine's list, under its threads_lock */
	uint64_t seen_calls;            /* the watchdog's: what calls was at its last look */
	unsigned seen_ticks;            /* and for how many looks it has been that */
};

extern _Thread_local struct nt_thread nt_self;

/* nt_run_pending() - deliver interrupts and run DPCs that the present IRQL allows. */
void nt_run_pending(void);

/* nt_interrupt_raise() - assert it, and deliver it now or when the IRQL has dropped. */
void nt_interrupt_raise(struct nt_interrupt *interrupt);

/* nt_interrupt_deliver() - run its ISR for all there is. IRQL below NT_DIRQL. */
void nt_interrupt_deliver(struct nt_interrupt *interrupt);

/*
 * nt_line_serve(), nt_message_serve() - call the ISR until the line drops, or for a message that
 * was sent. At NT_DIRQL, by nt_interrupt_deliver() alone.
 */
void nt_line_serve(struct nt_interrupt *line);
void nt_message_serve(struct nt_interrupt *message);

/* nt_dpc_run_next() - run the thread's oldest DPC. IRQL below DISPATCH_LEVEL, list not empty. */
void nt_dpc_run_next(void);

#endif
