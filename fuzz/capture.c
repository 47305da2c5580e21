/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a capture file: what the reader makes of them, what link headers hide, and a copy
 * that has to hold the same again.
 */
#include "capture/capture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture/link.h"
#include "capture/writer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A file in memory. */
struct memory {
	char *bytes;
	size_t length;
};

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void look_behind(const struct capture_packet *packet)
{
	struct capture_link link;
	uint8_t *header;

	if (!capture_link_find(packet->interface->link, packet->bytes, packet->captured, &link))
		return;
	require(capture_link_is_known(packet->interface->link));
	require(link.offset <= packet->captured);
	header = malloc(link.offset + 1); /* the sanitizer sees whoever goes beyond */
	require(header);
	memcpy(header, packet->bytes, link.offset);
	capture_link_resize(header, &link, 1500);
	capture_link_without_fcs(header, &link);
	free(header);
}

static struct capture_reader *open_memory(const void *bytes, size_t length, FILE **file)
{
	struct error error = { "" };
	struct capture_reader *reader;

	*file = fmemopen((void *)(uintptr_t)bytes, length, "r");
	require(*file);
	reader = capture_open(*file, &error);
	require(!reader == (error.text[0] != 0));
	return reader;
}

static void begin_copy(struct capture_writer *writer, const struct capture_interface *interface,
		       bool *begun)
{
	if (*begun)
		return;
	*begun = true;
	require(capture_write_head(writer, interface));
}

/* copy() - all of it in the writer's format. Return: packets */
static unsigned copy(const void *bytes, size_t length, struct capture_writer *writer)
{
	FILE *file;
	struct capture_reader *reader = open_memory(bytes, length, &file);
	enum capture_result result = CAPTURE_END;
	struct error error = { "" };
	struct capture_packet packet;
	struct capture_block block;
	bool begun = writer->copies_blocks;
	unsigned packets = 0;

	while (reader && (result = capture_next(reader, &packet, &block, &error)) > 0) {
		if (result == CAPTURE_BLOCK) {
			require(block.length % 4 == 0 && block.length >= 12);
			require(capture_write_block(writer, &block));
			continue;
		}
		require(capture_time(&packet).nanoseconds < 1000000000);
		look_behind(&packet);
		begin_copy(writer, packet.interface, &begun);
		require(capture_write_packet(writer, &packet));
		packets++;
	}
	require(!reader || (result == CAPTURE_ERROR) == (error.text[0] != 0));
	capture_close(reader);
	require(fclose(file) == 0);
	return packets;
}

static struct memory copied(const void *bytes, size_t length, enum capture_format format,
			    bool blocks, unsigned *packets)
{
	struct memory memory = { 0 };
	struct capture_writer writer = { .format = format, .copies_blocks = blocks };

	writer.file = open_memstream(&memory.bytes, &memory.length);
	require(writer.file);
	*packets = copy(bytes, length, &writer);
	require(fclose(writer.file) == 0);
	return memory;
}

static bool is_pcapng(const uint8_t *data, size_t size)
{
	return size >= 4 && !memcmp(data, "\n\r\r\n", 4);
}

/* A copy of a copy is the copy, and has as many packets. */
static void check(const uint8_t *data, size_t size, enum capture_format format, bool blocks)
{
	unsigned packets, again;
	struct memory first = copied(data, size, format, blocks, &packets);
	struct memory second;

	if (first.length) {
		second = copied(first.bytes, first.length, format, format == CAPTURE_FORMAT_PCAPNG,
				&again);
		require(packets == again);
		require(first.length == second.length);
		require(!memcmp(first.bytes, second.bytes, first.length));
		free(second.bytes);
	}
	free(first.bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	check(data, size, CAPTURE_FORMAT_PCAP, false);
	check(data, size, CAPTURE_FORMAT_PCAPNG, is_pcapng(data, size));
	return 0;
}
