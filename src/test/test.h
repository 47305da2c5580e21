/* SPDX-License-Identifier: MIT */
/*
 * Offload conformance: cases, each in a process of its own with a host, the driver under test and
 * edges in memory, and reports of what became of them. Needs no privilege and no network device.
 */
#ifndef TEST_TEST_H
#define TEST_TEST_H

#include <netcx/host.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

#define TEST_INTERRUPTED 130 /* exit code: by Ctrl-C */

/* What `netcx test` was told. The caller's. */
struct test_options {
	struct netcx_adapter_config adapter; /* the driver, its device, keywords; no edges */
	const char *const *peer;             /* keywords of a second adapter: see test/bench.h */
	size_t peer_count;
	const char *const *patterns; /* of cases' names, as the shell has them; none: all */
	size_t pattern_count;
	unsigned shard, shards; /* the first of 1 or more */
	unsigned jobs;          /* processes at once; 0: one for each processor, 8 at most */
	unsigned limit;         /* seconds that a case may take */
	unsigned patience;      /* seconds that a frame may take that has to come; 0: the limit */
	uint64_t seed;
	bool thorough;     /* as often as a long hunt does it: 1,000 restarts */
	bool json;         /* the report is one object of JSON on standard output */
	const char *junit; /* a file for JUnit's XML; NULL: none */
	const char *html;  /* and for a page; NULL: none */

	/* Of `netcx fuzz` alone. */
	uint64_t fuzz_runs;        /* sequences; 0: as long as the next says */
	unsigned fuzz_seconds;     /* 0: as many as the one before says */
	bool fuzz_all;             /* go on after a finding */
	const char *fuzz_folder;   /* for findings */
	const char *fuzz_corpus;   /* a folder of libFuzzer's; NULL: none */
	const char *fuzz_replay;   /* a file to be done again; NULL: none */
	const char *fuzz_minimize; /* a file to be made shorter; NULL: none */
	struct fuzz_shared *fuzz;  /* a process': what it plays; NULL: it does not */
	const char *fuzz_seeds;    /* a folder that libFuzzer begins with */
};

/*
 * test_run() - run the cases that are asked for, and report
 * Return: enum netcx_result or TEST_INTERRUPTED; NETCX_USAGE and an empty selection with one
 * sentence in *error. NETCX_FAILED without one: a case failed, and the report says it.
 */
int test_run(const struct test_options *options, struct error *error);

/*
 * test_merge() - join the reports (JSON, JUnit) of a run's shards, which @options has as patterns,
 * into those that are asked for
 * What is missing, twice or broken is said on standard error and in the reports.
 * Return: as test_run()'s; NETCX_FAILED also when anything is missing, twice or broken.
 */
int test_merge(const struct test_options *options, struct error *error);

/*
 * test_fuzz() - do sequences of packets, changes and faults to the driver until one does harm, or
 * do one again, or make one shorter, as @options say Return: as test_run()'s; NETCX_FAILED without
 * an error: something was found, and is told.
 */
int test_fuzz(const struct test_options *options, struct error *error);

/* test_print_cases() - all there are, on standard output */
void test_print_cases(bool json);

#endif
