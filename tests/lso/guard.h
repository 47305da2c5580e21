/* SPDX-License-Identifier: MIT */
/* Memory that ends, or begins, at a page that may not be touched. */
#ifndef NETCX_TESTS_LSO_GUARD_H
#define NETCX_TESTS_LSO_GUARD_H

#include <stddef.h>
#include <stdint.h>

struct guard {
	uint8_t *map;
	size_t size; /* between the two guard pages */
};

/* guard_make() - room for at least @size bytes; aborts when there is no memory. */
struct guard guard_make(size_t size);
void guard_free(struct guard *g);

/* guard_end() - @length bytes that end at the upper guard page. */
uint8_t *guard_end(const struct guard *g, size_t length);

/* guard_start() - the bytes right after the lower guard page. */
uint8_t *guard_start(const struct guard *g);

#endif
