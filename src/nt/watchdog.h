/* SPDX-License-Identifier: MIT */
/* Callbacks that never return: Windows hangs on them, we say which one and where it is. */
#ifndef NT_WATCHDOG_H
#define NT_WATCHDOG_H

#include <stddef.h>

struct nt_machine;
struct nt_watchdog;

/* What is stuck. Valid during the call. */
struct nt_stuck {
	const char *object;   /* the adapter's or driver's name, or "" */
	const char *adapter;  /* one of several, whose worker the thread is; or NULL */
	const char *callback; /* the innermost that runs: "EvtDeviceD0Entry" */
	const char *outer;    /* the one it was called in the course of, or NULL */
	unsigned seconds;
	const char *frames; /* the driver's, innermost first, a line each; "" when not to be had */
};

/*
 * nt_watchdog_create() - a thread that looks after all threads of a machine
 * @seconds: a call into the driver from outside takes longer than that: @stuck is called, once, on
 *           the watchdog's thread (one of the machine's); it is expected to end the process
 *
 * Time in which the whole process stands still (a debugger) does not count. To see where the
 * callback is, its thread is interrupted by a signal (SIGURG, ignored otherwise) at that moment.
 * Return: NULL without memory or thread.
 */
struct nt_watchdog *nt_watchdog_create(struct nt_machine *machine, unsigned seconds,
				       void (*stuck)(void *context, const struct nt_stuck *what),
				       void *context);

/* nt_watchdog_hurry() - from now on less patience: what was already waited counts. Any thread. */
void nt_watchdog_hurry(struct nt_watchdog *watchdog, unsigned seconds);

/* nt_watchdog_destroy() - NULL is nothing. */
void nt_watchdog_destroy(struct nt_watchdog *watchdog);

#endif
