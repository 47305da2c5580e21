/* SPDX-License-Identifier: MIT */
/* Rules that the recorder breaks in a child process, and what the report of each has to say. */
#ifndef TESTS_CX2_BROKEN_H
#define TESTS_CX2_BROKEN_H

#include <stddef.h>

#define ABSENT (-1) /* the version has no such rule or call */

struct broken {
	const char *name; /* in drivers/rules*.c */
	int number[2];    /* of 2.0, of 2.5 */
	const char *rule, *call;
	const char *passed;     /* a part of the sentence */
	const char *parameters; /* 2 and 3 of the bug check, as far as they are known beforehand */
};

/* broken_check() - each once compiled for 2.0 and once for 2.5, where the version has it */
void broken_check(const struct broken *rules, size_t count);

struct broken_life {
	const char *name;
	unsigned minor;
};

/* broken_live() - the driver's whole life with one rule broken, for child_run(). */
void broken_live(void *life);

/* broken_survives() - what looks like a broken rule and is none */
void broken_survives(const char *name, unsigned minor);

#endif
