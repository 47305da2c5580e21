/* SPDX-License-Identifier: MIT */
/*
 * What joins what: Linux' GRO, as measured, and NDIS' RSC ("Rules for Coalescing TCP/IP Segments",
 * "Exception Conditions that Terminate Coalescing", "UDP Receive Segment Coalescing Offload").
 */
#include "coalesce_private.h"

/* TCP option kinds, RFC 9293 3.1 and RFC 7323 3.2 */
enum { OPTION_END = 0, OPTION_NOP = 1, OPTION_TIMESTAMP = 8, TIMESTAMP_LENGTH = 10 };

/*
 * find_stamp() - the timestamp option among a TCP header's options
 * @only: out: there is nothing else but padding
 * Return: the offset of its two values in the frame; 0: there is none.
 */
static uint16_t find_stamp(const uint8_t *head, const struct lso_layout *layout, bool *only)
{
	size_t at = layout->l4_offset + 20u;
	uint16_t stamp = 0;

	*only = true;
	while (at < layout->payload_offset) {
		size_t left = layout->payload_offset - at;

		if (head[at] == OPTION_END || head[at] == OPTION_NOP) {
			at++;
			continue;
		}
		if (stamp || head[at] != OPTION_TIMESTAMP || left < TIMESTAMP_LENGTH ||
		    head[at + 1] != TIMESTAMP_LENGTH) {
			*only = false;
			return 0;
		}
		stamp = (uint16_t)(at + 2);
		at += TIMESTAMP_LENGTH;
	}
	return stamp;
}

static bool is_rsc(const struct lso_coalescer *c)
{
	return c->options.rules == LSO_RULES_RSC;
}

/* is_loose() - may acknowledgments, windows and lengths change? Datagrams have none of it. */
static bool is_loose(const struct lso_coalescer *c, const struct lso_layout *layout)
{
	return c->options.updates && is_tcp(layout);
}

static uint32_t protocol_of(const struct lso_layout *layout)
{
	if (is_tcp(layout))
		return layout->ip_version == 4 ? LSO_COALESCE_TCP4 : LSO_COALESCE_TCP6;
	return layout->ip_version == 4 ? LSO_COALESCE_UDP4 : LSO_COALESCE_UDP6;
}

/* lengths() - IP's and UDP's are the frame's own */
static enum lso_end lengths(const struct lso_coalescer *c, struct frame *f)
{
	const uint8_t *ip = ip_of(f);
	size_t length = f->length - f->layout.l3_offset;
	size_t said = f->layout.ip_version == 4 ? load_be16(ip + IPV4_LENGTH)
						: load_be16(ip + IPV6_LENGTH) + 40u;

	if (said != length)
		return LSO_END_IP_LENGTH;
	if (!is_tcp(&f->layout) &&
	    load_be16(l4_of(f) + UDP_LENGTH) != f->length - f->layout.l4_offset)
		return LSO_END_IP_LENGTH;
	f->payload = (uint32_t)(f->length - f->layout.payload_offset);
	return length > c->options.max_length ? LSO_END_TOO_LONG : LSO_END_NONE;
}

static enum lso_end ipv4_holdable(const struct lso_coalescer *c, const struct frame *f)
{
	const uint8_t *ip = ip_of(f);

	if (ip[6] & 0x80)
		return LSO_END_IP_FLAGS;
	if (fold16(c->engine->sum(ip, 20)) != 0xffff)
		return LSO_END_IP_SUM;
	return load16(ip + IPV4_CHECKSUM) == 0xffff ? LSO_END_SUM_FORM : LSO_END_NONE;
}

static enum lso_end rsc_tcp_holdable(const struct lso_coalescer *c, struct frame *f)
{
	bool only;

	if (f->flags & FLAG_RESERVED || !(f->flags & FLAG_ACK))
		return LSO_END_FLAGS;
	f->stamp = find_stamp(f->head, &f->layout, &only);
	if (!only || (f->stamp && c->options.no_timestamps))
		return LSO_END_TCP_OPTIONS;
	return LSO_END_NONE;
}

static enum lso_end tcp_holdable(const struct lso_coalescer *c, struct frame *f)
{
	enum lso_end why = LSO_END_NONE;

