/* SPDX-License-Identifier: MIT */
#include "recorder.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

RECORDER_OPTIONS *options;

const unsigned minors[] = { 0, 1, 2, 5 };

/* The driver's Record has no context: one stage at a time. */
static struct stage *current;

static void record(const char *text)
{
	journal_line(&current->journal, "%s", text);
}

struct stage *stage_with(unsigned minor)
{
	const char *folder = getenv("CX_TEST_DRIVERS");
	char path[512];

	snprintf(path, sizeof(path), "%s/cx2_recorder_%u.so", folder ? folder : ".", minor);
	current = stage_new_module("recorder", path);
	options = dlsym(current->module, "RecorderOptions");
	assert_non_null(options);
	memset(options, 0, sizeof(*options));
	options->Record = record;
	options->PermanentLength = 6;
	return current;
}
