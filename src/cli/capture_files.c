/* SPDX-License-Identifier: MIT */
#include "cli/capture_files.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "capture/link.h"

static bool fail(struct capture_in *in, int number)
{
	return error_set(&in->error, "%s", strerror(number));
}

bool capture_open_in(struct capture_in *in, const char *path)
{
	struct stat status;

	memset(in, 0, sizeof(*in));
	in->name = strcmp(path, "-") ? path : "standard input";
	in->file = strcmp(path, "-") ? fopen(path, "rb") : stdin;
	if (!in->file || fstat(fileno(in->file), &status) < 0)
		return fail(in, errno);
	if (S_ISDIR(status.st_mode))
		return fail(in, EISDIR);
	in->size = S_ISREG(status.st_mode) ? (uint64_t)status.st_size : 0;
	in->start = ftello(in->file);
	in->reader = capture_open(in->file, &in->error);
	return in->reader;
}

void capture_close_in(struct capture_in *in)
{
	capture_close(in->reader);
	if (in->file && in->file != stdin)
		fclose(in->file);
}

static bool ends_with(const char *name, const char *end)
{
	size_t a = strlen(name), b = strlen(end);

	return a >= b && !strcasecmp(name + a - b, end);
}

static enum capture_format choose_format(const char *path, const struct capture_in *in,
					 const char *format)
{
	if (format)
		return strcmp(format, "pcap") ? CAPTURE_FORMAT_PCAPNG : CAPTURE_FORMAT_PCAP;
	if (ends_with(path, ".pcapng"))
		return CAPTURE_FORMAT_PCAPNG;
	if (ends_with(path, ".pcap") || !strcmp(path, "-"))
		return CAPTURE_FORMAT_PCAP;
	return capture_format(in->reader);
}

/* link_of() - Ethernet when a packet has it, else the first packet's link type, else -1 */
static int link_of(struct capture_reader *reader)
{
	struct capture_packet packet;
	int link = -1;

	while (link != CAPTURE_ETHERNET &&
	       capture_next(reader, &packet, NULL, NULL) == CAPTURE_PACKET) {
		if (link < 0 || packet.interface->link == CAPTURE_ETHERNET)
			link = packet.interface->link;
	}
	return link;
}

/* Reads a file for the link type, and is at its beginning again. Return: false when it cannot. */
static bool look_for_link(struct capture_in *in, int *link, const char **error)
{
	struct capture_reader *again;

	if (!in->size || in->start < 0)
		return true;
	*link = link_of(in->reader);
	clearerr(in->file);
	if (fseeko(in->file, in->start, SEEK_SET) == 0 &&
	    (again = capture_open(in->file, &in->error))) {
		capture_close(in->reader);
		in->reader = again;
		return true;
	}
	*error = "the input cannot be read a second time, to see its link types";
	return false;
}

static bool begin(struct capture_out *out, const struct capture_interface *interface)
{
	out->begun = true;
	if (out->writer.copies_blocks)
		return true;
	if (out->writer.format == CAPTURE_FORMAT_PCAP)
		out->link = interface->link;
	return capture_write_head(&out->writer, interface);
}

bool capture_open_out(struct capture_out *out, const char *path, struct capture_in *in,
		      const char *format, const _Atomic bool *stop, const char **error)
{
	const struct capture_interface *only = capture_only_interface(in->reader);
	bool is_ng = !only;

	memset(out, 0, sizeof(*out));
	out->name = strcmp(path, "-") ? path : "standard output";
	out->link = -1;
	out->writer.format = choose_format(path, in, format);
	out->writer.copies_blocks = is_ng && out->writer.format == CAPTURE_FORMAT_PCAPNG;
	if (is_ng && !out->writer.copies_blocks && !look_for_link(in, &out->link, error))
		return false;
	if (output_open(&out->output, path, stop)) {
		out->writer.file = out->output.file;
		if (!only || begin(out, only))
			return true;
	}
	*error = strerror(errno);
	output_discard(&out->output);
	return false;
}

bool capture_out_takes(const struct capture_out *out, const struct capture_packet *packet)
{
	return out->link < 0 || out->link == packet->interface->link;
}

/* In pcap, packets of interfaces with other units have their times all the same. */
static struct capture_interface finest(const struct capture_interface *interface)
{
	struct capture_interface finest = *interface;

	finest.resolution = 9;
	return finest;
}

bool capture_out_write(struct capture_out *out, const struct capture_packet *packet)
{
	if (!out->begun) {
		struct capture_interface first = finest(packet->interface);

		if (!begin(out, &first))
			return false;
	}
	return capture_write_packet(&out->writer, packet);
}

bool capture_close_out(struct capture_out *out, bool whole)
{
	const struct capture_interface none = { .link = CAPTURE_ETHERNET, .resolution = 9 };
	int number;

	if (out->begun || begin(out, &none))
		return output_close(&out->output, whole);
	number = errno;
	output_discard(&out->output);
	errno = number;
	return false;
}
