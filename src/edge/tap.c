/* SPDX-License-Identifier: MIT */
/*
 * A TAP device: the Linux stack above the adapter (stack role), or whatever is behind the cable
 * (wire role). One system call per frame, straight from and into the caller's memory.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "edge/netns.h"
#include "edge/tap_control.h"
#include "edge/vnet.h"
#include "frame/frame.h"

/* Pieces of one system call (the kernel's UIO_MAXIOV); ours around the caller's included. */
#define TAP_IOV 1024

struct tap {
	struct edge edge;
	bool vnet; /* a virtio_net_hdr is in front of each frame */
	struct tap_control control;
	/* Receiver's: header, the caller's room, and a byte that only a frame too long reaches. */
	struct virtio_net_hdr rx_header;
	uint8_t rx_spill;
	struct iovec rx_iov[TAP_IOV];
};

static struct tap *to_tap(struct edge *edge)
{
	return (struct tap *)edge;
}

static void tap_close(struct edge *edge)
{
	struct tap *tap = to_tap(edge);

	tap_control_close(&tap->control);
	close(edge->fd);
	free(tap);
}

/* Return: bytes of room, header included; 0: the caller's room has too many pieces. */
static size_t prepare_receive(struct tap *tap, const struct iovec *iov, int count, int *pieces)
{
	size_t room = 0;
	int n = 0;

	if (count < 0 || count > TAP_IOV - 2)
		return 0;
	if (tap->vnet)
		tap->rx_iov[n++] = (struct iovec){ &tap->rx_header, sizeof(tap->rx_header) };
	for (int i = 0; i < count; i++)
		tap->rx_iov[n++] = iov[i];
	for (int i = 0; i < n; i++)
		room += tap->rx_iov[i].iov_len;
	tap->rx_iov[n++] = (struct iovec){ &tap->rx_spill, 1 };
	*pieces = n;
	return room;
}

/* What the kernel said other than a frame. Return: 0 to try again, else what receive() returns. */
static int receive_failed(struct edge *edge, int error)
{
	switch (error) {
	case EINTR:
		return 0;
	case EINVAL:
	case EFAULT:
	case ENOMEM:
		/* A packet that the kernel could not describe or copy: it is gone, the device not.
		 */
		count_add(&edge->counters.rx_dropped, 1);
		return 0;
	default:
		edge_end(edge, "%s", error == EBADFD ? "the device was deleted" : strerror(error));
		return -error;
	}
}

static ssize_t tap_receive(struct edge *edge, const struct iovec *iov, int count,
			   struct frame_meta *meta)
{
	struct tap *tap = to_tap(edge);
	size_t header = tap->vnet ? sizeof(tap->rx_header) : 0;
	int pieces;
	size_t room = prepare_receive(tap, iov, count, &pieces);

	*meta = (struct frame_meta){ 0 };
	if (!room)
		return -EINVAL;
	for (int tries = 0; tries < EDGE_DROPS_PER_CALL; tries++) {
		ssize_t got = readv(edge->fd, tap->rx_iov, pieces);
		size_t length;

		if (got < 0) {
			int error = errno;

			if (error == EAGAIN)
				return 0;
			error = receive_failed(edge, error);
			if (error)
				return error;
			continue;
		}
		length = (size_t)got - header;
		if ((size_t)got > room || (size_t)got < header + EDGE_MIN_FRAME ||
		    (tap->vnet && !vnet_decode(&tap->rx_header, iov, count, length, meta))) {
			count_add(&edge->counters.rx_dropped, 1);
			continue;
		}
		edge_count_rx(edge, length, meta->mss != 0);
		if (iov[0].iov_len && *(const uint8_t *)iov[0].iov_base & 1)
			tap_filter_seen(&tap->control.groups, iov[0].iov_base,
					iov[0].iov_len < length ? iov[0].iov_len : length);
		return (ssize_t)length;
	}
	*meta = (struct frame_meta){ 0 };
	return 0;
}

/* The pieces of a frame but for its first @skip bytes. Return: behind the last one filled. */
static struct iovec *put_pieces(struct iovec *to, const struct frame *frame, size_t skip)
{
	for (int i = 0; i < frame->count; i++) {
		const struct iovec *piece = &frame->iov[i];
		size_t gone = skip < piece->iov_len ? skip : piece->iov_len;

		skip -= gone;
		if (gone < piece->iov_len)
			*to++ = (struct iovec){ (uint8_t *)piece->iov_base + gone,
						piece->iov_len - gone };
	}
	return to;
}

