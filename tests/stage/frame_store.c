/* SPDX-License-Identifier: MIT */
#include "frame_store.h"

#include <unistd.h>

#include "test.h"

#define PATIENCE_MS 10000

void frame_store_init(struct frame_store *s)
{
	memset(s, 0, sizeof(*s));
	pthread_mutex_init(&s->lock, NULL);
}

void frame_store_destroy(struct frame_store *s)
{
	frame_store_forget(s);
	pthread_mutex_destroy(&s->lock);
}

/* A frame that has been taken stays until its place is needed. */
static struct kept_frame *room_for(struct frame_store *s, size_t length)
{
	struct kept_frame *f = &s->frames[s->count % FRAME_STORE_ROOM];

	if (s->count - s->first == FRAME_STORE_ROOM)
		return NULL;
	free(f->bytes);
	*f = (struct kept_frame){ .bytes = malloc(length ? length : 1), .length = length };
	if (!f->bytes)
		abort();
	s->count++;
	return f;
}

bool frame_store_add(struct frame_store *s, const struct iovec *iov, int count,
		     const struct frame_meta *meta)
{
	size_t length = frame_length(iov, count);
	struct kept_frame *f;

	pthread_mutex_lock(&s->lock);
	f = room_for(s, length);
	if (f) {
		frame_read(iov, count, 0, f->bytes, length);
		f->meta = meta ? *meta : (struct frame_meta){ 0 };
		f->batch = s->batches;
	}
	pthread_mutex_unlock(&s->lock);
	return f;
}

void frame_store_batch_ends(struct frame_store *s)
{
	pthread_mutex_lock(&s->lock);
	s->batches++;
	pthread_mutex_unlock(&s->lock);
}

size_t frame_store_take(struct frame_store *s, const struct iovec *iov, int count,
			struct frame_meta *meta)
{
	size_t length = 0;

	pthread_mutex_lock(&s->lock);
	if (s->first != s->count) {
		struct kept_frame *f = &s->frames[s->first++ % FRAME_STORE_ROOM];

		frame_write(iov, count, 0, f->bytes, f->length);
		*meta = f->meta;
		length = f->length;
	}
	pthread_mutex_unlock(&s->lock);
	return length;
}

unsigned frame_store_count(struct frame_store *s)
{
	unsigned count;

	pthread_mutex_lock(&s->lock);
	count = s->count;
	pthread_mutex_unlock(&s->lock);
	return count;
}

unsigned frame_store_left(struct frame_store *s)
{
	unsigned left;

	pthread_mutex_lock(&s->lock);
	left = s->count - s->first;
	pthread_mutex_unlock(&s->lock);
	return left;
}

void frame_store_await(struct frame_store *s, unsigned count)
{
	for (unsigned i = 0; i < PATIENCE_MS && frame_store_count(s) < count; i++)
		usleep(1000);
	if (frame_store_count(s) < count)
		fail_msg("%u frames have come of %u", frame_store_count(s), count);
}

void frame_store_await_taken(struct frame_store *s)
{
	for (unsigned i = 0; i < PATIENCE_MS && frame_store_left(s); i++)
		usleep(1000);
	if (frame_store_left(s))
		fail_msg("%u frames have not been taken", frame_store_left(s));
}

void frame_store_forget(struct frame_store *s)
{
	pthread_mutex_lock(&s->lock);
	for (unsigned i = 0; i < FRAME_STORE_ROOM; i++) {
		free(s->frames[i].bytes);
		s->frames[i].bytes = NULL;
	}
	s->first = s->count = 0;
	pthread_mutex_unlock(&s->lock);
}
