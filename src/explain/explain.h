/* SPDX-License-Identifier: MIT */
/*
 * What netcx knows in words: rules with their numbers, functions and callbacks, keywords, OIDs,
 * NTSTATUS values, indications, bug checks. facts/ has them as text; table.py makes the table.
 */
#ifndef EXPLAIN_EXPLAIN_H
#define EXPLAIN_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum explain_kind {
	EXPLAIN_RULE,
	EXPLAIN_FUNCTION,
	EXPLAIN_CALLBACK,
	EXPLAIN_KEYWORD,
	EXPLAIN_OID,
	EXPLAIN_STATUS,
	EXPLAIN_INDICATION,
	EXPLAIN_BUGCHECK,
	EXPLAIN_WDF, /* a function of KMDF */
	EXPLAIN_STRUCTURE,
};

/* A rule's number in one version of NetAdapterCx, "2.1". */
struct explain_number {
	const char *version;
	unsigned number;
};

/* What parameter 1 to 4 of a bug check means, always or when it has one value. */
struct explain_parameter {
	unsigned which;
	bool one;
	uint64_t value;
	const char *meaning;
};

/* Constant. Lists end with a NULL (a NULL version, a meaning that is NULL); NULL: there is none. */
struct explain_fact {
	enum explain_kind kind;
	const char *name;
	const char *type; /* a callback's: EVT_NET_ADAPTER_OFFLOAD_SET_GSO */
	bool has_value;
	uint32_t value;
	const char *what;     /* sentences */
	const char *versions; /* "1.3 2.0-preview 2.1": whose headers have it */
	const char *irql;
	const char *values;      /* a keyword's */
	const char *read_by;     /* a keyword's: versions of NetAdapterCx, or who else */
	const char *use;         /* an OID's: query, set */
	const char *since;       /* an OID's or indication's */
	const char *const *also; /* other names */
	const char *const *cause, *const *where, *const *note;
	const char *const *rules; /* that a function is held to */
	const char *const *see;
	const struct explain_number *numbers;
	const struct explain_parameter *parameters;
};

extern const struct explain_fact explain_facts[];
extern const size_t explain_count;

/* The versions of NetAdapterCx that rules have numbers for, oldest first; ends with a NULL. */
extern const char *const explain_versions[];

/*
 * explain_named() - the fact of a name: without regard to case, underscores and a leading star;
 * OID_, STATUS_ and NDIS_STATUS_ may be left out
 * Return: NULL when there is none.
 */
const struct explain_fact *explain_named(const char *name);

/* explain_valued() - the next fact behind @after (NULL: the first) with that value. */
const struct explain_fact *explain_valued(const struct explain_fact *after, uint32_t value);

/* explain_rule() - the rule that has a number in a version of NetAdapterCx, or NULL. */
const struct explain_fact *explain_rule(const char *version, uint64_t number);

/* explain_number_of() - a rule's number in a version, -1: it has none there. */
int explain_number_of(const struct explain_fact *rule, const char *version);

/*
 * explain_near() - facts whose names are nearly that one
 * @near: written, nearest first; at most @room
 * @equal: how many of them are as near as the nearest
 * Return: how many.
 */
size_t explain_near(const char *name, const struct explain_fact **near, size_t room, size_t *equal);

#endif
