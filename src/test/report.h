/* SPDX-License-Identifier: MIT */
/* What a run tells of its cases: to a person while it goes on, to programs at its end. */
#ifndef TEST_REPORT_H
#define TEST_REPORT_H

#include <stdio.h>

#include "base/output.h"
#include "test/result.h"
#include "test/select.h"

/* A run, as reports see it. */
struct report {
	const struct test_options *options;
	const struct selection *selection;
	const struct test_result *results; /* one for each of the selection */
	double seconds;                    /* that it took in all */
	bool interrupted;
};

struct report_counts {
	unsigned passed, failed, skipped, left; /* left: not run */
};

struct report_counts report_count(const struct report *report);

/* report_case() - its line, and what is to be said of a failure; for a person */
void report_case(const struct test_case *test, const struct test_result *result);
/* report_sum() - the last lines */
void report_sum(const struct report *report);

/* report_json() - the whole run as an object of JSON on standard output */
void report_json(const struct report *report);
/* report_junit() - as JUnit's XML, of what has run */
void report_junit(const struct report *report, FILE *to);

#endif
