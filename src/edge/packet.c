/* SPDX-License-Identifier: MIT */
/*
 * A packet socket on an interface of the machine: a wire. What is received there may be a
 * super-packet or have no checksum yet, since the sender on the same machine left both to the
 * interface; what a NIC would see of it are frames, so it is cut and finished here. The interface
 * itself merges nothing as long as it is a wire. Reads and writes go in batches.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if_arp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "edge/packet_gro.h"
#include "edge/private.h"
#include "edge/vnet.h"
#include "frame/frame.h"

/* <linux/if_packet.h> has it since 4.20, glibc's does not. */
#ifndef PACKET_IGNORE_OUTGOING
#define PACKET_IGNORE_OUTGOING 23
#endif

#define BATCH         32
#define TX_IOV        512         /* of all frames in one batch */
#define SLOT          (72 * 1024) /* a frame; larger ones are dropped */
#define TAG           4           /* bytes of a VLAN tag, free in front of each frame */
#define RECEIVE_QUEUE (8 << 20)   /* bytes in the socket: some hundred super-packets */
#define WIRE_BUSY_MS  20          /* how long a send waits for a full interface */

struct packet {
	struct edge edge;
	struct packet_gro gro;
	/* Receiver's: a batch as read, and the super-packet being cut. */
	struct mmsghdr rx[BATCH];
	struct iovec rx_iov[BATCH][2];
	struct virtio_net_hdr rx_header[BATCH];
	char rx_control[BATCH][CMSG_SPACE(sizeof(struct tpacket_auxdata))]
		__attribute__((aligned(8)));
	uint8_t *slots; /* BATCH frames, then room for one cut frame */
	int have, next;
	bool cutting;
	struct iovec cut_iov;
	struct lso_segmenter cut;
};

/* Frames on their way out, on the stack of the thread that sends: several may. */
struct batch {
	struct mmsghdr messages[BATCH];
	struct virtio_net_hdr headers[BATCH];
	struct iovec iov[TX_IOV];
	size_t lengths[BATCH];
	int count;
};

static struct packet *to_packet(struct edge *edge)
{
	return (struct packet *)edge;
}

static void packet_close(struct edge *edge)
{
	struct packet *packet = to_packet(edge);

	packet_gro_restore(&packet->gro);
	if (edge->fd >= 0)
		close(edge->fd);
	if (packet->slots)
		munmap(packet->slots, (BATCH + 1) * SLOT);
	free(packet);
}

/* The interface went down, which is no end; or away, which is. */
static int interface_down(struct edge *edge)
{
	struct sockaddr_ll address = { 0 };
	socklen_t size = sizeof(address);
	char name[IFNAMSIZ];

	/* The kernel unbinds the socket of an interface that is gone. */
	if (!getsockname(edge->fd, (struct sockaddr *)&address, &size) && address.sll_ifindex > 0 &&
	    if_indextoname((unsigned)address.sll_ifindex, name))
		return 0;
	edge_end(edge, "the interface was deleted or moved into another network namespace");
	return -ENODEV;
}

/* Return: messages read; 0: none; -errno. */
static int fill_batch(struct packet *packet)
{
	struct edge *edge = &packet->edge;
	int got;

	for (int i = 0; i < BATCH; i++)
		packet->rx[i].msg_hdr.msg_controllen = sizeof(packet->rx_control[i]);
	do
		got = recvmmsg(edge->fd, packet->rx, BATCH, MSG_DONTWAIT, NULL);
	while (got < 0 && errno == EINTR);
	packet->next = 0;
	packet->have = got > 0 ? got : 0;
	if (got >= 0)
		return got;
	switch (errno) {
	case EAGAIN:
		return 0;
	case EINVAL:
	case ENOBUFS:
	case ENOMEM:
		/* One that virtio_net_hdr has no words for; the next call reads on. */
		count_add(&edge->counters.rx_dropped, 1);
		return 0;
	case ENETDOWN:
		return interface_down(edge);
	default:
		got = errno;
		edge_end(edge, "%s", strerror(got));
		return -got;
	}
}

