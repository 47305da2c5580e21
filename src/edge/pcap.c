/* SPDX-License-Identifier: MIT */
/*
 * Capture files. As the stack: a capture taken on a sending host is read, its packets are what the
 * stack hands over, super-packets and unfinished checksums among them. As the wire: what the
 * adapter sends is written.
 */
#include <errno.h>
#include <fcntl.h>
#include <pcap/pcap.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "edge/private.h"
#include "frame/frame.h"

#define DEFAULT_MTU 1500u
#define TAG         4u
#define SNAPLEN     262144 /* what libpcap takes at most */

struct reader {
	struct edge edge;
	pcap_t *pcap;
	uint32_t mtu;
	uint32_t fcs;     /* bytes of frame check sequence that the file says frames end with */
	uint64_t packets; /* read so far, for messages */
	bool stream;      /* a pipe or a terminal: may have nothing just now */
};

struct writer {
	struct edge edge;
	pcap_t *pcap;
	pcap_dumper_t *dumper;
	uint8_t bounce[SNAPLEN]; /* scattered frames are gathered here */
};

static void reader_close(struct edge *edge)
{
	struct reader *reader = (struct reader *)edge;

	pcap_close(reader->pcap);
	free(reader);
}

/* A checksum that the sender left to its NIC holds the pseudo-header sum. */
static void check_partial(const uint8_t *frame, size_t length, const struct lso_layout *layout,
			  struct frame_meta *meta)
{
	uint16_t field, seed;

	memcpy(&field, frame + layout->l4_offset + frame_checksum_offset(layout), sizeof(field));
	seed = lso_pseudo_sum(frame, layout, (uint32_t)(length - layout->l4_offset));
	/* It can be the right checksum as well, once in 65536. */
	if (field != seed || lso_verify(frame, length).l4 == LSO_SUM_GOOD)
		return;
	meta->needs_checksum = true;
	meta->layout = *layout;
}

/*
 * What is longer than the MTU allows was to be cut to it by the NIC: the MSS is what fits in.
 * Return: false when no NIC could.
 */
static bool describe_super(const struct reader *reader, const struct lso_layout *layout,
			   struct frame_meta *meta)
{
	uint32_t headers = (uint32_t)layout->payload_offset - layout->l3_offset;

	if (layout->l4_protocol != IPPROTO_TCP || headers >= reader->mtu)
		return false;
	meta->mss =
		(uint16_t)(reader->mtu - headers > UINT16_MAX ? UINT16_MAX : reader->mtu - headers);
	meta->needs_checksum = true;
	meta->layout = *layout;
	return true;
}

/*
 * What lies behind the IP packet stays behind: a stack hands no padding over and no frame check
 * sequence, both are the NIC's.
 * Return: the frame's length, 0 when it is to be dropped.
 */
static size_t take(const struct reader *reader, const struct pcap_pkthdr *header,
		   const uint8_t *frame, const struct iovec *iov, int count,
		   struct frame_meta *meta)
{
	size_t length = header->caplen;
	struct iovec whole = { .iov_base = (void *)(uintptr_t)frame, .iov_len = length };
	struct frame_head head;
	uint16_t seed;

	if (header->len < length || length < EDGE_MIN_FRAME)
		return 0;
	frame_parse(&head, &whole, 1, length);
	/* What was cut off while it was captured may have been behind the packet. */
	length = frame_packet_end(frame, header->len, reader->fcs, &head.layout);
	if (length > header->caplen || length < EDGE_MIN_FRAME)
		return 0;
	if (length > reader->mtu + EDGE_MIN_FRAME + head.layout.vlan_tags * TAG) {
		if (head.status != LSO_OK || !describe_super(reader, &head.layout, meta))
			return 0;
	} else if (head.status == LSO_OK) {
		check_partial(frame, length, &head.layout, meta);
	}
	if (frame_write(iov, count, 0, frame, length) != length)
		return 0;
	if (meta->mss) {
		seed = lso_pseudo_sum(head.bytes, &head.layout,
				      (uint32_t)(length - head.layout.l4_offset));
		frame_write(iov, count,
			    (size_t)head.layout.l4_offset + frame_checksum_offset(&head.layout),
			    &seed, sizeof(seed));
	}
	return length;
}

