/* SPDX-License-Identifier: MIT */
/*
 * What is asked of the kernel about one network device, and heard from it: rtnetlink for the
 * link, ethtool over generic netlink for its features. Knows nothing of our side's wishes.
 */
#ifndef EDGE_NETDEV_H
#define EDGE_NETDEV_H

#include "edge/private.h"

struct nl_sock;

/* Features: those of a TAP that say what its reader takes, and whatever merges received frames. */
#define NETDEV_CSUM     0x01u /* tx-checksum-ip-generic */
#define NETDEV_TSO4     0x02u /* tx-tcp-segmentation */
#define NETDEV_TSO6     0x04u /* tx-tcp6-segmentation */
#define NETDEV_ECN      0x08u /* tx-tcp-ecn-segmentation */
#define NETDEV_USO      0x10u /* tx-udp-segmentation, of both IP versions */
#define NETDEV_GRO      0x20u /* rx-gro; without it rx-gro-list and rx-udp-gro-forwarding do nothing */
#define NETDEV_GRO_HW   0x40u /* rx-gro-hw */
#define NETDEV_LRO      0x80u /* rx-lro */

#define NETDEV_FEATURES 8

struct netdev_link {
	uint32_t mtu;
	uint8_t mac[6];
	bool up, promiscuous, all_multicast;
};

/* What the last message said; only what is in `has` was in it. */
struct netdev_event {
	enum {
		NETDEV_HAS_LINK = 1,
		NETDEV_HAS_FEATURES = 2,
		NETDEV_HAS_GONE = 4,
		NETDEV_HAS_ADDRESSES = 8
	} has;
	struct netdev_link link;
	unsigned features;
};

/* Owned by one edge; used by its control thread. */
struct netdev {
	int ifindex;
	int family;                      /* ethtool's, of generic netlink; < 0: there is none */
	struct nl_sock *route, *ethtool; /* requests, answered at once */
	struct nl_sock *route_events, *ethtool_events; /* never block */
	int32_t bits[NETDEV_FEATURES]; /* number of each feature in the kernel's bitsets, -1: none
					*/
	/* Filled by the callbacks while a message is read. */
	struct netdev_event event;
	unsigned active, wanted;
	int error;
};

/*
 * netdev_open() - in the network namespace of the calling thread
 * @events: also subscribe to changes
 * Return: false after error_set(); then nothing is left open.
 */
bool netdev_open(struct netdev *nl, int ifindex, bool events, struct error *error);
void netdev_close(struct netdev *nl);

/* Each returns 0 or -errno. */
int netdev_get_link(struct netdev *nl, struct netdev_link *link);
int netdev_set_link(struct netdev *nl, int attribute, const void *value, int size);
int netdev_get_features(struct netdev *nl, unsigned *active, unsigned *wanted);
int netdev_set_features(struct netdev *nl, unsigned mask, unsigned value);

/* netdev_next_event() - Return: 1 and nl->event, 0: none; -ENOBUFS: some were lost; -errno. */
int netdev_next_event(struct netdev *nl);

/* netdev_drop_events() - throw away all that has arrived. */
void netdev_drop_events(struct netdev *nl);

#endif
