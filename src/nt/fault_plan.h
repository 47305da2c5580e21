/* SPDX-License-Identifier: MIT */
/* One line of a plan (fault.h), read. Private to nt/fault*.c. */
#ifndef NT_FAULT_PLAN_H
#define NT_FAULT_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

enum fault_kind {
	FAULT_CALL, /* a DDI fails, or a callback is answered with a failure */
	FAULT_ALL_ONCE,
	FAULT_LIST,
	FAULT_REMOVAL,       /* as a callback begins */
	FAULT_REMOVAL_AFTER, /* when it has returned */
};

/* Owned by the plan; what counts is under its lock. */
struct fault_line {
	struct fault_line *next;
	enum fault_kind kind;
	char *text; /* as it was given; the rest points into a copy of it */
	char *copy;
	const char *name;     /* the DDI or callback */
	const char *function; /* of the driver, perhaps with an offset: "Foo+0x40"; NULL: any */
	bool by_stack;        /* only that call stack */
	uint32_t stack;
	unsigned long nth;    /* 0: each */
	unsigned long came;   /* times that something came for it */
	unsigned long failed; /* of them: it was made to fail, or the device was removed */
};

/* fault_line_read() - NULL with *error filled; fault_line_free() */
struct fault_line *fault_line_read(const char *text, struct error *error);
void fault_line_free(struct fault_line *line);

/*
 * fault_line_is_for() - is the call meant, whatever number it has?
 * @where, @stack: of the site (struct nt_fault_site); @number: of its call stack
 */
bool fault_line_is_for(const struct fault_line *line, const char *name, uint32_t number,
		       const char *where, const char *stack);

#endif
