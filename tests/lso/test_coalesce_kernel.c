/* SPDX-License-Identifier: MIT */
/*
 * Beside the kernel's GRO, live: the same frames into a TAP with IFF_NAPI and gro_flush_timeout and
 * into a coalescer with Linux' rules. What comes out is compared packet by packet: length, GSO type
 * and size, and, of what was merged, every byte.
 *
 * What differs on purpose is not asked: order after a bad checksum, urgent pointers, VLAN tags,
 * more than 8 flows. The kernel also sends up what it holds when a tick of its clock has passed; a
 * case in which that happens is tried again.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <linux/virtio_net.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "rules.h"
#include "stage/random.h"

/* Debian 12's headers lack it: Linux 6.2, UDP segmentation. */
#ifndef VIRTIO_NET_HDR_GSO_UDP_L4
#define VIRTIO_NET_HDR_GSO_UDP_L4 5
#endif

#define FLUSH_TIME "20000000" /* ns */
#define TRIES      12

static uint32_t cases = 100;
static uint64_t seed = 1;

/* The kernel's side. */
struct gro {
	int tap;
	int packet;
	char why_not[128];
};

static bool no(struct gro *g, const char *what)
{
	snprintf(g->why_not, sizeof(g->why_not), "%s: %s", what, strerror(errno));
	return false;
}

static bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	bool fine = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return fine;
}

static bool up(struct ifreq *ifr)
{
	int control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool fine;

	ifr->ifr_flags = IFF_UP;
	fine = control >= 0 && ioctl(control, SIOCSIFFLAGS, ifr) == 0 &&
	       ioctl(control, SIOCGIFINDEX, ifr) == 0;
	close(control);
	return fine;
}

static bool open_gro(struct gro *g)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL) };
	struct ifreq ifr = { .ifr_name = "gro0",
			     .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_NAPI | IFF_VNET_HDR };
	int on = 1;

	if (unshare(CLONE_NEWNET | CLONE_NEWNS))
		return no(g, "no network namespace can be made");
	mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
	if (mount("sysfs", "/sys", "sysfs", 0, NULL))
		return no(g, "/sys of the namespace cannot be mounted");
	write_file("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
	g->tap = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
	if (g->tap < 0 || ioctl(g->tap, TUNSETIFF, &ifr) < 0 || !up(&ifr))
		return no(g, "no TAP with NAPI can be made");
	if (!write_file("/sys/class/net/gro0/gro_flush_timeout", FLUSH_TIME))
		return no(g, "gro_flush_timeout cannot be set");
	to.sll_ifindex = ifr.ifr_ifindex;
	g->packet = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ETH_P_ALL));
	if (g->packet < 0 || setsockopt(g->packet, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof(on)) ||
	    bind(g->packet, (struct sockaddr *)&to, sizeof(to)))
		return no(g, "no packet socket with a virtio_net_hdr can be made");
	return true;
}

/* One packet as it came out. */
struct got {
	uint8_t bytes[SEG_MAX];
	size_t length;
	unsigned int gso; /* VIRTIO_NET_HDR_GSO_* */
	unsigned int mss;
};

struct side {
	struct got got[64];
	uint32_t count;
};

static bool receive(struct gro *g, struct got *got)
{
	uint8_t buffer[SEG_MAX + sizeof(struct virtio_net_hdr)];
	const struct virtio_net_hdr *head = (const void *)buffer;
	struct pollfd fd = { .fd = g->packet, .events = POLLIN };
	struct sockaddr_ll from;
	socklen_t size;
	ssize_t n;

	for (;;) {
		if (poll(&fd, 1, 40) <= 0)
			return false;
		size = sizeof(from);
		n = recvfrom(g->packet, buffer, sizeof(buffer), 0, (struct sockaddr *)&from, &size);
		if (n > (ssize_t)sizeof(*head) && from.sll_pkttype != PACKET_OUTGOING)
			break;
	}
	got->length = (size_t)n - sizeof(*head);
	memcpy(got->bytes, buffer + sizeof(*head), got->length);
	got->gso = head->gso_type;
	got->mss = head->gso_size;
	return true;
}

/* Ours. */
static void caught(void *context, const struct lso_unit *unit)
{
	static const unsigned int types[] = {
		[LSO_GSO_TCP4] = VIRTIO_NET_HDR_GSO_TCPV4,
		[LSO_GSO_TCP6] = VIRTIO_NET_HDR_GSO_TCPV6,
		[LSO_GSO_UDP] = VIRTIO_NET_HDR_GSO_UDP_L4,
	};
	struct side *side = context;
	struct got *got = &side->got[side->count++];

	got->length = 0;
	for (int i = 0; i < unit->count; i++) {
		memcpy(got->bytes + got->length, unit->iov[i].iov_base, unit->iov[i].iov_len);
		got->length += unit->iov[i].iov_len;
	}
	got->gso = types[unit->gso];
	got->mss = unit->gso ? unit->mss : 0;
}

/* A case: frames, of few flows, each the next of its flow but for what is unusual. */
struct story {
	uint8_t frame[24][2000];
	size_t length[24];
	int count;
};

