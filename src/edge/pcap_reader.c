/* SPDX-License-Identifier: MIT */
/*
 * A capture as the stack: what a sending host handed to its NIC is handed to the adapter. What a
 * stack would not give to any NIC whole is cut here (src/segment), and each packet of the file is
 * sent or counted by why it was not.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/stream.h"
#include "base/text.h"
#include "capture/capture.h"
#include "capture/link.h"
#include "edge/pcap.h"
#include "segment/frame.h"

#define DEFAULT_MTU 1500u

/* Written by the thread that receives, read by any. */
struct reader_counts {
	counter packets;
	counter cut;   /* super-packets that no NIC takes whole */
	counter guess; /* of these, with datagrams of a size that nothing tells */
	counter refused[SEGMENT_NAMES][SEGMENT_REASONS];
	counter partial, link, small, large;
	counter wrong, length, no_end; /* sent as they are */
};

struct reader {
	struct edge edge;
	FILE *file;
	struct capture_reader *capture;
	struct segment_rules rules;
	struct lso_segmenter segmenter;
	struct iovec whole; /* the packet that it cuts */
	bool cutting;       /* it has more segments */
	uint8_t *packet;    /* a copy of the one that was read */
	size_t room;        /* of @packet, bytes */
	uint8_t *frame;     /* room for one segment */
	struct reader_counts counts;
};

static void reader_close(struct edge *edge)
{
	struct reader *reader = (struct reader *)edge;

	capture_close(reader->capture);
	if (reader->file)
		fclose(reader->file);
	flow_table_free(reader->rules.flows);
	free(reader->packet);
	free(reader->frame);
	free(reader);
}

static bool copy_packet(struct reader *reader, const struct capture_packet *packet)
{
	if (packet->captured > reader->room) {
		uint8_t *more = realloc(reader->packet, packet->captured);

		if (!more)
			return false;
		reader->packet = more;
		reader->room = packet->captured;
	}
	memcpy(reader->packet, packet->bytes, packet->captured);
	return true;
}

static size_t lose(counter *why)
{
	count_add(why, 1);
	return 0;
}

/* give() - a frame into the datapath's memory. Return: its length, 0: there is no room for it */
static size_t give(struct reader *reader, const uint8_t *frame, size_t length,
		   const struct iovec *iov, int count)
{
	if (frame_write(iov, count, 0, frame, length) == length)
		return length;
	return lose(&reader->counts.large);
}

static size_t give_segment(struct reader *reader, const struct iovec *iov, int count)
{
	size_t length = lso_next(&reader->segmenter, reader->frame), given;

	reader->cutting = length != 0;
	if (!length)
		return 0;
	given = give(reader, reader->frame, length, iov, count);
	if (!given)
		count_add(&reader->edge.counters.rx_dropped, 1);
	return given;
}

static void begin_cut(struct reader *reader, const struct segment_result *result)
{
	reader->cutting = true;
	count_add(&reader->counts.cut, 1);
	count_add(&reader->counts.guess, result->guessed);
}

static size_t give_packet(struct reader *reader, const struct segment_result *result,
			  const struct iovec *iov, int count, struct frame_meta *meta)
{
	size_t length = give(reader, reader->packet, result->end, iov, count);

	if (!length || !(result->left || result->fate == FATE_WHOLE))
		return length;
	meta->needs_checksum = true;
	meta->layout = result->layout;
	if (result->fate == FATE_WHOLE)
		meta->mss = (uint16_t)result->mss;
	return length;
}

/*
 * take() - what becomes of a packet that was read
 * Return: the frame's length, 0 when there is none: it was counted by why, or is to be cut.
 */
