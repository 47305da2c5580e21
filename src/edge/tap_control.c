/* SPDX-License-Identifier: MIT */
#include "edge/tap_control.h"

#include <errno.h>
#include <linux/if_tun.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netlink/socket.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/hex.h"
#include "edge/netns.h"

/* In linux/if_tun.h since 6.2. */
#ifndef TUN_F_USO4
#define TUN_F_USO4 0x20
#define TUN_F_USO6 0x40
#endif

#define TAP_TSO (NETDEV_TSO4 | NETDEV_TSO6)
#define TAP_ALL (NETDEV_CSUM | TAP_TSO | NETDEV_USO)

/* How often in a row a device is looked for in a network namespace that it has just left again. */
#define MOVES 4

/*
 * What IFLA_GSO_MAX_SIZE takes on a TAP: more than the kernel's MAX_TCP_HEADER (some 300), and not
 * more than its GSO_LEGACY_MAX_SIZE. Larger packets than asked for are the datapath's to cut.
 */
#define GSO_SIZE_MIN 512u
#define GSO_SIZE_MAX 65536u

/*
 * Frames that may wait in a TAP. A TAP cannot hold its sender back: what finds the ring full is
 * lost, and TCP's small-queue limit does not count what lies in it. So the ring takes more than one
 * TCP window of MTU frames (4 MB by default).
 */
#define TAP_QUEUE_LENGTH 8192u

static const uint8_t no_mac[6];

static unsigned to_bits(const struct edge_offloads *offloads)
{
	return (offloads->checksum ? NETDEV_CSUM : 0) | (offloads->tso4 ? NETDEV_TSO4 : 0) |
	       (offloads->tso6 ? NETDEV_TSO6 : 0) | (offloads->uso ? NETDEV_USO : 0);
}

/* The kernel has no segmentation without checksums (netdev_fix_features()). */
static unsigned possible(const struct tap_control *control, unsigned features)
{
	if (control->no_uso)
		features &= ~NETDEV_USO;
	return features & NETDEV_CSUM ? features : 0;
}

/* What TUNSETOFFLOAD is to let through: ECN goes with segmentation of either family. */
static unsigned opened(const struct tap_control *control, unsigned gate)
{
	gate = possible(control, gate);
	return gate & TAP_TSO ? gate | NETDEV_ECN : gate;
}

/*
 * TUNSETOFFLOAD sets what the reader of the TAP takes, and overwrites the users' wishes with it
 * (tun.c, set_offload()).
 */
static int set_gate(struct tap_control *control, unsigned gate)
{
	unsigned long flags = 0;

	gate = opened(control, gate);
	if (gate & NETDEV_CSUM)
		flags |= TUN_F_CSUM;
	if (gate & NETDEV_TSO4)
		flags |= TUN_F_TSO4;
	if (gate & NETDEV_TSO6)
		flags |= TUN_F_TSO6;
	if (gate & NETDEV_ECN)
		flags |= TUN_F_TSO_ECN;
	/* One without the other the kernel does not take. */
	if (gate & NETDEV_USO)
		flags |= TUN_F_USO4 | TUN_F_USO6;
	return ioctl(control->fd, TUNSETOFFLOAD, flags) ? -errno : 0;
}

static int set_gso(struct tap_control *control, const struct edge_offloads *offloads)
{
	int status = 0;

	if (offloads->gso_max_size && offloads->gso_max_size != control->gso_max_size) {
		uint32_t size = offloads->gso_max_size;

		if (size < GSO_SIZE_MIN)
			size = GSO_SIZE_MIN;
		if (size > GSO_SIZE_MAX)
			size = GSO_SIZE_MAX;
		status = netdev_set_link(&control->device, IFLA_GSO_MAX_SIZE, &size, sizeof(size));
		if (!status)
			control->gso_max_size = offloads->gso_max_size;
	}
	if (!status && offloads->gso_max_segs && offloads->gso_max_segs != control->gso_max_segs) {
		uint32_t segments = offloads->gso_max_segs;

		status = netdev_set_link(&control->device, IFLA_GSO_MAX_SEGS, &segments,
					 sizeof(segments));
		if (!status)
			control->gso_max_segs = offloads->gso_max_segs;
	}
	return status;
}

/* The users' wishes: the kernel's word where the gate is open, our memory where it is shut. */
static int learn_wishes(struct tap_control *control)
{
	unsigned active, wanted, open = opened(control, control->gate);
	int status = netdev_get_features(&control->device, &active, &wanted);

	if (!status)
		control->wanted = (control->wanted & ~open) | (wanted & open);
	return status;
}

