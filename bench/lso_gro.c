/* SPDX-License-Identifier: MIT */
/* DPDK's GRO doing the same work: frames in mbufs of their own, checksums verified, reassembled. */
#include <rte_gro.h>
#include <rte_ip.h>
#include <rte_mbuf.h>
#include <rte_tcp.h>
#include <stdio.h>
#include <stdlib.h>

#include "lso_coalesce.h"

static struct rte_mempool *pool;

static void not_freed(void *address, void *opaque)
{
	(void)address;
	(void)opaque;
}

static struct rte_mbuf *mbuf_of(const struct iovec *frame)
{
	static struct rte_mbuf_ext_shared_info shared = { .free_cb = not_freed };
	struct rte_mbuf *m = rte_pktmbuf_alloc(pool);
	uint16_t length = (uint16_t)frame->iov_len;

	if (!m) {
		fprintf(stderr, "lso_bench: DPDK has no mbuf left\n");
		exit(1);
	}
	rte_mbuf_ext_refcnt_set(&shared, BURST_FRAMES + 1);
	rte_pktmbuf_attach_extbuf(m, frame->iov_base, RTE_BAD_IOVA, length, &shared);
	m->data_len = length;
	m->pkt_len = length;
	m->packet_type = RTE_PTYPE_L2_ETHER | RTE_PTYPE_L3_IPV4 | RTE_PTYPE_L4_TCP;
	m->l2_len = 14;
	m->l3_len = 20;
	m->l4_len = 20;
	return m;
}

static void verify(const struct rte_mbuf *m)
{
	const struct rte_ipv4_hdr *ip = rte_pktmbuf_mtod_offset(m, const struct rte_ipv4_hdr *, 14);

	if (rte_raw_cksum(ip, 20) != 0xffff || rte_ipv4_udptcp_cksum_verify(ip, ip + 1)) {
		fprintf(stderr, "lso_bench: DPDK finds a checksum wrong\n");
		exit(1);
	}
}

void dpdk_gro(const struct burst *burst)
{
	const struct rte_gro_param param = {
		.gro_types = RTE_GRO_TCP_IPV4,
		.max_flow_num = 64,
		.max_item_per_flow = BURST_FRAMES,
	};
	struct rte_mbuf *packets[BURST_FRAMES];
	uint16_t n = (uint16_t)burst->count;

	if (!pool)
		pool = rte_pktmbuf_pool_create("received", 511, 256, 0, 0, SOCKET_ID_ANY);
	for (uint16_t i = 0; i < n; i++) {
		packets[i] = mbuf_of(&burst->frames[i]);
		verify(packets[i]);
	}
	n = rte_gro_reassemble_burst(packets, n, &param);
	for (uint16_t i = 0; i < n; i++) {
		/* It writes the length into the first frame's header, which is to be used again. */
		rte_pktmbuf_mtod_offset(packets[i], struct rte_ipv4_hdr *, 14)->total_length =
			rte_cpu_to_be_16((uint16_t)(packets[i]->data_len - 14));
		rte_pktmbuf_free(packets[i]);
	}
}