	f->flags = load_be16(l4_of(f) + TCP_FLAGS) & 0xfff;
	if (f->flags & FLAG_SYN)
		return LSO_END_SYN;
	if (f->flags & FLAG_RST)
		return LSO_END_RST;
	if (f->flags & FLAG_URG)
		return LSO_END_URG;
	if (is_rsc(c))
		why = f->flags & FLAG_FIN ? LSO_END_FIN : rsc_tcp_holdable(c, f);
	else if (f->flags & FLAG_CWR)
		why = LSO_END_CWR;
	if (why)
		return why;
	return f->payload || c->options.updates ? LSO_END_NONE : LSO_END_NO_PAYLOAD;
}

static enum lso_end udp_holdable(const struct lso_coalescer *c, const struct frame *f)
{
	if (f->payload == 0)
		return LSO_END_NO_PAYLOAD;
	if (!is_rsc(c) && load16(l4_of(f) + UDP_CHECKSUM) == 0)
		return LSO_END_NO_SUM;
	return LSO_END_NONE;
}

enum lso_end lso_frame_holdable(const struct lso_coalescer *c, struct frame *f)
{
	const struct lso_layout *layout = &f->layout;
	enum lso_end why;

	if (!(c->options.protocols & protocol_of(layout)))
		return LSO_END_PROTOCOL;
	if (layout->l2_type == LSO_L2_LLC_SNAP)
		return LSO_END_LLC;
	if (layout->ip_options && (layout->ip_version == 4 || is_rsc(c)))
		return LSO_END_IP_OPTIONS;
	why = lengths(c, f);
	if (!why && layout->ip_version == 4)
		why = ipv4_holdable(c, f);
	if (!why)
		why = is_tcp(layout) ? tcp_holdable(c, f) : udp_holdable(c, f);
	if (!why && f->sum == LSO_FRAME_BAD)
		why = LSO_END_BAD_SUM;
	return why;
}

/* next_15() - the ID after @id within 15 bits */
static uint16_t next_15(uint16_t id)
{
	return (uint16_t)((id & 0x8000) | ((id + 1) & 0x7fff));
}

/* id_goes_on() - how the IDs go on when this one is the next; ID_ANY: they do not */
static enum id_way id_goes_on(const struct lso_coalescer *c, const struct unit *u, uint16_t id)
{
	bool counts = id == (uint16_t)(last_id(u) + 1);
	bool wraps = c->options.ndis_ip_id && is_tcp(&u->layout) && id == next_15(last_id(u));

	switch (u->id_way) {
	case ID_FIXED:
		return id == last_id(u) ? ID_FIXED : ID_ANY;
	case ID_COUNTS_16:
		return counts ? ID_COUNTS_16 : ID_ANY;
	case ID_COUNTS_15:
		return wraps ? ID_COUNTS_15 : ID_ANY;
	case ID_UNKNOWN:
		if (id == last_id(u))
			return ID_FIXED;
		break;
	case ID_ANY:
		return ID_ANY;
	}
	if ((last_id(u) & 0x7fff) != 0x7fff)
		return counts ? ID_COUNTS : ID_ANY;
	if (counts)
		return ID_COUNTS_16;
	return wraps ? ID_COUNTS_15 : ID_ANY;
}

static uint16_t id_of(const struct frame *f)
{
	return f->layout.ip_version == 4 ? load_be16(ip_of(f) + IPV4_ID) : 0;
}

static uint8_t ttl_of(const struct frame *f)
{
	return ip_of(f)[ttl_at(&f->layout)];
}

static enum lso_end ip_joins(const struct lso_coalescer *c, const struct unit *u,
			     const struct frame *f)
{
	const uint8_t *ip = ip_of(f);
	const uint8_t *unit_ip = u->header + u->layout.l3_offset;
	bool loose = is_loose(c, &f->layout);

	if (f->layout.ip_version == 4) {
		if (ip[1] != unit_ip[1])
			return LSO_END_TOS;
		if (ttl_of(f) != unit_ip[ttl_at(&u->layout)] && !loose)
			return LSO_END_TTL;
		if (ip[6] != unit_ip[6])
			return LSO_END_DF;
		return LSO_END_NONE;
	}
	if (load32(ip) != load32(unit_ip))
		return LSO_END_TOS;
	if (ttl_of(f) != unit_ip[ttl_at(&u->layout)] && !loose)
		return LSO_END_TTL;
	if (f->layout.l4_offset != u->layout.l4_offset || ip[6] != unit_ip[6] ||
	    memcmp(ip + 40, unit_ip + 40, f->layout.l4_offset - f->layout.l3_offset - 40u))
		return LSO_END_EXTENSION;
	return LSO_END_NONE;
}

