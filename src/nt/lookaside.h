/* SPDX-License-Identifier: MIT */
/* Lookaside lists that a driver has initialised and not deleted. */
#ifndef NT_LOOKASIDE_H
#define NT_LOOKASIDE_H

#include <stdbool.h>
#include <stddef.h>

struct nt_machine;

/* One list, in its machine's, under lookaside_lock. */
struct nt_lookaside {
	struct nt_lookaside *next;
	const void *list;   /* the driver's */
	const void *caller; /* who has initialised it */
	const char *kind;   /* "nonpaged lookaside list" */
};

/*
 * nt_lookaside_find() - one that lies in memory, or that a module has initialised
 * @memory, @size: NULL: anywhere; @module: base address; NULL: any
 * Return: false: there is none.
 */
bool nt_lookaside_find(struct nt_machine *machine, const void *memory, size_t size,
		       const void *module, struct nt_lookaside *found);

void nt_lookaside_destroy(struct nt_machine *machine);

#endif
