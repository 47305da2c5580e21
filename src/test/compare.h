/* SPDX-License-Identifier: MIT */
/* Two packets side by side, field by field. */
#ifndef TEST_COMPARE_H
#define TEST_COMPARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "test/rules.h"

#define COMPARE_FIELDS 16 /* of those that differ, at most so many are named */

/* A field that differs. */
struct compare_field {
	char name[40];
	size_t offset, length; /* in the packet, bytes */
	char expected[40], actual[40];
	enum test_rule rule;
};

struct comparison {
	unsigned count; /* 0: they are the same */
	struct compare_field fields[COMPARE_FIELDS];
};

/*
 * compare_packets() - where @actual, a frame off the wire, is not @expected
 * Zeros behind a packet of less than 60 bytes are padding. Return: true: they are the same.
 */
bool compare_packets(struct comparison *comparison, const uint8_t *expected, size_t expected_length,
		     const uint8_t *actual, size_t actual_length);

#endif
