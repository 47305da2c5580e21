/* SPDX-License-Identifier: MIT */
/* netcx fuzz: sequences until one does harm, one again, or a shorter one that does the same. */
#include <dirent.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/output.h"
#include "test/child.h"
#include "test/fuzz/findings.h"
#include "test/fuzz/fuzz.h"
#include "test/report.h"

#define MOST_JOBS 64
#define TICK_MS   50
#define GRACE_S   10 /* behind the host's own watchdog, which names the callback */
#define TRIES     2  /* of a shorter sequence: threads are not the same twice */

struct player {
	struct child child;
	struct test_options options; /* with a fuzz of its own */
	struct fuzz_shared *shared;
	uint64_t run; /* which of the seed's */
};

struct fuzz {
	const struct test_options *options;
	struct player players[MOST_JOBS];
	unsigned jobs;
	uint64_t next, done, started;
	bool interrupted;
	struct findings findings;
	sigset_t signals, before;
};

static bool open_player(struct player *p, const struct test_options *options)
{
	p->shared = mmap(NULL, sizeof(*p->shared), PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (p->shared == MAP_FAILED)
		return false;
	p->options = *options;
	p->options.fuzz = p->shared;
	return true;
}

static void close_player(struct player *p)
{
	if (p->child.pid > 0) {
		struct test_result dropped = { 0 };
		int status;

		kill(p->child.pid, SIGKILL);
		waitpid(p->child.pid, &status, 0);
		child_end(&p->child, status, false, &p->options, &dropped);
		result_free(&dropped);
	}
	if (p->shared && p->shared != MAP_FAILED)
		munmap(p->shared, sizeof(*p->shared));
}

/* Return: it has ended, and *result says how. */
static bool has_ended(struct player *p, struct test_result *result)
{
	uint64_t limit = (p->options.limit + GRACE_S) * NS_PER_S;
	bool late = clock_ns() - atomic_load(&p->shared->started) > limit;
	int status;

	if (late)
		kill(p->child.pid, SIGKILL);
	if (waitpid(p->child.pid, &status, late ? 0 : WNOHANG) != p->child.pid)
		return false;
	child_end(&p->child, status, late, &p->options, result);
	/* libFuzzer ends its process when it is done. */
	if (result->verdict == TEST_FAILED && !strcmp(result->rule, "DriverLives") &&
	    WIFEXITED(status) && WEXITSTATUS(status) == 0)
		result->verdict = TEST_PASSED;
	return true;
}

static bool start(struct player *p, const struct test_case *what, struct error *error)
{
	atomic_store(&p->shared->started, clock_ns());
	atomic_store(&p->shared->step, 0);
	return child_start(&p->child, &p->options, what, error);
}

/* One sequence in a process of its own. Return: false: interrupted, or after error_set(). */
static bool play(struct fuzz *f, struct player *p, const uint8_t *bytes, size_t length,
		 struct test_result *result, struct error *error)
{
	const struct timespec tick = { .tv_nsec = TICK_MS * (long)NS_PER_MS };

	memcpy(p->shared->bytes, bytes, length);
	atomic_store(&p->shared->length, length);
	if (!start(p, &fuzz_one, error))
		return false;
	while (!has_ended(p, result)) {
		int signal = sigtimedwait(&f->signals, NULL, &tick);

		f->interrupted |= signal == SIGINT || signal == SIGTERM;
		if (f->interrupted)
			return false;
	}
	return true;
}

/* ---- what is told ---- */

static void print_steps(const uint8_t *bytes, size_t length, unsigned at)
{
	struct fuzz_step step;
	char text[128];

	for (size_t i = 0; fuzz_step_at(bytes, length, i, &step); i++) {
		fuzz_step_text(&step, text, sizeof(text));
		printf("%s %3zu  %s\n", i + 1 == at ? "->" : "  ", i + 1, text);
	}
}

static void print_failure(const struct test_result *result)
{
	report_case(&fuzz_one, result);
}

static void show_progress(const struct fuzz *f, uint64_t runs)
{
	double seconds = (double)(clock_ns() - f->started) / NS_PER_S;

	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\r\033[K%llu sequences, %.0f s", (unsigned long long)runs,
			seconds);
}

static void end_progress(void)
{
	if (isatty(STDERR_FILENO))
		fputs("\r\033[K", stderr);
}

static bool write_bytes(const char *path, const uint8_t *bytes, size_t length, struct error *error)
{
	struct output output;

	if (!output_open(&output, path, NULL))
		return error_set(error, "%s: %s", path, strerror(errno));
	fwrite(bytes, 1, length, output.file);
	return output_close(&output, true) || error_set(error, "%s: %s", path, strerror(errno));
}

/* What is new is a file, and lines that say how to have it again. */
static bool note_finding(struct fuzz *f, const struct player *p, const struct test_result *result,
			 struct error *error)
{
	bool is_new;
	struct finding *finding = findings_note(&f->findings, result, &is_new);
	char path[4096];

	if (!finding)
		return error_set(error, "out of memory");
	if (!is_new)
		return true;
	snprintf(path, sizeof(path), "%s/fuzz-%s-%llu-%llu", f->options->fuzz_folder, result->rule,
		 (unsigned long long)f->options->seed, (unsigned long long)p->run);
	end_progress();
	print_failure(result);
	printf("The sequence, and where it was:\n");
	print_steps(p->shared->bytes, p->shared->length, p->shared->step);
	if (!write_bytes(path, p->shared->bytes, p->shared->length, error))
		return false;
	finding->path = strdup(path);
	printf("Written to %s; --replay does it again, --minimize makes it shorter.\n", path);
	fflush(stdout);
	return true;
}

static void tell_sum(const struct fuzz *f, uint64_t runs)
{
	end_progress();
	if (f->options->fuzz_all && f->findings.first) {
		printf("%u different:\n", f->findings.count);
		findings_print(&f->findings);
	}
	printf("%llu sequences in %.1f s (--seed %llu)%s\n", (unsigned long long)runs,
	       (double)(clock_ns() - f->started) / NS_PER_S, (unsigned long long)f->options->seed,
	       f->interrupted ? ", ended by a signal" : "");
}

static int code_of(const struct fuzz *f)
{
	if (f->interrupted)
		return TEST_INTERRUPTED;
	return f->findings.first ? NETCX_FAILED : NETCX_OK;
}

/* ---- sequences by the seed ---- */

static bool is_enough(const struct fuzz *f)
{
	if (f->options->fuzz_seconds)
		return clock_ns() - f->started > f->options->fuzz_seconds * NS_PER_S;
	return f->next >= f->options->fuzz_runs;
}

static bool start_more(struct fuzz *f, struct error *error)
{
	for (unsigned i = 0; i < f->jobs && !is_enough(f); i++) {
		struct player *p = &f->players[i];

		if (p->child.pid > 0)
			continue;
		p->run = f->next++;
		p->shared->length = fuzz_make(f->options->seed, p->run, p->shared->bytes);
		if (!start(p, &fuzz_one, error))
			return false;
	}
	return true;
}

/* Who has ended is looked at. Return: false after error_set(). *running: how many go on. */
static bool look(struct fuzz *f, unsigned *running, struct error *error)
{
	bool fine = true;

	*running = 0;
	for (unsigned i = 0; i < f->jobs && fine; i++) {
		struct player *p = &f->players[i];
		struct test_result result = { 0 };

		if (p->child.pid <= 0)
			continue;
		if (!has_ended(p, &result)) {
			++*running;
			continue;
		}
		f->done++;
		if (result.verdict == TEST_FAILED)
			fine = note_finding(f, p, &result, error);
		result_free(&result);
		if (f->findings.first && !f->options->fuzz_all)
			return fine;
	}
	return fine;
}

static int hunt(struct fuzz *f, struct error *error)
{
	const struct timespec tick = { .tv_nsec = TICK_MS * (long)NS_PER_MS };
	unsigned running = 1;

	while ((running || !is_enough(f)) && (!f->findings.first || f->options->fuzz_all)) {
		int signal;

		if (!start_more(f, error))
			return NETCX_FAILED;
		signal = sigtimedwait(&f->signals, NULL, &tick);
		f->interrupted = signal == SIGINT || signal == SIGTERM;
		if (f->interrupted)
			break;
		if (!look(f, &running, error))
			return NETCX_FAILED;
		show_progress(f, f->done);
	}
	tell_sum(f, f->done);
	return code_of(f);
}

/* ---- libFuzzer ---- */

/* Ours, with what libFuzzer has added to it when there is no other folder. */
static void remove_seeds(const char *folder)
{
	DIR *files = opendir(folder);
	struct dirent *file;

	while (files && (file = readdir(files)))
		unlinkat(dirfd(files), file->d_name, 0);
	if (files)
		closedir(files);
	rmdir(folder);
}

/* A process that has played many sequences may have been led there by those before. */
static bool confirm(struct fuzz *f, struct player *p, struct error *error)
{
	struct player *again = &f->players[1];
	struct test_result result = { 0 };

	if (!again->shared && !open_player(again, f->options))
		return error_set(error, "out of memory");
	if (play(f, again, p->shared->bytes, p->shared->length, &result, error) &&
	    result.verdict != TEST_FAILED)
		printf("Played alone, the sequence does no harm: those before it have a part in it.\n");
	result_free(&result);
	return true;
}

/* One process of libFuzzer's, from its start to its end. Return: false after error_set(). */
static bool run_engine(struct fuzz *f, struct player *p, struct test_result *result,
		       struct error *error)
{
	const struct timespec tick = { .tv_nsec = TICK_MS * (long)NS_PER_MS };

	if (!start(p, &fuzz_engine, error))
		return false;
	while (!f->interrupted && !has_ended(p, result)) {
		int signal = sigtimedwait(&f->signals, NULL, &tick);

		f->interrupted = signal == SIGINT || signal == SIGTERM;
		show_progress(f, atomic_load(&p->shared->runs));
	}
	return true;
}

/* What is left of what was asked for. Return: false: nothing. */
static bool go_on(const struct fuzz *f, struct player *p)
{
	uint64_t runs = atomic_load(&p->shared->runs);
	uint64_t seconds = (clock_ns() - f->started) / NS_PER_S;

	if (f->interrupted || !f->options->fuzz_all)
		return false;
	if (f->options->fuzz_seconds) {
		p->options.fuzz_seconds = f->options->fuzz_seconds - (unsigned)seconds;
		return seconds < f->options->fuzz_seconds;
	}
	p->options.fuzz_runs = f->options->fuzz_runs - runs;
	return runs < f->options->fuzz_runs;
}

/* Return: it was, and libFuzzer does not play it again: it would end there each time. */
static bool take_finding(struct fuzz *f, struct player *p, const struct test_result *result,
			 struct error *error)
{
	struct fuzz_shared *shared = p->shared;
	unsigned count = f->findings.count;

	p->run = atomic_load(&shared->runs);
	shared->known[shared->known_count++ % FUZZ_KNOWN] =
		hash_bytes(HASH_START, shared->bytes, shared->length);
	if (!note_finding(f, p, result, error))
		return false;
	return f->findings.count == count || confirm(f, p, error);
}

static bool run_engines(struct fuzz *f, struct player *p, struct error *error)
{
	uint64_t before;
	bool found;

	do {
		struct test_result result = { 0 };
		bool fine = true;

		before = atomic_load(&p->shared->runs);
		if (!run_engine(f, p, &result, error))
			return false;
		found = !f->interrupted && result.verdict == TEST_FAILED;
		if (found)
			fine = take_finding(f, p, &result, error);
		result_free(&result);
		if (!fine)
			return false;
		p->options.seed++;
		/* One that ends before its first sequence would do so each time. */
	} while (found && atomic_load(&p->shared->runs) != before && go_on(f, p));
	return true;
}

static int hunt_by_coverage(struct fuzz *f, struct error *error)
{
	struct player *p = &f->players[0];
	char seeds[] = "/tmp/netcx-fuzz-XXXXXX";
	bool fine;

	if (!mkdtemp(seeds))
		return error_number(error, NETCX_FAILED, "%s: %s", seeds, strerror(errno));
	p->options.fuzz_seeds = seeds;
	fine = run_engines(f, p, error);
	remove_seeds(seeds);
	tell_sum(f, atomic_load(&p->shared->runs));
	return fine ? code_of(f) : NETCX_FAILED;
}

/* ---- a file ---- */

static bool read_sequence(const char *path, uint8_t *bytes, size_t *length, struct error *error)
{
	FILE *file = file_open_regular(path);
	bool longer;

	*length = 0;
	if (!file)
		return error_set(error, "%s: %s", path, file_error(errno));
	*length = fread(bytes, 1, FUZZ_LENGTH, file);
	longer = getc(file) != EOF;
	fclose(file);
	if (longer)
		return error_set(error, "%s: a sequence has %d bytes at most", path, FUZZ_LENGTH);
	return *length || error_set(error, "%s: it is empty", path);
}

static int replay(struct fuzz *f, struct error *error)
{
	struct player *p = &f->players[0];
	struct test_result result = { 0 };
	uint8_t bytes[FUZZ_LENGTH];
	size_t length;
	int code;

	if (!read_sequence(f->options->fuzz_replay, bytes, &length, error))
		return NETCX_FAILED;
	if (!play(f, p, bytes, length, &result, error))
		return f->interrupted ? TEST_INTERRUPTED : NETCX_FAILED;
	code = result.verdict == TEST_FAILED ? NETCX_FAILED : NETCX_OK;
	print_failure(&result);
	print_steps(bytes, length, code == NETCX_OK ? 0 : p->shared->step);
	result_free(&result);
	return code;
}

/* Does a sequence break the rule? */
static bool breaks(struct fuzz *f, const uint8_t *bytes, size_t length, const char *rule)
{
	bool same = false;

	for (unsigned i = 0; i < TRIES && !same && !f->interrupted; i++) {
		struct test_result result = { 0 };
		struct error ignored = { "" };

		same = play(f, &f->players[0], bytes, length, &result, &ignored) &&
		       result.verdict == TEST_FAILED && !strcmp(result.rule, rule);
		result_free(&result);
	}
	return same;
}

/* Parts of it are left out, large ones first, as long as it breaks the same rule. */
static size_t shorten(struct fuzz *f, uint8_t *bytes, size_t length, const char *rule)
{
	size_t steps = length / FUZZ_STEP + (length % FUZZ_STEP != 0);
	uint8_t shorter[FUZZ_LENGTH];

	for (size_t part = steps; part; part /= 2) {
		size_t at = 0;

		while (at < length && !f->interrupted) {
			size_t n = part * FUZZ_STEP;
			size_t end = at + n < length ? at + n : length;

			memcpy(shorter, bytes, at);
			memcpy(shorter + at, bytes + end, length - end);
			if (length > end - at && breaks(f, shorter, length - (end - at), rule)) {
				length -= end - at;
				memcpy(bytes, shorter, length);
			} else {
				at = end;
			}
			show_progress(f, f->done++);
		}
	}
	end_progress();
	return length;
}

static int minimize(struct fuzz *f, struct error *error)
{
	struct player *p = &f->players[0];
	struct test_result result = { 0 };
	uint8_t bytes[FUZZ_LENGTH];
	char path[4096];
	size_t length, before;
	int code = NETCX_OK;

	if (!read_sequence(f->options->fuzz_minimize, bytes, &length, error))
		return NETCX_FAILED;
	before = length;
	if (!play(f, p, bytes, length, &result, error))
		return f->interrupted ? TEST_INTERRUPTED : NETCX_FAILED;
	if (result.verdict != TEST_FAILED)
		return error_number(error, NETCX_FAILED, "%s: it does this driver no harm",
				    f->options->fuzz_minimize);
	length = shorten(f, bytes, length, result.rule);
	snprintf(path, sizeof(path), "%s.min", f->options->fuzz_minimize);
	if (!write_bytes(path, bytes, length, error))
		code = NETCX_FAILED;
	else
		printf("%s: %zu steps of %zu break %s; written to %s\n", f->options->fuzz_minimize,
		       (length + FUZZ_STEP - 1) / FUZZ_STEP, (before + FUZZ_STEP - 1) / FUZZ_STEP,
		       result.rule, path);
	print_steps(bytes, length, 0);
	result_free(&result);
	return f->interrupted ? TEST_INTERRUPTED : code;
}

static unsigned choose_jobs(const struct test_options *options)
{
	cpu_set_t processors;
	unsigned jobs = options->jobs;

	if (!jobs && sched_getaffinity(0, sizeof(processors), &processors) == 0)
		jobs = (unsigned)CPU_COUNT(&processors);
	return jobs < 1 ? 1 : jobs > MOST_JOBS ? MOST_JOBS : jobs;
}

static int run_kind(struct fuzz *f, struct error *error)
{
	if (f->options->fuzz_replay)
		return replay(f, error);
	if (f->options->fuzz_minimize)
		return minimize(f, error);
	if (fuzz_has_engine(f->options->adapter.driver)) {
		printf("Sequences by libFuzzer, which goes by what is reached in the driver.\n");
		fflush(stdout);
		return hunt_by_coverage(f, error);
	}
	printf("Sequences by the seed, without coverage: the driver was not built with --sanitize fuzzer.\n");
	fflush(stdout);
	return hunt(f, error);
}

static int check(const struct test_options *options, struct error *error)
{
	if (access(options->adapter.driver, R_OK) != 0)
		return error_number(error, NETCX_FAILED, "%s: %s", options->adapter.driver,
				    strerror(errno));
	if (options->fuzz_corpus && access(options->fuzz_corpus, R_OK | W_OK | X_OK) != 0)
		return error_number(error, NETCX_FAILED, "--corpus %s: %s", options->fuzz_corpus,
				    strerror(errno));
	if (options->fuzz_corpus && !fuzz_has_engine(options->adapter.driver))
		return error_number(
			error, NETCX_USAGE,
			"--corpus is libFuzzer's, and the driver was not built with --sanitize fuzzer");
	if (access(options->fuzz_folder, W_OK | X_OK) != 0)
		return error_number(error, NETCX_FAILED, "--out %s: %s", options->fuzz_folder,
				    strerror(errno));
	return NETCX_OK;
}

int test_fuzz(const struct test_options *options, struct error *error)
{
	struct fuzz *f = calloc(1, sizeof(*f));
	int result = check(options, error);

	if (!f || result != NETCX_OK) {
		free(f);
		return result;
	}
	f->options = options;
	f->jobs = options->fuzz_replay || options->fuzz_minimize ||
				  fuzz_has_engine(options->adapter.driver)
			  ? 1
			  : choose_jobs(options);
	f->started = clock_ns();
	sigemptyset(&f->signals);
	sigaddset(&f->signals, SIGCHLD);
	sigaddset(&f->signals, SIGINT);
	sigaddset(&f->signals, SIGTERM);
	sigprocmask(SIG_BLOCK, &f->signals, &f->before);
	for (unsigned i = 0; i < f->jobs && result == NETCX_OK; i++) {
		if (!open_player(&f->players[i], options))
			result = error_number(error, NETCX_FAILED, "out of memory");
	}
	if (result == NETCX_OK)
		result = run_kind(f, error);
	for (unsigned i = 0; i < MOST_JOBS; i++)
		close_player(&f->players[i]);
	findings_free(&f->findings);
	sigprocmask(SIG_SETMASK, &f->before, NULL);
	free(f);
	return result;
}