/* The kernel takes the outer VLAN tag out of a frame; put it back. Return: true when there was one.
 */
static bool restore_tag(struct msghdr *message, uint8_t *frame)
{
	struct cmsghdr *control = CMSG_FIRSTHDR(message);
	struct tpacket_auxdata aux;
	uint16_t tag[2];

	if (!control || control->cmsg_level != SOL_PACKET || control->cmsg_type != PACKET_AUXDATA ||
	    control->cmsg_len < CMSG_LEN(sizeof(aux)))
		return false;
	memcpy(&aux, CMSG_DATA(control), sizeof(aux));
	if (!(aux.tp_status & TP_STATUS_VLAN_VALID))
		return false;
	tag[0] = htons(aux.tp_status & TP_STATUS_VLAN_TPID_VALID ? aux.tp_vlan_tpid : ETH_P_8021Q);
	tag[1] = htons(aux.tp_vlan_tci);
	memmove(frame - TAG, frame, 2 * ETH_ALEN);
	memcpy(frame - TAG + 2 * ETH_ALEN, tag, sizeof(tag));
	return true;
}

/*
 * The next message of the batch as a frame: *whole is it, *meta what remains to be done.
 * Return: false when it is to be dropped.
 */
static bool take_message(struct packet *packet, struct iovec *whole, struct frame_meta *meta)
{
	int i = packet->next++;
	struct virtio_net_hdr *header = &packet->rx_header[i];
	uint8_t *frame = packet->rx_iov[i][1].iov_base;
	size_t length = packet->rx[i].msg_len;

	if ((packet->rx[i].msg_hdr.msg_flags & MSG_TRUNC) ||
	    length < sizeof(*header) + EDGE_MIN_FRAME)
		return false;
	length -= sizeof(*header);
	if (restore_tag(&packet->rx[i].msg_hdr, frame)) {
		frame -= TAG;
		length += TAG;
		header->csum_start += TAG;
	}
	*whole = (struct iovec){ .iov_base = frame, .iov_len = length };
	return vnet_decode(header, whole, 1, length, meta);
}

static bool begin_cut(struct packet *packet, const struct iovec *whole,
		      const struct frame_meta *meta)
{
	const struct lso_options options = { .mss = meta->mss,
					     .ip_id = LSO_IP_ID_LINUX,
					     .layout = &meta->layout };

	packet->cut_iov = *whole;
	return lso_begin(&packet->cut, &packet->cut_iov, 1, &options) == LSO_OK &&
	       lso_frame_size(&packet->cut) <= SLOT;
}

/* Return: the frame's length, 0 when it is larger than the room. */
static size_t deliver(const struct iovec *iov, int count, const void *frame, size_t length)
{
	return frame_write(iov, count, 0, frame, length) == length ? length : 0;
}

static size_t next_segment(struct packet *packet, const struct iovec *iov, int count)
{
	uint8_t *bounce = packet->slots + BATCH * SLOT;
	size_t length;

	if (count > 0 && iov[0].iov_len >= lso_frame_size(&packet->cut)) {
		length = lso_next(&packet->cut, iov[0].iov_base);
	} else {
		length = lso_next(&packet->cut, bounce);
		if (length && !deliver(iov, count, bounce, length)) {
			count_add(&packet->edge.counters.rx_dropped, 1);
			length = 0;
		}
	}
	packet->cutting = length && lso_remaining(&packet->cut);
	return length;
}

static ssize_t packet_receive(struct edge *edge, const struct iovec *iov, int count,
			      struct frame_meta *meta)
{
	struct packet *packet = to_packet(edge);