/*
 * Our side has changed the features in @delta to @asked. What it turns off shuts the gate. What a
 * user turned off stays off, with the gate open, so that the user can turn it on again.
 */
static int change_features(struct tap_control *control, unsigned delta, unsigned asked)
{
	unsigned gate = (control->gate & ~delta) | (asked & delta);
	unsigned wanted, kernel, differ;
	int status = learn_wishes(control);

	if (status)
		return status;
	wanted = control->wanted | (asked & delta);
	/* `ethtool -K tso off` includes ECN, which comes back with the others. Alone it is a wish.
	 */
	if (asked & delta & TAP_TSO && !(control->wanted & TAP_TSO))
		wanted |= NETDEV_ECN;
	kernel = control->wanted;
	if (opened(control, gate) != opened(control, control->gate)) {
		status = set_gate(control, gate);
		if (status)
			return status;
		kernel = opened(control, gate);
	}
	control->gate = gate;
	control->wanted = wanted;
	differ = (kernel ^ wanted) & opened(control, gate);
	return differ ? netdev_set_features(&control->device, differ, wanted) : 0;
}

static int set_offloads(struct tap_control *control, const struct edge_offloads *offloads)
{
	unsigned asked = to_bits(offloads);
	unsigned delta = asked ^ to_bits(&control->known);
	int status = 0;

	if (delta) {
		control->stale = true;
		status = change_features(control, delta, asked);
		if (status)
			return status;
	}
	control->known = *offloads;
	return set_gso(control, offloads);
}

static int watch(struct tap_control *control, int fd)
{
	struct epoll_event readable = { .events = EPOLLIN };

	return epoll_ctl(control->change_fd, EPOLL_CTL_ADD, fd, &readable) ? -errno : 0;
}

/* Both sockets that tell of changes; closed ones are no longer watched. */
static int watch_netlink(struct tap_control *control)
{
	int status = watch(control, nl_socket_get_fd(control->device.route_events));

	return status ? status : watch(control, nl_socket_get_fd(control->device.ethtool_events));
}

/*
 * In the device's new network namespace: sockets, index and groups anew; the rest goes with it.
 * Return: 0; -ENODEV: it is not there any more; other -errno.
 */
static int settle(struct tap_control *control)
{
	struct ifreq request = { 0 };
	unsigned index;

	/* It may have got another name on the way, and another index. */
	if (ioctl(control->fd, TUNGETIFF, &request))
		return -errno;
	index = if_nametoindex(request.ifr_name);
	if (!index)
		return -ENODEV;
	netdev_close(&control->device);
	if (!netdev_open(&control->device, (int)index, control->events, NULL))
		return -ENODEV;
	if (!control->events)
		return 0;
	tap_filter_move(&control->groups, (int)index);
	return watch_netlink(control);
}

static int settle_in(struct tap_control *control, int there)
{
	int home = netns_enter_fd(there), status, left;

	if (home < 0)
		return -errno;
	status = settle(control);
	left = netns_leave(home);
	return left ? left : status;
}

/*
 * The device is not where it was: `ip link set netns`, or deleted. Its frames pass as before, since
 * the kernel ties a TAP's file to the device; its news come in the namespace that it is in now
 * (ioctl TUNGETDEVNETNS, Linux 5.2).
 * Return: false when it is gone.
 */
static bool follow(struct tap_control *control)
{
	int status = -ENODEV;

	for (int tries = 0; status == -ENODEV && tries < MOVES; tries++) {
		int there = ioctl(control->fd, TUNGETDEVNETNS);

		if (there < 0 && errno == EBADFD) {
			control->gone = true;
			return false;
		}
		status = there < 0 ? -errno : settle_in(control, there);
		if (there >= 0)
			close(there);
	}
	control->not_followed = status == -ENODEV ? -ENXIO : status;
	control->moved = true;
	control->stale = true;
	return true;
}

/* Whether the device can be asked. Return: 0 or -errno. */
static int reach(const struct tap_control *control)
{
	return control->gone ? -ENODEV : control->not_followed;
}

int tap_control_set_offloads(struct tap_control *control, const struct edge_offloads *offloads)
{
	int status, tries = MOVES;

	do {
		status = reach(control);
		if (!status)
			status = set_offloads(control, offloads);
	} while (status == -ENODEV && tries-- && follow(control));
	return status;
}

static int set_attribute(struct tap_control *control, int attribute, const void *value, int size)
{
	int status, tries = MOVES;

	control->stale = true;
	do {
		status = reach(control);
		if (!status)
			status = netdev_set_link(&control->device, attribute, value, size);
	} while (status == -ENODEV && tries-- && follow(control));
	return status;
}

