/* SPDX-License-Identifier: MIT */
/*
 * The kernel's own GSO, for information: super-packets go through a packet socket into TAP devices
 * that nobody reads, in a network namespace of this process, so that what is left over is dropped
 * at the device. One device has no offload at all: the kernel cuts and copies. One takes fragments:
 * it cuts and refers to the payload's pages, the checksum is the kernel's. One takes super-packets
 * whole: what that costs - the system call, the copy out of user memory - is no part of GSO and is
 * taken off.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <linux/sockios.h>
#include <linux/virtio_net.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lso_bench.h"

enum device { COPYING, REFERRING, WHOLE, DEVICES };

static int taps[DEVICES], sockets[DEVICES];

static bool set_up(int control, enum device which, struct ifreq *ifr)
{
	struct ethtool_value scatter = { ETHTOOL_SSG, 0 };

	/* Whatever an earlier packet left there is not taken away: the queue is short and full. */
	ifr->ifr_qlen = MAX_SEGMENTS;
	if (ioctl(control, SIOCSIFTXQLEN, ifr) < 0)
		return false;
	ifr->ifr_data = (void *)&scatter;
	if (which == COPYING && ioctl(control, SIOCETHTOOL, ifr) < 0)
		return false;
	ifr->ifr_flags = IFF_UP;
	return ioctl(control, SIOCSIFFLAGS, ifr) == 0 && ioctl(control, SIOCGIFINDEX, ifr) == 0;
}

static bool open_device(enum device which)
{
	unsigned long offload = which == WHOLE ? TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 : 0;
	struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL) };
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR };
	int control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int buffer = 8 << 20;
	int on = 1;
	bool good;

	taps[which] = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
	sockets[which] = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	good = ioctl(taps[which], TUNSETIFF, &ifr) == 0 &&
	       ioctl(taps[which], TUNSETOFFLOAD, offload) == 0 && set_up(control, which, &ifr);
	close(control);
	to.sll_ifindex = ifr.ifr_ifindex;
	setsockopt(sockets[which], SOL_SOCKET, SO_SNDBUFFORCE, &buffer, sizeof(buffer));
	return good &&
	       setsockopt(sockets[which], SOL_PACKET, PACKET_VNET_HDR, &on, sizeof(on)) == 0 &&
	       bind(sockets[which], (struct sockaddr *)&to, sizeof(to)) == 0;
}

bool kernel_start(void)
{
	if (unshare(CLONE_NEWNET) < 0) {
		fprintf(stderr,
			"lso_bench: no network namespace without root (%s): no comparison with the kernel's GSO\n",
			strerror(errno));
		return false;
	}
	for (enum device which = 0; which < DEVICES; which++) {
		if (!open_device(which)) {
			fprintf(stderr,
				"lso_bench: no TAP device and packet socket (%s): no comparison with the kernel's GSO\n",
				strerror(errno));
			return false;
		}
	}
	return true;
}

static bool send_packet(const struct workload *w, uint32_t i, enum device which)
{
	struct virtio_net_hdr header = {
		.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
		.gso_type = w->ipv6 ? VIRTIO_NET_HDR_GSO_TCPV6 : VIRTIO_NET_HDR_GSO_TCPV4,
		.hdr_len = (uint16_t)w->header,
		.gso_size = (uint16_t)w->mss,
		.csum_start = (uint16_t)w->l4,
		.csum_offset = 16,
	};
	struct iovec iov[2] = { { &header, sizeof(header) },
				{ w->place->packets[i], w->header + PAYLOAD } };

	/* A packet of which the device drops a part is counted as an error, but it was cut. */
	return writev(sockets[which], iov, 2) > 0 || errno == ENOBUFS;
}

/* drain() - Return: how many frames of ours lay in the device */
static uint32_t drain(enum device which)
{
	static uint8_t frame[sizeof(struct virtio_net_hdr) + 70000];
	uint32_t n = 0;
	ssize_t got;

	while ((got = read(taps[which], frame, sizeof(frame))) > 0)
		n += !memcmp(frame + 10, "\2\2\2\2\2\2", 6);
	return n;
}

bool kernel_prepare(struct workload *w)
{
	static const char *const names[] = { "copying", "referring", "whole" };
	struct lso_layout layout;

	for (uint32_t i = 0; i < w->rotation; i++) {
		struct iovec iov = { w->place->packets[i], w->header + PAYLOAD };

		if (lso_parse(&iov, 1, &layout))
			return false;
		lso_set_seed(w->place->packets[i], &layout, (uint32_t)(iov.iov_len - w->l4));
		if (!w->ipv6) {
			w->place->packets[i][w->l3 + 2] = (uint8_t)((iov.iov_len - w->l3) >> 8);
			w->place->packets[i][w->l3 + 3] = (uint8_t)(iov.iov_len - w->l3);
		}
	}
	for (enum device which = 0; which < DEVICES; which++) {
		uint32_t expected = which == WHOLE ? 1 : (PAYLOAD + w->mss - 1) / w->mss;
		uint32_t made;

		drain(which);
		if (!send_packet(w, 0, which)) {
			fprintf(stderr, "lso_bench: the kernel does not take a packet: %s\n",
				strerror(errno));
			return false;
		}
		made = drain(which);
		if (made != expected) {
			fprintf(stderr, "lso_bench: the kernel, %s, made %u segments, not %u\n",
				names[which], made, expected);
			return false;
		}
	}
	return true;
}

uint32_t kernel_copy(struct workload *w, uint32_t i, enum lso_path path)
{
	(void)path;
	return send_packet(w, i, COPYING) ? (PAYLOAD + w->mss - 1) / w->mss : 0;
}

uint32_t kernel_zero_copy(struct workload *w, uint32_t i, enum lso_path path)
{
	(void)path;
	return send_packet(w, i, REFERRING) ? (PAYLOAD + w->mss - 1) / w->mss : 0;
}

uint32_t kernel_whole(struct workload *w, uint32_t i, enum lso_path path)
{
	(void)path;
	return send_packet(w, i, WHOLE) ? (PAYLOAD + w->mss - 1) / w->mss : 0;
}