/* goes_back() - is @b before @a, modulo 2^32 (RFC 9293 3.4)? */
static bool goes_back(uint32_t a, uint32_t b)
{
	return (int32_t)(b - a) < 0;
}

static enum lso_end options_join(const struct lso_coalescer *c, const struct unit *u,
				 const struct frame *f)
{
	const uint8_t *mine = u->header + u->layout.l4_offset + 20;
	const uint8_t *theirs = l4_of(f) + 20;
	size_t length = f->layout.payload_offset - f->layout.l4_offset - 20u;
	size_t stamp = f->stamp ? f->stamp - f->layout.l4_offset - 20u : 0;

	if (length != (size_t)u->layout.payload_offset - u->layout.l4_offset - 20u)
		return LSO_END_TCP_OPTIONS;
	if (!memcmp(mine, theirs, length))
		return LSO_END_NONE;
	if (!is_rsc(c) || f->stamp != u->stamp || memcmp(mine, theirs, stamp) ||
	    memcmp(mine + stamp + 8, theirs + stamp + 8, length - stamp - 8))
		return LSO_END_TCP_OPTIONS;
	if (!c->options.updates || goes_back(load_be32(mine + stamp), load_be32(theirs + stamp)) ||
	    goes_back(load_be32(mine + stamp + 4), load_be32(theirs + stamp + 4)))
		return LSO_END_TIMESTAMP;
	return LSO_END_NONE;
}

/* ack_joins() - a segment without payload: a window update, a duplicate ACK or neither */
static enum lso_end ack_joins(const struct lso_coalescer *c, const struct unit *u,
			      const struct frame *f)
{
	const uint8_t *tcp = l4_of(f);
	const uint8_t *unit_tcp = u->header + u->layout.l4_offset;
	bool duplicate = load16(tcp + TCP_WINDOW) == load16(unit_tcp + TCP_WINDOW);

	if (load32(tcp + TCP_ACKNOWLEDGMENT) != load32(unit_tcp + TCP_ACKNOWLEDGMENT))
		return LSO_END_NO_PAYLOAD;
	if (duplicate)
		return c->options.duplicate_acks && u->segments == 0 ? LSO_END_NONE
								     : LSO_END_NO_PAYLOAD;
	return u->duplicate_acks == 0 ? LSO_END_NONE : LSO_END_NO_PAYLOAD;
}

static enum lso_end ack_number_joins(const struct lso_coalescer *c, const uint8_t *unit_tcp,
				     const uint8_t *tcp)
{
	uint32_t mine = load_be32(unit_tcp + TCP_ACKNOWLEDGMENT);
	uint32_t theirs = load_be32(tcp + TCP_ACKNOWLEDGMENT);

	if (mine == theirs || (c->options.updates && !goes_back(mine, theirs)))
		return LSO_END_NONE;
	return LSO_END_ACK;
}

static enum lso_end tcp_joins(const struct lso_coalescer *c, const struct unit *u,
			      const struct frame *f)
{
	const uint8_t *tcp = l4_of(f);
	const uint8_t *unit_tcp = u->header + u->layout.l4_offset;
	uint16_t changed = (f->flags ^ u->flags) & (uint16_t) ~(FLAG_PSH | FLAG_FIN);
	enum lso_end why;

	if (changed)
		return changed & (FLAG_ECE | FLAG_CWR) ? LSO_END_ECN : LSO_END_FLAGS;
	if (load_be32(tcp + TCP_SEQUENCE) != u->sequence)
		return LSO_END_SEQUENCE;
	if (f->payload == 0)
		return ack_joins(c, u, f);
	if (u->segments == 0) /* a pure ACK is held */
		return LSO_END_NO_PAYLOAD;
	why = ack_number_joins(c, unit_tcp, tcp);
	if (why)
		return why;
	if (load16(tcp + TCP_WINDOW) != load16(unit_tcp + TCP_WINDOW) && !c->options.updates)
		return LSO_END_WINDOW;
	return load16(tcp + TCP_URGENT) == load16(unit_tcp + TCP_URGENT) ? LSO_END_NONE
									 : LSO_END_URGENT;
}

