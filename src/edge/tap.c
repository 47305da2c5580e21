/* SPDX-License-Identifier: MIT */
/*
 * A TAP device: the Linux stack above the adapter (stack role), or whatever is behind the cable
 * (wire role). Straight from and into the caller's memory, but for short frames that are read ahead
 * (tap_ahead.h); what is sent together is written by one system call (tap_batch.h).
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
#include "edge/tap_batch.h"
#include "edge/tap_control.h"
#include "edge/tap_queues.h"
#include "edge/vnet.h"
#include "frame/frame.h"

struct tap {
	struct edge edge;
	bool vnet; /* a virtio_net_hdr is in front of each frame */
	struct tap_queues queues;
	struct tap_batches batches; /* for sending */
	struct tap_control control;
};

static struct tap *to_tap(struct edge *edge)
{
	return (struct tap *)edge;
}

static void tap_close(struct edge *edge)
{
	struct tap *tap = to_tap(edge);

	tap_control_close(&tap->control);
	tap_batches_close(&tap->batches);
	tap_queues_close(&tap->queues);
	free(tap);
}

/* Return: bytes of room, header included; 0: the caller's room has too many pieces. */
static size_t prepare_receive(struct tap_queue *queue, bool vnet, const struct iovec *iov,
			      int count, int *pieces)
{
	size_t room = 0;
	int n = 0;

	if (count < 0 || count > TAP_IOV - 2)
		return 0;
	if (vnet)
		queue->iov[n++] = (struct iovec){ &queue->header, sizeof(queue->header) };
	for (int i = 0; i < count; i++)
		queue->iov[n++] = iov[i];
	for (int i = 0; i < n; i++)
		room += queue->iov[i].iov_len;
	queue->iov[n++] = (struct iovec){ &queue->spill, 1 };
	*pieces = n;
	return room;
}

/* What the kernel said other than a frame. Return: 0 to try again, else what receive() returns. */
static int receive_failed(struct edge *edge, struct edge_counters *counters, int error)
{
	switch (error) {
	case EINTR:
		return 0;
	case EINVAL:
	case EFAULT:
	case ENOMEM:
		/* A packet that the kernel could not describe or copy: it is gone, the device not.
		 */
		count_add(&counters->rx_dropped, 1);
		return 0;
	default:
		edge_end(edge, "%s", error == EBADFD ? "the device was deleted" : strerror(error));
		return -error;
	}
}

/*
 * A frame that the kernel gave; its header is the queue's.
 * @iov: where it lies
 * Return: false: it is none, and counted.
 */
static bool take_frame(struct tap *tap, struct tap_queue *queue, const struct iovec *iov, int count,
		       size_t length, struct frame_meta *meta)
{
	*meta = (struct frame_meta){ 0 };
	if (length < EDGE_MIN_FRAME ||
	    (tap->vnet && !vnet_decode(&queue->header, iov, count, length, meta))) {
		count_add(&queue->counters->rx_dropped, 1);
		return false;
	}
	edge_count_rx(queue->counters, length, meta->mss != 0);
	if (iov[0].iov_len && *(const uint8_t *)iov[0].iov_base & 1)
		tap_filter_seen(&tap->control.groups, iov[0].iov_base,
				iov[0].iov_len < length ? iov[0].iov_len : length);
	return true;
}

/* Where it is to be. */
static ssize_t receive_there(struct tap *tap, struct tap_queue *queue, const struct iovec *iov,
			     int count, struct frame_meta *meta)
{
	size_t header = tap->vnet ? sizeof(queue->header) : 0;
	int pieces;
	size_t room = prepare_receive(queue, tap->vnet, iov, count, &pieces);

	if (!room)
		return -EINVAL;
	for (int tries = 0; tries < EDGE_DROPS_PER_CALL; tries++) {
		ssize_t got = readv(queue->fd, queue->iov, pieces);

		if (got < 0) {
			int error = errno;

			if (error == EAGAIN)
				return 0;
			error = receive_failed(&tap->edge, queue->counters, error);
			if (error)
				return error;
		} else if ((size_t)got > room || (size_t)got < header) {
			count_add(&queue->counters->rx_dropped, 1);
		} else if (take_frame(tap, queue, iov, count, (size_t)got - header, meta)) {
			return got - (ssize_t)header;
		}
	}
	return 0;
}

