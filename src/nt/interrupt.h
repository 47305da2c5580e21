/* SPDX-License-Identifier: MIT */
/*
 * Interrupts, from a device to the ISR that is connected to them. A line has a level
 * (interrupt_line.c); a message is an event (interrupt_message.c). Both are delivered on the thread
 * that raises them.
 */
#ifndef NT_INTERRUPT_H
#define NT_INTERRUPT_H

#include <ntddk.h>

enum nt_interrupt_kind {
	NT_INTERRUPT_LINE,    /* level-triggered, as PCI's INTx; nt_line_set() */
	NT_INTERRUPT_MESSAGE, /* edge-triggered, as MSI and MSI-X; nt_message_send() */
};

/*
 * One interrupt line, or one message of a device. Owned by the device; lives until both sides have
 * let go. Zeroed it is a line that nobody is connected to. The device sets kind and name before
 * anybody connects; the rest is for the functions below.
 */
struct nt_interrupt {
	enum nt_interrupt_kind kind;
	/* A line: its level. A message: sent, and not delivered yet. */
	_Atomic int asserted;
	_Atomic int in_service; /* 1: a thread is delivering; 2: and must look again */
	/* Return TRUE when the interrupt was the device's. Runs at DIRQL with the driver's lock. */
	_Atomic(BOOLEAN (*)(void *context)) isr;
	void *isr_context;
	const char *name;
	/* A line's: deliveries since it was low, those that no ISR claimed, and the others. */
	_Atomic unsigned storm, served;
};

/*
 * nt_interrupt_connect() - connect or (isr NULL) disconnect; on return a disconnected ISR runs no
 * more. A line that is asserted already is delivered at once, and so is a message that was sent
 * meanwhile: it is masked while nobody is connected, not lost. IRQL below NT_DIRQL.
 */
void nt_interrupt_connect(struct nt_interrupt *interrupt, BOOLEAN (*isr)(void *), void *context);

/*
 * nt_line_set() - the device changes the level of a line. On assertion the ISR runs on the calling
 * thread at once when its IRQL is below NT_DIRQL, else when it has dropped; again as long as the
 * line stays asserted and the ISR claims it. The caller holds no lock that register access takes.
 */
void nt_line_set(struct nt_interrupt *line, int asserted);

/*
 * nt_message_send() - the device sends a message. The ISR runs once for it, on the calling thread
 * and when as for a line. Messages that are sent before the ISR has begun for an earlier one are
 * one with it. The thread is one of the machine's; it holds no lock that register access takes.
 */
void nt_message_send(struct nt_interrupt *message);

#endif
