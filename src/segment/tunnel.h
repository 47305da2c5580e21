/* SPDX-License-Identifier: MIT */
/*
 * Packets that are not what they seem: tunnels, whose inner packet is what is cut, and what is left
 * alone by its name, for a NIC would not cut it, or not so that it can be told how.
 */
#ifndef SEGMENT_TUNNEL_H
#define SEGMENT_TUNNEL_H

#include <netcx/lso.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SEGMENT_TUNNEL_PORTS 64

/* Which tunnels are looked for. All zero: those that are known. */
struct segment_tunnels {
	bool none; /* none at all */
	struct lso_tunnel_port ports[SEGMENT_TUNNEL_PORTS];
	size_t count;
};

/* What a packet is by name; the first are enum lso_tunnel_kind. */
enum segment_name {
	SEGMENT_NAME_NONE = LSO_TUNNEL_NONE, /* it has none of its own */
	/* UDP that has a tunnel's header and one whole packet in it, to a port that is not known */
	SEGMENT_OWN_NAMES = LSO_TUNNEL_ETHERNET + 1,
	SEGMENT_LIKE_VXLAN = SEGMENT_OWN_NAMES,
	SEGMENT_LIKE_VXLAN_GPE,
	SEGMENT_LIKE_GENEVE,
	SEGMENT_LIKE_GTPU,
	SEGMENT_LIKE_GUE,
	SEGMENT_LIKE_FOU,
	SEGMENT_LIKE_GRE,
	SEGMENT_LIKE_MPLS,
	/* in UDP */
	SEGMENT_ESP_IN_UDP,
	SEGMENT_IKE,
	SEGMENT_L2TP,
	SEGMENT_WIREGUARD,
	SEGMENT_CAPWAP,
	SEGMENT_LISP,
	SEGMENT_TEREDO,
	SEGMENT_ROCE_IN_UDP,
	SEGMENT_UDP_SURPLUS,
	/* in IP */
	SEGMENT_ESP,
	SEGMENT_AH,
	SEGMENT_SCTP,
	SEGMENT_L2TP_IN_IP,
	SEGMENT_UDP_LITE,
	SEGMENT_DCCP,
	SEGMENT_ICMP,
	/* in Ethernet */
	SEGMENT_MACSEC,
	SEGMENT_PBB,
	SEGMENT_FCOE,
	SEGMENT_ROCE,
	SEGMENT_BATMAN,
	SEGMENT_NAMES
};

/* Statuses that there are, for whoever counts packets by name and status. */
#define SEGMENT_REASONS (LSO_BAD_OPTIONS + 1)

/* segment_name_text() - for the summary: "ESP in UDP". Static storage. */
const char *segment_name_text(enum segment_name name);

/*
 * segment_refusal_text() - what is left alone, and why, where its name does not say that
 * @status: where name is a tunnel's, or none
 */
const char *segment_refusal_text(enum segment_name name, enum lso_status status, char *room,
				 size_t size);

struct segment_tunnel {
	enum lso_status status; /* lso_parse_tunnel()'s */
	struct lso_tunnel found;
	enum segment_name name; /* with another status than LSO_OK: why; or of what is left alone */
};

/*
 * segment_tunnel_look() - is there a tunnel?
 * @captured: bytes of @frame
 * @plain:    as lso_parse() filled it, whatever it said
 * Return: whether an inner packet is found; else @t->name says what else it may be.
 */
bool segment_tunnel_look(const struct segment_tunnels *tunnels, const uint8_t *frame,
			 size_t captured, const struct lso_layout *plain, struct segment_tunnel *t);

/*
 * segment_tunnel_like() - does UDP that is longer than a frame look like a tunnel? Changes
 * @t->name.
 * @end: of its packet
 */
void segment_tunnel_like(const struct segment_tunnels *tunnels, const uint8_t *frame, size_t end,
			 const struct lso_layout *plain, struct segment_tunnel *t);

/* segment_tunnel_begin() - lso_begin_tunnel() by these rules */
enum lso_status segment_tunnel_begin(const struct segment_tunnels *tunnels,
				     struct lso_segmenter *segmenter, const struct iovec *iov,
				     const struct lso_options *options);

#endif
