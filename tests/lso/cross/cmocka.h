/* SPDX-License-Identifier: MIT */
/*
 * As much of cmocka's interface as these tests use, for machines that we compile for but have no
 * cmocka of: a failed assertion ends the program.
 */
#ifndef NETCX_TESTS_LSO_CROSS_CMOCKA_H
#define NETCX_TESTS_LSO_CROSS_CMOCKA_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct CMUnitTest {
	const char *name;
	void (*test)(void **state);
	int (*setup)(void **state);
	int (*teardown)(void **state);
};

#define cmocka_unit_test(f)       \
	{                         \
#f, f, NULL, NULL \
	}
#define cmocka_unit_test_setup_teardown(f, setup, after) \
	{                                                \
#f, f, setup, after                      \
	}

#define fail_msg(...)                                  \
	do {                                           \
		printf("%s:%d: ", __FILE__, __LINE__); \
		printf(__VA_ARGS__);                   \
		printf("\n");                          \
		exit(1);                               \
	} while (0)

#define assert_true(c)                                \
	do {                                          \
		if (!(c))                             \
			fail_msg("not true: %s", #c); \
	} while (0)
#define assert_false(c)                 assert_true(!(c))
#define assert_int_equal(a, b)          assert_true((long long)(a) == (long long)(b))
#define assert_int_not_equal(a, b)      assert_true((long long)(a) != (long long)(b))
#define assert_ptr_equal(a, b)          assert_true((const void *)(a) == (const void *)(b))
#define assert_non_null(a)              assert_true((a))
#define assert_null(a)                  assert_true(!(a))
#define assert_memory_equal(a, b, n)    assert_true(memcmp(a, b, n) == 0)
#define assert_string_equal(a, b)       assert_true(strcmp(a, b) == 0)
#define assert_string_not_equal(a, b)   assert_true(strcmp(a, b) != 0)
#define assert_in_range(a, low, high)   assert_true((a) >= (low) && (a) <= (high))
#define print_message                   printf
#define skip()                          return
#define test_malloc                     malloc
#define test_calloc                     calloc
#define test_free                       free
#define cmocka_run_group_tests(t, a, b) run_tests(t, sizeof(t) / sizeof(*(t)))

static inline int run_tests(const struct CMUnitTest *tests, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		void *state = NULL;

		if (tests[i].setup && tests[i].setup(&state))
			fail_msg("setting up %s", tests[i].name);
		tests[i].test(&state);
		if (tests[i].teardown)
			tests[i].teardown(&state);
		printf("ok %s\n", tests[i].name);
	}
	return 0;
}

#endif
