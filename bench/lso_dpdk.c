/* SPDX-License-Identifier: MIT */
/*
 * DPDK's librte_gso doing the same work: segment into chains of a header mbuf and an indirect one,
 * checksum each, and for the copy form make each contiguous.
 */
#include <rte_cycles.h>
#include <rte_eal.h>
#include <rte_ethdev.h>
#include <rte_gso.h>
#include <rte_ip.h>
#include <rte_lcore.h>
#include <rte_mbuf.h>
#include <rte_tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lso_bench.h"

#define ROOM (64u << 10) - 64 /* for a whole packet, within the 16 bits of an mbuf's length */

/* DPDK's counterpart of a place: a workload has as many of these as it has places. */
struct pools {
	struct rte_mbuf *packet;
	struct rte_gso_ctx context;
};

static struct pools pools[PLACES];

static struct rte_mempool *make_pool(const char *name, unsigned int k, unsigned int n,
				     unsigned int cache, uint16_t room)
{
	char unique[32];

	snprintf(unique, sizeof(unique), "%s%u", name, k);
	return rte_pktmbuf_pool_create(unique, n, cache, 0, room, SOCKET_ID_ANY);
}

static bool make_pools(struct pools *p, unsigned int k)
{
	struct rte_mempool *whole = make_pool("whole", k, 1, 0, ROOM);

	p->packet = whole ? rte_pktmbuf_alloc(whole) : NULL;
	p->context.direct_pool = make_pool("direct", k, 511, 256, 10240);
	p->context.indirect_pool = make_pool("indirect", k, 511, 256, 0);
	p->context.gso_types = RTE_ETH_TX_OFFLOAD_TCP_TSO;
	return p->packet && p->context.direct_pool && p->context.indirect_pool;
}

bool dpdk_start(void)
{
	char core[16];
	char *arguments[] = { "lso_bench",   "--no-huge",
			      "--no-pci",    "--no-telemetry",
			      "--no-shconf", "--log-level=1",
			      "-m",          "256",
			      "-l",          core };
	int n = (int)(sizeof(arguments) / sizeof(arguments[0]));

	snprintf(core, sizeof(core), "%d", sched_getcpu());
	if (rte_eal_init(n, arguments) < 0) {
		fprintf(stderr, "lso_bench: DPDK does not start here, left out\n");
		return false;
	}
	for (unsigned int k = 0; k < PLACES; k++) {
		if (!make_pools(&pools[k], k)) {
			fprintf(stderr, "lso_bench: DPDK has no memory here, left out\n");
			return false;
		}
	}
	return true;
}

void dpdk_prepare(struct workload *w)
{
	for (unsigned int k = 0; k < w->place_count; k++) {
		struct rte_mbuf *packet = pools[k].packet;

		rte_pktmbuf_reset(packet);
		memcpy(rte_pktmbuf_append(packet, (uint16_t)(w->header + PAYLOAD)),
		       w->place->packets[0], w->header + PAYLOAD);
		packet->l2_len = w->l3;
		packet->l3_len = w->l4 - w->l3;
		packet->l4_len = w->header - w->l4;
		pools[k].context.gso_size = (uint16_t)(w->header + w->mss);
	}
}

/* segment() - Return: mbuf chains in @out, checksums filled */
static int segment(struct workload *w, struct rte_mbuf **out)
{
	struct pools *p = &pools[w->place - w->places];
	int n;

	p->packet->ol_flags = RTE_MBUF_F_TX_TCP_SEG | RTE_MBUF_F_TX_IPV4 | RTE_MBUF_F_TX_IP_CKSUM;
	n = rte_gso_segment(p->packet, &p->context, out, MAX_SEGMENTS);
	if (n < 1) {
		fprintf(stderr, "lso_bench: rte_gso_segment() says %d\n", n);
		exit(1);
	}

	for (int k = 0; k < n; k++) {
		struct rte_ipv4_hdr *ip =
			rte_pktmbuf_mtod_offset(out[k], struct rte_ipv4_hdr *, w->l3);
		struct rte_tcp_hdr *tcp =
			rte_pktmbuf_mtod_offset(out[k], struct rte_tcp_hdr *, w->l4);

		ip->hdr_checksum = 0;
		ip->hdr_checksum = rte_ipv4_cksum(ip);
		tcp->cksum = 0;
		tcp->cksum = rte_ipv4_udptcp_cksum_mbuf(out[k], ip, (uint16_t)w->l4);
	}
	return n;
}

uint32_t dpdk_copy(struct workload *w, uint32_t i, enum lso_path path)
{
	struct rte_mbuf *out[MAX_SEGMENTS];
	int n = segment(w, out);

	(void)i;
	(void)path;
	for (int k = 0; k < n; k++) {
		if (rte_pktmbuf_linearize(out[k]) < 0) {
			fprintf(stderr, "lso_bench: rte_pktmbuf_linearize() found no room\n");
			exit(1);
		}
	}
	for (int k = 0; k < n; k++)
		rte_pktmbuf_free(out[k]);
	return (uint32_t)n;
}

uint32_t dpdk_zero_copy(struct workload *w, uint32_t i, enum lso_path path)
{
	struct rte_mbuf *out[MAX_SEGMENTS];
	int n = segment(w, out);

	(void)i;
	(void)path;
	for (int k = 0; k < n; k++)
		rte_pktmbuf_free(out[k]);
	return (uint32_t)n;
}
