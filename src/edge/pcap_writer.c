/* SPDX-License-Identifier: MIT */
/* A capture as the wire: what the adapter sends is written. */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/output.h"
#include "capture/link.h"
#include "capture/writer.h"
#include "edge/pcap.h"
#include "frame/frame.h"

#define LONGEST 262144u /* bytes of a frame: what readers take at most */

struct writer {
	struct edge edge;
	pthread_mutex_t lock; /* of those who send; guards all below */
	struct output output;
	struct capture_writer capture;
	struct capture_interface interface;
	uint64_t written;        /* bytes of whole frames that are in the file */
	uint8_t bounce[LONGEST]; /* scattered frames are gathered here */
};

/* What is in it at the end of a run that did not get as far as to send is not worth a file. */
static void writer_close(struct edge *edge)
{
	struct writer *writer = (struct writer *)edge;

	if (count_read(&edge->counters.tx_frames))
		output_close(&writer->output, false);
	else
		output_discard(&writer->output);
	pthread_mutex_destroy(&writer->lock);
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

	if (length < EDGE_MIN_FRAME || length > LONGEST || meta->mss)
		return NULL;
	if (meta->needs_checksum && !frame_finish_checksum(frame->iov, frame->count, meta))
		return NULL;
	if (frame->count == 1)
		return frame->iov[0].iov_base;
	frame_read(frame->iov, frame->count, 0, writer->bounce, length);
	return writer->bounce;
}

static void fail(struct writer *writer, int number)
{
	edge_end(&writer->edge, "cannot write: %s",
		 number == EINTR ? "its reader takes nothing" : strerror(number));
}

static bool write_frame(struct writer *writer, const uint8_t *bytes, size_t length)
{
	struct capture_packet packet = { .bytes = bytes,
					 .captured = (uint32_t)length,
					 .length = (uint32_t)length,
					 .interface = &writer->interface };
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	packet.time = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
	if (capture_write_packet(&writer->capture, &packet))
		return true;
	fail(writer, errno);
	return false;
}

static void flush(struct writer *writer)
{
	if (fflush(writer->output.file) != 0)
		fail(writer, errno);
	else if (writer->output.regular)
		writer->written = (uint64_t)ftello(writer->output.file);
}

static int writer_send(struct edge *edge, const struct frame *frames, int count)
{
	struct writer *writer = (struct writer *)edge;

	pthread_mutex_lock(&writer->lock);
	for (int i = 0; i < count; i++) {
		size_t length = frame_length(frames[i].iov, frames[i].count);
		const uint8_t *frame = gather(writer, &frames[i], length);

		if (!frame || edge_ended(edge) || !writer->output.file ||
		    !write_frame(writer, frame, length))
			count_add(&edge->counters.tx_dropped, 1);
		else
			edge_count_tx(edge, length, false);
	}
	/* Whoever looks now finds whole packets. */
	if (!edge_ended(edge) && writer->output.file)
		flush(writer);
	pthread_mutex_unlock(&writer->lock);
	return count;
}

static void writer_finish(struct edge *edge, bool whole)
{
	struct writer *writer = (struct writer *)edge;

	/* Of a run that cannot be made again the frames until then are worth to be kept. */
	if (edge_ended(edge))
		output_keep(&writer->output, writer->written);
	else if (!output_close(&writer->output, whole))
		fail(writer, errno);
}

static const struct edge_ops writer_ops = {
	.close = writer_close,
	.receive = writer_receive,
	.send = writer_send,
	.finish = writer_finish,
};

struct edge *edge_pcap_writer(const char *path, struct error *error)
{
	struct writer *writer = calloc(1, sizeof(*writer));

	if (!writer)
		return error_set(error, "out of memory");
	writer->edge.ops = &writer_ops;
	writer->edge.fd = -1;
	writer->edge.change_fd = -1;
	pthread_mutex_init(&writer->lock, NULL);
	writer->interface = (struct capture_interface){ .link = CAPTURE_ETHERNET,
							.snap = LONGEST,
							.resolution = 9 };
	if (!output_open(&writer->output, path, &writer->edge.stopping)) {
		error_set(error, "cannot write %s: %s", path, strerror(errno));
		free(writer);
		return NULL;
	}
	writer->capture = (struct capture_writer){ .file = writer->output.file,
						   .format = CAPTURE_FORMAT_PCAP };
	if (!capture_write_head(&writer->capture, &writer->interface) ||
	    fflush(writer->output.file) != 0) {
		error_set(error, "cannot write %s: %s", path, strerror(errno));
		writer_close(&writer->edge);
		return NULL;
	}
	flush(writer);
	return &writer->edge;
}