/* The next one of those read ahead that fits. Return: as receive() does, or -EALREADY. */
static ssize_t receive_ahead(struct tap *tap, struct tap_queue *queue, const struct iovec *iov,
			     int count, struct frame_meta *meta)
{
	size_t header = tap->vnet ? sizeof(queue->header) : 0, room = frame_length(iov, count);
	uint8_t *at;

	for (int tries = 0; tries < EDGE_DROPS_PER_CALL; tries++) {
		ssize_t got = tap_ahead_next(queue->ahead, &at);
		struct iovec frame;

		if (got == 0 || got == -EALREADY)
			return got;
		if (got < 0) {
			int error = receive_failed(&tap->edge, queue->counters, (int)-got);

			if (error)
				return error;
			continue;
		}
		if ((size_t)got < header || (size_t)got - header > room) {
			count_add(&queue->counters->rx_dropped, 1);
			continue;
		}
		frame = (struct iovec){ at + header, (size_t)got - header };
		memcpy(&queue->header, at, header);
		if (take_frame(tap, queue, &frame, 1, frame.iov_len, meta)) {
			frame_write(iov, count, 0, frame.iov_base, frame.iov_len);
			return (ssize_t)frame.iov_len;
		}
	}
	return 0;
}

static ssize_t tap_receive_queue(struct edge *edge, unsigned index, const struct iovec *iov,
				 int count, struct frame_meta *meta)
{
	struct tap *tap = to_tap(edge);
	struct tap_queue *queue = tap->queues.queue[index];
	ssize_t got = -EALREADY;

	if (queue->ahead)
		got = receive_ahead(tap, queue, iov, count, meta);
	if (got == -EALREADY) {
		got = receive_there(tap, queue, iov, count, meta);
		if (queue->ahead)
			tap_ahead_came(queue->ahead, got);
	}
	if (got <= 0)
		*meta = (struct frame_meta){ 0 };
	return got;
}

static ssize_t tap_receive(struct edge *edge, const struct iovec *iov, int count,
			   struct frame_meta *meta)
{
	return tap_receive_queue(edge, 0, iov, count, meta);
}

static bool tap_holds(const struct edge *edge, unsigned queue)
{
	const struct tap_ahead *ahead = ((const struct tap *)edge)->queues.queue[queue]->ahead;

	return ahead && tap_ahead_held(ahead);
}

static int tap_queue_fd(const struct edge *edge, unsigned queue)
{
	return ((const struct tap *)edge)->queues.queue[queue]->fd;
}

static unsigned tap_set_queues(struct edge *edge, unsigned count)
{
	return tap_queues_use(&to_tap(edge)->queues, count);
}

