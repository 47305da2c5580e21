/* SPDX-License-Identifier: MIT */
/*
 * Pipes, terminals and devices as a FILE: they keep their reader or writer waiting for as long as
 * the other side likes, and this waiting ends when it is to. Signals that are blocked, because a
 * thread of its own takes them, do not end a read(2).
 */
#ifndef BASE_STREAM_H
#define BASE_STREAM_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>

/*
 * stream_open_path() - open(2) that waits for a FIFO's other side
 * @stop: set by another thread when there is to be no more waiting; NULL: nobody does
 * Return: a descriptor, or -1 and errno: EINTR when the waiting ended with @stop or with a blocked
 * SIGINT or SIGTERM that is pending.
 */
int stream_open_path(const char *path, bool to_write, const _Atomic bool *stop);

/*
 * stream_file() - a FILE whose reads and writes wait so
 * @fd:   closed with the file
 * @stop: lives as long as the file
 * Return: NULL and errno; then @fd is still open.
 */
FILE *stream_file(int fd, bool to_write, const _Atomic bool *stop);

#endif
