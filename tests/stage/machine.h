/* SPDX-License-Identifier: MIT */
/* A machine alone, for tests of what needs no driver or brings its own. */
#ifndef TESTS_STAGE_MACHINE_H
#define TESTS_STAGE_MACHINE_H

#include <stdbool.h>

#include "child.h"
#include "journal.h"
#include "nt/machine.h"
#include "test.h"

/* The test's thread is one of the machine's. */
struct test_machine {
	struct nt_machine machine;
	struct journal journal; /* its events */
};

/* For cmocka: *state becomes the test_machine. */
int machine_set_up(void **state);
int machine_tear_down(void **state);

#endif
