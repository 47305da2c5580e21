/* SPDX-License-Identifier: MIT */
/* How often each line of a driver that counts them (--coverage) has run, as gcov reads it. */
#ifndef TEST_COVERAGE_H
#define TEST_COVERAGE_H

#include <stdbool.h>
#include <stddef.h>

#define COVERAGE_NO_CODE (-1L)

/* A line of a source file, of which the first is number 1. */
struct coverage_line {
	long count; /* how often it ran; COVERAGE_NO_CODE: there is nothing to run */
	char *text; /* without its end */
};

struct coverage_file {
	char *path; /* as the compiler was given it */
	struct coverage_line *lines;
	size_t line_count;
	size_t code, ran; /* lines with code; of these, that ran */
};

/* Owned by who had it read. All zero is empty. */
struct coverage {
	char why[512]; /* there is none, or not of all files: a sentence; "": all is there */
	struct coverage_file *files;
	size_t file_count;
};

/*
 * coverage_read() - of a driver, by the notes and counts that lie where it was compiled
 * gcov or, for what clang has compiled, llvm-cov is run. Headers of netcx and of the system are
 * left out. Nothing fails: what is missing is told in @coverage->why.
 */
void coverage_read(struct coverage *coverage, const char *driver);
void coverage_free(struct coverage *coverage);

#endif
