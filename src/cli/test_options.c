/* SPDX-License-Identifier: MIT */
#include "cli/test_options.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* Return: false: it is no number from @least to @most. */
static bool read_number(const char *text, unsigned long long least, unsigned long long most,
			unsigned long long *number)
{
	char *end;

	errno = 0;
	*number = strtoull(text, &end, 0);
	return text[0] >= '0' && text[0] <= '9' && !*end && !errno && *number >= least &&
	       *number <= most;
}

bool cli_read_count(const char *option, const char *value, unsigned most, unsigned *count,
		    struct error *error)
{
	unsigned long long number;

	if (!read_number(value, 1, most, &number))
		return error_set(error, "--%s %.64s: a number from 1 to %u is expected", option,
				 value, most);
	*count = (unsigned)number;
	return true;
}

bool cli_read_seed(struct test_options *test, const char *value, struct error *error)
{
	unsigned long long number;

	if (!read_number(value, 0, ULLONG_MAX, &number))
		return error_set(error, "--seed %.64s: a number from 0 to 2^64 - 1 is expected",
				 value);
	test->seed = number;
	return true;
}

bool cli_add_peer(struct test_options *test, const char **peer, const char *value,
		  struct error *error)
{
	const char *equals = strchr(value, '=');

	if (!equals || equals == value)
		return error_set(error, "--peer %.64s: KEYWORD=VALUE is expected", value);
	if (test->peer_count == CLI_MOST_PEER)
		return error_set(error, "--peer: %u keywords at most", CLI_MOST_PEER);
	peer[test->peer_count++] = value;
	return true;
}

bool cli_check_peer(const struct test_options *test, const char *device, struct error *error)
{
	return !test->peer_count || !device ||
	       error_set(error, "--peer is for a driver without hardware: --device has a wire");
}
