/* SPDX-License-Identifier: MIT */
/* Frames kept in memory, first in, first out; what an edge or a wire in memory is made of. */
#ifndef TESTS_STAGE_FRAME_STORE_H
#define TESTS_STAGE_FRAME_STORE_H

#include <pthread.h>
#include <stdbool.h>

#include "frame/frame.h"

#define FRAME_STORE_ROOM 4096

struct kept_frame {
	uint8_t *bytes;
	size_t length;
	struct frame_meta meta;
	unsigned batch; /* which call it came with, from 0 */
};

/* All frames since the last frame_store_forget(); those before @first have been taken. */
struct frame_store {
	pthread_mutex_t lock;
	struct kept_frame frames[FRAME_STORE_ROOM];
	unsigned first, count;
	unsigned batches;
};

void frame_store_init(struct frame_store *store);
void frame_store_destroy(struct frame_store *store);

/*
 * frame_store_add() - keep a copy
 * Return: false: there is no room, and the frame is lost.
 */
bool frame_store_add(struct frame_store *store, const struct iovec *iov, int count,
		     const struct frame_meta *meta);
/* frame_store_batch_ends() - what is added from now on came with another call. */
void frame_store_batch_ends(struct frame_store *store);

/*
 * frame_store_take() - the oldest frame that has not been taken
 * Return: its length, of which as much is in @iov as there is room for; 0: none.
 */
size_t frame_store_take(struct frame_store *store, const struct iovec *iov, int count,
			struct frame_meta *meta);

/* How many have been added, and how many of them are still to be taken. */
unsigned frame_store_count(struct frame_store *store);
unsigned frame_store_left(struct frame_store *store);

/* frame_store_await() - until so many have been added; _taken(): until none is left. Ten seconds.
 */
void frame_store_await(struct frame_store *store, unsigned count);
void frame_store_await_taken(struct frame_store *store);

void frame_store_forget(struct frame_store *store);

#endif
