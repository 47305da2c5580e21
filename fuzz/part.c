/* SPDX-License-Identifier: MIT */
/* Reports that are read again for netcx test --merge, and written as all of its reports: any bytes.
 */
#include "test/part.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What was read goes out again, by each writer. */
static void write_all(const struct part *part)
{
	const struct test_case **cases = calloc(part->count + 1, sizeof(*cases));
	struct test_result *results = calloc(part->count + 1, sizeof(*results));
	struct report report = { .driver = part->driver ? part->driver : "",
				 .device = part->device,
				 .netcx = part->netcx ? part->netcx : "",
				 .seed = part->seed,
				 .shard = part->shard,
				 .shards = part->shards,
				 .count = part->count,
				 .cases = cases,
				 .results = results,
				 .remarks = (const char *const *)part->remarks,
				 .remark_count = part->remark_count };
	FILE *nothing = fopen("/dev/null", "w");

	for (size_t i = 0; cases && results && i < part->count; i++) {
		cases[i] = &part->cases[i].test;
		results[i] = part->cases[i].result;
	}
	if (cases && results && nothing) {
		report_junit(&report, nothing);
		report_html(&report, nothing);
	}
	if (nothing)
		fclose(nothing);
	free(cases);
	free(results);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct part part = { .path = "input" };
	struct error error = { "" };
	char *text = malloc(size + 1);
	bool ok;

	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	ok = size && text[0] == '<' ? part_read_junit(&part, text, size, &error)
				    : part_read_json(&part, text, size, &error);
	if (ok)
		write_all(&part);
	else if (!*error.text)
		abort();
	part_free(&part);
	free(text);
	return 0;
}
