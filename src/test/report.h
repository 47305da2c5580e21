/* SPDX-License-Identifier: MIT */
/* What a run tells of its cases: to a person while it goes on, to programs at its end. */
#ifndef TEST_REPORT_H
#define TEST_REPORT_H

#include <jansson.h>
#include <stdio.h>

#include "base/output.h"
#include "test/case.h"
#include "test/result.h"
#include "test/test.h"

struct coverage;

/* A run, or several that were joined, as reports see it. All that it points to is its owner's. */
struct report {
	const char *driver, *device; /* device NULL: none */
	const char *netcx;           /* the version that ran the cases */
	uint64_t seed;
	unsigned shard, shards; /* the first of 1 or more; shard 0: parts of them, joined */
	size_t count;           /* of the next two */
	const struct test_case *const *cases;
	const struct test_result *results;
	double seconds; /* that it took in all */
	bool interrupted;
	const char *const *remarks; /* what is missing: a sentence each */
	size_t remark_count;
	const struct coverage *coverage; /* of the driver's lines; NULL: nobody has looked */
};

struct report_counts {
	unsigned passed, failed, skipped, left; /* left: not run */
};

struct report_counts report_count(const struct report *report);

/* report_case() - its line, and what is to be said of a failure; for a person */
void report_case(const struct test_case *test, const struct test_result *result);
/* report_sum() - the last lines */
void report_sum(const struct report *report);

/* report_case_json() - all of a case; a new reference */
json_t *report_case_json(const struct test_case *test, const struct test_result *result);
/* report_json() - the whole run as an object of JSON on standard output */
void report_json(const struct report *report);
/* report_junit() - as JUnit's XML, of what has run; what failed with its JSON as a property */
void report_junit(const struct report *report, FILE *to);
/* report_html() - as one page that needs nothing else */
void report_html(const struct report *report, FILE *to);

/* The files that a report is written to, beside standard output. The caller's. */
struct report_files {
	struct output junit, html;
};

/*
 * report_open() - before the run, which may take long
 * report_write() - all that is asked for, and close; also closes what report_open() has opened
 * report_drop() - close without a report: what was there stays
 * Return: enum netcx_result with *error filled, but NETCX_FAILED without when a case failed.
 */
int report_open(struct report_files *files, const struct test_options *options,
		struct error *error);
int report_write(struct report_files *files, const struct test_options *options,
		 const struct report *report, struct error *error);
void report_drop(struct report_files *files);

#endif
