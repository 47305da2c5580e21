/* SPDX-License-Identifier: MIT */
/*
 * Reading pcapng (draft-ietf-opsawg-pcapng): blocks, of which a section header begins a section
 * with a byte order and interfaces of its own.
 */
#include "capture/private.h"

/* Bytes in front of what a block says of packets or interfaces: the shortest of each kind. */
#define SECTION_SHORTEST   28u
#define INTERFACE_SHORTEST 20u
#define ENHANCED_SHORTEST  (ENHANCED_FIXED + 4)
#define SIMPLE_SHORTEST    (SIMPLE_FIXED + 4)

/* Bytes: the largest packet, and what may be said of it. */
#define LARGEST_BLOCK (CAPTURE_LARGEST + (1u << 20))

const uint8_t *pcapng_option(const uint8_t **at, const uint8_t *end, bool swapped, uint16_t *code,
			     uint16_t *length)
{
	const uint8_t *value;

	if (end - *at < 4)
		return NULL;
	value = *at + 4;
	*code = load16(*at, swapped);
	*length = load16(*at + 2, swapped);
	if (*code == OPTION_END || pad4(*length) > (size_t)(end - value))
		return NULL;
	*at = value + pad4(*length);
	return value;
}

static enum capture_result damaged(const struct capture_reader *reader, struct error *error,
				   const char *what, uint32_t value)
{
	return error_number(error, CAPTURE_ERROR, "the block at byte %llu is damaged: %s %u",
			    (unsigned long long)reader->start, what, value);
}

/* The first block and each further section header say how numbers are to be read from there on. */
static bool read_order(struct capture_reader *reader, struct error *error)
{
	uint32_t magic;

	if (!capture_fill(reader, BLOCK_HEAD + 4, error)) {
		capture_cut(reader, SECTION_SHORTEST, error);
		return false;
	}
	magic = load32(reader->buffer + BLOCK_HEAD, false);
	if (magic != BYTE_ORDER_MAGIC && magic != bswap_32(BYTE_ORDER_MAGIC)) {
		error_set(error, "the section at byte %llu has no byte order: 0x%08x is not 0x%08x",
			  (unsigned long long)reader->start, magic, BYTE_ORDER_MAGIC);
		return false;
	}
	reader->swapped = magic != BYTE_ORDER_MAGIC;
	return true;
}

/* read_block() - the next one into the buffer. Return: CAPTURE_BLOCK, or what else there is. */
static enum capture_result read_block(struct capture_reader *reader, struct error *error)
{
	uint32_t length;

	if (!capture_fill(reader, BLOCK_HEAD, error)) {
		if (reader->length == 0 && !error->text[0])
			return CAPTURE_END;
		return capture_cut(reader, BLOCK_HEAD, error);
	}
	if (load32(reader->buffer, false) == BLOCK_SECTION && !read_order(reader, error))
		return CAPTURE_ERROR;
	length = load32(reader->buffer + 4, reader->swapped);
	if (length < BLOCK_ENDS || length % 4)
		return damaged(reader, error,
			       "lengths are 12 or more and multiples of 4, this one's is", length);
	if (length > LARGEST_BLOCK)
		return damaged(reader, error, "more bytes than any has, its length is", length);
	if (!capture_fill(reader, length, error))
		return capture_cut(reader, length, error);
	if (load32(reader->buffer + length - 4, reader->swapped) != length)
		return damaged(reader, error, "the length at its end is not that at its beginning,",
			       length);
	reader->block = (struct capture_block){ .type = load32(reader->buffer, reader->swapped),
						.bytes = reader->buffer,
						.length = length,
						.swapped = reader->swapped };
	return CAPTURE_BLOCK;
}

static enum capture_result section(struct capture_reader *reader, struct error *error)
{
	uint16_t major;

	if (reader->block.length < SECTION_SHORTEST)
		return damaged(reader, error, "a section header has 28 bytes or more, not",
			       (uint32_t)reader->block.length);
	major = load16(reader->buffer + 12, reader->swapped);
	if (major != 1)
		return error_number(error, CAPTURE_ERROR,
				    "the section at byte %llu is pcapng of version %u; 1 is read",
				    (unsigned long long)reader->start, major);
	reader->interface_count = 0;
	return CAPTURE_BLOCK;
}

/*
 * fcs_length() - bytes. The draft has called if_fcslen a number of bits and given 4 as an example:
 * there are writers of both. No check sequence has 8 bytes or more.
 */
static uint32_t fcs_length(uint8_t value)
{
	return value >= 8 && value % 8 == 0 ? value / 8u : value;
}

static void interface_option(struct capture_interface *interface, uint16_t code, uint16_t length,
			     const uint8_t *value, bool swapped)
{
	if (code == OPTION_RESOLUTION && length == 1)
		interface->resolution = *value;
	else if (code == OPTION_FCS && length == 1)
		interface->fcs = fcs_length(*value);
	else if (code == OPTION_OFFSET && length == 8)
		interface->offset = (int64_t)load64(value, swapped);
}

static enum capture_result interface(struct capture_reader *reader, struct error *error)
{
	const uint8_t *at = reader->buffer + 16, *end = reader->buffer + reader->block.length - 4;
	struct capture_interface *new;
	const uint8_t *value;
	uint16_t code, length;

