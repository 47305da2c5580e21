/* SPDX-License-Identifier: MIT */
/* The reader: its buffer, and which of the formats a file has. */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/array.h"
#include "capture/private.h"

#define CHUNK (256u << 10) /* bytes that the store has at least, and that are read at once */

static bool grow(struct capture_reader *reader, size_t length, struct error *error)
{
	size_t room = reader->room ? 2 * reader->room : CHUNK;
	uint8_t *more;

	if (room > length && reader->room)
		room = length > CHUNK ? length : CHUNK;
	more = realloc(reader->store, room);
	if (!more)
		return error_set(error, "out of memory");
	reader->store = reader->buffer = more;
	reader->room = room;
	return true;
}

void capture_begin_record(struct capture_reader *reader)
{
	reader->start = reader->position;
	reader->buffer = reader->ahead ? reader->buffer + reader->length : reader->store;
	reader->length = 0;
}

/* Of what has been read ahead, as much as belongs to the record, whose @length is to be there. */
static void take_ahead(struct capture_reader *reader, size_t length)
{
	size_t n = length - reader->length;

	n = n < reader->ahead ? n : reader->ahead;
	reader->length += n;
	reader->position += n;
	reader->ahead -= n;
}

/* Nothing is ahead: read behind the record. Return: false: there is no more, or no room. */
static bool read_ahead(struct capture_reader *reader, size_t length, struct error *error)
{
	size_t wanted;

	if (reader->buffer != reader->store && reader->length)
		memmove(reader->store, reader->buffer, reader->length);
	reader->buffer = reader->store;
	if (reader->length == reader->room && !grow(reader, length, error))
		return false;
	wanted = reader->chunks || length > reader->room ? reader->room : length;
	reader->ahead =
		fread(reader->buffer + reader->length, 1, wanted - reader->length, reader->file);
	if (ferror(reader->file))
		reader->broken = errno ? errno : EIO;
	return reader->ahead;
}

bool capture_fill(struct capture_reader *reader, size_t length, struct error *error)
{
	while (reader->length < length) {
		/* Behind an error nothing is waited for: a signal asks to end. */
		if (reader->ahead || (!reader->broken && read_ahead(reader, length, error))) {
			take_ahead(reader, length);
			continue;
		}
		if (reader->broken)
			error_set(error, "it cannot be read at byte %llu: %s",
				  (unsigned long long)reader->position, strerror(reader->broken));
		return false;
	}
	return true;
}

enum capture_result capture_cut(const struct capture_reader *reader, size_t length,
				struct error *error)
{
	if (error->text[0]) /* it could not be read */
		return CAPTURE_ERROR;
	return error_number(
		error, CAPTURE_ERROR,
		"truncated at byte %llu, within the %s at byte %llu, of which %zu bytes of %zu are there",
		(unsigned long long)reader->position,
		reader->format == CAPTURE_FORMAT_PCAP ? "record" : "block",
		(unsigned long long)reader->start, reader->length, length);
}

struct capture_interface *capture_add_interface(struct capture_reader *reader, struct error *error)
{
	struct capture_interface *interface;

	if (reader->interface_count == reader->interface_room) {
		uint32_t room = reader->interface_room ? 2 * reader->interface_room : 4;
		struct capture_interface *more = realloc(reader->interfaces, room * sizeof(*more));

		if (!more)
			return error_set(error, "out of memory");
		reader->interfaces = more;
		reader->interface_room = room;
	}
	interface = &reader->interfaces[reader->interface_count];
	*interface =
		(struct capture_interface){ .number = reader->interface_count++, .resolution = 6 };
	return interface;
}

