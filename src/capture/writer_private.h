/* SPDX-License-Identifier: MIT */
/* The part of this folder's private functions that is about writing. */
#ifndef CAPTURE_WRITER_PRIVATE_H
#define CAPTURE_WRITER_PRIVATE_H

#include "capture/writer.h"

/* capture_put() - Return: false and errno, never 0. */
bool capture_put(struct capture_writer *writer, const void *bytes, size_t length);

bool pcapng_copy_packet(struct capture_writer *writer, const struct capture_packet *packet);
bool pcapng_copy_block(struct capture_writer *writer, const struct capture_block *block);

#endif
