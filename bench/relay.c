/* SPDX-License-Identifier: MIT */
/*
 * The ceiling that `./run bench e2e` measures netcx against: one thread that carries frames
 * between two TAPs, with nothing in between - no driver, no rings, no device.
 *
 *   relay whole NETNS_A NAME_A NAME_B    super-packets pass whole, both ways
 *   relay cut   NETNS_A NAME_A NAME_B    A hands over super-packets, B gets real frames
 *   relay coalesce NETNS_A NAME_A NAME_B the same, and B's frames of one round, verified, become
 *                                        super-packets for A
 *   relay recut NETNS_A NAME_A NAME_B    as "whole", but B's super-packets become the frames that a
 *                                        cable would have brought, and those super-packets for A
 *
 * TAP A is made in the network namespace NETNS_A, TAP B in the present one. Runs until SIGTERM.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <linux/virtio_net.h>
#include <netcx/lso.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

#define FRAME_ROOM (72 * 1024)
#define ROUND      64 /* frames */

struct tap {
	int fd;
	bool offloads; /* gives and takes a virtio_net_hdr that means something */
};

static volatile sig_atomic_t stop;

static void on_signal(int number)
{
	stop = number;
}

static void fail(const char *what)
{
	fprintf(stderr, "relay: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void tap_open(struct tap *tap, const char *name, bool offloads)
{
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR };
	unsigned features = offloads ? TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 : 0;

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", name);
	tap->fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	tap->offloads = offloads;
	if (tap->fd < 0 || ioctl(tap->fd, TUNSETIFF, &ifr) ||
	    ioctl(tap->fd, TUNSETOFFLOAD, features))
		fail(name);
}

static void enter_netns(const char *name)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		fail(path);
	close(fd);
}

static void put(int fd, const void *frame, size_t length)
{
	if (write(fd, frame, length) < 0 && errno != EAGAIN && errno != EIO && errno != ENOBUFS)
		fail("write");
}

/* One super-packet as the frames that a NIC would send, each with an empty virtio_net_hdr. */
static void cut(const struct tap *to, const struct virtio_net_hdr *header, uint8_t *frame,
		size_t length)
{
	static uint8_t out[sizeof(*header) + FRAME_ROOM];
	struct lso_options options = { .mss = header->gso_size, .ip_id = LSO_IP_ID_LINUX };
	struct iovec iov = { .iov_base = frame, .iov_len = length };
	struct lso_segmenter segmenter;
	size_t bytes;

	if (lso_begin(&segmenter, &iov, 1, &options) != LSO_OK)
		return;
	while ((bytes = lso_next(&segmenter, out + sizeof(*header))) > 0)
		put(to->fd, out, sizeof(*header) + bytes);
}

/* A frame whose checksum the sender left to the hardware. */
static void finish_checksum(uint8_t *frame, size_t length)
{
	struct iovec iov = { .iov_base = frame, .iov_len = length };
	struct lso_layout layout;

	if (lso_parse(&iov, 1, &layout) == LSO_OK)
		lso_fill_checksums(frame, length, &layout, false, true);
}

/* ---- coalescing ---- */

static uint8_t room[ROUND][sizeof(struct virtio_net_hdr) + 2048];
static struct lso_coalescer *coalescer;

static void put_unit(void *context, const struct lso_unit *unit)
{
	const struct tap *to = context;
	struct virtio_net_hdr header = { 0 };
	struct iovec iov[ROUND + 2] = { { &header, sizeof(header) } };

	if (unit->gso != LSO_GSO_NONE) {
		header.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
		header.gso_type = unit->gso == LSO_GSO_TCP4 ? VIRTIO_NET_HDR_GSO_TCPV4
							    : VIRTIO_NET_HDR_GSO_TCPV6;
		header.gso_size = (uint16_t)unit->mss;
		header.hdr_len = unit->layout.payload_offset;
		header.csum_start = unit->layout.l4_offset;
		header.csum_offset = 16;
	}
	memcpy(iov + 1, unit->iov, (size_t)unit->count * sizeof(*iov));
	if (writev(to->fd, iov, unit->count + 1) < 0 && errno != EAGAIN && errno != EIO &&
	    errno != ENOBUFS)
		fail("writev");
}

static void make_coalescer(struct tap *to)
{
	const struct lso_coalesce_options options = {
		.size = sizeof(options),
		.emit = put_unit,
		.context = to,
		.unit_sum = LSO_UNIT_SUM_SEED,
		.flows = ROUND,
		.max_frames = ROUND,
	};
	size_t size = (lso_coalesce_size(&options) + 63) / 64 * 64;

	if (lso_coalesce_begin(&coalescer, aligned_alloc(64, size), size, &options) != LSO_OK)
		fail("coalescer");
}