/* Files that a user may take for a capture that we read, by their first bytes. */
static const struct {
	uint8_t bytes[4];
	uint8_t count;
	const char *name, *help;
} others[] = {
	{ { 0x1f, 0x8b }, 2, "compressed by gzip", "gzip -dc FILE | netcx ... - reads it" },
	{ { 0x28, 0xb5, 0x2f, 0xfd },
	  4,
	  "compressed by zstd",
	  "zstd -dc FILE | netcx ... - reads it" },
	{ { 0x04, 0x22, 0x4d, 0x18 },
	  4,
	  "compressed by lz4",
	  "lz4 -dc FILE | netcx ... - reads it" },
	{ { 0xfd, '7', 'z', 'X' }, 4, "compressed by xz", "xz -dc FILE | netcx ... - reads it" },
	{ { 'B', 'Z', 'h' }, 3, "compressed by bzip2", "bzip2 -dc FILE | netcx ... - reads it" },
	{ { 'P', 'K', 3, 4 }, 4, "a zip archive", "unzip -p FILE | netcx ... - reads it" },
	{ { 's', 'n', 'o', 'o' },
	  4,
	  "a snoop capture",
	  "editcap -F pcapng makes a pcapng file of it" },
	{ { 'G', 'M', 'B', 'U' },
	  4,
	  "a Network Monitor capture",
	  "editcap -F pcapng makes a pcapng file of it" },
	{ { 'R', 'T', 'S', 'S' },
	  4,
	  "a Network Monitor 1 capture",
	  "editcap -F pcapng makes a pcapng file of it" },
	{ { 0x1c, 0x00, 0x01, 0xac },
	  4,
	  "a capture of IXIA hardware",
	  "editcap -F pcapng makes a pcapng file of it" },
	{ { 0xac, 0x01, 0x00, 0x1c },
	  4,
	  "a capture of IXIA hardware",
	  "editcap -F pcapng makes a pcapng file of it" },
	{ { 0x1c, 0x00, 0x01, 0xab },
	  4,
	  "a capture of IXIA software",
	  "editcap -F pcapng makes a pcapng file of it" },
	{ { 0xab, 0x01, 0x00, 0x1c },
	  4,
	  "a capture of IXIA software",
	  "editcap -F pcapng makes a pcapng file of it" },
	{ { 0xa1, 0xb2, 0x34, 0xcd },
	  4,
	  "a patched pcap file that has no description",
	  "only the program that wrote it reads it" },
	{ { 0xcd, 0x34, 0xb2, 0xa1 },
	  4,
	  "a patched pcap file that has no description",
	  "only the program that wrote it reads it" },
	{ { 0xa1, 0xe2, 0xcb, 0x12 },
	  4,
	  "a patched pcap file that has no description",
	  "only the program that wrote it reads it" },
	{ { 0x12, 0xcb, 0xe2, 0xa1 },
	  4,
	  "a patched pcap file that has no description",
	  "only the program that wrote it reads it" },
};

static bool refuse(const uint8_t *magic, size_t length, struct error *error)
{
	for (size_t i = 0; i < ARRAY_COUNT(others); i++) {
		if (length >= others[i].count && !memcmp(magic, others[i].bytes, others[i].count))
			return error_set(error, "it is %s; pcap and pcapng are read: %s",
					 others[i].name, others[i].help);
	}
	if (length < 4)
		return error_set(error, "truncated: its %zu bytes are no capture", length);
	return error_set(
		error,
		"unknown file format: it begins with %02x %02x %02x %02x, which neither pcap nor pcapng does",
		magic[0], magic[1], magic[2], magic[3]);
}

static bool open_format(struct capture_reader *reader, struct error *error)
{
	uint32_t magic;

	if (!capture_fill(reader, 4, error)) {
		if (error->text[0])
			return false;
		if (reader->length == 0)
			return error_set(error, "it is empty");
		return refuse(reader->buffer, reader->length, error);
	}
	magic = load32(reader->buffer, false);
	if (magic == BLOCK_SECTION)
		return pcapng_open(reader, error);
	for (int swapped = 0; swapped < 2; swapped++) {
		reader->swapped = swapped;
		magic = load32(reader->buffer, swapped);
		if (magic == PCAP_MICROSECONDS || magic == PCAP_NANOSECONDS ||
		    magic == PCAP_KUZNETZOV)
			return pcap_open(reader, magic, error);
	}
	return refuse(reader->buffer, reader->length, error);
}

/* All there is can be had without waiting, so more may be read than is asked for. */
static bool is_regular(FILE *file)
{
	struct stat status;
	int fd = fileno(file);

	return fd >= 0 && fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

struct capture_reader *capture_open(FILE *file, struct error *error)
{
	struct capture_reader *reader = calloc(1, sizeof(*reader));
	struct error why = { "" };

	if (!reader)
		return error_set(error, "out of memory");
	reader->file = file;
	reader->chunks = is_regular(file) && setvbuf(file, NULL, _IONBF, 0) == 0;
	if (open_format(reader, &why))
		return reader;
	error_set(error, "%s", why.text);
	capture_close(reader);
	return NULL;
}

void capture_close(struct capture_reader *reader)
{
	if (!reader)
		return;
	free(reader->store);
	free(reader->interfaces);
	free(reader);
}

enum capture_format capture_format(const struct capture_reader *reader)
{
	return reader->format;
}

const struct capture_interface *capture_only_interface(const struct capture_reader *reader)
{
	return reader->format == CAPTURE_FORMAT_PCAP ? reader->interfaces : NULL;
}

uint64_t capture_position(const struct capture_reader *reader)
{
	return reader->position;
}

enum capture_result capture_next(struct capture_reader *reader, struct capture_packet *packet,
				 struct capture_block *block, struct error *error)
{
	struct error why = { "" };
	enum capture_result result;

	if (reader->ended)
		return error_number(error, CAPTURE_ERROR, "it has ended with an error before");
	if (reader->format == CAPTURE_FORMAT_PCAP)
		result = pcap_next(reader, packet, &why);
	else
		result = pcapng_next(reader, packet, block, &why);
	if (result == CAPTURE_PACKET)
		reader->packets++;
	reader->ended = result == CAPTURE_ERROR;
	if (reader->ended)
		error_set(error, "%s", why.text);
	return result;
}
