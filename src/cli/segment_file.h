/* SPDX-License-Identifier: MIT */
/* The two captures of `netcx segment`, in and out, and in which format the second is. */
#ifndef CLI_SEGMENT_FILE_H
#define CLI_SEGMENT_FILE_H

#include "base/output.h"
#include "capture/capture.h"
#include "capture/writer.h"

struct segment_in {
	const char *name; /* for messages */
	FILE *file;
	struct capture_reader *reader;
	uint64_t size; /* bytes, 0 when not known */
	struct error error;
};

struct segment_out {
	const char *name;
	struct output output; /* replaces what was there when it is whole */
	struct capture_writer writer;
	bool begun; /* what comes before the first packet is written */
	int link;   /* the only link type that it can hold; -1: any, or that of the first packet */
};

/* segment_open_in() - @path "-" is standard input. Return: false, and @error in the struct. */
bool segment_open_in(struct segment_in *in, const char *path);
void segment_close_in(struct segment_in *in);

/*
 * segment_open_out() - @path "-" is standard output
 * @stop:   set when a pipe is not to be waited for any more
 * @format: "pcap", "pcapng", or NULL: as @path ends (.pcap, .pcapng), standard output pcap, and
 *          with any other name as @in
 * @error:  out, why not: static storage, or strerror()'s
 * A pcap file holds one link type: Ethernet when @in can be read twice and has an Ethernet packet,
 * else that of the first packet. Times are as fine as those of @in: nanoseconds in pcap when that
 * is pcapng.
 */
bool segment_open_out(struct segment_out *out, const char *path, struct segment_in *in,
		      const char *format, const _Atomic bool *stop, const char **error);

/* segment_out_takes() - can it hold this packet? Return: false when its link type is another. */
bool segment_out_takes(const struct segment_out *out, const struct capture_packet *packet);

/* segment_write() - Return: false and errno when it failed */
bool segment_write(struct segment_out *out, const struct capture_packet *packet);

/*
 * segment_close_out() - @whole: all was written that was to be; else a file that was there stays
 * Return: false and errno when not all of it reached the file.
 */
bool segment_close_out(struct segment_out *out, bool whole);

#endif
