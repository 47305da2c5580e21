/* SPDX-License-Identifier: MIT */
/* The cases: what each proves, and how. */
#ifndef TEST_CASE_H
#define TEST_CASE_H

#include <stddef.h>

struct bench;

/* All text is for people: sentences without their full stop. */
struct test_case {
	const char *name;    /* "lso/flags/ipv6": group, what, kind */
	const char *rule;    /* what is demanded of the driver */
	const char *source;  /* where that is said */
	const char *windows; /* what a fault of it looks like there */
	void (*run)(struct bench *bench, int argument);
	int argument;
};

/* test_case_at() - all of them, in the order that they run in; NULL behind the last */
const struct test_case *test_case_at(size_t index);

/* The groups, each in a file of its own, ended by a name that is NULL. */
extern const struct test_case segmentation_cases[], checksum_cases[], receive_cases[],
	change_cases[];
extern const struct test_case filter_cases[], rss_cases[], rsc_cases[], queue_cases[];
extern const struct test_case active_cases[], power_cases[], fault_cases[];

#endif
