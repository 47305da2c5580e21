/* SPDX-License-Identifier: MIT */
#include "build/jobs.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* The process's signals are one thing per process, so this is, too. */
static sigset_t before, waited_for;
static int interrupted;

void jobs_begin(void)
{
	sigemptyset(&waited_for);
	sigaddset(&waited_for, SIGINT);
	sigaddset(&waited_for, SIGTERM);
	sigaddset(&waited_for, SIGHUP);
	sigaddset(&waited_for, SIGCHLD);
	sigprocmask(SIG_BLOCK, &waited_for, &before);
	interrupted = 0;
}

void jobs_end(void)
{
	sigprocmask(SIG_SETMASK, &before, NULL);
}

int jobs_interrupted(void)
{
	return interrupted;
}

static void failed_to_start(struct job *job, int error)
{
	job->ran = true;
	job->pid = 0;
	job->status = 127 << 8;
	job->output = string_format("%s: %s\n", job->command.at[0], strerror(error));
}

/* A memory file takes the output, so that a program never waits for us to read. */
static bool start(struct job *job)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t defaults;
	int error;

	job->output_fd = memfd_create("netcx-build", MFD_CLOEXEC);
	if (job->output_fd < 0) {
		failed_to_start(job, errno);
		return false;
	}
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", 0, 0);
	posix_spawn_file_actions_adddup2(&actions, job->output_fd, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&actions, job->output_fd, STDERR_FILENO);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
						      POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setpgroup(&attributes, 0);
	posix_spawnattr_setsigmask(&attributes, &before);
	posix_spawnattr_setsigdefault(&attributes, &defaults);
	error = posix_spawnp(&job->pid, job->command.at[0], &actions, &attributes, job->command.at,
			     environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	if (error) {
		close(job->output_fd);
		failed_to_start(job, error);
	}
	return error == 0;
}

static char *read_all(int fd)
{
	struct buffer text = { 0 };
	char buffer[4096];
	ssize_t n;

	lseek(fd, 0, SEEK_SET);
	while ((n = read(fd, buffer, sizeof(buffer))) > 0)
		buffer_add_n(&text, buffer, (size_t)n);
	return buffer_take(&text);
}

static void collect(struct job *job, int status)
{
	job->ran = true;
	job->status = status;
	job->pid = 0;
	job->output = read_all(job->output_fd);
	close(job->output_fd);
}

/* All that run now are told to end, and have ended when this returns. */
static void stop_all(struct job *jobs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (jobs[i].pid > 0)
			kill(-jobs[i].pid, SIGTERM);
	}
	for (size_t i = 0; i < count; i++) {
		int status;

		if (jobs[i].pid <= 0)
			continue;
		while (waitpid(jobs[i].pid, &status, 0) < 0 && errno == EINTR)
			;
		/* What it has started itself goes with it. */
		kill(-jobs[i].pid, SIGKILL);
		collect(&jobs[i], status);
	}
}

struct run {
	struct job *jobs;
	size_t count, next, running, failed;
	bool stop; /* begin no other */
	bool keep_going;
	void (*ended)(void *context, struct job *job);
	void *context;
};

static void note_end(struct run *run, struct job *job)
{
	if (job_failed(job)) {
		run->failed++;
		run->stop |= !run->keep_going;
	}
	if (run->ended)
		run->ended(run->context, job);
}

static void start_more(struct run *run, unsigned parallel)
{
	while (!run->stop && run->next < run->count && run->running < parallel) {
		struct job *job = &run->jobs[run->next++];

		if (start(job))
			run->running++;
		else
			note_end(run, job);
	}
}

static void reap(struct run *run)
{
	for (size_t i = 0; i < run->next; i++) {
		struct job *job = &run->jobs[i];
		int status;

		if (job->pid <= 0 || waitpid(job->pid, &status, WNOHANG) != job->pid)
			continue;
		collect(job, status);
		run->running--;
		note_end(run, job);
	}
}

size_t jobs_run(struct job *jobs, size_t count, unsigned parallel, bool keep_going,
		void (*ended)(void *context, struct job *job), void *context)
{
	struct run run = { .jobs = jobs,
			   .count = count,
			   .keep_going = keep_going,
			   .ended = ended,
			   .context = context };

	if (interrupted)
		return count;
	start_more(&run, parallel ? parallel : 1);
	while (run.running) {
		int number = sigwaitinfo(&waited_for, NULL);

		if (number < 0)
			continue;
		if (number != SIGCHLD) {
			interrupted = number;
			stop_all(jobs, run.next);
			return count;
		}
		reap(&run);
		start_more(&run, parallel ? parallel : 1);
	}
	return run.failed + (count - run.next);
}

bool job_failed(const struct job *job)
{
	return job->ran && job->status != 0;
}

void job_free(struct job *job)
{
	strings_free(&job->command);
	free(job->output);
	*job = (struct job){ 0 };
}

char *command_output(const struct strings *command)
{
	struct job job = { .name = command->at[0] };
	char *output = NULL;

	strings_append(&job.command, command);
	if (jobs_run(&job, 1, 1, true, NULL, NULL) == 0) {
		output = job.output;
		job.output = NULL;
	}
	job_free(&job);
	return output;
}
