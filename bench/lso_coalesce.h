/* SPDX-License-Identifier: MIT */
/* The coalescing half of the benchmark, and its contestant. */
#ifndef NETCX_BENCH_LSO_COALESCE_H
#define NETCX_BENCH_LSO_COALESCE_H

#include <netcx/lso.h>
#include <stdbool.h>

#define BURST_BYTES  64000
#define BURST_FRAMES 128

/* What a receiver has taken off its ring. */
struct burst {
	struct iovec frames[BURST_FRAMES];
	uint32_t count;
	uint32_t flows;
	uint32_t mss;
};

/* measure_coalescing() - all cells, printed; @dpdk: dpdk_start() said true */
void measure_coalescing(bool dpdk, unsigned int repeats, bool json);

/* dpdk_gro() - verify each frame's checksums and reassemble the burst by DPDK's librte_gro */
void dpdk_gro(const struct burst *burst);

#endif