static ssize_t reader_receive(struct edge *edge, const struct iovec *iov, int count,
			      struct frame_meta *meta)
{
	struct reader *reader = (struct reader *)edge;

	for (;;) {
		struct pollfd readable = { .fd = edge->fd, .events = POLLIN };
		struct pcap_pkthdr *header;
		const uint8_t *frame;
		size_t length;
		int status;

		*meta = (struct frame_meta){ 0 };
		if (edge_ended(edge))
			return -EBADMSG;
		if (reader->stream && poll(&readable, 1, 0) <= 0)
			return 0;
		status = pcap_next_ex(reader->pcap, &header, &frame);
		if (status == PCAP_ERROR_BREAK)
			return -ENODATA;
		if (status != 1) {
			edge_end(edge, "the capture is damaged after packet %llu: %s",
				 (unsigned long long)reader->packets, pcap_geterr(reader->pcap));
			return -EBADMSG;
		}
		reader->packets++;
		length = take(reader, header, frame, iov, count, meta);
		if (!length) {
			count_add(&edge->counters.rx_dropped, 1);
			continue;
		}
		edge_count_rx(edge, length, meta->mss != 0);
		return (ssize_t)length;
	}
}

/* Nobody is there to take what comes back. */
static int reader_send(struct edge *edge, const struct frame *frames, int count)
{
	struct edge_sent sent = { 0 };

	for (int i = 0; i < count; i++)
		edge_sent_frame(&sent, frame_length(frames[i].iov, frames[i].count),
				frames[i].meta.mss != 0);
	edge_count_sent(edge, &sent);
	return count;
}

static const struct edge_ops reader_ops = {
	.close = reader_close,
	.receive = reader_receive,
	.send = reader_send,
};

static FILE *open_input(const char *path, bool *stream, struct error *error)
{
	FILE *file = !strcmp(path, "-") ? fdopen(fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0), "r")
					: fopen(path, "re");
	struct stat status;

	if (!file || fstat(fileno(file), &status)) {
		error_set(error, "cannot read %s: %s", path, strerror(errno));
		if (file)
			fclose(file);
		return NULL;
	}
	if (S_ISDIR(status.st_mode)) {
		error_set(error, "%s is a directory, not a capture", path);
		fclose(file);
		return NULL;
	}
	/* Unbuffered, so that the fd tells whether a packet is there. */
	*stream = !S_ISREG(status.st_mode);
	if (*stream)
		setvbuf(file, NULL, _IONBF, 0);
	return file;
}

/* In the file it is counted in units of 16 bits (draft-ietf-opsawg-pcap 4). */
static uint32_t fcs_length(pcap_t *pcap)
{
	int ext = pcap_datalink_ext(pcap);

	return LT_FCS_LENGTH_PRESENT(ext) ? 2 * (uint32_t)LT_FCS_LENGTH(ext) : 0;
}

static bool check_capture(pcap_t *pcap, struct error *error)
{
	const char *type;

	if (pcap_datalink(pcap) == DLT_EN10MB)
		return true;
	type = pcap_datalink_val_to_name(pcap_datalink(pcap));
	error_set(error, "its link type is %s, and an adapter takes only Ethernet (EN10MB)",
		  type ? type : "unknown");
	return false;
}

static struct edge *open_reader(const char *path, const struct edge_config *config,
				struct error *error)
{
	struct reader *reader;
	char why[PCAP_ERRBUF_SIZE];
	bool stream;
	FILE *file = open_input(path, &stream, error);

	if (!file)
		return NULL;
	reader = calloc(1, sizeof(*reader));
	if (!reader) {
		fclose(file);
		return error_set(error, "out of memory");
	}
	reader->pcap = pcap_fopen_offline(file, why);
	if (!reader->pcap) {
		error_set(error, "this is not a pcap or pcapng capture (%s)", why);
		fclose(file);
		free(reader);
		return NULL;
	}
	reader->edge.ops = &reader_ops;
	reader->edge.fd = stream ? fileno(pcap_file(reader->pcap)) : -1;
	reader->edge.change_fd = -1;
	reader->edge.super_packets = true;
	reader->edge.finite = true;
	reader->stream = stream;
	reader->mtu = config->mtu ? config->mtu : DEFAULT_MTU;
	reader->fcs = fcs_length(reader->pcap);
	if (!check_capture(reader->pcap, error)) {
		reader_close(&reader->edge);
		return NULL;
	}
	return &reader->edge;
}

