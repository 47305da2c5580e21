/* SPDX-License-Identifier: MIT */
/* The netcx command run from outside, as a user does. */
#ifndef TESTS_CLI_RUN_H
#define TESTS_CLI_RUN_H

#include <jansson.h>
#include <stdbool.h>
#include <sys/types.h>

#include "test.h"

#define OUTPUT_ROOM (1u << 20)

/* One run of the command. */
struct command {
	pid_t pid;
	int out, err; /* read ends */
	int code;     /* exit code, or 1000 and the signal's number */
	char stdout_text[OUTPUT_ROOM], stderr_text[OUTPUT_ROOM];
	size_t stdout_length, stderr_length;
};

/* What a run is to find around it. All zero: nothing special. */
struct surroundings {
	const char *step, *status; /* for drivers/step.c */
	bool nobody;      /* as a user without privileges, who cannot read where the build lies */
	mode_t tun;       /* of /dev/net/tun, in a mount namespace of its own; 0: as it is */
	bool new_network; /* in a network namespace of its own */
};

/*
 * start() - run netcx with arguments up to NULL; "@name" is a test driver's path
 * The control sockets of a test program are in a directory of its own.
 */
struct command *start(const struct surroundings *around, const char *argument, ...);

/* wait_for() - read its output until @text is in standard output. Fails the test after 20 s. */
void wait_for(struct command *c, const char *text);

/* comes() - read its output for so long. Return: is @text in standard output? */
bool comes(struct command *c, const char *text, uint64_t ms);

/*
 * await_host() - until the host takes commands, which is a moment after its driver is up
 * @adapter: one of several; NULL: the only one
 */
void await_host(const struct command *host, const char *adapter);

/* finish() - read until it ends. Return: the exit code. */
int finish(struct command *c);

/* stop() - SIGINT, then finish(). */
int stop(struct command *c);
void release(struct command *c);

/* run_all() - start() and finish(); @arguments: up to NULL */
struct command *run_all(const struct surroundings *around, const char *const *arguments);
#define RUN(...)            run_all(NULL, (const char *const[]){ __VA_ARGS__, NULL })
#define RUN_IN(around, ...) run_all(around, (const char *const[]){ __VA_ARGS__, NULL })

/* expect() - ended with @code, and standard error is one line with @says in it. Releases @c. */
void expect(struct command *c, int code, const char *says);

/* driver_path() - "@step" is .../cli_step.so; anything else is itself. Static storage. */
const char *driver_path(const char *name);

/* socket_path() - of a host's control socket */
void socket_path(const struct command *c, char *path, size_t size);

/* For cmocka_run_group_tests(): a directory for control sockets and scratch files. */
int make_scratch(void **state);
int remove_scratch(void **state);
const char *scratch(void);

#endif
