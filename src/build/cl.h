/* SPDX-License-Identifier: MIT */
/*
 * Microsoft's compiler as projects address it: the elements of <ClCompile> and the options in its
 * AdditionalOptions. Each is put into clang's words, is one that decides nothing here (warnings,
 * debug information, checks, precompiled headers), or is named in a warning. Source: "MSVC compiler
 * options" and the CL task in Microsoft's documentation.
 */
#ifndef BUILD_CL_H
#define BUILD_CL_H

#include "build/cl_name.h"
#include "build/msbuild.h"
#include "build/project.h"

/* One source's options being read. Owned by whoever reads. */
struct cl {
	struct source *source;
	struct project *project;               /* for its warnings and folders */
	const char *folder;                    /* the project's own */
	const char *file;                      /* the project, for messages */
	char *error;                           /* the first thing that cannot be, the caller's */
	const struct cl_name *chosen[CHOICES]; /* by the last option of each; NULL: by none */
	const char *standards[2];              /* for clang, by language; NULL: not said */
};

/*
 * cl_split() - a command line's words: blanks and line ends separate, quotes join, a backslash
 * makes a quote a character and is itself one everywhere else
 */
void cl_split(struct strings *words, const char *text);

/* cl_unquote() - one word of it, blanks and all; the caller's. */
char *cl_unquote(const char *text);

/* cl_options() - what AdditionalOptions says. @text: after properties_unescape() */
void cl_options(struct cl *cl, const char *text);

/* cl_option() - one option without arguments of its own: "/Zp8". @origin: who says so */
void cl_option(struct cl *cl, const char *option, const char *origin);

/* cl_finish() - after all options: what the last of several decides is put into the source. */
void cl_finish(struct cl *cl);

/* cl_elements() - those that are switches, put into options in the order of the CL task. */
void cl_elements(struct cl *cl, const struct item *item);

/* cl_define(), cl_undefine(), cl_include() - /D, /U and /I; the last of two decides. */
void cl_define(struct cl *cl, const char *definition);
void cl_undefine(struct cl *cl, const char *name);
void cl_include(struct cl *cl, const char *folder);

/* cl_says() - whether a name was defined or undefined by them. */
bool cl_says(const struct cl *cl, const char *name);

/* cl_include_late() - a folder behind the kit's own. */
void cl_include_late(struct cl *cl, const char *folder);

/* cl_warn() - once for a project. */
void cl_warn(struct cl *cl, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
