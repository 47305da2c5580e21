/* SPDX-License-Identifier: MIT */
/*
 * The drivers of these tests on a stage. What "recorder" is called with is in the stage's journal,
 * with what the host was told.
 */
#ifndef TESTS_CX_RECORDER_H
#define TESTS_CX_RECORDER_H

#include "cx/api/1.3/queue.h"
#include "drivers/options.h"
#include "stage/stage.h"

/* Of the loaded driver; NULL when it has none. One at a time. */
extern RECORDER_OPTIONS *options;

/*
 * stage_with() - a stage with the driver module of that name from the folder in CX_TEST_DRIVERS
 * The recorder's options are reset to an adapter with everything: checksum 1,1,1, LSO 1,1,64000,2.
 */
struct stage *stage_with(const char *driver);

#endif