static void unusual(struct random *r, struct seg *s)
{
	switch (random_below(r, 24)) {
	case 0:
		s->flags ^= (uint16_t)(1u << random_below(r, 12));
		s->flags &= (uint16_t)~SEG_URG; /* it brings the pointer into play */
		break;
	case 1:
		s->ack++;
		break;
	case 2:
		s->window++;
		break;
	case 3:
		s->sequence += random_below(r, 200) - 100;
		break;
	case 4:
		s->id = (uint16_t)(s->id + random_below(r, 3) - 1);
		break;
	case 5:
		s->ttl--;
		break;
	case 6:
		s->tos ^= 3;
		break;
	case 7:
		s->payload = random_below(r, (uint32_t)s->payload + 3);
		break;
	case 8:
		s->fragment ^= 0x4000;
		break;
	case 9:
		s->padding = random_below(r, 6);
		break;
	case 10:
		s->ip_options = s->version == 4;
		break;
	case 11:
		seg_stamp(s, random_below(r, 2), 1);
		break;
	case 12:
		s->flags |= SEG_PSH;
		break;
	case 13:
		s->flow_label++;
		break;
	case 14:
		s->mac++;
		break;
	default:
		break;
	}
}

static void tell(struct random *r, struct story *story)
{
	struct seg next[3];
	uint32_t ids = random_one_in(r, 3) ? 0 : 1;

	for (int i = 0; i < 3; i++) {
		next[i] = seg_usual(random_below(r, 2) ? 4 : 6, false);
		next[i].port = (uint16_t)(1000 + i);
		next[i].payload = random_between(r, 1, 600);
		next[i].id = random_one_in(r, 3) ? 0x7ffc : (uint16_t)random_next(r);
		next[i].sequence = (uint32_t)random_next(r);
		if (random_one_in(r, 3))
			seg_stamp(&next[i], 1, 1);
	}
	story->count = (int)random_between(r, 3, 24);
	for (int i = 0; i < story->count; i++) {
		struct seg *n = &next[random_below(r, 3)];
		struct seg s = *n;

		unusual(r, &s);
		s.fill = (uint8_t)random_next(r);
		story->length[i] = seg_make(&s, story->frame[i]);
		n->sequence = s.sequence + (uint32_t)s.payload;
		n->id = (uint16_t)(s.id + ids);
	}
}

static void ours(const struct story *story, struct side *side)
{
	struct lso_coalesce_options options = { .size = sizeof(options),
						.emit = caught,
						.context = side,
						.flows = 8,
						.unit_sum = LSO_UNIT_SUM_SEED };
	size_t size = lso_coalesce_size(&options);
	void *memory = aligned_alloc(64, size);
	struct lso_coalescer *c;

	side->count = 0;
	assert_int_equal(lso_coalesce_begin(&c, memory, size, &options), LSO_OK);
	for (int i = 0; i < story->count; i++) {
		const struct iovec iov = { (uint8_t *)(uintptr_t)story->frame[i],
					   story->length[i] };

		lso_coalesce_frame(c, &iov, 1, LSO_FRAME_VERIFY, NULL);
	}
	lso_coalesce_flush(c, UINT32_MAX);
	free(memory);
}

static void kernels(struct gro *g, const struct story *story, struct side *side)
{
	static const struct virtio_net_hdr none;

	for (int i = 0; i < story->count; i++) {
		const struct iovec iov[2] = {
			{ (void *)(uintptr_t)&none, sizeof(none) },
			{ (uint8_t *)(uintptr_t)story->frame[i], story->length[i] },
		};

		assert_true(writev(g->tap, iov, 2) > 0);
	}
	side->count = 0;
	while (side->count < 64 && receive(g, &side->got[side->count]))
		side->count++;
}

/* same() - the same packets, whatever the order of flows among one another */
static bool same(const struct side *a, const struct side *b)
{
	bool taken[64] = { false };

	if (a->count != b->count)
		return false;
	for (uint32_t i = 0; i < a->count; i++) {
		const struct got *want = &a->got[i];
		uint32_t k = 0;

		while (k < b->count && (taken[k] || b->got[k].length != want->length ||
					b->got[k].gso != want->gso || b->got[k].mss != want->mss ||
					memcmp(b->got[k].bytes, want->bytes, want->length)))
			k++;
		if (k == b->count)
			return false;
		taken[k] = true;
	}
	return true;
}

static void say(const char *who, const struct side *side)
{
	for (uint32_t i = 0; i < side->count; i++)
		print_message("%s: %zu bytes, gso %u/%u, port %u\n", who, side->got[i].length,
			      side->got[i].gso, side->got[i].mss,
			      side->got[i].bytes[side->got[i].bytes[12] == 8 ? 35 : 55]);
}

static void merges_as_the_kernel_does(void **state)
{
	static struct side mine, theirs;
	static struct story story;
	struct random r = { seed };
	struct gro g = { -1, -1, "" };
	uint32_t in = 0;
	uint32_t out = 0;

	(void)state;
	if (!open_gro(&g)) {
		print_message("not beside the kernel: %s\n", g.why_not);
		skip();
	}
	for (uint32_t i = 0; i < cases; i++) {
		bool agreed = false;

		tell(&r, &story);
		ours(&story, &mine);
		for (int try = 0; try < TRIES && !agreed; try++) {
			kernels(&g, &story, &theirs);
			agreed = same(&mine, &theirs);
		}
		if (!agreed) {
			say("ours", &mine);
			say("the kernel's", &theirs);
			fail_msg("case %u of %d frames", i, story.count);
		}
		in += (uint32_t)story.count;
		out += mine.count;
	}
	print_message("%u frames, %u packets, the kernel's alike\n", in, out);
	assert_true(out < in);
	close(g.tap);
	close(g.packet);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(merges_as_the_kernel_does),
	};

	if (argc > 1)
		cases = (uint32_t)strtoul(argv[1], NULL, 0);
	if (argc > 2)
		seed = strtoull(argv[2], NULL, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
