/* SPDX-License-Identifier: MIT */
/* The drivers' own timers, to find those that are set. */
#ifndef NT_KTIMER_H
#define NT_KTIMER_H

#include <ntddk.h>
#include <stdbool.h>

struct nt_machine;

/*
 * nt_ktimer_find() - a KTIMER that is set and matches
 * @matches: called with a lock held: no timer function from it
 * @setter:  written with where the driver set it, a return address
 * Return: its address, for a message; NULL: there is none. Any thread.
 */
const void *nt_ktimer_find(struct nt_machine *machine,
			   bool (*matches)(const void *context, const KTIMER *timer),
			   const void *context, const void **setter);

/* nt_ktimer_setter() - where the driver set a timer, a return address. For matches(). */
const void *nt_ktimer_setter(const KTIMER *timer);

/* nt_ktimer_is_set() - of the thread's machine; nothing of what lies in @timer is looked at. */
bool nt_ktimer_is_set(const KTIMER *timer);

#endif
