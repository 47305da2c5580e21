/* SPDX-License-Identifier: MIT */
/* In place of lso_dpdk.c and lso_gro.c where DPDK is not installed. */
#include "lso_bench.h"
#include "lso_coalesce.h"

bool dpdk_start(void)
{
	return false;
}

void dpdk_prepare(struct workload *w)
{
	(void)w;
}

uint32_t dpdk_copy(struct workload *w, uint32_t i, enum lso_path path)
{
	(void)w;
	(void)i;
	(void)path;
	return 0;
}

uint32_t dpdk_zero_copy(struct workload *w, uint32_t i, enum lso_path path)
{
	return dpdk_copy(w, i, path);
}

void dpdk_gro(const struct burst *burst)
{
	(void)burst;
}
