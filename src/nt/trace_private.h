/* SPDX-License-Identifier: MIT */
/* The list of providers, for the two kinds of them. */
#ifndef NT_TRACE_PRIVATE_H
#define NT_TRACE_PRIVATE_H

#include <ntdef.h>

#include "nt/trace.h"

/* Owned by the machine; the provider itself is the driver's memory. */
struct nt_trace_entry {
	struct nt_trace_entry *next;
	const void *key; /* what was registered */
	char name[128], id[40];
	/* Write what is listened to into the driver's memory. @flags: as in a rule */
	void (*apply)(const void *key, unsigned level, const char *flags);
	const char *(*flags)(const void *key); /* NULL: TraceLogging */
	unsigned level;
	char chosen[NT_TRACE_FLAGS];
};

/*
 * nt_trace_add() - a provider of the current machine; told at once what is listened to. A second
 * time nothing happens.
 * @entry: copied
 * On a thread of no machine, it is told that all are listened to.
 */
void nt_trace_add(const struct nt_trace_entry *entry);
void nt_trace_remove(const void *key);

/* nt_trace_next() - a name of a list with commas. Return: what is behind it, or NULL at the end. */
const char *nt_trace_next(const char *list, const char **name, size_t *length);

/* nt_trace_put_guid() - "{00000001-0002-...}" */
void nt_trace_put_guid(char *text, size_t room, const GUID *guid);

#endif
