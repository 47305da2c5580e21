/* SPDX-License-Identifier: MIT */
/*
 * Frames of a TAP that are read together (tap_ring.h), before they are asked for: as many as there
 * were the last time, twice as many when there may have been more. They are copied once more, which
 * is much less than a system call as long as they are short: after a long one, none is read ahead.
 */
#ifndef EDGE_TAP_AHEAD_H
#define EDGE_TAP_AHEAD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Owned by a queue of the edge; its receiving thread's. */
struct tap_ahead;

/*
 * tap_ahead_open() - of @fd, which is open until it is closed
 * @header: bytes in front of each frame, 16 at most
 * Return: NULL: there is none.
 */
struct tap_ahead *tap_ahead_open(int fd, size_t header);
void tap_ahead_close(struct tap_ahead *ahead);

/*
 * tap_ahead_next() - the next frame
 * @at:    where it begins, header and all, until the next call; what is behind the header is
 *         aligned as malloc() aligns
 * Return: bytes, with the header; 0: none is there now; -errno: what the kernel said instead of
 * one; -EALREADY: none has been read, since the last one was long, or one of few: read the next one
 * where it is to be, and say by tap_ahead_came() what came of that.
 */
ssize_t tap_ahead_next(struct tap_ahead *ahead, uint8_t **at);

/* @length: of a frame, or 0 or -errno */
void tap_ahead_came(struct tap_ahead *ahead, ssize_t length);

/* tap_ahead_held() - how many tap_ahead_next() will have without asking the kernel */
unsigned tap_ahead_held(const struct tap_ahead *ahead);

/* tap_ahead_forget() - they are lost. Return: how many were. */
unsigned tap_ahead_forget(struct tap_ahead *ahead);

#endif
