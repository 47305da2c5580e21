/* SPDX-License-Identifier: MIT */
#include "capture/section.h"

#include <errno.h>
#include <string.h>

#include "capture/private.h"

#define BLOCK_STATISTICS      5u

#define OPTION_COMMENT        1
#define SECTION_HARDWARE      2
#define SECTION_SYSTEM        3
#define SECTION_APPLICATION   4
#define INTERFACE_NAME        2
#define INTERFACE_DESCRIPTION 3
#define INTERFACE_HARDWARE    15
#define PACKET_QUEUE          6
#define STATISTICS_BEGIN      2
#define STATISTICS_END        3
#define STATISTICS_RECEIVED   4
#define STATISTICS_DROPPED    5

#define NANOSECONDS           9

/* A block, or what is in front of its packet or behind it: four texts at most. */
struct block {
	size_t length;
	uint8_t bytes[4 * (CAPTURE_TEXT_MOST + 8) + 128];
};

static void add(struct block *block, const void *bytes, size_t length)
{
	memcpy(block->bytes + block->length, bytes, length);
	block->length += length;
	while (block->length % 4)
		block->bytes[block->length++] = 0;
}

static void add32(struct block *block, uint32_t value)
{
	add(block, &value, sizeof(value));
}

static void add_option(struct block *block, uint16_t code, const void *value, size_t length)
{
	const uint16_t head[] = { code, (uint16_t)length };

	add(block, head, sizeof(head));
	add(block, value, length);
}

/* Cut between characters, where it is too long. */
static void add_text(struct block *block, uint16_t code, const char *text)
{
	size_t length = text ? strlen(text) : 0;

	if (length > CAPTURE_TEXT_MOST) {
		length = CAPTURE_TEXT_MOST;
		while (((unsigned char)text[length] & 0xc0) == 0x80)
			length--;
	}
	if (length)
		add_option(block, code, text, length);
}

static void add_time(struct block *block, uint16_t code, uint64_t time)
{
	const uint32_t parts[] = { (uint32_t)(time >> 32), (uint32_t)time };

	add_option(block, code, parts, sizeof(parts));
}

static bool put(FILE *file, const void *bytes, size_t length)
{
	errno = 0;
	if (fwrite(bytes, 1, length, file) == length)
		return true;
	errno = errno ? errno : EIO;
	return false;
}

static void begin(struct block *block, uint32_t type)
{
	block->length = 0;
	add32(block, type);
	add32(block, 0);
}

/* The end of the options, the lengths. */
static bool finish(FILE *file, struct block *block)
{
	uint32_t length = (uint32_t)block->length + 8;

	add32(block, OPTION_END);
	add32(block, length);
	memcpy(block->bytes + 4, &length, sizeof(length));
	return put(file, block->bytes, block->length);
}

bool capture_section_begin(FILE *file, const struct capture_section *section)
{
	const uint16_t version[] = { 1, 0 };
	struct block block;

	begin(&block, BLOCK_SECTION);
	add32(&block, BYTE_ORDER_MAGIC);
	add(&block, version, sizeof(version));
	add32(&block, UINT32_MAX); /* its length is not known */
	add32(&block, UINT32_MAX);
	add_text(&block, OPTION_COMMENT, section->comment);
	add_text(&block, SECTION_HARDWARE, section->hardware);
	add_text(&block, SECTION_SYSTEM, section->system);
	add_text(&block, SECTION_APPLICATION, section->application);
	return finish(file, &block);
}

bool capture_section_source(FILE *file, const struct capture_source *source)
{
	const uint16_t link[] = { source->link, 0 };
	const uint8_t resolution = NANOSECONDS;
	struct block block;

	begin(&block, BLOCK_INTERFACE);
	add(&block, link, sizeof(link));
	add32(&block, source->snap);
	add_text(&block, INTERFACE_NAME, source->name);
	add_text(&block, INTERFACE_DESCRIPTION, source->description);
	add_text(&block, INTERFACE_HARDWARE, source->hardware);
	add_option(&block, OPTION_RESOLUTION, &resolution, 1);
	return finish(file, &block);
}

static void add_packet_options(struct block *block, const struct capture_sighting *packet)
{
	add_text(block, OPTION_COMMENT, packet->comment);
	add_option(block, OPTION_FLAGS, &packet->flags, sizeof(packet->flags));
	if (packet->drops)
		add_option(block, OPTION_DROPS, &packet->drops, sizeof(packet->drops));
	if (packet->queue >= 0) {
		uint32_t queue = (uint32_t)packet->queue;

		add_option(block, PACKET_QUEUE, &queue, sizeof(queue));
	}
	add32(block, OPTION_END);
}

bool capture_section_packet(FILE *file, const struct capture_sighting *packet)
{
	const uint8_t zeros[4] = { 0 };
	size_t padded = pad4(packet->captured);
	struct block behind = { 0 };
	uint32_t head[] = { BLOCK_ENHANCED,         0,
			    packet->source,         (uint32_t)(packet->time >> 32),
			    (uint32_t)packet->time, packet->captured,
			    packet->length };

	add_packet_options(&behind, packet);
	head[1] = (uint32_t)(sizeof(head) + padded + behind.length + 4);
	add32(&behind, head[1]);
	return put(file, head, sizeof(head)) && put(file, packet->bytes, packet->captured) &&
	       put(file, zeros, padded - packet->captured) &&
	       put(file, behind.bytes, behind.length);
}

bool capture_section_statistics(FILE *file, const struct capture_statistics *s)
{
	struct block block;

	begin(&block, BLOCK_STATISTICS);
	add32(&block, s->source);
	add32(&block, (uint32_t)(s->at >> 32));
	add32(&block, (uint32_t)s->at);
	add_time(&block, STATISTICS_BEGIN, s->begin);
	add_time(&block, STATISTICS_END, s->end);
	add_option(&block, STATISTICS_RECEIVED, &s->received, sizeof(s->received));
	add_option(&block, STATISTICS_DROPPED, &s->dropped, sizeof(s->dropped));
	return finish(file, &block);
}
