/* SPDX-License-Identifier: MIT */
/* What lines and messages have in common: who is connected, whose turn it is, what waits. */
#include "nt/interrupt.h"

#include <sched.h>
#include <stdatomic.h>

#include "nt/event.h"
#include "nt/irql.h"
#include "nt/thread.h"

static void serve(struct nt_interrupt *interrupt)
{
	if (interrupt->kind == NT_INTERRUPT_MESSAGE)
		nt_message_serve(interrupt);
	else
		nt_line_serve(interrupt);
}

/*
 * One thread delivers at a time. Another that asserts meanwhile leaves a mark (2), and the first
 * looks again before it leaves, so no assertion is lost.
 */
void nt_interrupt_deliver(struct nt_interrupt *interrupt)
{
	KIRQL irql = nt_self.irql;
	int state = 0;

	while (!atomic_compare_exchange_weak(&interrupt->in_service, &state, state ? 2 : 1))
		;
	if (state)
		return;
	nt_self.irql = NT_DIRQL;
	do {
		interrupt->in_service = 1;
		serve(interrupt);
		state = 1;
	} while (!atomic_compare_exchange_strong(&interrupt->in_service, &state, 0));
	nt_self.irql = irql;
}

static void pend(struct nt_interrupt *interrupt)
{
	for (unsigned i = 0; i < nt_self.interrupt_count; i++)
		if (nt_self.interrupts[i] == interrupt)
			return;
	if (nt_self.interrupt_count == NT_THREAD_INTERRUPTS) {
		nt_log(interrupt->name, "more than %u interrupts wait on one thread: one is lost",
		       NT_THREAD_INTERRUPTS);
		return;
	}
	nt_self.interrupts[nt_self.interrupt_count++] = interrupt;
	nt_self.pending = true;
}

static void deliver_soon(struct nt_interrupt *interrupt)
{
	if (nt_self.irql >= NT_DIRQL) {
		pend(interrupt);
		return;
	}
	nt_interrupt_deliver(interrupt);
	if (nt_self.pending)
		nt_run_pending();
}

void nt_interrupt_raise(struct nt_interrupt *interrupt)
{
	interrupt->asserted = 1;
	deliver_soon(interrupt);
}

void nt_interrupt_connect(struct nt_interrupt *interrupt, BOOLEAN (*isr)(void *), void *context)
{
	if (!isr) {
		interrupt->isr = NULL;
		while (interrupt->in_service)
			sched_yield();
		return;
	}
	interrupt->isr_context = context;
	interrupt->isr = isr;
	if (interrupt->asserted)
		deliver_soon(interrupt);
}