static void writer_close(struct edge *edge)
{
	struct writer *writer = (struct writer *)edge;

	if (writer->dumper)
		pcap_dump_close(writer->dumper);
	if (writer->pcap)
		pcap_close(writer->pcap);
	free(writer);
}

static ssize_t writer_receive(struct edge *edge, const struct iovec *iov, int count,
			      struct frame_meta *meta)
{
	*meta = (struct frame_meta){ 0 };
	return 0;
}

/* The frame in one piece. Return: NULL when it cannot be written as it is to be on the wire. */
static const uint8_t *gather(struct writer *writer, const struct frame *frame, size_t length)
{
	const struct frame_meta *meta = &frame->meta;

	if (length < EDGE_MIN_FRAME || length > SNAPLEN || meta->mss)
		return NULL;
	if (meta->needs_checksum && !frame_finish_checksum(frame->iov, frame->count, meta))
		return NULL;
	if (frame->count == 1)
		return frame->iov[0].iov_base;
	frame_read(frame->iov, frame->count, 0, writer->bounce, length);
	return writer->bounce;
}

static int writer_send(struct edge *edge, const struct frame *frames, int count)
{
	struct writer *writer = (struct writer *)edge;
	FILE *file = pcap_dump_file(writer->dumper);

	for (int i = 0; i < count; i++) {
		size_t length = frame_length(frames[i].iov, frames[i].count);
		const uint8_t *frame = gather(writer, &frames[i], length);
		struct pcap_pkthdr header = { .caplen = (uint32_t)length, .len = (uint32_t)length };
		struct timespec now;

		if (!frame || ferror(file)) {
			count_add(&edge->counters.tx_dropped, 1);
			continue;
		}
		clock_gettime(CLOCK_REALTIME, &now);
		header.ts.tv_sec = now.tv_sec;
		/* In a file of nanoseconds the field holds nanoseconds. */
		header.ts.tv_usec = now.tv_nsec;
		pcap_dump((u_char *)writer->dumper, &header, frame);
		edge_count_tx(edge, length, false);
	}
	if (pcap_dump_flush(writer->dumper))
		edge_end(edge, "cannot write: %s", strerror(errno));
	return count;
}

static const struct edge_ops writer_ops = {
	.close = writer_close,
	.receive = writer_receive,
	.send = writer_send,
};

static struct edge *open_writer(const char *path, struct error *error)
{
	struct writer *writer = calloc(1, sizeof(*writer));
	FILE *file;

	if (!writer)
		return error_set(error, "out of memory");
	writer->edge.ops = &writer_ops;
	writer->edge.fd = -1;
	writer->edge.change_fd = -1;
	writer->pcap = pcap_open_dead_with_tstamp_precision(DLT_EN10MB, SNAPLEN,
							    PCAP_TSTAMP_PRECISION_NANO);
	if (!writer->pcap) {
		free(writer);
		return error_set(error, "out of memory");
	}
	file = !strcmp(path, "-") ? fdopen(fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0), "w")
				  : fopen(path, "we");
	if (!file)
		error_set(error, "cannot write %s: %s", path, strerror(errno));
	else
		writer->dumper = pcap_dump_fopen(writer->pcap, file);
	if (file && !writer->dumper) {
		error_set(error, "cannot write %s: %s", path, pcap_geterr(writer->pcap));
		fclose(file);
	}
	if (!writer->dumper || pcap_dump_flush(writer->dumper)) {
		if (writer->dumper)
			error_set(error, "cannot write %s: %s", path, strerror(errno));
		writer_close(&writer->edge);
		return NULL;
	}
	return &writer->edge;
}

struct edge *edge_pcap_open(const char *argument, const struct edge_config *config,
			    struct error *error)
{
	if (!*argument)
		return error_set(error, "the file's name is missing; '-' is the standard %s",
				 config->role == EDGE_STACK ? "input" : "output");
	return config->role == EDGE_STACK ? open_reader(argument, config, error)
					  : open_writer(argument, error);
}
