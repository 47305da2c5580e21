/* SPDX-License-Identifier: MIT */
/* A thread becomes a processor of its machine, and ceases to be one. */
#include "nt/crash.h"
#include "nt/object.h"
#include "nt/thread.h"
#include "nt/violation.h"
#include "nt/wait.h"

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
	struct nt_thread_object *object = nt_self.object;

	if (nt_self.machine->subsystem && nt_self.machine->subsystem->thread_ends)
		nt_self.machine->subsystem->thread_ends(nt_self.machine->subsystem);
	if (nt_self.held_count)
		nt_held_exit();
	nt_mutant_abandon_all();
	if (nt_self.irql != PASSIVE_LEVEL || nt_self.pending)
		nt_violation_say(0xC8, nt_self.irql, "IRQL_UNEXPECTED_VALUE", "end of a thread",
				 NULL, "A thread ends at PASSIVE_LEVEL.",
				 "a thread of the machine ends at IRQL %u%s.", nt_self.irql,
				 nt_self.pending ? " with interrupts or DPCs pending" : "");
	leave_list();
	nt_crash_stack_free(nt_self.signal_stack);
	nt_self = (struct nt_thread){ 0 };
	/* The last that it does: who waits for it goes on. */
	if (object)
		nt_object_thread_over(object);
}
