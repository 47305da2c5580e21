/* SPDX-License-Identifier: MIT */
/*
 * What a driver needs and this build of netcx does not have, gathered from the compiler's messages
 * and from the objects, so that its author can tell us.
 */
#ifndef BUILD_FINDINGS_H
#define BUILD_FINDINGS_H

#include <stdio.h>

#include "build/strings.h"

enum finding_kind {
	FINDING_HEADER,     /* #include of a file that is not found */
	FINDING_NAME,       /* a name that no header declares; perhaps the driver's own mistake */
	FINDING_SYMBOL,     /* compiled, and not in netcx */
	FINDING_SEH,        /* __try: no compiler has it on Linux (include/wdk/excpt.h) */
	FINDING_KERNEL_CXX, /* works here, and not in Windows' kernel (kernel_cxx.h) */
};

/* The names of the last kind. */
#define KERNEL_CXX_INITIALIZER "dynamic initializer"
#define KERNEL_CXX_DESTRUCTOR  "destructor at exit"
#define KERNEL_CXX_STATIC      "static with a first use"
#define KERNEL_CXX_THREAD      "thread local variable"

struct finding {
	enum finding_kind kind;
	char *name;
	char *note;            /* what is known of it, so that it is not ours to add; or NULL */
	struct strings places; /* file:line, each once */
};

struct findings {
	struct finding *at;
	size_t count;
};

/* findings_add() - @place NULL: not known */
void findings_add(struct findings *findings, enum finding_kind kind, const char *name,
		  const char *place);

/* findings_read() - from what clang printed about one file. */
void findings_read(struct findings *findings, const char *output);

/*
 * findings_shown() - what clang printed, without what findings_print() says better: each __try
 * Return: the caller's.
 */
char *findings_shown(const char *output);
size_t findings_of_kind(const struct findings *findings, enum finding_kind kind);

/* findings_note() - takes @note over; no such finding: it is freed. */
void findings_note(struct findings *findings, enum finding_kind kind, const char *name, char *note);

/* findings_print() - a table, headers first; nothing when there is nothing. What is said of a name
 * is not said again of its symbol, which goes. */
void findings_print(struct findings *findings, FILE *to);

/*
 * findings_answer() - after findings_print(): the answer in JSON on standard output, with
 * "missing", whose "kind" is header, name, function or seh
 * @driver: that was made; NULL: none, for the reason @error ("": what is missing)
 */
void findings_answer(const struct findings *findings, const char *driver, const char *error);
void findings_free(struct findings *findings);

#endif