int tap_control_set_mtu(struct tap_control *control, uint32_t mtu)
{
	int status = set_attribute(control, IFLA_MTU, &mtu, sizeof(mtu));

	if (!status)
		control->known_link.mtu = mtu;
	return status;
}

int tap_control_set_mac(struct tap_control *control, const uint8_t mac[6])
{
	int status = set_attribute(control, IFLA_ADDRESS, mac, 6);

	if (!status)
		memcpy(control->known_link.mac, mac, 6);
	return status;
}

static void look_at_filter(struct tap_control *control)
{
	control->filter.promiscuous = control->link.promiscuous;
	control->filter.all_multicast = control->link.all_multicast;
	tap_filter_read(&control->groups, &control->filter);
}

/* The state itself instead of news about it. */
static int refresh(struct tap_control *control)
{
	unsigned wanted;
	int status;

	netdev_drop_events(&control->device);
	control->stale = false;
	status = netdev_get_link(&control->device, &control->link);
	if (!status)
		status = netdev_get_features(&control->device, &control->features, &wanted);
	if (!status)
		look_at_filter(control);
	return status;
}

/* One difference between the device and what the caller knows; then the caller knows it. */
static bool find_change(struct tap_control *control, struct edge_change *change)
{
	const struct netdev_link *link = &control->link;
	struct netdev_link *known = &control->known_link;
	unsigned features = control->features & TAP_ALL;

	*change = (struct edge_change){ .before = control->known };
	if (features != possible(control, to_bits(&control->known))) {
		control->known.checksum = features & NETDEV_CSUM;
		control->known.tso4 = features & NETDEV_TSO4;
		control->known.tso6 = features & NETDEV_TSO6;
		control->known.uso = features & NETDEV_USO;
		change->kind = EDGE_CHANGE_OFFLOADS;
	} else if (link->mtu != known->mtu) {
		known->mtu = link->mtu;
		change->kind = EDGE_CHANGE_MTU;
	} else if (memcmp(link->mac, known->mac, sizeof(known->mac))) {
		memcpy(known->mac, link->mac, sizeof(known->mac));
		change->kind = EDGE_CHANGE_MAC;
	} else if (link->up != known->up) {
		known->up = link->up;
		change->kind = EDGE_CHANGE_UP;
	} else if (memcmp(&control->filter, &control->known_filter, sizeof(control->filter))) {
		control->known_filter = control->filter;
		change->kind = EDGE_CHANGE_FILTER;
	} else {
		return false;
	}
	change->offloads = control->known;
	change->mtu = known->mtu;
	memcpy(change->mac, known->mac, sizeof(change->mac));
	change->up = known->up;
	change->filter = control->known_filter;
	return true;
}

/* What the message that was read says. Return: false when the device is gone. */
static bool take_event(struct tap_control *control)
{
	const struct netdev_event *event = &control->device.event;

	if (event->has & NETDEV_HAS_GONE)
		return follow(control);
	if (event->has & NETDEV_HAS_LINK)
		control->link = event->link;
	if (event->has & NETDEV_HAS_FEATURES)
		control->features = event->features;
	if (event->has & (NETDEV_HAS_LINK | NETDEV_HAS_ADDRESSES))
		look_at_filter(control);
	return true;
}

/* Read the state or one message. Return: 1 when there may be more; 0: none; -errno. */
static int look(struct tap_control *control)
{
	int status;

	if (control->stale) {
		status = refresh(control);
		if (status == -ENODEV)
			return follow(control) ? 1 : -ENODEV;
		return status ? status : 1;
	}
	status = netdev_next_event(&control->device);
	if (status > 0)
		return take_event(control) ? 1 : -ENODEV;
	if (status < 0)
		control->stale = true;
	return status == -ENOBUFS ? 1 : status;
}

int tap_control_next_change(struct tap_control *control, struct edge_change *change)
{
	int status;

	if (control->gone)
		return -ENODEV;
	if (!control->not_followed && control->events && tap_filter_due(&control->groups))
		look_at_filter(control);
	for (;;) {
		if (control->moved) {
			control->moved = false;
			*change = (struct edge_change){ .kind = EDGE_CHANGE_MOVED,
							.not_followed = control->not_followed };
			return 1;
		}
		if (control->not_followed)
			return 0;
		if (!control->stale && find_change(control, change))
			return 1;
		status = look(control);
		if (status <= 0)
			return status;
	}
}

