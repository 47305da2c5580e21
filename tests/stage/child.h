/* SPDX-License-Identifier: MIT */
/* What ends the process is tried in a child of it. */
#ifndef TESTS_STAGE_CHILD_H
#define TESTS_STAGE_CHILD_H

/* How a child ended, and what it said on standard error. */
struct child_end {
	int exit_code; /* -1: by a signal */
	int signal;
	char text[65536];
};

/*
 * child_run() - run @act in a child of this process, which has a copy of all that is here
 * It ends with exit code 0 when @act returns, and by SIGALRM after two minutes.
 */
void child_run(struct child_end *end, void (*act)(void *context), void *context);

/*
 * child_violates() - the child ends with a violation's exit code, and its report contains all of
 * the texts that follow; NULL ends them
 */
void child_violates(void (*act)(void *context), void *context, ...) __attribute__((sentinel));

#endif
