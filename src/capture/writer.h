/* SPDX-License-Identifier: MIT */
/* Writing capture files: new ones, and what a reader gives, packet by packet and block by block. */
#ifndef CAPTURE_WRITER_H
#define CAPTURE_WRITER_H

#include "capture/capture.h"

/* A file that is written; the caller's, who fills the first three. */
struct capture_writer {
	FILE *file; /* closed by the caller, who looks whether that succeeds */
	enum capture_format format;
	bool copies_blocks;  /* pcapng from pcapng: all blocks come through capture_write_block() */
	uint8_t resolution;  /* of what capture_write_head() wrote */
	uint64_t dropped;    /* blocks that are not to be copied, as they say */
	uint64_t other_time; /* packets whose time pcap cannot express: it has the nearest */
};

/*
 * capture_write_head() - what a file of one link type begins with; not for one that copies blocks
 * @interface: link type, snap length and resolution of times, of which pcap has 6 and 9; frame
 *             check sequences are not announced, since segments have none
 * All numbers are in this machine's byte order.
 * Return: false and errno.
 */
bool capture_write_head(struct capture_writer *writer, const struct capture_interface *interface);

/*
 * capture_write_packet() - one packet. Where blocks are copied, in a block like its own: with the
 * interface, time and options of that, except what no longer holds of a changed packet (its hash,
 * its check sequence's length) and, for further parts, the count of packets lost before it.
 * Return: false and errno.
 */
bool capture_write_packet(struct capture_writer *writer, const struct capture_packet *packet);

/*
 * capture_write_block() - copy a block that holds no packet, where blocks are copied; else nothing
 * Sections lose their length, interfaces the length of their check sequence, and what says of
 * itself that it must not be copied is left out.
 * Return: false and errno.
 */
bool capture_write_block(struct capture_writer *writer, const struct capture_block *block);

#endif