	if (reader->block.length < INTERFACE_SHORTEST)
		return damaged(reader, error, "an interface's has 20 bytes or more, not",
			       (uint32_t)reader->block.length);
	new = capture_add_interface(reader, error);
	if (!new)
		return CAPTURE_ERROR;
	new->link = load16(reader->buffer + 8, reader->swapped);
	new->snap = load32(reader->buffer + 12, reader->swapped);
	while ((value = pcapng_option(&at, end, reader->swapped, &code, &length)))
		interface_option(new, code, length, value, reader->swapped);
	return CAPTURE_BLOCK;
}

/* epb_flags: the packet's own length of the check sequence, when it is not 0. */
static uint32_t packet_fcs(const struct capture_block *block, uint32_t otherwise)
{
	const uint8_t *at = block->options, *end = at + block->options_length, *value;
	uint16_t code, length;

	while ((value = pcapng_option(&at, end, block->swapped, &code, &length))) {
		if (code == OPTION_FLAGS && length == 4) {
			uint32_t fcs = load32(value, block->swapped) >> 5 & 15;

			return fcs ? fcs : otherwise;
		}
	}
	return otherwise;
}

/* of_interface() - Return: CAPTURE_PACKET, or CAPTURE_ERROR when the section has no such one. */
static enum capture_result of_interface(const struct capture_reader *reader,
					struct capture_packet *packet, uint32_t number,
					struct error *error)
{
	if (number >= reader->interface_count)
		return damaged(reader, error,
			       "the section has not described the packet's interface,", number);
	packet->interface = &reader->interfaces[number];
	packet->fcs = packet->interface->fcs;
	packet->block = &reader->block;
	return CAPTURE_PACKET;
}

static enum capture_result enhanced(struct capture_reader *reader, struct capture_packet *packet,
				    struct error *error)
{
	struct capture_block *block = &reader->block;
	bool swapped = block->swapped;
	const uint8_t *b = block->bytes;
	uint32_t number = block->type == BLOCK_PACKET ? load16(b + 8, swapped) : 0, room;

	if (block->length < ENHANCED_SHORTEST)
		return damaged(reader, error, "a packet's has 32 bytes or more, not",
			       (uint32_t)block->length);
	if (block->type == BLOCK_ENHANCED)
		number = load32(b + 8, swapped);
	packet->time = (uint64_t)load32(b + 12, swapped) << 32 | load32(b + 16, swapped);
	packet->captured = load32(b + 20, swapped);
	packet->length = load32(b + 24, swapped);
	packet->bytes = b + ENHANCED_FIXED;
	room = (uint32_t)block->length - ENHANCED_SHORTEST;
	if (packet->captured > room)
		return damaged(reader, error, "it ends before its packet, whose bytes are",
			       packet->captured);
	block->options = packet->bytes + pad4(packet->captured);
	block->options_length = room - pad4(packet->captured);
	if (of_interface(reader, packet, number, error) == CAPTURE_ERROR)
		return CAPTURE_ERROR;
	packet->fcs = packet_fcs(block, packet->fcs);
	return CAPTURE_PACKET;
}

/* A simple packet block says the packet's length only: what is there is up to the snap length. */
static enum capture_result simple(struct capture_reader *reader, struct capture_packet *packet,
				  struct error *error)
{
	uint32_t room;

	if (reader->block.length < SIMPLE_SHORTEST)
		return damaged(reader, error, "a simple packet's has 16 bytes or more, not",
			       (uint32_t)reader->block.length);
	if (of_interface(reader, packet, 0, error) == CAPTURE_ERROR)
		return CAPTURE_ERROR;
	packet->bytes = reader->buffer + SIMPLE_FIXED;
	packet->length = load32(reader->buffer + 8, reader->swapped);
	room = (uint32_t)reader->block.length - SIMPLE_SHORTEST;
	packet->captured = packet->length < room ? packet->length : room;
	if (packet->length > room && packet->interface->snap && packet->interface->snap < room)
		packet->captured = packet->interface->snap;
	return CAPTURE_PACKET;
}

/* What a block is for the reader: a packet, or something else that has been looked at. */
static enum capture_result read_kind(struct capture_reader *reader, struct capture_packet *packet,
				     struct error *error)
{
	*packet = (struct capture_packet){ 0 };
	switch (reader->block.type) {
	case BLOCK_SECTION:
		return section(reader, error);
	case BLOCK_INTERFACE:
		return interface(reader, error);
	case BLOCK_PACKET:
	case BLOCK_ENHANCED:
		return enhanced(reader, packet, error);
	case BLOCK_SIMPLE_PACKET:
		return simple(reader, packet, error);
	default:
		return CAPTURE_BLOCK;
	}
}

/* The section header that was read to tell the format is the first block to be handed out. */
bool pcapng_open(struct capture_reader *reader, struct error *error)
{
	reader->format = CAPTURE_FORMAT_PCAPNG;
	if (read_block(reader, error) != CAPTURE_BLOCK)
		return false;
	return section(reader, error) == CAPTURE_BLOCK;
}

enum capture_result pcapng_next(struct capture_reader *reader, struct capture_packet *packet,
				struct capture_block *block, struct error *error)
{
	enum capture_result result;

	do {
		if (reader->opened) {
			capture_begin_record(reader);
			result = read_block(reader, error);
			if (result != CAPTURE_BLOCK)
				return result;
		}
		reader->opened = true;
		result = read_kind(reader, packet, error);
	} while (result == CAPTURE_BLOCK && !block);
	if (result == CAPTURE_BLOCK)
		*block = reader->block;
	return result;
}
