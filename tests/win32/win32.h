/* SPDX-License-Identifier: MIT */
/* What the tests of user mode share. */
#ifndef TESTS_WIN32_H
#define TESTS_WIN32_H

#include <dlfcn.h>
#include <stdatomic.h>
#include <unistd.h>

#define TEST(name) cmocka_unit_test_setup_teardown(name, machine_set_up, machine_tear_down)

#endif
