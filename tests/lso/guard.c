/* SPDX-License-Identifier: MIT */
#include "guard.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static size_t page(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

struct guard guard_make(size_t size)
{
	struct guard g;

	g.size = (size + page() - 1) / page() * page();
	g.map = mmap(NULL, g.size + 2 * page(), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (g.map == MAP_FAILED || mprotect(g.map + page(), g.size, PROT_READ | PROT_WRITE))
		abort();
	return g;
}

void guard_free(struct guard *g)
{
	munmap(g->map, g->size + 2 * page());
}

uint8_t *guard_end(const struct guard *g, size_t length)
{
	if (length > g->size)
		abort();
	return g->map + page() + g->size - length;
}

uint8_t *guard_start(const struct guard *g)
{
	return g->map + page();
}
