/* SPDX-License-Identifier: MIT */
/*
 * A pcapng section of our own: several interfaces, and what is known of each packet as options.
 * Times are nanoseconds since 1970. Each function returns false and errno when the file takes no
 * more.
 */
#ifndef CAPTURE_SECTION_H
#define CAPTURE_SECTION_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define CAPTURE_TEXT_MOST 400u /* bytes of a text; what is longer is cut */

/* Of a packet's flags (pcapng 4.3.1, "epb_flags") */
#define CAPTURE_INBOUND   1u
#define CAPTURE_OUTBOUND  2u
#define CAPTURE_SUM_OPEN  (1u << 9)  /* a checksum is still to be filled in */
#define CAPTURE_SUM_GOOD  (1u << 10) /* it was found good */
#define CAPTURE_SEGMENTED (1u << 11) /* to be segmented by the hardware */

/* NULL and "" are left out, of all texts here. UTF-8. */
struct capture_section {
	const char *hardware, *system, *application, *comment;
};

struct capture_source {
	uint16_t link; /* LINKTYPE_* */
	uint32_t snap; /* bytes; 0: no limit */
	const char *name, *description, *hardware;
};

struct capture_sighting {
	uint32_t source; /* from 0, in the order of capture_section_source() */
	uint64_t time;
	const void *bytes;
	uint32_t captured, length;
	uint32_t flags; /* CAPTURE_* */
	uint64_t drops; /* lost between this one and the last of the same source */
	int queue;      /* -1: not known */
	const char *comment;
};

struct capture_statistics {
	uint32_t source;
	uint64_t begin, end, at;
	uint64_t received, dropped; /* the second among the first */
};

bool capture_section_begin(FILE *file, const struct capture_section *section);
bool capture_section_source(FILE *file, const struct capture_source *source);
bool capture_section_packet(FILE *file, const struct capture_sighting *packet);
bool capture_section_statistics(FILE *file, const struct capture_statistics *statistics);

#endif
