/* SPDX-License-Identifier: MIT */
/*
 * A host in small for the tests of cx/: one machine, one worker, the driver "recorder" (a module,
 * as any driver), a device for it, and a datapath that only makes its queues. Everything that
 * happens is kept as lines of text in order.
 */
#ifndef TESTS_CX_BENCH_H
#define TESTS_CX_BENCH_H

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cx/adapter.h"
#include "drivers/options.h"
#include "nt/machine.h"
#include "nt/registry.h"
#include "nt/worker.h"
#include "wdf/device.h"

#define BENCH_LINES 4096
#define BENCH_LINE  200

struct bench {
	struct nt_machine machine;
	struct nt_worker *worker;
	struct nt_reg_key *software, *hardware, *parameters;
	struct cx_host host;
	void *module;
	RECORDER_OPTIONS *options;
	struct wdf_driver *driver;
	struct wdf_device *device;
	struct cx_adapter *adapter;
	struct cx_queue *tx, *rx, *further[CX_RX_QUEUES]; /* receive queues from 1 on, by id */
	ULONG ring;                                       /* elements of each ring */
	NTSTATUS datapath_status;                         /* what datapath_create fails with */
	struct cx_offload_state indicated;
	int indications, mtu_changes, address_changes, link_changes;

	pthread_mutex_t lock;
	char lines[BENCH_LINES][BENCH_LINE];
	int count;
};

/*
 * bench_new() - a machine with the driver module named by the environment's CX_TEST_DRIVERS folder
 * The recorder's options are reset to an adapter with everything: checksum 1,1,1, LSO 1,1,64000,2.
 */
struct bench *bench_new(const char *driver);
void bench_free(struct bench *bench); /* also removes the device and unloads the driver */

/* Keywords: bench_keyword(b, "*LsoV2IPv4", "0"); NULL deletes. */
void bench_keyword(struct bench *bench, const char *name, const char *value);

/* Each on the worker. Load also adds the device. Return: the first failure. */
NTSTATUS bench_load(struct bench *bench);
NTSTATUS bench_start(struct bench *bench);
void bench_stop(struct bench *bench);
void bench_remove(struct bench *bench);
/* Load and start, which must succeed. */
void bench_up(struct bench *bench);

/* Run on the worker. */
void bench_call(struct bench *bench, void (*work)(void *), void *context);

/* What happened. Driver's lines as it records them; "event NAME field=value ..." for events. */
void bench_line(struct bench *bench, const char *format, ...) __attribute__((format(printf, 2, 3)));
void bench_forget(struct bench *bench);
/* Return: index of the first line equal to or (with *) beginning with @text; -1: none. */
int bench_find(struct bench *bench, const char *text);
int bench_count(struct bench *bench, const char *text);

/* The lines that do not begin with "event " are exactly these, in order. NULL ends the list. */
void bench_assert_calls(struct bench *bench, const char *first, ...) __attribute__((sentinel));
/* These lines are there in this order, others may lie between. */
void bench_assert_order(struct bench *bench, const char *first, ...) __attribute__((sentinel));

NTSTATUS bench_offload(struct bench *bench, const NDIS_OFFLOAD_PARAMETERS *parameters);

#endif
