/* SPDX-License-Identifier: MIT */
/*
 * Transmit queues by 802.1p priority. One thread reads the stack edge, that of priority 0; what
 * belongs to another queue is copied into that queue's list, whose thread takes it as if it had
 * read it. Nearly all frames have priority 0, or no tag, and pay nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "datapath/private.h"

#define TAG_OFFSET    12u /* behind both addresses */
#define TAG_BYTES     4u
#define PRIORITY_BITS 13 /* of the tag control information, IEEE 802.1Q 9.6 */

/* A live stack's frames for a queue whose driver does not send wait so many; then they are lost. */
#define MOST_HANDED 512u

struct dp_handed {
	struct dp_handed *next;
	struct frame_meta meta;
	size_t length;
	uint8_t bytes[];
};

void dp_demux_init(struct dp_tx *tx)
{
	pthread_mutex_init(&tx->handed.lock, NULL);
	tx->handed.last = &tx->handed.first;
	tx->handed.idle = true;
}

void dp_demux_destroy(struct dp_tx *tx)
{
	while (tx->handed.first) {
		struct dp_handed *frame = tx->handed.first;

		tx->handed.first = frame->next;
		count_add(&tx->counters->dropped, 1);
		free(frame);
	}
	pthread_mutex_destroy(&tx->handed.lock);
}

unsigned dp_priority(const struct iovec *frame, int count, size_t length)
{
	uint8_t tag[TAG_BYTES];

	if (length < TAG_OFFSET + TAG_BYTES ||
	    frame_read(frame, count, TAG_OFFSET, tag, sizeof(tag)) != sizeof(tag))
		return 0;
	switch (load_be16(tag)) {
	case 0x8100: /* 802.1Q, and 802.1ad's outer tag */
	case 0x88a8:
		return load_be16(tag + 2) >> PRIORITY_BITS;
	default:
		return 0;
	}
}

static struct dp_handed *copy_of(const struct iovec *frame, int count, size_t length,
				 const struct frame_meta *meta)
{
	struct dp_handed *copy = malloc(sizeof(*copy) + length);

	if (!copy)
		return NULL;
	copy->next = NULL;
	copy->meta = *meta;
	copy->length = length;
	frame_read(frame, count, 0, copy->bytes, length);
	return copy;
}

bool dp_hand_over(struct dp_tx *to, const struct iovec *frame, int count, size_t length,
		  const struct frame_meta *meta)
{
	struct dp_handed *copy = copy_of(frame, count, length, meta);
	bool taken;

	pthread_mutex_lock(&to->handed.lock);
	taken = copy && to->handed.count < MOST_HANDED;
	if (taken) {
		*to->handed.last = copy;
		to->handed.last = &copy->next;
		to->handed.count++;
		to->handed.idle = false;
	}
	pthread_mutex_unlock(&to->handed.lock);
	if (taken)
		dp_thread_wake(&to->thread);
	else
		free(copy);
	return taken;
}

size_t dp_take_handed(struct dp_tx *tx, const struct iovec *room, int count,
		      struct frame_meta *meta)
{
	struct dp_handed *frame;
	size_t length;

	pthread_mutex_lock(&tx->handed.lock);
	frame = tx->handed.first;
	if (frame) {
		tx->handed.first = frame->next;
		tx->handed.count--;
		if (!frame->next)
			tx->handed.last = &tx->handed.first;
	}
	pthread_mutex_unlock(&tx->handed.lock);
	if (!frame)
		return 0;
	length = frame_write(room, count, 0, frame->bytes, frame->length);
	*meta = frame->meta;
	free(frame);
	return length;
}

/* The reader waits for it at the end of a finite edge. */
void dp_note_idle(struct dp_tx *tx)
{
	struct dp_tx *reader = tx->dp->tx[0];
	bool news;

	pthread_mutex_lock(&tx->handed.lock);
	news = !tx->handed.idle && !tx->handed.first;
	if (news)
		tx->handed.idle = true;
	pthread_mutex_unlock(&tx->handed.lock);
	if (news && tx->dp->config.stack->finite)
		dp_thread_wake(&reader->thread);
}

bool dp_others_idle(struct dp *dp)
{
	bool idle = true;

	for (unsigned i = 1; idle && i < dp->tx_count; i++) {
		struct dp_tx *tx = dp->tx[i];

		pthread_mutex_lock(&tx->handed.lock);
		idle = tx->handed.idle;
		pthread_mutex_unlock(&tx->handed.lock);
	}
	return idle;
}

bool dp_others_full(struct dp *dp)
{
	bool full = false;

	for (unsigned i = 1; !full && i < dp->tx_count; i++) {
		struct dp_tx *tx = dp->tx[i];

		pthread_mutex_lock(&tx->handed.lock);
		full = tx->handed.count >= MOST_HANDED;
		pthread_mutex_unlock(&tx->handed.lock);
	}
	return full;
}
