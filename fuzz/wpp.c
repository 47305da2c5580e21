/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target: any bytes as a driver's source with its WPP blocks and trace calls. What is accepted
 * has as many values as its format takes, and its header ends where it should.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "build/wpp/files.h"
#include "build/wpp/write.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_call(const struct wpp_call *call)
{
	const struct wpp_message *m = &call->message;
	unsigned values = 0;

	for (size_t i = 0; i < m->count; i++) {
		const struct wpp_piece *p = &m->pieces[i];

		if (!p->text || (p->c_type && !p->kind) || p->stars > 2)
			abort();
		values += p->c_type ? 1 + p->stars : 0;
	}
	if (values != m->values || call->parameters.count < call->function->parameters.count)
		abort();
}

static void find_enumerations(const char *text)
{
	struct wpp_enumeration e = { .name = "COLOUR" };

	wpp_enumeration_read(&e, text);
	strings_free(&e.names);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wpp_enumerations enumerations = { 0 };
	struct strings notes = { 0 }, includes = { 0 };
	struct wpp_calls calls = { 0 };
	struct wpp_config config;
	char *text = calloc(1, size + 1), *header;

	if (!text)
		abort();
	if (size)
		memcpy(text, data, size);
	wpp_config_init(&config);
	wpp_config_scan(&config, "fuzz.c", text);
	wpp_scan(&calls, &config, "fuzz.c", text, &notes);
	for (size_t i = 0; i < calls.count; i++)
		check_call(&calls.at[i]);
	find_enumerations(text);
	wpp_includes(&includes, text);
	header = wpp_write(&config, &calls, &enumerations, "/fuzz.c");
	if (header[strlen(header) - 1] != '\n')
		abort();
	free(header);
	wpp_calls_free(&calls);
	wpp_config_free(&config);
	strings_free(&notes);
	strings_free(&includes);
	free(text);
	return 0;
}
