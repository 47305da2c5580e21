/* SPDX-License-Identifier: MIT */
/* The contestants of the segmentation benchmark and what they work on. */
#ifndef NETCX_BENCH_LSO_BENCH_H
#define NETCX_BENCH_LSO_BENCH_H

#include <netcx/lso.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAYLOAD      64000
#define MAX_SEGMENTS 512
#define SLAB         (128u << 10) /* for all frames of a packet */
#define PLACES       16

/* Memory for a workload's packets and for what is made of them. Owned by the workload. */
struct place {
	uint8_t *arena;
	uint8_t *aligned; /* PAYLOAD bytes for each packet, for memcpy */
	uint8_t *slab;    /* for frames or headers */
	uint8_t **packets;
	struct iovec **iov;
};

/* One kind of super-packet, and the memory that every contestant works in. */
struct workload {
	const char *shape;
	bool ipv6;
	uint32_t vlan_tags;
	uint32_t tcp_options; /* bytes */
	size_t piece;         /* input in pieces of so many bytes; 0: whole */
	uint32_t rotation;    /* how many packets take turns */
	uint32_t mss;

	size_t header; /* bytes */
	size_t l3;
	size_t l4;
	int *count; /* of each iov */
	struct place places[PLACES];
	uint32_t place_count;

	const struct place *place; /* the one in use */
	struct iovec out[4 * MAX_SEGMENTS];
	uint16_t counts[MAX_SEGMENTS];
};

/*
 * A way to segment. run() does packet @i of @w once and returns the segments made, so that the
 * benchmark can see that all do the same work.
 */
struct contestant {
	const char *name;
	const char *form; /* "copy" or "zero-copy" */
	const char *path; /* of liblso, or NULL for another's */
	uint32_t (*run)(struct workload *w, uint32_t i, enum lso_path path);
	enum lso_path which;
};

uint32_t plain_copy(struct workload *w, uint32_t i, enum lso_path path);
uint32_t plain_zero_copy(struct workload *w, uint32_t i, enum lso_path path);

/* Loops that only sum the payload, or copy and sum it, with the instructions of one of liblso's
 * paths, if it has such of its own. */
bool bare_has(enum lso_path path);
uint32_t bare_copy(struct workload *w, uint32_t i, enum lso_path path);
uint32_t bare_sum(struct workload *w, uint32_t i, enum lso_path path);

/* DPDK's librte_gso with checksums: false when the build or the machine lacks it. */
bool dpdk_start(void);
void dpdk_prepare(struct workload *w);
uint32_t dpdk_copy(struct workload *w, uint32_t i, enum lso_path path);
uint32_t dpdk_zero_copy(struct workload *w, uint32_t i, enum lso_path path);

/*
 * The kernel's GSO: kernel_start() is false, and says why, where it cannot be had; it moves this
 * process into a network namespace of its own. kernel_prepare() is false when the kernel does not
 * do this work. kernel_whole() is what the others do besides cutting.
 */
bool kernel_start(void);
bool kernel_prepare(struct workload *w);
uint32_t kernel_copy(struct workload *w, uint32_t i, enum lso_path path);
uint32_t kernel_zero_copy(struct workload *w, uint32_t i, enum lso_path path);
uint32_t kernel_whole(struct workload *w, uint32_t i, enum lso_path path);

#endif
