/* SPDX-License-Identifier: MIT */
/* Reading pcap (draft-ietf-opsawg-pcap): a file header, then records. */
#include "capture/private.h"

#define FILE_HEAD   24u
#define RECORD_HEAD 16u
#define DG_UX       543

/*
 * The link type's field (4): 16 bits of it are the type; a length of the check sequence, in units
 * of 16 bits, is there when a further bit says so.
 */
static uint32_t fcs_length(uint32_t field)
{
	return field & 1u << 26 ? 2 * (field >> 28) : 0;
}

/*
 * Files of before 2.3 have the two lengths of a record in the other order, and some of 2.3; so have
 * those of DG/UX, which call themselves 543.0.
 */
static int order_of_lengths(uint16_t major, uint16_t minor)
{
	if (minor == 3)
		return -1;
	return major == DG_UX || minor < 3;
}

bool pcap_open(struct capture_reader *reader, uint32_t magic, struct error *error)
{
	struct capture_interface *interface;
	uint16_t major, minor;
	uint32_t field;
	bool swapped = reader->swapped;

	reader->format = CAPTURE_FORMAT_PCAP;
	if (!capture_fill(reader, FILE_HEAD, error))
		return capture_cut(reader, FILE_HEAD, error) == CAPTURE_END;
	major = load16(reader->buffer + 4, swapped);
	minor = load16(reader->buffer + 6, swapped);
	if ((major != 2 || minor > 4) && (major != DG_UX || minor != 0))
		return error_set(error, "it is pcap of version %u.%u; 2.0 to 2.4 are read", major,
				 minor);
	interface = capture_add_interface(reader, error);
	if (!interface)
		return false;
	field = load32(reader->buffer + 20, swapped);
	interface->snap = load32(reader->buffer + 16, swapped);
	interface->link = (uint16_t)field;
	interface->fcs = fcs_length(field);
	interface->resolution = magic == PCAP_NANOSECONDS ? 9 : 6;
	reader->record_head = RECORD_HEAD + (magic == PCAP_KUZNETZOV ? 8 : 0);
	reader->lengths = order_of_lengths(major, minor);
	return true;
}

static void read_lengths(const struct capture_reader *reader, struct capture_packet *packet)
{
	uint32_t first = load32(reader->buffer + 8, reader->swapped);
	uint32_t second = load32(reader->buffer + 12, reader->swapped);
	bool other = reader->lengths < 0 ? first > second : reader->lengths > 0;

	packet->captured = other ? second : first;
	packet->length = other ? first : second;
}

enum capture_result pcap_next(struct capture_reader *reader, struct capture_packet *packet,
			      struct error *error)
{
	const struct capture_interface *interface = reader->interfaces;
	size_t length = reader->record_head;
	uint64_t second = interface->resolution == 9 ? 1000000000 : 1000000;

	capture_begin_record(reader);
	if (!capture_fill(reader, length, error)) {
		if (reader->length == 0 && !error->text[0])
			return CAPTURE_END;
		return capture_cut(reader, length, error);
	}
	*packet = (struct capture_packet){ .interface = interface, .fcs = interface->fcs };
	read_lengths(reader, packet);
	packet->time = load32(reader->buffer, reader->swapped) * second +
		       load32(reader->buffer + 4, reader->swapped);
	if (packet->captured > CAPTURE_LARGEST)
		return error_number(
			error, CAPTURE_ERROR,
			"the record at byte %llu is damaged: it says to have %u bytes of a packet, and none has more than %u",
			(unsigned long long)reader->start, packet->captured, CAPTURE_LARGEST);
	length += packet->captured;
	if (!capture_fill(reader, length, error))
		return capture_cut(reader, length, error);
	packet->bytes = reader->buffer + reader->record_head;
	return CAPTURE_PACKET;
}
