/* SPDX-License-Identifier: MIT */
/* Message-signaled interrupts. There is no level that could stand, so no storm to look out for. */
#include <stdatomic.h>

#include "nt/interrupt.h"
#include "nt/thread.h"

void nt_message_serve(struct nt_interrupt *message)
{
	for (;;) {
		BOOLEAN (*isr)(void *) = message->isr;

		/* Kept when nobody is connected: masked, as a vector of MSI-X. */
		if (!isr || !atomic_exchange(&message->asserted, 0))
			return;
		/* Its vector is this device's alone: whether the ISR claims it changes nothing. */
		isr(message->isr_context);
	}
}

void nt_message_send(struct nt_interrupt *message)
{
	nt_interrupt_raise(message);
}
