/* SPDX-License-Identifier: MIT */
/* The process of a case, seen from the runner. */
#ifndef TEST_CHILD_H
#define TEST_CHILD_H

#include <stdint.h>
#include <sys/types.h>

#include "test/case.h"
#include "test/result.h"
#include "test/test.h"

/* How it ends when it has told its result and the host was not taken down. */
#define CHILD_TOLD 3

/* One that runs. The runner's. */
struct child {
	pid_t pid; /* 0: none */
	/* What it tells, its events, and its standard error: files without a name. */
	int result_fd, event_fd, error_fd;
	uint64_t started; /* CLOCK_MONOTONIC, nanoseconds */
	size_t which;     /* its place among the selected */
};

/* child_start() - Return: false after error_set(). */
bool child_start(struct child *child, const struct test_options *options,
		 const struct test_case *test, struct error *error);

/*
 * child_end() - it has ended; @status as waitpid() has it
 * @late: it was killed, since it took longer than it may
 */
void child_end(struct child *child, int status, bool late, const struct test_options *options,
	       struct test_result *result);

#endif
