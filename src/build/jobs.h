/* SPDX-License-Identifier: MIT */
/*
 * Programs that run side by side, each in a process group of its own, with their output kept apart.
 * SIGINT, SIGTERM and SIGHUP end them all and wait until they are gone.
 */
#ifndef BUILD_JOBS_H
#define BUILD_JOBS_H

#include <sys/types.h>

#include "build/strings.h"

struct job {
	struct strings command; /* the program's path first */
	const char *name;       /* for messages; not owned */
	/* filled when it has ended: */
	bool ran;
	int status;   /* as from waitpid() */
	char *output; /* both its streams, the job's */
	/* while it runs: */
	pid_t pid;
	int output_fd;
};

/*
 * jobs_begin() - from here on, signals that end the process wait for jobs_run()
 * jobs_end()   - the mask is as before jobs_begin()
 */
void jobs_begin(void);
void jobs_end(void);

/* jobs_interrupted() - the signal that has ended jobs_run(), or 0. */
int jobs_interrupted(void);

/*
 * jobs_run() - run all
 * @parallel:   how many at once
 * @keep_going: also when one has failed; else those that run end and no other begins
 * @ended:      called for each that has ended, in the order of their ending; may be NULL
 *
 * Return: how many failed or did not begin; all of those a signal stopped.
 */
size_t jobs_run(struct job *jobs, size_t count, unsigned parallel, bool keep_going,
		void (*ended)(void *context, struct job *job), void *context);

/* job_failed() - it ran and did not exit with 0. */
bool job_failed(const struct job *job);
void job_free(struct job *job);

/* command_output() - run one program. Return: what it printed, the caller's; NULL when it failed.
 */
char *command_output(const struct strings *command);

#endif