static enum lso_end size_joins(const struct lso_coalescer *c, const struct unit *u,
			       const struct frame *f)
{
	uint16_t id = id_of(f);

	if (f->payload > u->mss && !is_loose(c, &f->layout))
		return LSO_END_LONGER;
	if (f->layout.ip_version == 4 && !c->options.updates && id_goes_on(c, u, id) == ID_ANY)
		return LSO_END_ID;
	if (ip_length_of(&u->layout, u->payload + f->payload) > c->options.max_length)
		return LSO_END_LENGTH;
	return LSO_END_NONE;
}

enum lso_end lso_frame_joins(const struct lso_coalescer *c, const struct unit *u,
			     const struct frame *f)
{
	enum lso_end why;

	if (is_tcp(&f->layout)) {
		why = tcp_joins(c, u, f);
		if (!why)
			why = options_join(c, u, f);
	} else {
		why = u->unsummed == (load16(l4_of(f) + UDP_CHECKSUM) == 0) ? LSO_END_NONE
									    : LSO_END_NO_SUM;
	}
	if (!why)
		why = ip_joins(c, u, f);
	if (!why)
		why = size_joins(c, u, f);
	return why;
}

enum lso_end lso_frame_closes(const struct lso_coalescer *c, const struct unit *u,
			      const struct frame *f)
{
	bool tcp = is_tcp(&f->layout);
	bool loose = is_loose(c, &f->layout);
	uint32_t max = c->options.max_frames;

	if (!u && f->payload == 0 && !c->options.duplicate_acks)
		return LSO_END_NO_PAYLOAD;
	if (tcp && !loose && f->flags & FLAG_FIN)
		return LSO_END_FIN;
	if (tcp && !loose && f->flags & FLAG_PSH)
		return LSO_END_PSH;
	if (u && !loose && f->payload < u->mss)
		return LSO_END_SHORT;
	if (!tcp && !is_rsc(c) && max > UDP_DATAGRAMS)
		max = UDP_DATAGRAMS;
	return u && u->frames >= max ? LSO_END_FRAMES : LSO_END_NONE;
}

/* take_updates() - what later TCP frames change in a unit, at the law's cost */
static void take_updates(struct unit *u, const struct frame *f)
{
	uint8_t *tcp = u->header + u->layout.l4_offset;
	uint8_t *ttl = u->header + u->layout.l3_offset + ttl_at(&u->layout);
	const uint8_t *theirs = l4_of(f);
	bool same = !memcmp(tcp + TCP_ACKNOWLEDGMENT, theirs + TCP_ACKNOWLEDGMENT, 4) &&
		    !memcmp(tcp + TCP_WINDOW, theirs + TCP_WINDOW, 2);

	if (f->payload == 0 && u->segments == 0 && same)
		u->duplicate_acks++;
	/* Of those that can be cut again the last one alone is shorter, or has PSH. */
	if (!same || f->payload == 0 || f->payload > u->mss || u->flags & FLAG_PSH ||
	    u->payload - f->payload != (uint64_t)u->mss * u->segments || ttl_of(f) != *ttl ||
	    memcmp(tcp + 20, theirs + 20, f->layout.payload_offset - f->layout.l4_offset - 20u))
		u->lossy = true;
	memcpy(tcp + TCP_ACKNOWLEDGMENT, theirs + TCP_ACKNOWLEDGMENT, 4);
	memcpy(tcp + TCP_WINDOW, theirs + TCP_WINDOW, 2);
	if (f->stamp)
		memcpy(u->header + u->stamp, f->head + f->stamp, 8);
	if (ttl_of(f) < *ttl)
		*ttl = ttl_of(f);
}

void lso_unit_take(const struct lso_coalescer *c, struct unit *u, const struct frame *f)
{
	if (f->layout.ip_version == 4) {
		u->id_way = (uint8_t)id_goes_on(c, u, id_of(f));
		u->ids = id_of(f);
		if (u->id_way == ID_ANY)
			u->lossy = true;
	}
	if (is_loose(c, &f->layout))
		take_updates(u, f);
	u->flags |= f->flags;
	u->sequence += f->payload;
	if (f->payload > u->longest)
		u->longest = f->payload;
	u->segments += f->payload != 0;
	u->frames++;
}