static bool write_pieces(int fd, const struct iovec *pieces, int count)
{
	ssize_t sent;

	do
		sent = writev(fd, pieces, count);
	while (sent < 0 && errno == EINTR);
	return sent >= 0;
}

static bool send_described(struct tap *tap, const struct frame *frame, size_t length)
{
	struct virtio_net_hdr header;
	struct iovec pieces[TAP_IOV], *to = pieces;
	uint8_t head[VNET_HEAD];
	size_t vouched = 0;

	if (!vnet_encode(frame, length, &header))
		return false;
	if (header.flags & VIRTIO_NET_HDR_F_DATA_VALID)
		vouched = vnet_vouch(frame, length, &header, head);
	*to++ = (struct iovec){ &header, sizeof(header) };
	if (vouched)
		*to++ = (struct iovec){ head, vouched };
	to = put_pieces(to, frame, vouched);
	return write_pieces(tap->edge.fd, pieces, (int)(to - pieces));
}

static bool send_plain(struct tap *tap, const struct frame *frame)
{
	if (frame->meta.mss)
		return false;
	if (frame->meta.needs_checksum &&
	    !frame_finish_checksum(frame->iov, frame->count, &frame->meta))
		return false;
	return write_pieces(tap->edge.fd, frame->iov, frame->count);
}

/* Several threads at once: what it needs is on the stack, and each frame is one system call. */
static bool send_one(struct tap *tap, const struct frame *frame, size_t length)
{
	if (frame->count < 0 || frame->count > TAP_IOV - 2 || length < EDGE_MIN_FRAME)
		return false;
	return tap->vnet ? send_described(tap, frame, length) : send_plain(tap, frame);
}

static int tap_send(struct edge *edge, const struct frame *frames, int count)
{
	struct edge_sent sent = { 0 };

	for (int i = 0; i < count; i++) {
		size_t length = frame_length(frames[i].iov, frames[i].count);

		if (send_one(to_tap(edge), &frames[i], length))
			edge_sent_frame(&sent, length, frames[i].meta.mss != 0);
		else
			sent.dropped++;
	}
	edge_count_sent(edge, &sent);
	return count;
}

static int tap_set_carrier(struct edge *edge, bool up)
{
	int carrier = up;

	return ioctl(edge->fd, TUNSETCARRIER, &carrier) ? -errno : 0;
}

static int tap_set_offloads(struct edge *edge, const struct edge_offloads *offloads)
{
	return tap_control_set_offloads(&to_tap(edge)->control, offloads);
}

static int tap_set_mtu(struct edge *edge, uint32_t mtu)
{
	return tap_control_set_mtu(&to_tap(edge)->control, mtu);
}

static int tap_set_mac(struct edge *edge, const uint8_t mac[6])
{
	return tap_control_set_mac(&to_tap(edge)->control, mac);
}

static int tap_next_change(struct edge *edge, struct edge_change *change)
{
	int status = tap_control_next_change(&to_tap(edge)->control, change);

	if (status == -ENODEV)
		edge_end(edge, "the device was deleted");
	return status;
}

static const struct edge_ops stack_ops = {
	.close = tap_close,
	.receive = tap_receive,
	.send = tap_send,
	.set_offloads = tap_set_offloads,
	.set_carrier = tap_set_carrier,
	.set_mtu = tap_set_mtu,
	.set_mac = tap_set_mac,
	.next_change = tap_next_change,
};

/* The device behind the cable is somebody else's: its address and offloads are theirs. */
static const struct edge_ops wire_ops = {
	.close = tap_close,
	.receive = tap_receive,
	.send = tap_send,
	.set_carrier = tap_set_carrier,
	.set_mtu = tap_set_mtu,
};

static int open_device(struct error *error)
{
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0)
		return fd;
	if (errno == ENOENT || errno == ENODEV || errno == ENXIO)
		error_set(
			error,
			"there is no /dev/net/tun; load the module (`modprobe tun`) or, in a container, pass the device in");
	else
		error_set(error, "cannot open /dev/net/tun: %s%s", strerror(errno),
			  errno == EACCES || errno == EPERM
				  ? "; run as root or get access to the file"
				  : "");
	return -1;
}