	for (int tries = 0; tries < EDGE_DROPS_PER_CALL; tries++) {
		struct iovec whole;
		size_t length;

		*meta = (struct frame_meta){ 0 };
		if (packet->cutting) {
			length = next_segment(packet, iov, count);
			if (!length)
				continue;
			meta->checksum_valid = true;
			edge_count_rx(&edge->counters, length, false);
			return (ssize_t)length;
		}
		if (packet->next == packet->have) {
			int status = fill_batch(packet);

			if (status <= 0)
				return status;
		}
		if (!take_message(packet, &whole, meta)) {
			count_add(&edge->counters.rx_dropped, 1);
			continue;
		}
		if (meta->mss) {
			packet->cutting = begin_cut(packet, &whole, meta);
			if (packet->cutting)
				count_add(&edge->counters.rx_super, 1);
			else
				count_add(&edge->counters.rx_dropped, 1);
			continue;
		}
		if (meta->needs_checksum)
			frame_finish_checksum(&whole, 1, meta);
		*meta = (struct frame_meta){ .checksum_valid =
						     meta->checksum_valid || meta->needs_checksum };
		length = deliver(iov, count, whole.iov_base, whole.iov_len);
		if (!length) {
			count_add(&edge->counters.rx_dropped, 1);
			continue;
		}
		edge_count_rx(&edge->counters, length, false);
		return (ssize_t)length;
	}
	*meta = (struct frame_meta){ 0 };
	return 0;
}

static bool packet_holds(const struct edge *edge, unsigned queue)
{
	const struct packet *packet = (const struct packet *)edge;

	(void)queue;
	return packet->cutting || packet->next < packet->have;
}

/* Whether a frame can be a message; its checksum is left to the kernel when it is not final. */
static bool describe(const struct frame *frame, size_t length, struct virtio_net_hdr *header)
{
	return length >= EDGE_MIN_FRAME && frame->count >= 0 && frame->count < TX_IOV &&
	       !frame->meta.mss && vnet_encode(frame, length, header);
}

/* Put frames into one batch. Return: how many were looked at. */
static int fill_send(struct batch *batch, const struct frame *frames, int count,
		     struct edge_sent *sent)
{
	int used = 0, n = 0, i;

	for (i = 0; i < count && n < BATCH; i++) {
		const struct frame *frame = &frames[i];
		size_t length = frame_length(frame->iov, frame->count);
		struct iovec *iov = &batch->iov[used];

		if (!describe(frame, length, &batch->headers[n])) {
			sent->dropped++;
			continue;
		}
		if (used + 1 + frame->count > TX_IOV)
			break;
		iov[0] = (struct iovec){ &batch->headers[n], sizeof(batch->headers[n]) };
		for (int k = 0; k < frame->count; k++)
			iov[k + 1] = frame->iov[k];
		batch->messages[n].msg_hdr =
			(struct msghdr){ .msg_iov = iov, .msg_iovlen = (size_t)frame->count + 1 };
		batch->lengths[n++] = length;
		used += frame->count + 1;
	}
	batch->count = n;
	return i;
}

static void send_batch(int fd, struct batch *batch, struct edge_sent *sent)
{
	bool waited = false;

	for (int at = 0; at < batch->count;) {
		int taken = sendmmsg(fd, batch->messages + at, (unsigned)(batch->count - at), 0);

		if (taken > 0) {
			for (int i = at; i < at + taken; i++)
				edge_sent_frame(sent, batch->lengths[i], false);
			at += taken;
		} else if (errno == EAGAIN && !waited) {
			struct pollfd room = { .fd = fd, .events = POLLOUT };

			poll(&room, 1, WIRE_BUSY_MS);
			waited = true;
		} else if (errno != EINTR) {
			/* The first one is refused (too large, interface down or full). */
			sent->dropped++;
			at++;
		}
	}
}

static int packet_send(struct edge *edge, const struct frame *frames, int count)
{
	struct edge_sent sent = { 0 };
	struct batch batch;

	for (int done = 0; done < count;) {
		done += fill_send(&batch, frames + done, count - done, &sent);
		send_batch(edge->fd, &batch, &sent);
	}
	edge_count_sent(edge, &sent);
	return count;
}

static const struct edge_ops packet_ops = {
	.close = packet_close,
	.receive = packet_receive,
	.holds = packet_holds,
	.send = packet_send,
};

