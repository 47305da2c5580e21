/* SPDX-License-Identifier: MIT */
/* What a thread can wait for: KEVENT, KTIMER and threads, by the state in their common header. */
#ifndef NT_WAIT_H
#define NT_WAIT_H

#include <ntddk.h>
#include <stdbool.h>

/* DISPATCHER_HEADER.Lock holds the kind of object. */
enum nt_wait_kind {
	NT_WAIT_EVENT_NOTIFICATION = 0,
	NT_WAIT_EVENT_SYNCHRONIZATION = 1,
	NT_WAIT_THREAD = 6,
	NT_WAIT_TIMER_NOTIFICATION = 8,
	NT_WAIT_TIMER_SYNCHRONIZATION = 9,
};

void nt_wait_init(DISPATCHER_HEADER *header, enum nt_wait_kind kind, bool signaled);

/* nt_wait_signal() - wake one waiter (synchronization) or all. Return: was signaled before. */
LONG nt_wait_signal(DISPATCHER_HEADER *header);

#endif