static void attach_failed(const char *name, int number, struct error *error)
{
	switch (number) {
	case EPERM:
		error_set(
			error,
			"making a TAP takes CAP_NET_ADMIN: run as root, or let root make it for this user: `ip tuntap add dev %s mode tap user NAME`",
			name);
		break;
	case EBUSY:
		error_set(error, "%s is in use by another process", name);
		break;
	case EINVAL:
		error_set(error,
			  "there is an interface %s already, and it is not a TAP with one queue",
			  name);
		break;
	default:
		error_set(error, "cannot make the TAP: %s", strerror(number));
	}
}

/* Attach to the device, made when it does not exist. */
static bool attach(struct tap *tap, const char *name, struct error *error)
{
	struct ifreq request = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	int size = sizeof(struct virtio_net_hdr),
	    little = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;

	if (tap->vnet)
		request.ifr_flags |= IFF_VNET_HDR;
	memcpy(request.ifr_name, name, strlen(name));
	if (ioctl(tap->edge.fd, TUNSETIFF, &request)) {
		attach_failed(name, errno, error);
		return false;
	}
	/* A device that lasts may have been left with another header. */
	if (tap->vnet && (ioctl(tap->edge.fd, TUNSETVNETHDRSZ, &size) ||
			  ioctl(tap->edge.fd, TUNSETVNETLE, &little))) {
		error_set(error, "the kernel refuses the virtio_net_hdr: %s", strerror(errno));
		return false;
	}
	return true;
}

/* NAME or NAME,gso. */
static bool read_argument(const char *argument, const struct edge_config *config,
			  char name[static IFNAMSIZ], bool *gso, struct error *error)
{
	const char *comma = strchr(argument, ',');

	*gso = comma;
	if (comma && strcmp(comma, ",gso")) {
		error_set(error, "after the name only ',gso' is known, not '%s'", comma);
		return false;
	}
	if (comma && config->role == EDGE_STACK) {
		error_set(error,
			  "',gso' is for the wire; the stack's TAP always takes super-packets");
		return false;
	}
	return edge_interface_name(name, argument,
				   comma ? (size_t)(comma - argument) : strlen(argument), error);
}

static bool set_up(struct tap *tap, const char *name, const struct edge_config *config,
		   struct error *error)
{
	int status;

	tap->edge.fd = open_device(error);
	if (tap->edge.fd < 0)
		return false;
	if (!attach(tap, name, error))
		return false;
	/* The cable is plugged in by set_carrier(); one that is somebody else's end is in. */
	status = tap_set_carrier(&tap->edge, config->role == EDGE_WIRE);
	if (status) {
		error_set(error, "cannot set its carrier (Linux 5.0 or newer can): %s",
			  strerror(-status));
		return false;
	}
	return tap_control_open(&tap->control, tap->edge.fd, name, config, error);
}

struct edge *edge_tap_open(const char *argument, const struct edge_config *config,
			   struct error *error)
{
	struct edge_config mine = *config;
	char name[IFNAMSIZ];
	struct tap *tap;
	int home, status;
	bool gso, done;

	if (!read_argument(argument, config, name, &gso, error))
		return NULL;
	tap = calloc(1, sizeof(*tap));
	if (!tap)
		return error_set(error, "out of memory");
	tap->edge.fd = -1;
	tap->vnet = gso || config->role == EDGE_STACK;
	tap->edge.super_packets = tap->vnet;
	tap->edge.ops = config->role == EDGE_STACK ? &stack_ops : &wire_ops;
	if (config->role == EDGE_WIRE)
		mine.offloads = (struct edge_offloads){ .checksum = gso, .tso4 = gso, .tso6 = gso };

	home = netns_enter(config->role == EDGE_STACK ? config->netns : NULL, error);
	if (home < 0) {
		free(tap);
		return NULL;
	}
	done = set_up(tap, name, &mine, error);
	status = netns_leave(home);
	if (status && done) {
		error_set(error, "cannot return from network namespace '%s': %s", config->netns,
			  strerror(-status));
		tap_control_close(&tap->control);
		done = false;
	}
	if (!done) {
		if (tap->edge.fd >= 0)
			close(tap->edge.fd);
		free(tap);
		return NULL;
	}
	tap->edge.change_fd = tap->control.change_fd;
	return &tap->edge;
}
