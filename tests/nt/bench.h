/* SPDX-License-Identifier: MIT */
/* A machine for a test, with the events it told, and violations in a child process. */
#ifndef TESTS_NT_BENCH_H
#define TESTS_NT_BENCH_H

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "nt/machine.h"

/* The calling thread is one of the machine's. Text of the events so far: "name: text\n" lines. */
struct bench {
	struct nt_machine machine;
	pthread_mutex_t lock;
	char events[16384];
};

/* For cmocka: *state becomes the bench. */
int bench_setup(void **state);
int bench_teardown(void **state);

/* Whether an event has been told whose line contains @text. */
bool bench_told(struct bench *bench, const char *text);

/* What a child process said on standard error and how it ended. */
struct bench_end {
	int exit_code; /* -1: by a signal */
	int signal;
	char text[16384];
};

/* Run @act in a child of this process, which has a machine too. */
void bench_child(struct bench_end *end, void (*act)(void *context), void *context);

/* The child ends with exit code 158 and a report that contains all of the texts (NULL ends them).
 */
void bench_violates(void (*act)(void *context), void *context, ...);

#endif
