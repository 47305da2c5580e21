/* SPDX-License-Identifier: MIT */
/* What the files of this folder share. */
#ifndef CAPTURE_PRIVATE_H
#define CAPTURE_PRIVATE_H

#include <byteswap.h>
#include <string.h>

#include "capture/capture.h"

#define PCAP_MICROSECONDS 0xa1b2c3d4u
#define PCAP_NANOSECONDS  0xa1b23c4du
#define PCAP_KUZNETZOV    0xa1b2cd34u /* Linux patches of the 1990s; 8 bytes more a record */

/* pcapng 4: types of blocks, options of all and of some of them */
#define BLOCK_SECTION        0x0a0d0d0au
#define BLOCK_INTERFACE      1u
#define BLOCK_PACKET         2u /* obsolete */
#define BLOCK_SIMPLE_PACKET  3u
#define BLOCK_ENHANCED       6u
#define BLOCK_CUSTOM_NO_COPY 0x40000badu

#define OPTION_END           0
#define OPTION_NO_COPY_TEXT  19372
#define OPTION_NO_COPY       19373
#define OPTION_FLAGS         2 /* of a packet */
#define OPTION_HASH          3
#define OPTION_DROPS         4
#define OPTION_RESOLUTION    9 /* of an interface */
#define OPTION_FCS           13
#define OPTION_OFFSET        14

#define BYTE_ORDER_MAGIC     0x1a2b3c4du

/* Bytes: of a block's type and length, with the second length, in front of an EPB's packet. */
#define BLOCK_HEAD     8u
#define BLOCK_ENDS     12u
#define ENHANCED_FIXED 28u
#define SIMPLE_FIXED   12u

/* One file that is read. */
struct capture_reader {
	FILE *file;
	enum capture_format format;
	bool swapped;      /* numbers are not in this machine's byte order; by section in pcapng */
	int broken;        /* errno: it cannot be read any further */
	bool chunks;       /* a file that is read in chunks, unbuffered */
	uint64_t position; /* bytes read, to the record's end */
	uint64_t start;    /* where in the file the record begins */
	uint64_t packets;  /* read, for messages */
	bool ended;        /* by an error */
	bool opened;       /* pcapng: the first block has been handed out */
	uint8_t *store, *buffer; /* what has been allocated; in it the record that was read last */
	size_t length, ahead, room; /* bytes of the record, behind it, and of the store */
	/* pcap */
	size_t record_head; /* bytes in front of a packet */
	int lengths;        /* swapped: 1 yes, 0 no, -1 when the other order makes no sense */
	/* pcapng: of the section. pcap: the one. */
	struct capture_interface *interfaces;
	uint32_t interface_count, interface_room;
	struct capture_block block;
};

static inline uint32_t pad4(uint32_t n)
{
	return (n + 3u) & ~3u;
}

static inline uint16_t load16(const uint8_t *p, bool swapped)
{
	uint16_t v;

	memcpy(&v, p, sizeof(v));
	return swapped ? bswap_16(v) : v;
}

static inline uint32_t load32(const uint8_t *p, bool swapped)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return swapped ? bswap_32(v) : v;
}

static inline uint64_t load64(const uint8_t *p, bool swapped)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return swapped ? bswap_64(v) : v;
}

/* capture_begin_record() - the buffer is empty, and the next record's */
void capture_begin_record(struct capture_reader *reader);

/*
 * capture_fill() - read until the buffer holds @length bytes of the record
 * The room grows with what comes, whatever a file says that will come.
 * Return: false at the end of the file, or after error_set() when it cannot be read.
 */
bool capture_fill(struct capture_reader *reader, size_t length, struct error *error);

/* capture_cut() - say that the file ends within a record. Return: CAPTURE_ERROR */
enum capture_result capture_cut(const struct capture_reader *reader, size_t length,
				struct error *error);

/* capture_add_interface() - Return: NULL after error_set() */
struct capture_interface *capture_add_interface(struct capture_reader *reader, struct error *error);

/* The two formats: what follows the first 4 bytes, which are in the buffer, and each record. */
bool pcap_open(struct capture_reader *reader, uint32_t magic, struct error *error);
enum capture_result pcap_next(struct capture_reader *reader, struct capture_packet *packet,
			      struct error *error);
bool pcapng_open(struct capture_reader *reader, struct error *error);
enum capture_result pcapng_next(struct capture_reader *reader, struct capture_packet *packet,
				struct capture_block *block, struct error *error);

/*
 * pcapng_option() - one of a list
 * @at: where the list goes on; moved behind the option
 * Return: its value and @code and @length, or NULL at the end; broken lists end where they break.
 */
const uint8_t *pcapng_option(const uint8_t **at, const uint8_t *end, bool swapped, uint16_t *code,
			     uint16_t *length);

#endif