static void take(const uint8_t *frame, size_t length, enum lso_frame_sum sum)
{
	struct iovec iov = { .iov_base = (uint8_t *)frame, .iov_len = length };

	lso_coalesce_frame(coalescer, &iov, 1, sum, NULL);
}

/* What the cable brings in a round. */
static void carry_coalesced(const struct tap *from)
{
	for (int n = 0; n < ROUND; n++) {
		ssize_t length = read(from->fd, room[n], sizeof(room[n]));

		if (length <= (ssize_t)sizeof(struct virtio_net_hdr))
			break;
		take(room[n] + sizeof(struct virtio_net_hdr),
		     (size_t)length - sizeof(struct virtio_net_hdr), LSO_FRAME_VERIFY);
	}
	lso_coalesce_flush(coalescer, UINT32_MAX);
}

/* A super-packet, cut into frames, which are put together again. Return: false: nothing was there.
 */
static bool carry_recut(const struct tap *from, const struct tap *to)
{
	static uint8_t frame[sizeof(struct virtio_net_hdr) + FRAME_ROOM];
	struct virtio_net_hdr *header = (void *)frame;
	ssize_t length = read(from->fd, frame, sizeof(frame));
	struct lso_options options = { .ip_id = LSO_IP_ID_LINUX };
	struct lso_segmenter segmenter;
	struct iovec iov = { .iov_base = frame + sizeof(*header) };
	size_t bytes;

	if (length <= (ssize_t)sizeof(*header))
		return false;
	iov.iov_len = (size_t)length - sizeof(*header);
	options.mss = header->gso_size;
	if (header->gso_type == VIRTIO_NET_HDR_GSO_NONE ||
	    lso_begin(&segmenter, &iov, 1, &options) != LSO_OK ||
	    lso_segments(&segmenter) > ROUND) {
		put(to->fd, frame, (size_t)length);
		return true;
	}
	for (int n = 0; (bytes = lso_next(&segmenter, room[n])) > 0; n++)
		take(room[n], bytes, LSO_FRAME_TRUSTED);
	lso_coalesce_flush(coalescer, UINT32_MAX);
	return true;
}

/* ---- one by one ---- */

/* Return: false when nothing was there. */
static bool carry(const struct tap *from, const struct tap *to)
{
	static uint8_t frame[sizeof(struct virtio_net_hdr) + FRAME_ROOM];
	struct virtio_net_hdr *header = (void *)frame;
	ssize_t length = read(from->fd, frame, sizeof(frame));
	uint8_t *data = frame + sizeof(*header);
	size_t bytes;

	if (length < 0 && errno != EAGAIN)
		fail("read");
	if (length <= (ssize_t)sizeof(*header))
		return false;
	bytes = (size_t)length - sizeof(*header);
	if (!to->offloads && header->gso_type != VIRTIO_NET_HDR_GSO_NONE) {
		cut(to, header, data, bytes);
		return true;
	}
	if (!to->offloads && (header->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM)) {
		finish_checksum(data, bytes);
		memset(header, 0, sizeof(*header));
	}
	put(to->fd, frame, (size_t)length);
	return true;
}

int main(int argc, char **argv)
{
	struct tap a, b;
	struct pollfd fds[2];
	bool coalesce, recut;
	int here;

	if (argc != 5 || (strcmp(argv[1], "whole") && strcmp(argv[1], "cut") &&
			  strcmp(argv[1], "coalesce") && strcmp(argv[1], "recut"))) {
		fprintf(stderr, "usage: relay whole|cut|coalesce|recut NETNS_A NAME_A NAME_B\n");
		return 2;
	}
	coalesce = !strcmp(argv[1], "coalesce");
	recut = !strcmp(argv[1], "recut");
	signal(SIGTERM, on_signal);
	signal(SIGINT, on_signal);
	here = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	enter_netns(argv[2]);
	tap_open(&a, argv[3], true);
	if (here < 0 || setns(here, CLONE_NEWNET))
		fail("setns");
	tap_open(&b, argv[4], !strcmp(argv[1], "whole") || recut);
	make_coalescer(&a);
	fds[0] = (struct pollfd){ .fd = a.fd, .events = POLLIN };
	fds[1] = (struct pollfd){ .fd = b.fd, .events = POLLIN };
	while (!stop) {
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			fail("poll");
		for (int n = 0; n < 32 && fds[0].revents && carry(&a, &b); n++)
			;
		if (coalesce && fds[1].revents)
			carry_coalesced(&b);
		for (int n = 0; n < 32 && recut && fds[1].revents && carry_recut(&b, &a); n++)
			;
		for (int n = 0; n < 32 && !coalesce && !recut && fds[1].revents && carry(&b, &a);
		     n++)
			;
	}
	return 0;
}
