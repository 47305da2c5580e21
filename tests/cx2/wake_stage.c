/* SPDX-License-Identifier: MIT */
#include "wake_stage.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/wake_text.h"

WAKE_OPTIONS *wake_options;

struct stage *wake_stage(unsigned minor)
{
	const char *folder = getenv("CX_TEST_DRIVERS");
	static WAKE_OPTIONS as_loaded;
	struct stage *stage;
	char path[512];

	snprintf(path, sizeof(path), "%s/cx2_wake_%u.so", folder ? folder : ".", minor);
	stage = stage_new_module("wake", path);
	wake_options = dlsym(stage->module, "WakeOptions");
	assert_non_null(wake_options);
	if (!as_loaded.PatternSize)
		as_loaded = *wake_options;
	*wake_options = as_loaded;
	return stage;
}

static void prepare(void *context)
{
	struct sleep *sleep = context;
	struct ndis_port port = { .adapter = sleep->stage->adapter };

	sleep->status = ndis_prepare_sleep(&port, &sleep->wanted, &sleep->why);
}

void sleep_prepare(struct sleep *sleep)
{
	stage_call(sleep->stage, prepare, sleep);
}

static void begin(void *context)
{
	struct sleep *sleep = context;

	if (NT_SUCCESS(sleep->status))
		sleep->status = wdf_device_sleep(sleep->stage->device, &sleep->how);
}

void sleep_begin(struct sleep *sleep)
{
	stage_call(sleep->stage, begin, sleep);
}

static void wake_by_signal(void *context)
{
	struct sleep *sleep = context;

	sleep->status = wdf_device_wake(sleep->stage->device, true);
}

static void wake_by_others(void *context)
{
	struct sleep *sleep = context;

	sleep->status = wdf_device_wake(sleep->stage->device, false);
}

void sleep_end(struct sleep *sleep, bool triggered)
{
	stage_call(sleep->stage, triggered ? wake_by_signal : wake_by_others, sleep);
}

void want_pattern(struct ndis_wake *wanted, const char *text)
{
	struct ndis_wake_pattern *to = &wanted->patterns[wanted->pattern_count++];
	struct wake_pattern pattern;
	struct error why;

	if (!wake_pattern_read(text, &pattern, &why))
		fail_msg("%s: %s", text, why.text);
	memcpy(to->bytes, pattern.bytes, sizeof(to->bytes));
	memcpy(to->mask, pattern.mask, sizeof(to->mask));
	to->length = pattern.length;
}
