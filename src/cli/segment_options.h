/* SPDX-License-Identifier: MIT */
/* The command line of `netcx segment`. */
#ifndef CLI_SEGMENT_OPTIONS_H
#define CLI_SEGMENT_OPTIONS_H

#include "segment/frame.h"

/* What it asks for beside the rules. */
struct segment_wishes {
	const char *format; /* of OUT: "pcap" or "pcapng"; NULL: as the names say */
	bool stats, json;
	uint32_t *list; /* the rules'; to be freed */
};

/*
 * segment_read_options() - all but IN and OUT, which are at optind then
 * @rules:  with the MTU that is a guess; the rest is filled
 * @wishes: all zero; filled
 * Return: CLI_OK, or what the command ends with, and said.
 */
int segment_read_options(struct segment_rules *rules, struct segment_wishes *wishes, int argc,
			 char **argv);

#endif
