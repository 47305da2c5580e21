/* SPDX-License-Identifier: MIT */
/* What became of a case, as its process tells it to the runner, and the runner to the reports. */
#ifndef TEST_RESULT_H
#define TEST_RESULT_H

#include <jansson.h>
#include <stdbool.h>

#include "test/compare.h"

enum test_verdict { TEST_NOT_RUN, TEST_PASSED, TEST_FAILED, TEST_SKIPPED };

/* Owned by the runner; a case's process fills one and hands over its text. */
struct test_result {
	enum test_verdict verdict;
	char rule[64];           /* of a failure: a name of rules.h, or of the verifier's book */
	char text[1024];         /* what was seen or was not, or why it was skipped: a sentence */
	char *report;            /* what the process said on standard error; NULL: nothing */
	char *expected, *actual; /* packets, hexadecimal; NULL: there is none */
	char *events; /* callbacks and what else happened: lines of JSON, as events.h has them; or
			 NULL */
	struct comparison differs;
	unsigned packets; /* that were judged */
	double seconds;
};

/* result_to_json(), result_from_json() - without report, events and seconds. Return of the second:
 * it is one, of a verdict that is known. */
json_t *result_to_json(const struct test_result *result);
bool result_from_json(struct test_result *result, const json_t *json);
void result_free(struct test_result *result);

/* result_verdict() - "passed". Static storage. */
const char *result_verdict(enum test_verdict verdict);

/* result_hex() - bytes as text, to be freed; NULL: no memory */
char *result_hex(const uint8_t *bytes, size_t length);

#endif