/* Queue 0 counts in the edge's own. */
static void tap_counters(const struct edge *edge, struct edge_counters *counters)
{
	const struct tap_queues *queues = &((const struct tap *)edge)->queues;

	for (unsigned i = 1; i < queues->count; i++) {
		const struct edge_counters *own = &queues->queue[i]->own;

#define ADD(name) count_add(&counters->name, count_read(&own->name));
		EDGE_COUNTERS(ADD)
#undef ADD
	}
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

/*
 * What is written for a frame, in @front and at @to.
 * Return: how many pieces; 0: it cannot be sent.
 */
static int describe(const struct tap *tap, const struct frame *frame, size_t length,
		    struct tap_front *front, struct iovec *to)
{
	struct iovec *first = to;
	size_t vouched = 0;

	if (!tap->vnet) {
		if (frame->meta.mss ||
		    (frame->meta.needs_checksum &&
		     !frame_finish_checksum(frame->iov, frame->count, &frame->meta)))
			return 0;
		return (int)(put_pieces(to, frame, 0) - first);
	}
	if (!vnet_encode(frame, length, &front->header))
		return 0;
	if (front->header.flags & VIRTIO_NET_HDR_F_DATA_VALID)
		vouched = vnet_vouch(frame, length, &front->header, front->head);
	*to++ = (struct iovec){ &front->header, sizeof(front->header) };
	if (vouched)
		*to++ = (struct iovec){ front->head, vouched };
	return (int)(put_pieces(to, frame, vouched) - first);
}

static bool may_send(const struct frame *frame, size_t length)
{
	return frame->count >= 0 && frame->count <= TAP_IOV - 2 && length >= EDGE_MIN_FRAME;
}

static bool send_one(const struct tap *tap, const struct frame *frame, size_t length)
{
	struct tap_front front;
	struct iovec pieces[TAP_IOV];
	int count = describe(tap, frame, length, &front, pieces);

	return count && tap_write(tap->queues.send_fd, pieces, count);
}

static void send_singly(const struct tap *tap, const struct frame *frames, int count,
			struct edge_sent *sent)
{
	for (int i = 0; i < count; i++) {
		size_t length = frame_length(frames[i].iov, frames[i].count);

		if (may_send(&frames[i], length) && send_one(tap, &frames[i], length))
			edge_sent_frame(sent, length, frames[i].meta.mss != 0);
		else
			sent->dropped++;
	}
}

static void send_batch(const struct tap *tap, struct tap_batch *batch, const struct frame *frames,
		       int count, struct edge_sent *sent)
{
	for (int i = 0; i < count; i++) {
		size_t length = frame_length(frames[i].iov, frames[i].count);
		struct tap_front *front;
		struct iovec *at;
		int pieces = 0;

		if (may_send(&frames[i], length)) {
			front = tap_batch_room(batch, frames[i].count + 2, &at, sent);
			pieces = describe(tap, &frames[i], length, front, at);
		}
		if (pieces)
			tap_batch_put(batch, pieces, length, frames[i].meta.mss != 0);
		else
			sent->dropped++;
	}
	tap_batch_write(batch, sent);
}

/* Several threads at once: what it needs is on the stack, or in a batch that it has alone. */
static int tap_send(struct edge *edge, const struct frame *frames, int count)
{
	struct tap *tap = to_tap(edge);
	struct tap_batch *batch = count > 1 ? tap_batch_take(&tap->batches) : NULL;
	struct edge_sent sent = { 0 };

	if (batch) {
		send_batch(tap, batch, frames, count, &sent);
		tap_batch_done(batch);
	} else {
		send_singly(tap, frames, count, &sent);
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
	.receive_queue = tap_receive_queue,
	.holds = tap_holds,
	.queue_fd = tap_queue_fd,
	.set_queues = tap_set_queues,
	.counters = tap_counters,
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
	.holds = tap_holds,
	.send = tap_send,
	.set_carrier = tap_set_carrier,
	.set_mtu = tap_set_mtu,
};

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

	if (!tap_queues_open(&tap->queues, name, tap->vnet, config->queues, &tap->edge.counters,
			     tap->edge.few, error))
		return false;
	tap->edge.fd = tap->queues.queue[0]->fd;
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
		mine.offloads = (struct edge_offloads){
			.checksum = gso, .tso4 = gso, .tso6 = gso, .uso = gso
		};

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
		tap_queues_close(&tap->queues);
		free(tap);
		return NULL;
	}
	if (!config->single) {
		tap_batches_open(&tap->batches, tap->queues.send_fd);
		tap_queues_read_ahead(&tap->queues, tap->vnet);
	}
	tap->edge.change_fd = tap->control.change_fd;
	tap->edge.super_udp = tap->vnet && !tap->control.no_uso;
	return &tap->edge;
}
