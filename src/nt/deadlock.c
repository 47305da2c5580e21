/* SPDX-License-Identifier: MIT */
/*
 * A circle is believed when it has been seen as many times as it has members, with each of the
 * others having asked anew, twice at least, whom it waits for since the time before: one by one
 * they are then known to stand still, beginning with the one that waits for us.
 */
#include "nt/deadlock.h"

#include <string.h>

#include "base/text.h"
#include "nt/symbols.h"
#include "nt/thread.h"
#include "nt/violation.h"

const struct nt_thread *nt_waits_self(void)
{
	return &nt_self;
}

/* With the threads' lock held. */
static bool is_listed(const struct nt_machine *machine, const void *thread)
{
	const struct nt_thread *listed = machine->threads;

	while (listed && listed != thread)
		listed = listed->next;
	return listed;
}

bool nt_waits_is_thread(struct nt_machine *machine, const void *thread)
{
	bool listed;

	pthread_mutex_lock(&machine->threads_lock);
	listed = is_listed(machine, thread);
	pthread_mutex_unlock(&machine->threads_lock);
	return listed;
}

static const struct nt_thread *awaited_by(const struct nt_thread *thread)
{
	return atomic_load_explicit(&thread->waits.thread, memory_order_acquire);
}

static unsigned round_of(const struct nt_thread *thread)
{
	return atomic_load_explicit(&thread->waits.round, memory_order_relaxed);
}

/* With the threads' lock held. Return: how many others there are in the circle; 0: there is none.
 */
static unsigned follow(const struct nt_thread *ring[NT_WAITS_RING])
{
	const struct nt_thread *thread = awaited_by(&nt_self);
	unsigned count = 0;

	while (thread && thread != &nt_self && count < NT_WAITS_RING &&
	       is_listed(nt_self.machine, thread)) {
		ring[count++] = thread;
		thread = awaited_by(thread);
	}
	return thread == &nt_self ? count : 0;
}

static bool have_moved(const struct nt_waits *waits)
{
	for (unsigned i = 0; i < waits->members; i++)
		if (round_of(waits->ring[i]) - waits->rounds[i] < 2)
			return false;
	return true;
}

static void note_rounds(struct nt_waits *waits)
{
	for (unsigned i = 0; i < waits->members; i++)
		waits->rounds[i] = round_of(waits->ring[i]);
}

/* With the threads' lock held: look once more. Return: nothing but an end of the process helps. */
static bool is_stuck(struct nt_waits *waits)
{
	const struct nt_thread *ring[NT_WAITS_RING];
	unsigned count = follow(ring);

	if (!count || count != waits->members ||
	    memcmp(ring, waits->ring, count * sizeof(ring[0])) != 0) {
		memcpy(waits->ring, ring, count * sizeof(ring[0]));
		waits->members = count;
		waits->seen = 0;
		note_rounds(waits);
		return false;
	}
	if (!have_moved(waits))
		return false;
	note_rounds(waits);
	return ++waits->seen > count;
}

/* "WdfWorkItemFlush in EvtPacketQueueAdvance". Its callbacks stay where they are: it stands still.
 */
static void put_wait(struct text *text, const struct nt_thread *thread)
{
	const struct nt_callback *callback =
		atomic_load_explicit(&thread->callback, memory_order_acquire);
	const char *call = atomic_load_explicit(&thread->waits.call, memory_order_relaxed);
	char name[16] = "";

	pthread_getname_np(thread->self, name, sizeof(name));
	text_add(text, "%s%s%s on thread %s", call, callback ? " in " : "",
		 callback ? callback->name : "", name);
}

static void describe(char *buffer, size_t size, const struct nt_waits *waits)
{
	struct text text = text_in(buffer, size);

	put_wait(&text, &nt_self);
	for (unsigned i = 0; i < waits->members; i++) {
		text_add(&text, " waits for ");
		put_wait(&text, waits->ring[i]);
	}
	text_add(&text, " waits for the first");
}

void nt_waits_for(const struct nt_thread *thread, const char *call)
{
	struct nt_machine *machine = nt_self.machine;
	struct nt_waits *waits = &nt_self.waits;
	char circle[440];
	bool stuck;

	if (!machine)
		return;
	atomic_store_explicit(&waits->call, call, memory_order_relaxed);
	atomic_store_explicit(&waits->thread, thread, memory_order_release);
	atomic_store_explicit(&waits->round, round_of(&nt_self) + 1, memory_order_release);
	pthread_mutex_lock(&machine->threads_lock);
	stuck = is_stuck(waits) || thread == &nt_self;
	if (stuck)
		describe(circle, sizeof(circle), waits);
	pthread_mutex_unlock(&machine->threads_lock);
	if (stuck)
		nt_violation_say(
			0xC4, 0x1001, "DRIVER_VERIFIER_DETECTED_VIOLATION", call, NULL,
			"Locks are taken in one order everywhere, and nothing is waited for with what it needs in hand.",
			"deadlock: %s.", circle);
}

void nt_waits_over(void)
{
	struct nt_waits *waits = &nt_self.waits;

	if (!atomic_load_explicit(&waits->thread, memory_order_relaxed))
		return;
	atomic_store_explicit(&waits->thread, NULL, memory_order_release);
	waits->members = 0;
	waits->seen = 0;
}