static size_t take(struct reader *reader, const struct capture_packet *packet,
		   const struct iovec *iov, int count, struct frame_meta *meta)
{
	struct reader_counts *counts = &reader->counts;
	struct segment_result result;

	if (packet->interface->link != CAPTURE_ETHERNET)
		return lose(&counts->link);
	if (packet->captured < EDGE_MIN_FRAME || packet->length < EDGE_MIN_FRAME)
		return lose(&counts->small);
	if (!copy_packet(reader, packet))
		return lose(&counts->large);
	reader->rules.fcs = packet->fcs;
	reader->rules.nic_room = frame_length(iov, count);
	result = segment_begin(&reader->rules, reader->packet, packet->captured, packet->length, 0,
			       &reader->whole, &reader->segmenter);
	switch (result.fate) {
	case FATE_CUT:
		begin_cut(reader, &result);
		return 0;
	case FATE_PARTIAL:
		return lose(&counts->partial);
	case FATE_REFUSED:
		return lose(&counts->refused[result.name][result.status]);
	case FATE_WRONG:
		count_add(&counts->wrong, 1);
		break;
	case FATE_LENGTH:
		count_add(&counts->length, 1);
		break;
	case FATE_NO_END:
		count_add(&counts->no_end, 1);
		break;
	default:
		break;
	}
	return give_packet(reader, &result, iov, count, meta);
}

/* @number: errno; EINTR is the stream's word that the run ends, which it can see before the host.
 */
static int damaged(struct reader *reader, const struct error *why, int number)
{
	/* The run ends, and what was waited for did not come. */
	if (number == EINTR || atomic_load(&reader->edge.stopping))
		return -ENODATA;
	edge_end(&reader->edge, "the capture is damaged after packet %" PRIu64 ": %s",
		 count_read(&reader->counts.packets), why->text);
	return -EBADMSG;
}

static ssize_t given(struct reader *reader, size_t length, const struct frame_meta *meta)
{
	edge_count_rx(&reader->edge.counters, length, meta->mss != 0);
	return (ssize_t)length;
}

static ssize_t reader_receive(struct edge *edge, const struct iovec *iov, int count,
			      struct frame_meta *meta)
{
	struct reader *reader = (struct reader *)edge;

	*meta = (struct frame_meta){ 0 };
	for (;;) {
		struct pollfd readable = { .fd = edge->fd, .events = POLLIN };
		struct capture_packet packet;
		struct capture_block block;
		struct error why = { "" };
		enum capture_result result;
		size_t length;

		if (edge_ended(edge))
			return -EBADMSG;
		if (reader->cutting) {
			length = give_segment(reader, iov, count);
			if (length)
				return given(reader, length, meta);
			continue;
		}
		if (edge->fd >= 0 && poll(&readable, 1, 0) <= 0)
			return 0;
		errno = 0;
		result = capture_next(reader->capture, &packet, &block, &why);
		if (result == CAPTURE_END)
			return -ENODATA;
		if (result == CAPTURE_ERROR)
			return damaged(reader, &why, errno);
		if (result == CAPTURE_BLOCK)
			continue;
		count_add(&reader->counts.packets, 1);
		length = take(reader, &packet, iov, count, meta);
		if (length)
			return given(reader, length, meta);
		if (!reader->cutting)
			count_add(&edge->counters.rx_dropped, 1);
	}
}

static void say(struct text *text, const counter *count, const char *what)
{
	text_add_count(text, count_read(count), what);
}

static void say_refused(struct text *text, const counter *count, enum segment_name name,
			enum lso_status status)
{
	char room[120], what[160];

	snprintf(what, sizeof(what), "too long and %s",
		 segment_refusal_text(name, status, room, sizeof(room)));
	say(text, count, what);
}

