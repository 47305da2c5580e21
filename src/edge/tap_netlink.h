/* SPDX-License-Identifier: MIT */
/*
 * What is asked of the kernel about one network device, and heard from it: rtnetlink for the
 * link, ethtool over generic netlink for its features. Knows nothing of our side's wishes.
 */
#ifndef EDGE_TAP_NETLINK_H
#define EDGE_TAP_NETLINK_H

#include "edge/private.h"

struct nl_sock;

/* The features of a TAP that say what its reader takes. */
#define TAP_CSUM 0x1u /* tx-checksum-ip-generic */
#define TAP_TSO4 0x2u /* tx-tcp-segmentation */
#define TAP_TSO6 0x4u /* tx-tcp6-segmentation */
#define TAP_ECN  0x8u /* tx-tcp-ecn-segmentation */

struct tap_link {
	uint32_t mtu;
	uint8_t mac[6];
	bool up, promiscuous, all_multicast;
};

/* What the last message said; only what is in `has` was in it. */
struct tap_event {
	enum {
		TAP_HAS_LINK = 1,
		TAP_HAS_FEATURES = 2,
		TAP_HAS_GONE = 4,
		TAP_HAS_ADDRESSES = 8
	} has;
	struct tap_link link;
	unsigned features;
};

/* Owned by one edge; used by its control thread. */
struct tap_netlink {
	int ifindex;
	int family;                                    /* ethtool's, of generic netlink */
	struct nl_sock *route, *ethtool;               /* requests, answered at once */
	struct nl_sock *route_events, *ethtool_events; /* never block */
	int32_t bits[4]; /* number of each feature in the kernel's bitsets, -1: none */
	/* Filled by the callbacks while a message is read. */
	struct tap_event event;
	unsigned active, wanted;
	int error;
};

/*
 * tap_netlink_open() - in the network namespace of the calling thread
 * @events: also subscribe to changes
 * Return: false after error_set(); then nothing is left open.
 */
bool tap_netlink_open(struct tap_netlink *nl, int ifindex, bool events, struct error *error);
void tap_netlink_close(struct tap_netlink *nl);

/* Each returns 0 or -errno. */
int tap_get_link(struct tap_netlink *nl, struct tap_link *link);
int tap_set_link(struct tap_netlink *nl, int attribute, const void *value, int size);
int tap_get_features(struct tap_netlink *nl, unsigned *active, unsigned *wanted);
int tap_set_features(struct tap_netlink *nl, unsigned mask, unsigned value);

/* tap_next_event() - Return: 1 and nl->event, 0: none; -ENOBUFS: some were lost; -errno. */
int tap_next_event(struct tap_netlink *nl);

/* tap_drop_events() - throw away all that has arrived. */
void tap_drop_events(struct tap_netlink *nl);

#endif
