/* SPDX-License-Identifier: MIT */
#include "nt/machine.h"

#include <errno.h>
#include <string.h>

#include "nt/crash.h"
#include "nt/pool.h"
#include "nt/thread.h"
#include "nt/timer.h"
#include "nt/violation.h"

_Thread_local struct nt_thread nt_self;

int nt_machine_init(struct nt_machine *machine)
{
	memset(machine, 0, sizeof(*machine));
	machine->pool = nt_pool_create();
	machine->timers = nt_timers_create(machine);
	if (!machine->pool || !machine->timers) {
		nt_pool_destroy(machine->pool);
		nt_timers_destroy(machine->timers);
		return -ENOMEM;
	}
	pthread_mutex_init(&machine->dpc_flush_lock, NULL);
	pthread_mutex_init(&machine->threads_lock, NULL);
	pthread_mutex_init(&machine->drivers_lock, NULL);
	nt_dma_init(&machine->dma, NULL);
	pthread_mutex_init(&machine->mmio.lock, NULL);
	return 0;
}

void nt_machine_destroy(struct nt_machine *machine)
{
	nt_timers_destroy(machine->timers);
	nt_pool_destroy(machine->pool);
	pthread_mutex_destroy(&machine->dpc_flush_lock);
	pthread_mutex_destroy(&machine->threads_lock);
	pthread_mutex_destroy(&machine->drivers_lock);
	nt_dma_destroy(&machine->dma);
	nt_mmio_destroy(&machine->mmio);
}

void nt_thread_enter(struct nt_machine *machine)
{
	nt_self = (struct nt_thread){ .machine = machine, .self = pthread_self() };
	nt_self.signal_stack = nt_crash_stack();
	pthread_mutex_lock(&machine->threads_lock);
	nt_self.next = machine->threads;
	nt_self.link = &machine->threads;
	if (nt_self.next)
		nt_self.next->link = &nt_self.next;
	machine->threads = &nt_self;
	pthread_mutex_unlock(&machine->threads_lock);
}

static void leave_list(void)
{
	pthread_mutex_lock(&nt_self.machine->threads_lock);
	*nt_self.link = nt_self.next;
	if (nt_self.next)
		nt_self.next->link = nt_self.link;
	pthread_mutex_unlock(&nt_self.machine->threads_lock);
}

void nt_thread_leave(void)
{
	if (nt_self.irql != PASSIVE_LEVEL || nt_self.pending)
		nt_violation_say(0xC8, nt_self.irql, "IRQL_UNEXPECTED_VALUE", "end of a thread",
				 NULL, "A thread ends at PASSIVE_LEVEL.",
				 "a thread of the machine ends at IRQL %u%s", nt_self.irql,
				 nt_self.pending ? " with interrupts or DPCs pending" : "");
	leave_list();
	nt_crash_stack_free(nt_self.signal_stack);
	nt_self = (struct nt_thread){ 0 };
}

struct nt_machine *nt_machine(void)
{
	return nt_self.machine;
}
