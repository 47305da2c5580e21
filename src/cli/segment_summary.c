/* SPDX-License-Identifier: MIT */
#include "cli/segment_summary.h"

#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>

#include "capture/link.h"

bool segment_counts_make(struct segment_counts *counts)
{
	counts->links = calloc(SEGMENT_LINKS, sizeof(*counts->links));
	counts->links_out = calloc(SEGMENT_LINKS, sizeof(*counts->links_out));
	return counts->links && counts->links_out;
}

void segment_counts_free(struct segment_counts *counts)
{
	free(counts->links);
	free(counts->links_out);
}

uint64_t segment_left_alone(const struct segment_counts *c)
{
	return c->fates[FATE_LISTED] + c->fates[FATE_PARTIAL] + c->fates[FATE_NO_END] +
	       c->fates[FATE_REFUSED] + c->unknown;
}

uint64_t segment_wrong(const struct segment_counts *c)
{
	return c->fates[FATE_WRONG] + c->fates[FATE_LENGTH];
}

/* What has a TCP or UDP header, of which nobody knows whether its checksum is right. */
static bool is_unchecked(const struct segment_result *result)
{
	uint8_t protocol = result->layout.l4_protocol;

	return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP;
}

void segment_count(struct segment_counts *counts, const struct segment_result *result)
{
	bool cut = result->fate == FATE_CUT;

	counts->packets++;
	counts->fates[result->fate]++;
	counts->finished += result->finished;
	counts->new_lengths += result->new_length;
	counts->behind += result->behind != 0;
	counts->behind_bytes += result->behind;
	counts->guessed_tcp += cut && result->guessed && !result->udp;
	counts->guessed_udp += cut && result->guessed && result->udp;
	counts->tunnelled += cut && result->tunnelled;
	counts->accurate_ecn += cut && result->accurate_ecn;
	if (result->fate == FATE_REFUSED)
		counts->refused[result->name][result->status]++;
	else if (result->fate == FATE_PASSED && result->status)
		(is_unchecked(result) ? counts->unchecked : counts->others)[result->status]++;
}

static void say(uint64_t count, const char *what)
{
	if (count)
		fprintf(stderr, "%s: %" PRIu64 "\n", what, count);
}

static void say_reasons(const uint64_t *counts, const char *fate)
{
	for (int i = 0; i < SEGMENT_REASONS; i++) {
		if (counts[i])
			fprintf(stderr, "%s, %s: %" PRIu64 "\n", fate,
				lso_reason((enum lso_status)i), counts[i]);
	}
}

static void say_refused(const struct segment_counts *c)
{
	char room[120];

	for (int name = 0; name < SEGMENT_NAMES; name++) {
		for (int i = 0; i < SEGMENT_REASONS; i++) {
			if (c->refused[name][i])
				fprintf(stderr, "left alone, %s: %" PRIu64 "\n",
					segment_refusal_text((enum segment_name)name,
							     (enum lso_status)i, room,
							     sizeof(room)),
					c->refused[name][i]);
		}
	}
}

static void say_links(uint64_t all, const uint64_t *links, const char *format)
{
	char room[CAPTURE_NAME_ROOM];

	for (uint32_t i = 0; all && i < SEGMENT_LINKS; i++) {
		if (links[i])
			fprintf(stderr, format, capture_link_name((uint16_t)i, room), links[i]);
	}
}

/* One line for each kind. */
static void warn_of_guesses(const struct segment_counts *c, const struct segment_rules *rules)
{
	if (c->guessed_tcp)
		fprintf(stderr,
			"warning: %" PRIu64
			" TCP packets were cut by guess, for an MTU of %u: the capture lacks their handshake, which would tell the MSS; --mtu or --mss does\n",
			c->guessed_tcp, rules->mtu);
	if (c->guessed_udp)
		fprintf(stderr,
			"warning: %" PRIu64
			" UDP packets were cut by guess, for an MTU of %u: the datagrams that were sent may have had another size; --udp-mss tells it\n",
			c->guessed_udp, rules->mtu);
}

void segment_summarise(const struct segment_counts *c, const struct segment_rules *rules,
		       bool stats)
{
	fprintf(stderr,
		"%" PRIu64 " packets: %" PRIu64 " cut into %" PRIu64 ", %" PRIu64
		" passed, %" PRIu64 " left alone",
		c->packets, c->fates[FATE_CUT], c->segments, c->fates[FATE_PASSED],
		segment_left_alone(c));
	if (segment_wrong(c))
		fprintf(stderr, ", %" PRIu64 " wrong", segment_wrong(c));
	fprintf(stderr, "; %" PRIu64 " frames\n", c->frames);
	if (stats) {
		fprintf(stderr, "passed, checksums filled in: %" PRIu64 "\n", c->finished);
		say(c->new_lengths, "passed, IP length filled in");
		say(c->tunnelled, "cut, in a tunnel");
		say(c->accurate_ecn, "cut, CWR on all segments (Accurate ECN)");
		say(c->opaque, "passed, nothing to look into behind the link header");
		say(c->no_copy, "blocks left out that are not to be copied");
		say(c->fates[FATE_LISTED], "left alone, listed with 0");
		say_reasons(c->others, "passed, without a look inside");
	}
	say_reasons(c->unchecked, "passed, checksum not looked at");
	if (c->behind)
		fprintf(stderr,
			"cut off behind the IP packet: %" PRIu64 " bytes of %" PRIu64 " packets\n",
			c->behind_bytes, c->behind);
	say(c->fates[FATE_PARTIAL], "left alone, not captured whole");
	say(c->fates[FATE_NO_END], "left alone, no length, and zeros at the end may be padding");
	say_refused(c);
	say_links(c->unknown, c->links, "left alone, link type %s: %" PRIu64 "\n");
	say_links(c->left_out, c->links_out,
		  "left out, link type %s (a pcap file holds one, pcapng all): %" PRIu64 "\n");
	say(c->other_time, "times that pcap cannot express, of frames");
	say(c->fates[FATE_WRONG], "wrong, a checksum is not right, but not as a sender leaves it");
	say(c->fates[FATE_LENGTH], "wrong, a length of IP or UDP is not that of the packet");
	warn_of_guesses(c, rules);
}
