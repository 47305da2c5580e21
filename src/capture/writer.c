/* SPDX-License-Identifier: MIT */
/* Writing captures of one link type; see writer_pcapng.c for copies of pcapng. */
#include "capture/writer.h"

#include <errno.h>

#include "capture/private.h"
#include "capture/writer_private.h"

#define SNAP_LENGTH 262144u /* what readers take of most link types */

/* A writer is one thread's, which needs no lock for each of two pieces of a frame. */
bool capture_put(struct capture_writer *writer, const void *bytes, size_t length)
{
	errno = 0;
	if (fwrite_unlocked(bytes, 1, length, writer->file) == length)
		return true;
	errno = errno ? errno : EIO;
	return false;
}

static bool write_pcap_head(struct capture_writer *writer,
			    const struct capture_interface *interface)
{
	struct {
		uint32_t magic;
		uint16_t major, minor;
		uint32_t zone, digits, snap, link;
	} head = { .magic = writer->resolution == 6 ? PCAP_MICROSECONDS : PCAP_NANOSECONDS,
		   .major = 2,
		   .minor = 4,
		   .snap = interface->snap > SNAP_LENGTH ? interface->snap : SNAP_LENGTH,
		   .link = interface->link };

	return capture_put(writer, &head, sizeof(head));
}

static bool write_pcapng_head(struct capture_writer *writer,
			      const struct capture_interface *interface)
{
	struct {
		uint32_t type, length, magic;
		uint16_t major, minor;
		uint32_t section[2], end;
	} section = { .type = BLOCK_SECTION,
		      .length = sizeof(section),
		      .magic = BYTE_ORDER_MAGIC,
		      .major = 1,
		      .section = { UINT32_MAX, UINT32_MAX },
		      .end = sizeof(section) };
	struct {
		uint32_t type, length;
		uint16_t link, reserved;
		uint32_t snap;
		uint16_t option, option_length;
		uint8_t resolution, padding[3];
		uint16_t option_end, option_end_length;
		uint32_t end;
	} described = { .type = BLOCK_INTERFACE,
			.length = sizeof(described),
			.link = interface->link,
			.snap = interface->snap,
			.option = OPTION_RESOLUTION,
			.option_length = 1,
			.resolution = writer->resolution,
			.end = sizeof(described) };

	return capture_put(writer, &section, sizeof(section)) &&
	       capture_put(writer, &described, sizeof(described));
}

bool capture_write_head(struct capture_writer *writer, const struct capture_interface *interface)
{
	writer->resolution = interface->resolution == 6 ? 6 : 9;
	if (writer->format == CAPTURE_FORMAT_PCAP)
		return write_pcap_head(writer, interface);
	return write_pcapng_head(writer, interface);
}

/* A record's seconds have 32 bits and no sign. */
static struct capture_time in_range(struct capture_writer *writer, struct capture_time time)
{
	if (time.seconds >= 0 && time.seconds <= UINT32_MAX)
		return time;
	writer->other_time++;
	if (time.seconds < 0)
		return (struct capture_time){ 0 };
	return (struct capture_time){ .seconds = UINT32_MAX, .nanoseconds = 999999999 };
}

static bool write_record(struct capture_writer *writer, const struct capture_packet *packet)
{
	struct capture_time time = in_range(writer, capture_time(packet));
	uint32_t record[4] = { (uint32_t)time.seconds,
			       writer->resolution == 6 ? time.nanoseconds / 1000 : time.nanoseconds,
			       packet->captured, packet->length };

	return capture_put(writer, record, sizeof(record)) &&
	       capture_put(writer, packet->bytes, packet->captured);
}

/* An enhanced packet block of interface 0. */
static bool write_enhanced(struct capture_writer *writer, const struct capture_packet *packet)
{
	static const uint8_t zeros[4];
	struct capture_time at = capture_time(packet);
	uint64_t time = writer->resolution == 6
				? (uint64_t)at.seconds * 1000000 + at.nanoseconds / 1000
				: (uint64_t)at.seconds * 1000000000 + at.nanoseconds;
	uint32_t length = ENHANCED_FIXED + pad4(packet->captured) + 4;
	uint32_t head[] = { BLOCK_ENHANCED,         length,         0,
			    (uint32_t)(time >> 32), (uint32_t)time, packet->captured,
			    packet->length };

	return capture_put(writer, head, sizeof(head)) &&
	       capture_put(writer, packet->bytes, packet->captured) &&
	       capture_put(writer, zeros, pad4(packet->captured) - packet->captured) &&
	       capture_put(writer, &length, sizeof(length));
}

bool capture_write_packet(struct capture_writer *writer, const struct capture_packet *packet)
{
	if (writer->format == CAPTURE_FORMAT_PCAP)
		return write_record(writer, packet);
	return writer->copies_blocks ? pcapng_copy_packet(writer, packet)
				     : write_enhanced(writer, packet);
}

bool capture_write_block(struct capture_writer *writer, const struct capture_block *block)
{
	return writer->copies_blocks ? pcapng_copy_block(writer, block) : true;
}
