/* SPDX-License-Identifier: MIT */
/* The drivers' own DPCs, to find those that are queued. */
#ifndef NT_KDPC_H
#define NT_KDPC_H

#include <ntddk.h>
#include <stdbool.h>

struct nt_machine;

/*
 * nt_kdpc_find() - a KDPC that is queued, on any thread, and matches
 * @matches: called with a lock held: no DPC's function from it
 * @routine: written with its DeferredRoutine
 * Return: its address, for a message; NULL: there is none. Any thread.
 */
const void *nt_kdpc_find(struct nt_machine *machine,
			 bool (*matches)(const void *context, const KDPC *dpc), const void *context,
			 const void **routine);

#endif
