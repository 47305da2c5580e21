/* SPDX-License-Identifier: MIT */
/* The two captures of `netcx segment` and `netcx coalesce`, in and out, and in which format the
 * second is. */
#ifndef CLI_CAPTURE_FILES_H
#define CLI_CAPTURE_FILES_H

#include "base/output.h"
#include "capture/capture.h"
#include "capture/writer.h"

struct capture_in {
	const char *name; /* for messages */
	FILE *file;
	struct capture_reader *reader;
	uint64_t size; /* bytes, 0 when not known */
	off_t start; /* where in it the capture begins, -1: it is no file that can be read twice */
	struct error error;
};

struct capture_out {
	const char *name;
	struct output output; /* replaces what was there when it is whole */
	struct capture_writer writer;
	bool begun; /* what comes before the first packet is written */
	int link;   /* the only link type that it can hold; -1: any, or that of the first packet */
};

/* capture_open_in() - @path "-" is standard input. Return: false, and @error in the struct. */
bool capture_open_in(struct capture_in *in, const char *path);
void capture_close_in(struct capture_in *in);

/*
 * capture_open_out() - @path "-" is standard output
 * @stop:   set when a pipe is not to be waited for any more
 * @format: "pcap", "pcapng", or NULL: as @path ends (.pcap, .pcapng), standard output pcap, and
 *          with any other name as @in
 * @error:  out, why not: static storage, or strerror()'s
 * A pcap file holds one link type: Ethernet when @in can be read twice and has an Ethernet packet,
 * else that of the first packet. Times are as fine as those of @in: nanoseconds in pcap when that
 * is pcapng.
 */
bool capture_open_out(struct capture_out *out, const char *path, struct capture_in *in,
		      const char *format, const _Atomic bool *stop, const char **error);

/* capture_out_takes() - can it hold this packet? Return: false when its link type is another. */
bool capture_out_takes(const struct capture_out *out, const struct capture_packet *packet);

/* capture_out_write() - Return: false and errno when it failed */
bool capture_out_write(struct capture_out *out, const struct capture_packet *packet);

/*
 * capture_close_out() - @whole: all was written that was to be; else a file that was there stays
 * Return: false and errno when not all of it reached the file.
 */
bool capture_close_out(struct capture_out *out, bool whole);

#endif
