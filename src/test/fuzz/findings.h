/* SPDX-License-Identifier: MIT */
/* What a hunt has found: each harm once, whatever the sequence that does it. */
#ifndef TEST_FUZZ_FINDINGS_H
#define TEST_FUZZ_FINDINGS_H

#include <stdint.h>

#include "test/result.h"

#define FINDING_PLACE 160 /* bytes of text */

/* One harm. The list's. */
struct finding {
	struct finding *next;
	char rule[64];
	char place[FINDING_PLACE]; /* the driver's function, or the field that is wrong */
	uint64_t times;
	char *path; /* of the first sequence that did it; NULL: it was not written */
};

/* Oldest first. Owned by the hunt; empty when it is zero. */
struct findings {
	struct finding *first;
	unsigned count;
};

/*
 * findings_note() - count a failure
 * @is_new: there was none of this rule at this place before
 * Return: the one it is, valid as long as the list; NULL: no memory.
 */
struct finding *findings_note(struct findings *findings, const struct test_result *result,
			      bool *is_new);

/* findings_print() - a line for each, on standard output */
void findings_print(const struct findings *findings);
void findings_free(struct findings *findings);

#endif
