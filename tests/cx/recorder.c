/* SPDX-License-Identifier: MIT */
#include "recorder.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

RECORDER_OPTIONS *options;

/* The driver's Record has no context: one stage at a time. */
static struct stage *current;

static void record(const char *text)
{
	journal_line(&current->journal, "%s", text);
}

static void reset_options(void)
{
	memset(options, 0, sizeof(*options));
	options->Record = record;
	options->PermanentLength = 6;
	options->DeclareChecksum = options->ChecksumIPv4 = TRUE;
	options->ChecksumTcp = options->ChecksumUdp = TRUE;
	options->DeclareLso = options->LsoIPv4 = options->LsoIPv6 = TRUE;
	options->LsoMaximum = 64000;
	options->LsoMinimum = 2;
	options->ScalingHash = NetAdapterReceiveScalingHashTypeToeplitz;
	options->ScalingProtocols = 0x3f;
}

struct stage *stage_with(const char *driver)
{
	const char *folder = getenv("CX_TEST_DRIVERS");
	char path[512];

	snprintf(path, sizeof(path), "%s/cx_%s.so", folder ? folder : ".", driver);
	current = stage_new_module("recorder", path);
	options = dlsym(current->module, "RecorderOptions");
	if (options)
		reset_options();
	return current;
}