static bool prepare_batch(struct packet *packet)
{
	void *slots = mmap(NULL, (BATCH + 1) * SLOT, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (slots == MAP_FAILED)
		return false;
	packet->slots = slots;
	for (int i = 0; i < BATCH; i++) {
		packet->rx_iov[i][0] =
			(struct iovec){ &packet->rx_header[i], sizeof(packet->rx_header[i]) };
		packet->rx_iov[i][1] = (struct iovec){ packet->slots + i * SLOT + TAG, SLOT - TAG };
		packet->rx[i].msg_hdr = (struct msghdr){ .msg_iov = packet->rx_iov[i],
							 .msg_iovlen = 2,
							 .msg_control = packet->rx_control[i] };
	}
	return true;
}

/* The interface has to exist and to carry Ethernet frames. Return: its index or 0. */
static int find_interface(int fd, const char *name, struct error *error)
{
	struct ifreq request = { 0 };

	memcpy(request.ifr_name, name, strlen(name));
	if (ioctl(fd, SIOCGIFHWADDR, &request)) {
		error_set(error,
			  errno == ENODEV ? "there is no interface %s"
					  : "cannot read the type of interface %s",
			  name);
		return 0;
	}
	if (request.ifr_hwaddr.sa_family != ARPHRD_ETHER &&
	    request.ifr_hwaddr.sa_family != ARPHRD_LOOPBACK) {
		error_set(error, "interface %s does not carry Ethernet frames", name);
		return 0;
	}
	if (ioctl(fd, SIOCGIFINDEX, &request)) {
		error_set(error, "there is no interface %s", name);
		return 0;
	}
	return request.ifr_ifindex;
}

static bool set_up(struct packet *packet, const char *name, struct error *error)
{
	struct sockaddr_ll address = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL) };
	struct packet_mreq all = { .mr_type = PACKET_MR_PROMISC };
	int yes = 1, queue = RECEIVE_QUEUE, fd;

	/* Protocol 0: nothing arrives before it is bound. */
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	packet->edge.fd = fd;
	if (fd < 0) {
		error_set(error, "cannot open a packet socket: %s%s", strerror(errno),
			  errno == EPERM ? "; it takes CAP_NET_RAW, or root" : "");
		return false;
	}
	address.sll_ifindex = find_interface(fd, name, error);
	if (!address.sll_ifindex)
		return false;
	all.mr_ifindex = address.sll_ifindex;
	if (setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &yes, sizeof(yes)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_AUXDATA, &yes, sizeof(yes)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &yes, sizeof(yes))) {
		error_set(
			error,
			"the kernel's packet socket lacks an option (Linux 4.20 or newer has them): %s",
			strerror(errno));
		return false;
	}
	/* The adapter has an address of its own. */
	if (setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all, sizeof(all))) {
		error_set(error, "cannot make interface %s promiscuous: %s", name, strerror(errno));
		return false;
	}
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &queue, sizeof(queue)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &queue, sizeof(queue));
	packet_gro_off(&packet->gro, address.sll_ifindex, packet->edge.note,
		       sizeof(packet->edge.note));
	if (bind(fd, (struct sockaddr *)&address, sizeof(address))) {
		error_set(error, "cannot bind to interface %s: %s", name, strerror(errno));
		return false;
	}
	return true;
}

struct edge *edge_packet_open(const char *argument, const struct edge_config *config,
			      struct error *error)
{
	char name[IFNAMSIZ];
	struct packet *packet;

	if (config->role != EDGE_WIRE)
		return error_set(error, "a packet socket can only be the wire");
	if (!edge_interface_name(name, argument, strlen(argument), error))
		return NULL;
	/* The segmenter in it asks for more alignment than malloc gives. */
	packet = aligned_alloc(_Alignof(struct packet), sizeof(*packet));
	if (!packet)
		return error_set(error, "out of memory");
	memset(packet, 0, sizeof(*packet));
	packet->edge.ops = &packet_ops;
	packet->edge.fd = -1;
	packet->edge.change_fd = -1;
	if (prepare_batch(packet) && set_up(packet, name, error))
		return &packet->edge;
	if (!packet->slots)
		error_set(error, "out of memory");
	packet_close(&packet->edge);
	return NULL;
}
