/* SPDX-License-Identifier: MIT */
/*
 * Capture files, read and written one record after the other, so that pipes do as well as files:
 * pcap (draft-ietf-opsawg-pcap) in both byte orders, with micro- and nanoseconds, also as patched
 * by Kuznetzov; pcapng (draft-ietf-opsawg-pcapng) with all its sections and interfaces. What a file
 * says is checked; no more memory is taken than what is there.
 */
#ifndef CAPTURE_CAPTURE_H
#define CAPTURE_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/error.h"

/* Bytes of a packet: more is damage. libpcap's limit for USB, the largest of any link type. */
#define CAPTURE_LARGEST (128u << 20)

enum capture_format { CAPTURE_FORMAT_PCAP, CAPTURE_FORMAT_PCAPNG };

/* What packets came from: an interface of a pcapng section, or all of a pcap file. The reader's. */
struct capture_interface {
	uint32_t number;    /* in its section, from 0 */
	uint16_t link;      /* LINKTYPE_*, see capture_link_name() */
	uint32_t snap;      /* bytes, 0: no limit; packets that are longer all the same are whole */
	uint32_t fcs;       /* bytes of frame check sequence that packets end with, 0: not known */
	uint8_t resolution; /* as if_tsresol: a time's unit is 10^-n s, with 0x80 2^-n s */
	int64_t offset;     /* seconds, to be added to all times */
};

/*
 * A block of pcapng as it lies in the file. What the writer needs of one that holds a packet is
 * here as well. The bytes are the reader's, until its next call.
 */
struct capture_block {
	uint32_t type;
	const uint8_t *bytes; /* with type and lengths */
	size_t length;        /* a multiple of 4, at least 12 */
	bool swapped;         /* its numbers are not in this machine's byte order */
	const uint8_t *options;
	size_t options_length; /* of a packet's block, 0: none */
};

/* A packet and what the file says of it. Whoever writes it on may change what is not const. */
struct capture_packet {
	const uint8_t *bytes;
	uint32_t captured; /* bytes that are there */
	uint32_t length;   /* bytes that it had */
	uint64_t time;     /* in the interface's units, see capture_time(); 0 when not known */
	uint32_t fcs;      /* as the interface's, or what the packet itself says */
	const struct capture_interface *interface;
	const struct capture_block *block; /* NULL in pcap */
	/* For the writer: the bytes are not those that were read, this is not the first part. */
	bool changed, further;
};

enum capture_result { CAPTURE_ERROR = -1, CAPTURE_END, CAPTURE_PACKET, CAPTURE_BLOCK };

struct capture_reader;

/*
 * capture_open() - begin to read, which tells the format
 * @file: at its beginning; the caller's, who closes it after capture_close(). Of a
 *        regular file more is read than is asked for; of any other nothing, so that the descriptor
 *        of an unbuffered one tells whether more is there
 * Return: NULL after error_set(), which says what it is when it is another known format.
 */
struct capture_reader *capture_open(FILE *file, struct error *error);

/* capture_close() - @reader may be NULL. */
void capture_close(struct capture_reader *reader);

enum capture_format capture_format(const struct capture_reader *reader);

/* capture_only_interface() - the one of a pcap file; NULL in pcapng, where packets tell */
const struct capture_interface *capture_only_interface(const struct capture_reader *reader);

/* capture_position() - bytes so far, to the end of what was read last */
uint64_t capture_position(const struct capture_reader *reader);

/*
 * capture_next() - the next packet, or the next block of pcapng that is none
 * @packet: for CAPTURE_PACKET; valid, with all that it points to, until the next call
 * @block:  for CAPTURE_BLOCK, which a pcapng writer wants in this order; NULL: they are skipped,
 *          for whoever may wait in vain for a packet behind them
 * Return: after CAPTURE_ERROR, with the place in @error, what was read before is good and no more
 * can be read.
 */
enum capture_result capture_next(struct capture_reader *reader, struct capture_packet *packet,
				 struct capture_block *block, struct error *error);

/* When: seconds since 1970, and what is left in nanoseconds, cut off there. */
struct capture_time {
	int64_t seconds;
	uint32_t nanoseconds;
};

struct capture_time capture_time(const struct capture_packet *packet);

#endif
