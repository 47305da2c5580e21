/* SPDX-License-Identifier: MIT */
/* Options that `netcx test` and `netcx fuzz` have in common. All return false after error_set(). */
#ifndef CLI_TEST_OPTIONS_H
#define CLI_TEST_OPTIONS_H

#include "test/test.h"

#define CLI_MOST_PEER 64

/* cli_read_count() - a number from 1 to @most */
bool cli_read_count(const char *option, const char *value, unsigned most, unsigned *count,
		    struct error *error);
bool cli_read_seed(struct test_options *test, const char *value, struct error *error);
/* cli_add_peer() - @peer: room for CLI_MOST_PEER, of which @test->peer_count are taken */
bool cli_add_peer(struct test_options *test, const char **peer, const char *value,
		  struct error *error);
/* cli_check_peer() - is there hardware besides, which has a wire already? */
bool cli_check_peer(const struct test_options *test, const char *device, struct error *error);

#endif
