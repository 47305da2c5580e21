/* SPDX-License-Identifier: MIT */
#ifndef BUILD_COMPILER_H
#define BUILD_COMPILER_H

#include "build/strings.h"

#define OLDEST_CLANG 14

struct compiler {
	char *path;
	unsigned major;
	char *runtime_folder; /* where its sanitizer libraries are; NULL: not looked for */
	char *fuzzer;         /* libFuzzer without a main(), likewise */
};

/*
 * compiler_find() - a clang that is new enough: clang, then clang-NN, newest first
 * @wanted: the one to take instead, a path or a name; NULL: look for one
 * @error:  on failure what is to be done, the caller's
 */
bool compiler_find(struct compiler *compiler, const char *wanted, char **error);
void compiler_free(struct compiler *compiler);

/*
 * compiler_find_sanitizers() - fill @runtime_folder and @fuzzer, as they are needed. Fails when a
 * library is not installed.
 */
bool compiler_find_sanitizers(struct compiler *compiler, const struct strings *sanitizers,
			      char **error);

/*
 * compiler_read_headers() - what the headers that @source includes come to for a kernel-mode
 * driver: preprocessed, with the lines that define macros
 * @options: further ones, -D and -I
 * Return: the text, the caller's; NULL: they could not be read.
 */
char *compiler_read_headers(const struct compiler *compiler, const struct strings *options,
			    const char *source);

/* compiler_version() - the major version in what `clang --version` prints, 0 if it is no clang. */
unsigned compiler_version(const char *text);

#endif
