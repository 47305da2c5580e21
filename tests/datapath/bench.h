/* SPDX-License-Identifier: MIT */
/* A machine with the probe driver on it, and a stack edge that is two queues in memory. */
#ifndef TESTS_DATAPATH_BENCH_H
#define TESTS_DATAPATH_BENCH_H

#include <pthread.h>
#include <stdbool.h>

#include "datapath/datapath.h"
#include "device/nic.h"
#include "nt/worker.h"
#include "wdf/device.h"

#define BENCH_FRAMES 4096

struct bench_frame {
	struct frame_meta meta;
	size_t length;
	uint8_t *data;
};

/* The stack edge: what the test put in, what came out. */
struct bench_edge {
	struct edge edge;
	pthread_mutex_t lock;
	struct bench_frame in[BENCH_FRAMES], out[BENCH_FRAMES];
	unsigned in_head, in_tail, out_count;
};

struct bench {
	struct nt_machine machine;
	struct nt_worker *worker;
	struct nt_reg_key *registry;
	wdf_driver_entry *entry;
	struct wdf_driver *driver;
	struct wdf_device *device;
	struct cx_adapter *adapter;
	struct cx_host host;
	struct bench_edge stack;
	struct dp *dp;
	struct device *hardware; /* NULL: the driver is software only */
};

/* bench_start() - the probe, with the settings that stand in it; @config may be NULL. */
struct bench *bench_start(const struct dp_config *config);

/* bench_start_driver() - another driver, on a device model ("rtl8168") with @wire. */
struct bench *bench_start_driver(wdf_driver_entry *entry, const char *model,
				 const struct device_wire *wire);
void bench_stop(struct bench *bench);

/* bench_send() - a frame from the stack; copied. */
void bench_send(struct bench *bench, const void *frame, size_t length, struct frame_meta meta);

/* bench_receive() - the driver receives a frame; waits until it has taken it. */
void bench_receive(struct bench *bench, const void *frame, size_t length, uint8_t layer4);

/* bench_wait_packets() - until the driver has seen so many packets; fails after 10 s. */
void bench_wait_packets(struct bench *bench, unsigned count);
void bench_wait_out(struct bench *bench, unsigned count);

/* bench_wait_taken() - until nothing is left of what bench_send() gave. */
void bench_wait_taken(struct bench *bench);

/* bench_oid() - OID_TCP_OFFLOAD_PARAMETERS for LSO: 0 no change, 1 off, 2 on. */
void bench_oid(struct bench *bench, uint8_t lso4, uint8_t lso6);

#endif