static bool open_change_fd(struct tap_control *control, struct error *error)
{
	control->change_fd = epoll_create1(EPOLL_CLOEXEC);
	if (control->change_fd >= 0 && !watch_netlink(control) &&
	    (control->groups.seen_fd < 0 || !watch(control, control->groups.seen_fd)))
		return true;
	error_set(error, "cannot wait for changes to the device: %s", strerror(errno));
	return false;
}

/* A permission that a TAP made for this user in advance does without. */
static const char *help(int status, const char *command)
{
	return status == -EPERM ? command : "";
}

static bool set_link(struct tap_control *control, const struct edge_config *config,
		     struct error *error)
{
	char text[HEX_MAC];
	int status;

	if (config->mtu && config->mtu != control->link.mtu) {
		status = tap_control_set_mtu(control, config->mtu);
		if (status) {
			error_set(error, "cannot set its MTU to %u: %s%s", config->mtu,
				  strerror(-status),
				  help(status,
				       " (it takes CAP_NET_ADMIN, or `ip link set mtu` before)"));
			return false;
		}
	}
	if (config->role == EDGE_STACK && memcmp(config->mac, no_mac, 6) &&
	    memcmp(config->mac, control->link.mac, 6)) {
		status = tap_control_set_mac(control, config->mac);
		if (status) {
			hex_put_mac(text, config->mac);
			error_set(
				error, "cannot set its address to %s: %s%s", text,
				strerror(-status),
				help(status,
				     " (it takes CAP_NET_ADMIN, or `ip link set address` before)"));
			return false;
		}
	}
	return true;
}

/* Return: 0 or -errno; without the permission the ring stays as it is. */
static int set_queue_length(struct tap_control *control)
{
	uint32_t length = TAP_QUEUE_LENGTH;
	int status = netdev_set_link(&control->device, IFLA_TXQLEN, &length, sizeof(length));

	return status == -EPERM ? 0 : status;
}

static bool set_up(struct tap_control *control, const char *name, const struct edge_config *config,
		   struct error *error)
{
	int status;

	if (!netdev_open(&control->device, (int)if_nametoindex(name), control->events, error))
		return false;
	status = netdev_get_link(&control->device, &control->link);
	if (status) {
		error_set(error, "cannot read its state: %s", strerror(-status));
		return false;
	}
	if (!set_link(control, config, error))
		return false;
	status = set_queue_length(control);
	if (status) {
		error_set(error, "cannot set its queue length to %u: %s", TAP_QUEUE_LENGTH,
			  strerror(-status));
		return false;
	}
	if (!control->events)
		return true;
	tap_filter_open(&control->groups, control->device.ifindex);
	/* Without the permission the limit stays; the datapath cuts what is larger. */
	status = set_gso(control, &config->offloads);
	if (status && status != -EPERM) {
		error_set(error, "cannot set its gso_max_size to %u: %s",
			  config->offloads.gso_max_size, strerror(-status));
		return false;
	}
	if (!open_change_fd(control, error))
		return false;
	status = refresh(control);
	if (status) {
		error_set(error, "cannot read its state: %s", strerror(-status));
		return false;
	}
	/* Whatever is not as the caller asked, or is up already, is the first change to tell. */
	control->known_link = control->link;
	control->known_link.up = false;
	if (config->mtu)
		control->known_link.mtu = config->mtu;
	if (memcmp(config->mac, no_mac, sizeof(no_mac)))
		memcpy(control->known_link.mac, config->mac, sizeof(config->mac));
	control->stale = true;
	return true;
}

bool tap_control_open(struct tap_control *control, int fd, const char *name,
		      const struct edge_config *config, struct error *error)
{
	int status;

	*control = (struct tap_control){
		.fd = fd,
		.change_fd = -1,
		.groups.seen_fd = -1,
		.events = config->role == EDGE_STACK,
		.known = config->offloads,
		.gate = to_bits(&config->offloads),
		.wanted = TAP_ALL | NETDEV_ECN,
	};
	control->no_uso = ioctl(fd, TUNSETOFFLOAD, TUN_F_CSUM | TUN_F_USO4 | TUN_F_USO6) != 0;
	status = set_gate(control, control->gate);
	if (status) {
		error_set(error, "the kernel refuses its offloads (TUNSETOFFLOAD): %s",
			  strerror(-status));
		return false;
	}
	if (set_up(control, name, config, error))
		return true;
	tap_control_close(control);
	return false;
}

void tap_control_close(struct tap_control *control)
{
	if (control->change_fd >= 0)
		close(control->change_fd);
	control->change_fd = -1;
	tap_filter_close(&control->groups);
	netdev_close(&control->device);
}
