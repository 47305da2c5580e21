/* SPDX-License-Identifier: MIT */
/*
 * The 2.x driver of these tests on a stage, compiled for several versions. What it is called with
 * is in the stage's journal, with what the host was told.
 */
#ifndef TESTS_CX2_RECORDER_H
#define TESTS_CX2_RECORDER_H

#include "cx/api/2/adapter.h"
#include "drivers/options.h"
#include "stage/stage.h"

/* Of the loaded driver. One at a time. */
extern RECORDER_OPTIONS *options;

/* The versions that the driver is compiled for: 2.0, and those that differ for these tests. */
extern const unsigned minors[];
#define MINORS 4

/*
 * stage_with() - a stage with the driver compiled for 2.@minor, from the folder in CX_TEST_DRIVERS
 * Its options are reset: a permanent address of six bytes, everything else 0.
 */
struct stage *stage_with(unsigned minor);

#endif
