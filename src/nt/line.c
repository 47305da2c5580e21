/* SPDX-License-Identifier: MIT */
/* Level-triggered interrupt lines, delivered on the thread that asserts them. */
#include <sched.h>
#include <stdatomic.h>

#include "nt/event.h"
#include "nt/irql.h"
#include "nt/thread.h"

/* An ISR claims, or the device is broken: Windows calls a line that nobody claims a storm too. */
#define STORM_UNCLAIMED 10000
/* An ISR that claims and never silences its device would keep the processor for ever. */
#define STORM_CLAIMED 1000000

/* One more delivery? A storm is told once and ends when the line drops. */
static bool calm(struct nt_line *line)
{
	unsigned unclaimed = line->storm, claimed = line->served;

	if (unclaimed == STORM_UNCLAIMED || claimed == STORM_CLAIMED) {
		nt_log(line->name,
		       "interrupt storm: the line stays asserted after %u deliveries that %s; no more are made until the device lowers it",
		       unclaimed + claimed,
		       claimed == STORM_CLAIMED ? "the ISR claimed without silencing the device"
						: "no ISR claimed");
		line->storm = STORM_UNCLAIMED + 1;
	}
	return line->storm <= STORM_UNCLAIMED;
}

static void serve(struct nt_line *line)
{
	while (line->asserted && calm(line)) {
		BOOLEAN (*isr)(void *) = line->isr;

		if (!isr)
			return;
		if (isr(line->isr_context))
			line->served++;
		else
			line->storm++;
	}
}

/*
 * One thread delivers at a time. Another that asserts meanwhile leaves a mark (2), and the first
 * looks again before it leaves, so no assertion is lost.
 */
void nt_line_deliver(struct nt_line *line)
{
	KIRQL irql = nt_self.irql;
	int state = 0;

	while (!atomic_compare_exchange_weak(&line->in_service, &state, state ? 2 : 1))
		;
	if (state)
		return;
	nt_self.irql = NT_DIRQL;
	do {
		line->in_service = 1;
		serve(line);
		state = 1;
	} while (!atomic_compare_exchange_strong(&line->in_service, &state, 0));
	nt_self.irql = irql;
}

static void pend(struct nt_line *line)
{
	for (unsigned i = 0; i < nt_self.line_count; i++)
		if (nt_self.lines[i] == line)
			return;
	if (nt_self.line_count == NT_THREAD_LINES) {
		nt_log(line->name, "more than %u interrupt lines wait on one thread: one is lost",
		       NT_THREAD_LINES);
		return;
	}
	nt_self.lines[nt_self.line_count++] = line;
	nt_self.pending = true;
}

void nt_line_set(struct nt_line *line, int asserted)
{
	if (!asserted) {
		line->asserted = 0;
		line->storm = 0;
		line->served = 0;
		return;
	}
	line->asserted = 1;
	if (nt_self.irql >= NT_DIRQL) {
		pend(line);
		return;
	}
	nt_line_deliver(line);
	if (nt_self.pending)
		nt_run_pending();
}

void nt_line_connect(struct nt_line *line, BOOLEAN (*isr)(void *), void *context)
{
	if (!isr) {
		line->isr = NULL;
		while (line->in_service)
			sched_yield();
		return;
	}
	line->isr_context = context;
	line->isr = isr;
	if (line->asserted)
		nt_line_set(line, 1);
}
