/* SPDX-License-Identifier: MIT */
#include "test/select.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

/* A group's name means all of it. */
static bool matches(const char *pattern, const char *name)
{
	size_t length = strlen(pattern);

	return fnmatch(pattern, name, 0) == 0 ||
	       (!strncmp(pattern, name, length) && name[length] == '/');
}

static bool is_named(const struct test_options *options, const char *name)
{
	for (size_t i = 0; i < options->pattern_count; i++) {
		if (matches(options->patterns[i], name))
			return true;
	}
	return !options->pattern_count;
}

static int check_patterns(const struct test_options *options, struct error *error)
{
	for (size_t i = 0; i < options->pattern_count; i++) {
		const struct test_case *found;
		size_t at = 0;

		while ((found = test_case_at(at)) && !matches(options->patterns[i], found->name))
			at++;
		if (!found)
			return error_number(error, NETCX_USAGE,
					    "%s: no case is called so; --list has all of them",
					    options->patterns[i]);
	}
	return NETCX_OK;
}

int select_cases(struct selection *selection, const struct test_options *options,
		 struct error *error)
{
	const struct test_case *test;
	size_t count = 0, named = 0;

	if (check_patterns(options, error) != NETCX_OK)
		return NETCX_USAGE;
	while (test_case_at(count))
		count++;
	selection->count = 0;
	selection->cases = calloc(count, sizeof(*selection->cases));
	if (!selection->cases)
		return error_number(error, NETCX_FAILED, "out of memory");
	for (size_t i = 0; (test = test_case_at(i)); i++) {
		if (is_named(options, test->name) &&
		    named++ % options->shards == options->shard - 1)
			selection->cases[selection->count++] = test;
	}
	if (selection->count)
		return NETCX_OK;
	free(selection->cases);
	return error_number(error, NETCX_USAGE,
			    "--shard %u/%u: there are %zu cases, so that this one has none",
			    options->shard, options->shards, named);
}
