/* SPDX-License-Identifier: MIT */
/* The driver fuzzer's parts. What `netcx fuzz` calls is in test/test.h. */
#ifndef TEST_FUZZ_FUZZ_H
#define TEST_FUZZ_FUZZ_H

#include <stdatomic.h>

#include "test/bench.h"
#include "test/fuzz/sequence.h"
#include "test/test.h"

#define FUZZ_KNOWN 256u /* findings that libFuzzer's process leaves out, the latest */

/* What a process that plays tells the one that waits for it, in memory that both have. */
struct fuzz_shared {
	_Atomic uint64_t runs;    /* that have begun, of a process with libFuzzer in it */
	_Atomic uint64_t started; /* the one that runs: CLOCK_MONOTONIC, nanoseconds */
	_Atomic unsigned step;    /* that it is at, from 1 on */
	_Atomic size_t length;
	uint8_t bytes[FUZZ_LENGTH]; /* of the sequence; the player's while it runs */
	/* Sequences that have been found: hash.h's sums. Changed while nobody plays. */
	uint32_t known[FUZZ_KNOWN];
	unsigned known_count;
};

/* fuzz_play() - do a sequence to an adapter of its own; what is wrong ends the process */
void fuzz_play(struct bench *bench, const uint8_t *bytes, size_t length);

/* The two kinds of process: one sequence, which is in options->fuzz; libFuzzer, until it ends. */
extern const struct test_case fuzz_one, fuzz_engine;

/* fuzz_has_engine() - the driver was built with libFuzzer in it */
bool fuzz_has_engine(const char *driver);

#endif
