/* SPDX-License-Identifier: MIT */
/*
 * What steps of a sequence do on the adapter's worker. Each function takes a struct fuzz_work,
 * which is the caller's, and is for bench_worker().
 */
#ifndef TEST_FUZZ_WORK_H
#define TEST_FUZZ_WORK_H

#include "test/bench.h"
#include "test/fuzz/sequence.h"

struct fuzz_work {
	struct bench *bench;
	const struct fuzz_step *step;
	struct error error; /* why the adapter does not run any more */
	NTSTATUS status;    /* a failure: it does not */
};

void fuzz_change_offloads(void *work);
void fuzz_set_filter(void *work);
/* fuzz_set_scaling() - another indirection table, or everything of receive scaling anew */
void fuzz_set_scaling(void *work);
void fuzz_restart(void *work);
void fuzz_sleep(void *work);
void fuzz_cable_out(void *work);
void fuzz_cable_in(void *work);
void fuzz_interrupt(void *work);
void fuzz_remove(void *work);

#endif
