/* SPDX-License-Identifier: MIT */
/* The compiler's command lines. */
#ifndef BUILD_COMMAND_H
#define BUILD_COMMAND_H

#include "build/compiler.h"
#include "build/project.h"

/* What is the same for all files of one build. Nothing is owned. */
struct toolset {
	const struct compiler *compiler;
	const struct version *net, *wdf;
	bool user_mode;                       /* for UMDF; @wdf is a version of it */
	unsigned wdf_minimum;                 /* 0: not said */
	unsigned net_minimum;                 /* 0: not said */
	const struct strings *system_folders; /* our headers */
	const struct strings *library;        /* those of C++'s library, behind them */
	const char *packed_kit;               /* a folder whose headers keep the kit's packing */
	const char *overlay;
	const struct strings *sanitizers;
	bool coverage, colour;
};

/* command_compile() - the caller's. @object: NULL: none, as for clangd */
void command_compile(struct strings *command, const struct toolset *tools,
		     const struct source *source, const char *object);

/*
 * command_compile_to_text() - for inline.h: the same as far as LLVM's text, optimised by nothing
 * yet command_assemble()        - the rest of the way, from the text
 */
void command_compile_to_text(struct strings *command, const struct toolset *tools,
			     const struct source *source, const char *text);
void command_assemble(struct strings *command, const struct toolset *tools,
		      const struct source *source, const char *text, const char *object);
void command_link(struct strings *command, const struct toolset *tools,
		  const struct strings *objects, const char *output);

/* command_show() - to stderr, as a line that can be pasted into a shell. */
void command_show(const struct strings *command);

#endif
