/* SPDX-License-Identifier: MIT */
/*
 * The control side of a TAP: what our side wants of the device, what its users want (ethtool, ip),
 * and which of the two a change came from.
 */
#ifndef EDGE_TAP_CONTROL_H
#define EDGE_TAP_CONTROL_H

#include "edge/netdev.h"
#include "edge/tap_filter.h"

/* Owned by one edge; used by its control thread. Must not move while open. */
struct tap_control {
	int fd;        /* of the TAP, not ours */
	bool events;   /* subscribed */
	int change_fd; /* epoll over both event sockets and the groups' event; -1 without events */
	struct netdev device;
	struct tap_filter groups;
	struct edge_filter filter, known_filter; /* what is wanted, what the caller was told */
	struct netdev_link link;                 /* of the device, as last heard */
	unsigned features;                       /* active ones, as last heard */
	struct netdev_link known_link;           /* what the caller was told or set itself */
	/*
	 * Offloads have three owners, and the kernel keeps one set of bits, `features`. Here stay
	 * the others: what the caller was told or set itself, so that its own changes are not told
	 * it as someone's; what TUNSETOFFLOAD lets through, which the kernel does not tell; and
	 * what the users want, which it forgets where the gate is shut.
	 */
	struct edge_offloads known;
	unsigned gate, wanted; /* TAP_* bits */
	bool no_uso;           /* the kernel's TAP has none (before Linux 6.2) */
	uint32_t gso_max_size;
	uint16_t gso_max_segs;
	bool stale; /* messages that wait may be about ourselves: read the state instead */
	bool gone;
	bool moved;       /* into another network namespace, and not told yet */
	int not_followed; /* -errno: the device is where we may not go */
};

/*
 * tap_control_open() - in the device's network namespace
 * @fd:       the attached TAP
 * @name:     of the device
 * @config:   what it shall be at first
 * Return: false after error_set(); nothing is left open.
 */
bool tap_control_open(struct tap_control *control, int fd, const char *name,
		      const struct edge_config *config, struct error *error);
void tap_control_close(struct tap_control *control);

/* The calls of struct edge_ops. */
int tap_control_set_offloads(struct tap_control *control, const struct edge_offloads *offloads);
int tap_control_set_mtu(struct tap_control *control, uint32_t mtu);
int tap_control_set_mac(struct tap_control *control, const uint8_t mac[6]);
int tap_control_next_change(struct tap_control *control, struct edge_change *change);

#endif
