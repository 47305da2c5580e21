/* SPDX-License-Identifier: MIT */
/* Capture files for `netcx segment`: Ethernet frames with their times, in and out. */
#ifndef CLI_CAPTURE_H
#define CLI_CAPTURE_H

#include <pcap/pcap.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct capture_in {
	const char *name; /* for messages */
	FILE *file;
	pcap_t *pcap;
	bool micro;        /* its times are in microseconds */
	uint32_t fcs;      /* bytes of frame check sequence that it says frames end with */
	uint64_t size;     /* bytes, 0 when not known */
	uint64_t position; /* bytes read so far */
	/* The first bytes, read to see which format this is, and how many of them are passed on. */
	unsigned char magic[4];
	size_t magic_length;
	size_t magic_used;
	char error[PCAP_ERRBUF_SIZE];
};

struct capture_out {
	const char *name;
	pcap_t *pcap;
	pcap_dumper_t *dumper;
	bool micro;
};

/* capture_open_in() - @path "-" is standard input. Return: false, and @error in the struct. */
bool capture_open_in(struct capture_in *in, const char *path);
void capture_close_in(struct capture_in *in);

/*
 * capture_read() - the next frame; times are in nanoseconds
 * Return: 1; 0 at the end; -1 when the rest is not readable: then @error says why
 */
int capture_read(struct capture_in *in, struct pcap_pkthdr **header, const uint8_t **frame);

/* capture_open_out() - @path "-" is standard output; times as fine as those of @in. */
bool capture_open_out(struct capture_out *out, const char *path, const struct capture_in *in,
		      const char **error);

/* capture_write() - @header: with the frame's time in nanoseconds. Return: false when it failed */
bool capture_write(struct capture_out *out, const struct pcap_pkthdr *header, const uint8_t *frame,
		   size_t length);

/* capture_close_out() - Return: false when what was written did not reach the file. */
bool capture_close_out(struct capture_out *out);

#endif
