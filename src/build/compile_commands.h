/* SPDX-License-Identifier: MIT */
#ifndef BUILD_COMPILE_COMMANDS_H
#define BUILD_COMPILE_COMMANDS_H

#include "build/command.h"

/*
 * compile_commands_write() - clang's JSON compilation database, for clangd and clang-tidy
 * Return: 0 or -errno. Source: clang.llvm.org, JSON Compilation Database Format Specification.
 */
int compile_commands_write(const char *file, const struct toolset *tools,
			   const struct project *project);

#endif
