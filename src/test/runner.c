/* SPDX-License-Identifier: MIT */
/* A process for each case, several at once, until all have run or somebody has had enough. */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "test/child.h"
#include "test/coverage.h"
#include "test/report.h"
#include "test/select.h"

#define MOST_JOBS    64
#define TICK_MS      100
#define JOBS_BY_SELF 8
#define GRACE_S      10 /* behind the host's own watchdog, which names the callback */

struct run {
	const struct test_options *options;
	struct selection selection;
	struct test_result *results;
	struct child children[MOST_JOBS];
	unsigned jobs, running;
	size_t next, done; /* of the selection */
	uint64_t started;
	bool interrupted;
	sigset_t signals, before; /* that are waited for; what was blocked before */
};

static void show_progress(const struct run *run)
{
	double passed = (double)(clock_ns() - run->started) / NS_PER_S;
	size_t count = run->selection.count;

	if (!isatty(STDERR_FILENO))
		return;
	if (run->done == count)
		fputs("\r\033[K", stderr);
	else if (run->done)
		fprintf(stderr, "\r\033[K%zu of %zu, about %.0f s left", run->done, count,
			passed / (double)run->done * (double)(count - run->done));
}

static void note_end(struct run *run, struct child *child, int status, bool late)
{
	struct test_result *result = &run->results[child->which];

	child_end(child, status, late, run->options, result);
	run->running--;
	run->done++;
	if (isatty(STDERR_FILENO))
		fputs("\r\033[K", stderr);
	if (!run->options->json)
		report_case(run->selection.cases[child->which], result);
	show_progress(run);
}

static void take_ended(struct run *run)
{
	uint64_t limit = (run->options->limit + GRACE_S) * NS_PER_S;

	for (unsigned i = 0; i < run->jobs; i++) {
		struct child *child = &run->children[i];
		bool late = child->pid && clock_ns() - child->started > limit;
		int status;

		if (!child->pid)
			continue;
		if (late)
			kill(child->pid, SIGKILL);
		if (waitpid(child->pid, &status, late ? 0 : WNOHANG) == child->pid)
			note_end(run, child, status, late);
	}
}

/* Those that run are ended, and count as not run. */
static void give_up(struct run *run)
{
	run->interrupted = true;
	for (unsigned i = 0; i < run->jobs; i++) {
		struct child *child = &run->children[i];

		if (!child->pid)
			continue;
		kill(child->pid, SIGKILL);
		waitpid(child->pid, NULL, 0);
		child->pid = 0;
	}
	run->running = 0;
}

static bool start_more(struct run *run, struct error *error)
{
	for (unsigned i = 0; i < run->jobs && run->next < run->selection.count; i++) {
		struct child *child = &run->children[i];

		if (child->pid)
			continue;
		child->which = run->next;
		fflush(stdout);
		if (!child_start(child, run->options, run->selection.cases[run->next], error))
			return false;
		run->next++;
		run->running++;
	}
	return true;
}

static int run_cases(struct run *run, struct error *error)
{
	const struct timespec tick = { .tv_nsec = TICK_MS * (long)NS_PER_MS };

	while (run->next < run->selection.count || run->running) {
		int signal;

		if (!start_more(run, error)) {
			give_up(run);
			return NETCX_FAILED;
		}
		signal = sigtimedwait(&run->signals, NULL, &tick);
		if (signal == SIGINT || signal == SIGTERM) {
			give_up(run);
			return TEST_INTERRUPTED;
		}
		take_ended(run);
	}
	return NETCX_OK;
}

static unsigned choose_jobs(unsigned wanted, size_t cases)
{
	cpu_set_t processors;
	unsigned jobs = wanted;

	if (!jobs) {
		jobs = sched_getaffinity(0, sizeof(processors), &processors)
			       ? 1
			       : (unsigned)CPU_COUNT(&processors);
		jobs = jobs > JOBS_BY_SELF ? JOBS_BY_SELF : jobs;
	}
	if (jobs > MOST_JOBS)
		jobs = MOST_JOBS;
	return jobs < cases ? jobs : (unsigned)cases;
}

static void block_signals(struct run *run)
{
	sigemptyset(&run->signals);
	sigaddset(&run->signals, SIGCHLD);
	sigaddset(&run->signals, SIGINT);
	sigaddset(&run->signals, SIGTERM);
	sigprocmask(SIG_BLOCK, &run->signals, &run->before);
}

static int write_reports(struct run *run, struct report_files *files, struct error *error)
{
	const struct test_options *options = run->options;
	struct coverage coverage = { 0 };
	struct report report = { .driver = options->adapter.driver,
				 .device = options->adapter.device,
				 .netcx = netcx_version(),
				 .seed = options->seed,
				 .shard = options->shard,
				 .shards = options->shards,
				 .count = run->selection.count,
				 .cases = run->selection.cases,
				 .results = run->results,
				 .seconds = (double)(clock_ns() - run->started) / NS_PER_S,
				 .interrupted = run->interrupted };
	int result;

	if (files->html.file) {
		coverage_read(&coverage, options->adapter.driver);
		report.coverage = &coverage;
	}
	result = report_write(files, options, &report, error);
	coverage_free(&coverage);
	return result;
}

static int run_all(struct run *run, struct report_files *files, struct error *error)
{
	int result, written;

	run->jobs = choose_jobs(run->options->jobs, run->selection.count);
	run->started = clock_ns();
	block_signals(run);
	result = run_cases(run, error);
	written = write_reports(run, files, error);
	/*
	 * timeout(1) signals its child, and then the group that the child is in: the second one may
	 * not take the reports of what ran, nor the exit code, until the process has ended.
	 */
	if (!run->interrupted)
		sigprocmask(SIG_SETMASK, &run->before, NULL);
	return result == NETCX_OK ? written : result;
}

int test_run(const struct test_options *options, struct error *error)
{
	struct run run = { .options = options };
	struct report_files files;
	int result;

	if (access(options->adapter.driver, R_OK) != 0)
		return error_number(error, NETCX_FAILED, "%s: %s", options->adapter.driver,
				    strerror(errno));
	result = select_cases(&run.selection, options, error);
	if (result != NETCX_OK)
		return result;
	run.results = calloc(run.selection.count, sizeof(*run.results));
	if (!run.results)
		result = error_number(error, NETCX_FAILED, "out of memory");
	else
		result = report_open(&files, options, error);
	if (result == NETCX_OK)
		result = run_all(&run, &files, error);
	for (size_t i = 0; run.results && i < run.selection.count; i++)
		result_free(&run.results[i]);
	free(run.results);
	free(run.selection.cases);
	return result;
}
