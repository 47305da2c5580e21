/* SPDX-License-Identifier: MIT */
/*
 * libFuzzer, which lies in a driver that was built for it (netcx build --sanitize fuzzer), changes
 * sequences by what they reach in the driver. It runs in a process of ours, one sequence after the
 * other, each with a host of its own; who waits for the process finds the last one in the memory
 * that both have, whatever has ended it.
 */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "load/elf.h"
#include "test/fuzz/fuzz.h"

#define RUN_DRIVER "LLVMFuzzerRunDriver"
#define SEEDS      8 /* sequences that it begins with */

typedef int run_driver(int *argc, char ***argv, int (*one)(const uint8_t *data, size_t size));

/* libFuzzer's callback has no context. Set once, in the process that is libFuzzer's. */
static struct bench *engine_bench;

bool fuzz_has_engine(const char *driver)
{
	struct elf_file file;
	bool has;

	if (!elf_open(&file, driver, NULL))
		return false;
	has = elf_defines(&file, RUN_DRIVER);
	elf_close(&file);
	return has;
}

static bool is_known(const struct fuzz_shared *shared, const uint8_t *data, size_t size)
{
	unsigned count = shared->known_count < FUZZ_KNOWN ? shared->known_count : FUZZ_KNOWN;
	uint32_t sum = count ? hash_bytes(HASH_START, data, size) : 0;

	for (unsigned i = 0; i < count; i++)
		if (shared->known[i] == sum)
			return true;
	return false;
}

static int play_one(const uint8_t *data, size_t size)
{
	struct fuzz_shared *shared = engine_bench->options->fuzz;
	struct bench bench = *engine_bench;

	atomic_fetch_add(&shared->runs, 1);
	atomic_store(&shared->started, clock_ns());
	atomic_store(&shared->step, 0);
	size = size < FUZZ_LENGTH ? size : FUZZ_LENGTH;
	if (is_known(shared, data, size))
		return 0;
	memcpy(shared->bytes, data, size);
	atomic_store(&shared->length, size);
	fuzz_play(&bench, data, size);
	return 0;
}

static void write_seeds(const char *folder, uint64_t seed)
{
	uint8_t bytes[FUZZ_LENGTH];
	char path[4096];

	for (unsigned i = 0; i < SEEDS; i++) {
		size_t length = fuzz_make(seed, i, bytes);
		FILE *file;

		snprintf(path, sizeof(path), "%s/%u", folder, i);
		file = fopen(path, "w");
		if (!file)
			continue;
		fwrite(bytes, 1, length, file);
		fclose(file);
	}
}

/* The driver stays loaded, and libFuzzer with it, when a host unloads it. */
static run_driver *load(const char *driver)
{
	char *path = realpath(driver, NULL);
	void *handle = path ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : NULL;
	run_driver *run = NULL;

	free(path);
	/* POSIX: an object pointer from dlsym() is a function's. */
	if (handle)
		*(void **)&run = dlsym(handle, RUN_DRIVER);
	return run;
}

static void run_engine(struct bench *b, int argument)
{
	const struct test_options *o = b->options;
	run_driver *run = load(o->adapter.driver);
	char seed[32], until[40], length[32], artifacts[64];
	char *arguments[] = { (char[]){ "netcx" },
			      seed,
			      until,
			      length,
			      (char[]){ "-len_control=0" },
			      (char[]){ "-detect_leaks=0" },
			      (char[]){ "-timeout=0" },
			      (char[]){ "-verbosity=0" },
			      (char[]){ "-handle_segv=0" },
			      (char[]){ "-handle_bus=0" },
			      (char[]){ "-handle_abrt=0" },
			      (char[]){ "-handle_ill=0" },
			      (char[]){ "-handle_fpe=0" },
			      (char[]){ "-handle_int=0" },
			      (char[]){ "-handle_term=0" },
			      artifacts,
			      (char *)o->fuzz_corpus,
			      NULL,
			      NULL };
	int count = o->fuzz_corpus ? 17 : 16;
	char **argv = arguments;

	if (!run)
		bench_fail(b, RULE_DriverStarts, "%s: %s", o->adapter.driver, dlerror());
	write_seeds(o->fuzz_seeds, o->seed);
	arguments[count++] = (char *)o->fuzz_seeds;
	snprintf(seed, sizeof(seed), "-seed=%u", (unsigned)(o->seed ^ o->seed >> 32) | 1u);
	if (o->fuzz_seconds)
		snprintf(until, sizeof(until), "-max_total_time=%u", o->fuzz_seconds);
	else
		snprintf(until, sizeof(until), "-runs=%llu", (unsigned long long)o->fuzz_runs);
	snprintf(artifacts, sizeof(artifacts), "-artifact_prefix=%.40s/", o->fuzz_seeds);
	snprintf(length, sizeof(length), "-max_len=%u", FUZZ_LENGTH);
	engine_bench = b;
	run(&count, &argv, play_one);
}

static void run_one(struct bench *b, int argument)
{
	const struct fuzz_shared *shared = b->options->fuzz;

	fuzz_play(b, shared->bytes, shared->length);
}

#define TEXTS                                               \
	"A sequence does the driver no harm", "netcx fuzz", \
		"a blue screen, or a network that is gone"

const struct test_case fuzz_one = { "fuzz/sequence", TEXTS, run_one, 0 };
const struct test_case fuzz_engine = { "fuzz/engine", TEXTS, run_engine, 0 };
