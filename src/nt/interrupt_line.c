/* SPDX-License-Identifier: MIT */
/* Level-triggered interrupt lines: the ISR runs until the level has dropped. */
#include <stdatomic.h>

#include "nt/event.h"
#include "nt/interrupt.h"
#include "nt/thread.h"

/* An ISR claims, or the device is broken: Windows calls a line that nobody claims a storm too. */
#define STORM_UNCLAIMED 10000
/* An ISR that claims and never silences its device would keep the processor for ever. */
#define STORM_CLAIMED 1000000

/* One more delivery? A storm is told once and ends when the line drops. */
static bool calm(struct nt_interrupt *line)
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

void nt_line_serve(struct nt_interrupt *line)
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

void nt_line_set(struct nt_interrupt *line, int asserted)
{
	if (asserted) {
		nt_interrupt_raise(line);
		return;
	}
	line->asserted = 0;
	line->storm = 0;
	line->served = 0;
}
