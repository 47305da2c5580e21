/* SPDX-License-Identifier: MIT */
#include "nt/fault_plan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "nt/fault.h"

/*
 * Of the linker: around what NT_FAULT_NAME() and its like have listed. Where an array was aligned
 * to more than a pointer's size there is a NULL.
 */
extern const char *const __start_netcx_fault_names[];
extern const char *const __stop_netcx_fault_names[];

bool nt_fault_known(const char *name)
{
	for (const char *const *at = __start_netcx_fault_names; at < __stop_netcx_fault_names; at++)
		if (*at && strcmp(*at, name) == 0)
			return true;
	return false;
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

#define LONGEST 80

/* Letters to add, drop or change until one is the other, whatever their case. */
static unsigned distance(const char *a, const char *b)
{
	unsigned row[LONGEST + 1];
	size_t length = strlen(b);

	if (length > LONGEST)
		return LONGEST;
	for (size_t j = 0; j <= length; j++)
		row[j] = (unsigned)j;
	for (size_t i = 0; a[i]; i++) {
		unsigned diagonal = row[0];

		row[0] = (unsigned)i + 1;
		for (size_t j = 1; j <= length; j++) {
			unsigned above = row[j];

			row[j] = least(least(above, row[j - 1]) + 1,
				       diagonal + !!strncasecmp(&a[i], &b[j - 1], 1));
			diagonal = above;
		}
	}
	return row[length];
}

/* The name that is most like it, of those that are like it or have it in them; NULL: none is. */
static const char *suggestion(const char *name)
{
	const char *best = NULL;
	unsigned like = (unsigned)strlen(name) / 3, least_far = LONGEST;

	for (const char *const *at = __start_netcx_fault_names; at < __stop_netcx_fault_names;
	     at++) {
		unsigned far = *at ? distance(name, *at) : LONGEST;

		if (far < least_far && (far <= like || (name[0] && strcasestr(*at, name)))) {
			least_far = far;
			best = *at;
		}
	}
	return best;
}

static bool unknown_name(const struct fault_line *line, struct error *error)
{
	const char *near = suggestion(line->name);

	if (near)
		error_set(error, "'%.200s': no call that can fail has the name %.80s; %s is one",
			  line->text, line->name, near);
	else
		error_set(
			error,
			"'%.200s': no call that can fail has the name %.80s; 'list' shows those of a driver, with their stacks",
			line->text, line->name);
	return false;
}

/* Cuts "TEXT:3" at the colon. */
static bool read_number(struct fault_line *line, struct error *error)
{
	char *colon = strchr(line->copy, ':'), *end;

	if (!colon)
		return true;
	*colon = '\0';
	errno = 0;
	line->nth = strtoul(colon + 1, &end, 10);
	if (colon[1] >= '0' && colon[1] <= '9' && !*end && !errno && line->nth)
		return true;
	error_set(error, "'%.200s': behind the colon stands which time it fails, from 1",
		  line->text);
	return false;
}

/* Cuts "NAME#1A2B3C4D" and "NAME@FUNCTION". */
static bool read_place(struct fault_line *line, struct error *error)
{
	char *stack = strchr(line->copy, '#'), *function = strchr(line->copy, '@'), *end;

	if (stack && function)
		return error_set(error,
				 "'%.200s': a call stack or a function is expected, not both",
				 line->text);
	if (function) {
		*function = '\0';
		line->function = function + 1;
		if (!*line->function)
			return error_set(error, "'%.200s': behind the @ stands a function",
					 line->text);
	}
	if (!stack)
		return true;
	*stack = '\0';
	line->by_stack = true;
	errno = 0;
	line->stack = (uint32_t)strtoul(stack + 1, &end, 16);
	if (strspn(stack + 1, "0123456789abcdefABCDEF") != 8 || *end)
		return error_set(
			error,
			"'%.200s': behind the # stand the eight digits of a call stack that 'list' has shown",
			line->text);
	return true;
}

static bool read_kind(struct fault_line *line, struct error *error)
{
	static const char *const kinds[] = { [FAULT_ALL_ONCE] = "all-once",
					     [FAULT_LIST] = "list",
					     [FAULT_REMOVAL] = "surprise-removal",
					     [FAULT_REMOVAL_AFTER] = "surprise-removal-after" };
	bool removal;

	line->name = line->copy;
	for (int i = FAULT_ALL_ONCE; i <= FAULT_REMOVAL_AFTER; i++)
		if (strcmp(line->name, kinds[i]) == 0)
			line->kind = (enum fault_kind)i;
	removal = line->kind == FAULT_REMOVAL || line->kind == FAULT_REMOVAL_AFTER;
	if (line->kind == FAULT_CALL)
		return nt_fault_known(line->name) || unknown_name(line, error);
	if (!removal && !line->function && !line->by_stack && !line->nth)
		return true;
	if (!removal)
		return error_set(error, "'%.200s': %s stands alone", line->text, line->name);
	if (!line->function || line->by_stack ||
	    (strncmp(line->function, "Evt", 3) != 0 && strcmp(line->function, "DriverEntry") != 0))
		return error_set(
			error,
			"'%.200s': %s@CALLBACK is expected, a callback such as EvtDeviceD0Entry",
			line->text, line->name);
	line->name = line->function;
	return true;
}

struct fault_line *fault_line_read(const char *text, struct error *error)
{
	struct fault_line *line = calloc(1, sizeof(*line));

	if (line) {
		line->text = strdup(text);
		line->copy = strdup(text);
	}
	if (!line || !line->text || !line->copy) {
		fault_line_free(line);
		return error_set(error, "out of memory");
	}
	if (read_number(line, error) && read_place(line, error) && read_kind(line, error))
		return line;
	fault_line_free(line);
	return NULL;
}

void fault_line_free(struct fault_line *line)
{
	if (!line)
		return;
	free(line->text);
	free(line->copy);
	free(line);
}

/* "Foo adapter.c:41 < Bar device.c:9": is it one of the functions? */
static bool has_function(const char *stack, const char *function)
{
	size_t length = strlen(function);

	while (stack) {
		if (strncmp(stack, function, length) == 0 && stack[length] == ' ')
			return true;
		stack = strstr(stack, " < ");
		stack = stack ? stack + 3 : NULL;
	}
	return false;
}

bool fault_line_is_for(const struct fault_line *line, const char *name, uint32_t number,
		       const char *where, const char *stack)
{
	if (line->kind != FAULT_CALL || strcmp(line->name, name) != 0)
		return false;
	if (line->by_stack)
		return line->stack == number;
	return !line->function || strcmp(line->function, where) == 0 ||
	       has_function(stack, line->function);
}
