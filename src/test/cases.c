/* SPDX-License-Identifier: MIT */
#include <jansson.h>
#include <stdio.h>

#include "base/array.h"
#include "test/case.h"
#include "test/test.h"

static const struct test_case *const groups[] = {
	segmentation_cases, checksum_cases, receive_cases, filter_cases, rss_cases,   rsc_cases,
	change_cases,       active_cases,   power_cases,   fault_cases,  queue_cases,
};

const struct test_case *test_case_at(size_t index)
{
	for (size_t i = 0; i < ARRAY_COUNT(groups); i++) {
		for (const struct test_case *c = groups[i]; c->name; c++) {
			if (!index--)
				return c;
		}
	}
	return NULL;
}

static void print_json(void)
{
	json_t *all = json_array();
	const struct test_case *c;

	for (size_t i = 0; (c = test_case_at(i)); i++)
		json_array_append_new(all, json_pack("{s:s, s:s, s:s, s:s}", "name", c->name,
						     "rule", c->rule, "source", c->source,
						     "windows", c->windows));
	json_dumpf(all, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(all);
}

void test_print_cases(bool json)
{
	const struct test_case *c;

	if (json) {
		print_json();
		return;
	}
	for (size_t i = 0; (c = test_case_at(i)); i++)
		printf("%s\n  %s.\n  Source: %s.\n  On Windows: %s.\n", c->name, c->rule, c->source,
		       c->windows);
}
