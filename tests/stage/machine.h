/* SPDX-License-Identifier: MIT */
/* A machine alone, for tests of what needs no driver or brings its own. */
#ifndef TESTS_STAGE_MACHINE_H
#define TESTS_STAGE_MACHINE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "child.h"
#include "journal.h"
#include "nt/machine.h"

/* The test's thread is one of the machine's. */
struct test_machine {
	struct nt_machine machine;
	struct journal journal; /* its events */
};

/* For cmocka: *state becomes the test_machine. */
int machine_set_up(void **state);
int machine_tear_down(void **state);

#endif