static void reader_account(struct edge *edge, struct edge_account *account)
{
	struct reader *reader = (struct reader *)edge;
	struct reader_counts *counts = &reader->counts;
	struct text why = text_in(account->why, sizeof(account->why));
	struct text notes = text_in(account->notes, sizeof(account->notes));

	account->packets = count_read(&counts->packets);
	account->cut = count_read(&counts->cut);
	account->lost = count_read(&edge->counters.rx_dropped);
	say(&why, &counts->partial, "not captured whole");
	for (int i = 0; i < SEGMENT_NAMES * SEGMENT_REASONS; i++)
		say_refused(&why, &counts->refused[i / SEGMENT_REASONS][i % SEGMENT_REASONS],
			    (enum segment_name)(i / SEGMENT_REASONS),
			    (enum lso_status)(i % SEGMENT_REASONS));
	say(&why, &counts->link, "without an Ethernet header");
	say(&why, &counts->small, "shorter than an Ethernet header");
	say(&why, &counts->large, "too large for the datapath");
	say(&notes, &counts->wrong, "with a wrong checksum");
	say(&notes, &counts->length, "with a wrong length of IP or UDP");
	say(&notes, &counts->no_end, "without a length and with zeros that may be padding");
	say(&notes, &counts->guess, "cut into datagrams by guess");
}

static const struct edge_ops reader_ops = {
	.close = reader_close,
	.receive = reader_receive,
	.send = edge_swallow, /* nobody is there to take what comes back */
	.account = reader_account,
};

static int open_descriptor(struct reader *reader, const char *path, bool *stream)
{
	struct stat status;
	int fd;

	if (strcmp(path, "-") == 0)
		fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
	else
		fd = stream_open_path(path, false, &reader->edge.stopping);
	if (fd < 0)
		return -1;
	if (fstat(fd, &status) == 0) {
		*stream = !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
		if (!S_ISDIR(status.st_mode))
			return fd;
		errno = EISDIR;
	}
	close(fd);
	return -1;
}

static bool open_input(struct reader *reader, const char *path, struct error *error)
{
	bool stream = false;
	int fd = open_descriptor(reader, path, &stream);

	if (fd < 0 && errno == EISDIR)
		return error_set(error, "%s is a directory, not a capture", path);
	if (fd >= 0)
		reader->file =
			stream ? stream_file(fd, false, &reader->edge.stopping) : fdopen(fd, "r");
	if (!reader->file) {
		error_set(error, "cannot read %s: %s", path, strerror(errno));
		if (fd >= 0)
			close(fd);
		return false;
	}
	/* Unbuffered, so that the fd tells whether a packet is there. */
	if (stream)
		setvbuf(reader->file, NULL, _IONBF, 0);
	reader->edge.fd = stream ? fd : -1;
	return true;
}

static bool open_capture(struct reader *reader, struct error *error)
{
	const struct capture_interface *only;
	char room[CAPTURE_NAME_ROOM];
	struct error why = { "" };

	reader->capture = capture_open(reader->file, &why);
	if (!reader->capture)
		return error_set(error, "this is not a pcap or pcapng capture (%s)", why.text);
	only = capture_only_interface(reader->capture);
	if (only && only->link != CAPTURE_ETHERNET)
		return error_set(error,
				 "its link type is %s, and an adapter takes only Ethernet (EN10MB)",
				 capture_link_name(only->link, room));
	return true;
}

struct edge *edge_pcap_reader(const char *path, const struct edge_config *config,
			      struct error *error)
{
	struct reader *reader = aligned_alloc(_Alignof(struct reader), sizeof(*reader));

	if (!reader)
		return error_set(error, "out of memory");
	memset(reader, 0, sizeof(*reader));
	reader->edge.ops = &reader_ops;
	reader->edge.fd = -1;
	reader->edge.change_fd = -1;
	reader->edge.super_packets = true;
	reader->edge.finite = true;
	/* An adapter's MTU bounds all; within it the handshakes tell. */
	reader->rules = (struct segment_rules){ .mtu = config->mtu ? config->mtu : DEFAULT_MTU,
						.mtu_told = true,
						.handshake = true,
						.ip_id = LSO_IP_ID_NDIS,
						.flows = flow_table_create() };
	reader->frame = malloc(65535 + LSO_MAX_HEADERS);
	if (!reader->rules.flows || !reader->frame)
		error_set(error, "out of memory");
	else if (open_input(reader, path, error) && open_capture(reader, error))
		return &reader->edge;
	reader_close(&reader->edge);
	return NULL;
}
