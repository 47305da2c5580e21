/* SPDX-License-Identifier: MIT */
/* The fields of a frame's headers, by name: for whoever compares two frames or shows them. */
#ifndef TEST_FIELDS_H
#define TEST_FIELDS_H

#include "test/reference.h"
#include "test/rules.h"

/* @rule: that a fault of this field breaks; @offset, @length: bytes, @length more than 0 */
typedef void fields_see(void *context, const char *name, enum test_rule rule, size_t offset,
			size_t length);

/*
 * fields_of_headers() - each field of link, IP and TCP or UDP header, but the transport checksum
 * fields_of_checksum() - that one
 */
void fields_of_headers(const struct reference *frame, fields_see *see, void *context);
void fields_of_checksum(const struct reference *frame, fields_see *see, void *context);

#endif
