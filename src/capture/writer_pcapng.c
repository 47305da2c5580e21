/* SPDX-License-Identifier: MIT */
/*
 * pcapng copied from pcapng, in the byte order of each section. Blocks and options go on as they
 * are, but for those that would no longer be true.
 */
#include <stdlib.h>

#include "capture/private.h"
#include "capture/writer_private.h"

/* Where in an interface's and in a section's block the options begin. */
#define INTERFACE_OPTIONS 16u
#define SECTION_OPTIONS   24u

static void store32(uint8_t *p, uint32_t value, bool swapped)
{
	value = swapped ? bswap_32(value) : value;
	memcpy(p, &value, sizeof(value));
}

/* What is said of a block's options: which of them are not copied. */
struct rules {
	bool interface;        /* options are an interface's */
	bool packet;           /* or a packet's */
	bool changed, further; /* of which the bytes are others, or which is not the first part */
};

static bool is_copied(const struct rules *rules, uint16_t code)
{
	if (code == OPTION_NO_COPY || code == OPTION_NO_COPY_TEXT)
		return false;
	if (rules->interface)
		return code != OPTION_FCS;
	if (!rules->packet)
		return true;
	return !(rules->changed && code == OPTION_HASH) &&
	       !(rules->further && code == OPTION_DROPS);
}

/*
 * copy_options() - those that go on, and the end of the list when there is one
 * @to: at least as many bytes as the list has
 * Return: bytes written
 */
static size_t copy_options(uint8_t *to, const uint8_t *options, size_t length, bool swapped,
			   const struct rules *rules)
{
	const uint8_t *at = options, *end, *begin, *value;
	uint16_t code, size;
	uint8_t *out = to;

	if (length == 0)
		return 0;
	end = options + length;
	while (begin = at, (value = pcapng_option(&at, end, swapped, &code, &size))) {
		if (!is_copied(rules, code))
			continue;
		memcpy(out, begin, (size_t)(at - begin));
		/* An own length of the check sequence, which segments do not have. */
		if (rules->packet && rules->changed && code == OPTION_FLAGS && size == 4)
			store32(out + 4, load32(value, swapped) & ~(15u << 5), swapped);
		out += at - begin;
	}
	if (out == to && begin != options) /* none goes on */
		return 0;
	memset(out, 0, 4); /* the list's end is left out by some, and no room is needed then */
	return (size_t)(out - to) + (end - begin >= 4 ? 4 : 0);
}

/*
 * write_block() - a block that is made, with its lengths
 * @length: bytes of it that are there, in front of the second length, for which there is room
 */
static bool write_block(struct capture_writer *writer, uint8_t *block, size_t length, bool swapped)
{
	length += 4;
	store32(block + 4, (uint32_t)length, swapped);
	store32(block + length - 4, (uint32_t)length, swapped);
	return capture_put(writer, block, length);
}

/* A block with a part of it, up to the options, in front of those that are copied. */
static bool copy_with_options(struct capture_writer *writer, const struct capture_block *block,
			      uint32_t fixed, const struct rules *rules)
{
	uint8_t *copy = malloc(block->length + 4);
	size_t length = fixed;
	bool good;

	if (!copy)
		return false;
	memcpy(copy, block->bytes, fixed);
	length += copy_options(copy + fixed, block->bytes + fixed, block->length - fixed - 4,
			       block->swapped, rules);
	if (block->type == BLOCK_SECTION) /* its length is another now: not said */
		memset(copy + 16, 0xff, 8);
	good = write_block(writer, copy, length, block->swapped);
	free(copy);
	return good;
}

bool pcapng_copy_block(struct capture_writer *writer, const struct capture_block *block)
{
	const struct rules interface = { .interface = true }, section = { 0 };

	switch (block->type) {
	case BLOCK_SECTION:
		return copy_with_options(writer, block, SECTION_OPTIONS, &section);
	case BLOCK_INTERFACE:
		return copy_with_options(writer, block, INTERFACE_OPTIONS, &interface);
	case BLOCK_CUSTOM_NO_COPY:
		writer->dropped++;
		return true;
	default:
		return capture_put(writer, block->bytes, block->length);
	}
}

/* What is in front of a packet: of its block, with the lengths that it has now. */
static uint32_t copy_head(uint8_t *to, const struct capture_packet *packet)
{
	const struct capture_block *block = packet->block;
	bool simple = block->type == BLOCK_SIMPLE_PACKET;
	uint32_t fixed = simple ? SIMPLE_FIXED : ENHANCED_FIXED;

	memcpy(to, block->bytes, fixed);
	if (simple) {
		store32(to + 8, packet->length, block->swapped);
		return fixed;
	}
	store32(to + 20, packet->captured, block->swapped);
	store32(to + 24, packet->length, block->swapped);
	if (block->type == BLOCK_PACKET && packet->further)
		memset(to + 10, 0, 2); /* packets lost before it */
	return fixed;
}

bool pcapng_copy_packet(struct capture_writer *writer, const struct capture_packet *packet)
{
	const struct capture_block *block = packet->block;
	const struct rules rules = { .packet = true,
				     .changed = packet->changed,
				     .further = packet->further };
	size_t padded = pad4(packet->captured);
	uint8_t *copy = malloc(ENHANCED_FIXED + padded + block->options_length + 4);
	size_t length;
	bool good;

	if (!copy)
		return false;
	length = copy_head(copy, packet);
	memcpy(copy + length, packet->bytes, packet->captured);
	memset(copy + length + packet->captured, 0, padded - packet->captured);
	length += padded;
	length += copy_options(copy + length, block->options, block->options_length, block->swapped,
			       &rules);
	good = write_block(writer, copy, length, block->swapped);
	free(copy);
	return good;
}
