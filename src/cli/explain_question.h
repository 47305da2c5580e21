/* SPDX-License-Identifier: MIT */
/* What netcx explain was asked, and what answers it. */
#ifndef CLI_EXPLAIN_QUESTION_H
#define CLI_EXPLAIN_QUESTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "explain/explain.h"

#define EXPLAIN_WORDS    5 /* a bug check and four parameters */
#define EXPLAIN_READINGS 16
#define EXPLAIN_FACTS    24
#define EXPLAIN_NEAR     8

/* Parameter 1 of bug check 0x19E as the number of a rule in some versions. */
struct explain_reading {
	bool decimal; /* parameter 1 is taken as decimal, else as hexadecimal */
	uint64_t number;
	const char *first, *last;        /* versions of NetAdapterCx */
	const struct explain_fact *rule; /* NULL: they have no rule of that number */
};

/* Owned by the command; facts are constants. */
struct explain_answer {
	char asked[256];
	const char *version; /* the only one that counts, or NULL */
	bool exact;
	size_t count;
	const struct explain_fact *facts[EXPLAIN_FACTS]; /* each once */
	size_t reading_count;
	struct explain_reading readings[EXPLAIN_READINGS];
	size_t parameter_count;
	uint64_t parameter[EXPLAIN_WORDS - 1]; /* of the bug check that was asked for */
	size_t near_count;
	const struct explain_fact *near[EXPLAIN_NEAR]; /* when nothing was found */
	char why[128];                                 /* then */
};

/*
 * explain_ask() - find what answers a question
 * @answer: zeroed by the caller
 * @words:  the command line's, in any form that a debugger prints
 * Return: false: it is no question, ->why says why.
 */
bool explain_ask(struct explain_answer *answer, int count, char **words, const char *version);

#endif
