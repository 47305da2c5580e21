/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target: any bytes as the text of --adapter or, when they begin like one, as a configuration
 * file. Each adapter is read whole, with a name and a driver, or there is a reason.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cli/run_options.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct adapter_options *adapter)
{
	const struct netcx_adapter_config *c = &adapter->config;

	if (!c->name || !c->driver || c->set_count > MOST_SETTINGS)
		abort();
	for (size_t i = 0; i < c->set_count; i++) {
		if (!c->set[i])
			abort();
	}
}

static bool read_text(struct run_options *run, const char *text, struct error *why)
{
	struct adapter_options *adapter = run_options_add(run);

	return adapter && adapter_options_read(adapter, text, why);
}

static bool read_file(struct run_options *run, const char *text, struct error *why)
{
	json_t *file = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	bool done = file ? run_options_config(run, file, why) : !error_set(why, "no JSON");

	json_decref(file);
	return file && done;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct run_options run = { .count = 0 };
	struct error why = { "" };
	char *text = strndup((const char *)data, size);
	bool done;

	if (!text)
		return 0;
	done = text[0] == '{' ? read_file(&run, text, &why) : read_text(&run, text, &why);
	if (!done && !why.text[0])
		abort();
	for (size_t i = 0; done && i < run.count; i++)
		check(run.adapters[i]);
	run_options_free(&run);
	free(text);
	return 0;
}
