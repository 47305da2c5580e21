/* SPDX-License-Identifier: MIT */
/* Which cases a run has: those that its patterns name, of which its shard has a part. */
#ifndef TEST_SELECT_H
#define TEST_SELECT_H

#include "test/case.h"
#include "test/test.h"

struct selection {
	const struct test_case **cases; /* to be freed */
	size_t count;
};

/*
 * select_cases() - in the order of the table
 * Shard I has case I, I + N, I + 2 N ... of those that are named, so that each has some of all.
 * Return: enum netcx_result, with one sentence in *error: a pattern that names none, too.
 */
int select_cases(struct selection *selection, const struct test_options *options,
		 struct error *error);

#endif
