/* SPDX-License-Identifier: MIT */
#include "kernel.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <linux/virtio_net.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "reference.h"

/* Debian 12's headers lack it: Linux 6.2, UDP segmentation. */
#ifndef VIRTIO_NET_HDR_GSO_UDP_L4
#define VIRTIO_NET_HDR_GSO_UDP_L4 5
#endif

#define MARKER    0x88b5 /* IEEE 802: for experiments */
#define FRAME_MAX 70000

static bool enter_namespace(void)
{
	return unshare(CLONE_NEWNET) == 0 || unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0;
}

static int open_tap(struct ifreq *ifr)
{
	int control;
	int tap = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);

	if (tap < 0)
		return -1;
	memset(ifr, 0, sizeof(*ifr));
	strcpy(ifr->ifr_name, "lso0");
	ifr->ifr_flags = IFF_TAP | IFF_NO_PI;
	control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (control < 0 || ioctl(tap, TUNSETIFF, ifr) < 0) {
		close(tap);
		return -1;
	}
	ifr->ifr_qlen = 20000;
	ioctl(control, SIOCSIFTXQLEN, ifr);
	ifr->ifr_mtu = 65521;
	ioctl(control, SIOCSIFMTU, ifr);
	ifr->ifr_flags = IFF_UP;
	if (ioctl(control, SIOCSIFFLAGS, ifr) < 0 || ioctl(control, SIOCGIFINDEX, ifr) < 0) {
		close(tap);
		tap = -1;
	}
	close(control);
	return tap;
}

bool kernel_open(struct kernel *k, const char **why)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL) };
	struct ifreq ifr;
	int buffer = 8 << 20;
	int on = 1;

	*why = "no network namespace can be made";
	if (!enter_namespace())
		return false;
	*why = "no TAP device can be made";
	k->tap = open_tap(&ifr);
	if (k->tap < 0)
		return false;
	*why = "no packet socket with a virtio_net_hdr can be made";
	to.sll_ifindex = ifr.ifr_ifindex;
	k->packet = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	setsockopt(k->packet, SOL_SOCKET, SO_SNDBUFFORCE, &buffer, sizeof(buffer));
	if (k->packet < 0 ||
	    setsockopt(k->packet, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof(on)) < 0 ||
	    bind(k->packet, (struct sockaddr *)&to, sizeof(to)) < 0) {
		close(k->tap);
		return false;
	}
	k->frame = malloc(FRAME_MAX);
	k->sent = malloc(PACKET_MAX);
	if (!k->frame || !k->sent)
		abort();
	return true;
}

void kernel_close(struct kernel *k)
{
	close(k->tap);
	close(k->packet);
	free(k->frame);
	free(k->sent);
}

/* The seed: pseudo-header with the length of all (CHECKSUM_PARTIAL). */
static void put_seed(uint8_t *bytes, const struct packet *p)
{
	size_t length = p->length - p->l4;
	size_t address = p->ip_version == 4 ? 4 : 16;
	uint8_t tail[6] = { (uint8_t)(length >> 24),
			    (uint8_t)(length >> 16),
			    (uint8_t)(length >> 8),
			    (uint8_t)length,
			    0,
			    p->tcp ? 6 : 17 };
	uint32_t sum = reference_sum(tail, 6, 0);

	sum = reference_sum(bytes + p->l3 + (p->ip_version == 4 ? 12 : 8), address, sum);
	sum = reference_sum(bytes + p->destination, address, sum);
	if (!p->tcp) { /* Linux takes the length that the seed holds from here */
		bytes[p->l4 + 4] = (uint8_t)(length >> 8);
		bytes[p->l4 + 5] = (uint8_t)length;
	}
	bytes[p->l4 + (p->tcp ? 16 : 6)] = (uint8_t)(sum >> 8);
	bytes[p->l4 + (p->tcp ? 17 : 7)] = (uint8_t)sum;
}

/* send_frame() - Return: false when the kernel refuses it */
static bool send_frame(struct kernel *k, struct virtio_net_hdr *header, uint8_t *bytes, size_t n)
{
	struct iovec iov[2] = { { header, sizeof(*header) }, { bytes, n } };

	return writev(k->packet, iov, 2) == (ssize_t)(n + sizeof(*header));
}

static size_t next_frame(struct kernel *k)
{
	struct pollfd wait = { .fd = k->tap, .events = POLLIN };
	ssize_t n;

	for (;;) {
		n = read(k->tap, k->frame, FRAME_MAX);
		if (n > 0)
			return (size_t)n;
		if (poll(&wait, 1, 5000) <= 0)
			return 0;
	}
}

int kernel_segment(struct kernel *k, const struct packet *p,
		   void (*seen)(void *context, uint32_t i, const uint8_t *frame, size_t length),
		   void *context)
{
	struct virtio_net_hdr header = {
		.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
		.gso_type = VIRTIO_NET_HDR_GSO_UDP_L4,
		.hdr_len = (uint16_t)p->payload,
		.gso_size = (uint16_t)p->mss,
		.csum_start = (uint16_t)p->l4,
		.csum_offset = p->tcp ? 16 : 6,
	};
	struct virtio_net_hdr plain = { 0 };
	uint8_t marker[60] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, MARKER >> 8, MARKER & 0xff };
	uint32_t i = 0;

	memcpy(k->sent, p->bytes, p->length);
	put_seed(k->sent, p);
	if (p->tcp) {
		header.gso_type =
			p->ip_version == 4 ? VIRTIO_NET_HDR_GSO_TCPV4 : VIRTIO_NET_HDR_GSO_TCPV6;
		if (p->bytes[p->l4 + 13] & 0x80)
			header.gso_type |= VIRTIO_NET_HDR_GSO_ECN;
	}
	if (!send_frame(k, &header, k->sent, p->length))
		return -1;
	if (!send_frame(k, &plain, marker, sizeof(marker)))
		return -1;

	for (;;) {
		size_t n = next_frame(k);

		if (n == 0)
			return -1;
		if (k->frame[12] == MARKER >> 8 && k->frame[13] == (MARKER & 0xff))
			return (int)i;
		/* The stack's own multicasts (IPv6 neighbour discovery) come from another address.
		 */
		if (memcmp(k->frame, p->bytes, 12))
			continue;
		seen(context, i++, k->frame, n);
	}
}
