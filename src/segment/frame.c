/* SPDX-License-Identifier: MIT */
#include "segment/frame.h"

#include <netinet/in.h>

#include "base/bytes.h"
#include "frame/frame.h"
#include "segment/finish.h"

#define TCP_FLAGS    13
#define TCP_CWR      0x80
#define OPTION_JUMBO 0xc2  /* RFC 2675 2 */
#define LONGEST_SNAP 1492u /* bytes of an IP packet behind LLC and SNAP (RFC 1042) */

/* A frame that is decided over. */
struct subject {
	const struct segment_rules *rules;
	uint64_t index;
	size_t end;                      /* of its packet */
	const struct lso_layout *layout; /* of the innermost packet */
	uint32_t headers;                /* bytes of IP and transport headers of its segments */
	uint32_t around; /* bytes between the link-layer header and it, of its segments */
	struct segment_tunnel tunnel;
	bool tunnelled;
	bool cut_short;               /* an IP length says more than there is, also on the wire */
	enum lso_status outer_status; /* of the outermost packet, as if it held no other */
	struct flow flow;
};

/* mtu_left() - for the innermost packet */
static uint32_t mtu_left(const struct subject *s, uint32_t mtu)
{
	return mtu > s->around ? mtu - s->around : 0;
}

static uint32_t mtu_of(const struct subject *s)
{
	if (s->layout->l2_type == LSO_L2_LLC_SNAP && mtu_left(s, s->rules->mtu) > LONGEST_SNAP)
		return LONGEST_SNAP;
	return mtu_left(s, s->rules->mtu);
}

/* As its connection's handshake tells. */
static uint32_t largest_of_flow(const struct subject *s, bool *guessed)
{
	size_t payload = s->end - s->layout->payload_offset;
	uint32_t mss =
		flow_mss(&s->flow, s->layout->ip_version, s->headers, payload, mtu_of(s), guessed);
	uint32_t most = mtu_of(s) > s->headers ? mtu_of(s) - s->headers : 0;
	bool bound = s->rules->mtu_told || s->layout->l2_type == LSO_L2_LLC_SNAP;

	return bound && mss > most ? most : mss;
}

/* largest() - payload bytes that a segment may carry; 0: leave the frame alone */
static uint32_t largest(const struct subject *s, bool *guessed)
{
	const struct segment_rules *rules = s->rules;
	bool tcp = s->layout->l4_protocol == IPPROTO_TCP;

	*guessed = false;
	if (rules->list)
		return rules->list[s->index];
	if (!tcp && rules->udp_mss)
		return rules->udp_mss;
	if (tcp && rules->handshake && s->flow.peer_mss)
		return largest_of_flow(s, guessed);
	if (rules->mss)
		return rules->mss;
	/* What an MTU says of TCP, it does not say of datagrams: their sender chose their size. */
	*guessed = !(tcp && rules->mtu_told);
	if (tcp && rules->handshake && s->flow.own_mss)
		return largest_of_flow(s, guessed);
	return mtu_of(s) > s->headers ? mtu_of(s) - s->headers : 0;
}

/* too_long() - would a frame that cannot be segmented be more than the wire takes? */
static bool too_long(const struct subject *s)
{
	const struct segment_rules *rules = s->rules;
	size_t link = s->tunnel.found.link_length;

	if (!link) /* without a look at tunnels, or not whole */
		link = s->layout->l3_offset ? s->layout->l3_offset : FRAME_ETHERNET_HEADER;
	if (rules->list)
		return rules->list[s->index] != 0 && s->end > link + rules->list[s->index];
	return s->end > link + (rules->mss ? rules->mss + 40 : rules->mtu);
}

static bool is_accurate(const struct subject *s)
{
	if (s->rules->ecn == SEGMENT_ECN_FLOW)
		return s->flow.accurate_ecn;
	return s->rules->ecn == SEGMENT_ECN_ACCURATE;
}

/* add_finished() - what was done to one packet of several in one another */
static void add_finished(struct segment_finished *all, const struct segment_finished *one)
{
	all->length |= one->length;
	all->checksums |= one->checksums;
	all->left |= one->left;
	all->wrong |= one->wrong;
	all->no_length |= one->no_length;
	all->no_end |= one->no_end;
}

/* finish() - the innermost packet first: the checksums around it cover it */
static struct segment_finished finish(const struct subject *s, uint8_t *frame, size_t outer_end,
				      const struct lso_layout *outer, enum lso_status status)
{
	enum segment_finish_how how = SEGMENT_FINISH_LEFT;
	struct segment_finished done = { 0 }, around;

	if (s->rules->all_checksums)
		how |= SEGMENT_FINISH_ALL;
	if (s->tunnelled && s->layout->payload_offset) {
		bool right = segment_sum_is_right(frame, outer_end, outer);

		done = segment_finish_inner(frame, s->end, s->layout, status, how);
		if (right && (done.length || done.checksums))
			how |= SEGMENT_FINISH_ALL;
	}
	if (s->rules->nic_room && !s->tunnelled)
		how |= SEGMENT_FINISH_LEAVE;
	around = segment_finish(frame, outer_end, outer, s->tunnelled ? s->outer_status : status,
				how);
	add_finished(&done, &around);
	return done;
}

/* pass() - what becomes of a frame that is not cut. @outer_end: of its outermost packet */
static void pass(const struct subject *s, uint8_t *frame, size_t captured, size_t outer_end,
		 const struct lso_layout *outer, struct segment_result *result)
{
	struct segment_finished done;

	if (s->rules->keep_small)
		return;
	done = finish(s, frame, outer_end, outer, result->status);
	result->new_length = done.length;
	result->finished = done.checksums;
	result->left = done.left;
	if (done.no_end)
		result->fate = FATE_NO_END;
	else if (done.no_length)
		result->fate = FATE_LENGTH;
	else if (done.wrong)
		result->fate = FATE_WRONG;
	/* A check sequence that is known as one would be that of other bytes. */
	if ((result->finished || result->new_length) && outer_end + s->rules->fcs <= captured)
		result->behind = s->rules->fcs;
}

/*
 * for_nic() - may a NIC cut this? What it would not: tunnels, UDP, jumbograms, what does not fit,
 * and where CWR is part of a counter, which NICs clear after the first segment.
 */
static bool for_nic(const struct subject *s, const uint8_t *frame, enum lso_status status,
		    const struct lso_options *options)
{
	if (s->end > s->rules->nic_room || s->tunnelled || s->layout->l4_protocol != IPPROTO_TCP ||
	    status != LSO_OK || options->mss > UINT16_MAX)
		return false;
	return !options->accurate_ecn || !(frame[s->layout->l4_offset + TCP_FLAGS] & TCP_CWR);
}

/* hand_over() - a packet that a NIC is to cut, as a stack gives it: with its length and a seed */
static void hand_over(const struct subject *s, uint8_t *frame, struct segment_result *result)
{
	struct segment_finished done =
		segment_finish(frame, s->end, s->layout, LSO_NO_PAYLOAD, SEGMENT_FINISH_ALL);

	result->fate = FATE_WHOLE;
	result->new_length = done.length;
	lso_set_seed(frame, s->layout, (uint32_t)(s->end - s->layout->l4_offset));
}

/* refused_by_name() - longer than a segment, but no super-packet: what no NIC cuts as UDP */
static bool refused_by_name(struct subject *s, const uint8_t *frame, struct segment_result *result)
{
	if (s->tunnelled || s->layout->l4_protocol != IPPROTO_UDP || s->rules->list)
		return false;
	segment_tunnel_like(&s->rules->tunnels, frame, s->end, s->layout, &s->tunnel);
	if (s->tunnel.name == SEGMENT_NAME_NONE)
		return false;
	result->name = s->tunnel.name;
	result->fate = FATE_REFUSED;
	return true;
}

/*
 * has_surplus() - does UDP end before its IP packet does? What is between are UDP's options (RFC
 * 9868), which are one packet's and no payload.
 */
static bool has_surplus(const struct subject *s, const uint8_t *frame)
{
	size_t told;

	if (s->layout->l4_protocol != IPPROTO_UDP)
		return false;
	told = load_be16(frame + s->layout->l4_offset + 4);
	return told && s->end <= UINT16_MAX && s->layout->l4_offset + told < s->end;
}

/* refused() - what would be cut by its length, and is not as it seems */
static bool refused(struct subject *s, const uint8_t *frame, struct segment_result *result)
{
	if (s->cut_short)
		result->fate = FATE_PARTIAL;
	else if (has_surplus(s, frame)) {
		result->name = SEGMENT_UDP_SURPLUS;
		result->fate = FATE_REFUSED;
	} else {
		return refused_by_name(s, frame, result);
	}
	return true;
}

static enum lso_status begin(const struct subject *s, struct lso_segmenter *segmenter,
			     const struct iovec *iov, const struct lso_options *options)
{
	if (s->tunnelled)
		return segment_tunnel_begin(&s->rules->tunnels, segmenter, iov, options);
	return lso_begin(segmenter, iov, 1, options);
}

/* cut() - Return: false when the frame needs no cutting, or cannot be cut to its size. */
static bool cut(struct subject *s, size_t captured, struct iovec *iov,
		struct lso_segmenter *segmenter, struct segment_result *result)
{
	bool jumbo = result->status == LSO_JUMBOGRAM; /* in any case: its segments are none */
	bool guessed;
	struct lso_options options = { .mss = largest(s, &guessed),
				       .ip_id = s->rules->ip_id,
				       .udp_zero_checksum = !segment_lacks_udp_checksum(
					       iov->iov_base, s->layout),
				       .accurate_ecn = is_accurate(s),
				       .layout = jumbo ? NULL : s->layout };

	iov->iov_len = s->end;
	if (!options.mss && s->end > s->layout->payload_offset)
		result->status = LSO_BAD_MSS;
	else if (!jumbo && s->end - s->layout->payload_offset <= options.mss)
		return false;
	else if (refused(s, iov->iov_base, result))
		return true;
	else if (for_nic(s, iov->iov_base, result->status, &options))
		hand_over(s, iov->iov_base, result);
	else
		result->status = begin(s, segmenter, iov, &options);
	if (result->fate != FATE_WHOLE)
		result->fate = result->status ? FATE_REFUSED : FATE_CUT;
	if (result->fate != FATE_REFUSED) {
		result->behind = captured - s->end;
		result->guessed = guessed;
		result->udp = s->layout->l4_protocol == IPPROTO_UDP;
		result->mss = options.mss;
		result->accurate_ecn = options.accurate_ecn;
		result->tunnelled = s->tunnelled;
		result->end = s->end;
	}
	return true;
}

/* find() - the headers, through tunnels; @result: status, and the layout of the innermost packet */
static void find(struct subject *s, const struct iovec *iov, struct lso_layout *outer,
		 struct segment_result *result)
{
	const struct lso_tunnel *found = &s->tunnel.found;

	result->status = s->outer_status = lso_parse(iov, 1, outer);
	result->layout = *outer;
	s->tunnelled = segment_tunnel_look(&s->rules->tunnels, iov->iov_base, iov->iov_len, outer,
					   &s->tunnel);
	if (!s->tunnelled)
		return;
	result->status = s->tunnel.status;
	result->layout = found->inner;
	if (!outer->ip_version)
		*outer = found->outer;
}

/* has_jumbo() - is a hop-by-hop header in the packet that its segments will not have? */
static bool has_jumbo(const uint8_t *frame, const struct lso_layout *layout)
{
	const uint8_t *ip = frame + layout->l3_offset;

	return layout->ip_version == 6 && ip[6] == IPPROTO_HOPOPTS && ip[41] == 0 &&
	       ip[42] == OPTION_JUMBO;
}

/* count_headers() - those of a segment: from the innermost IP header on, and what is around */
static void count_headers(struct subject *s, const uint8_t *frame, enum lso_status status)
{
	const struct lso_tunnel *found = &s->tunnel.found;

	s->headers = (uint32_t)s->layout->payload_offset - s->layout->l3_offset;
	if (status == LSO_JUMBOGRAM && has_jumbo(frame, s->layout))
		s->headers -= LSO_JUMBO_HEADER;
	if (s->tunnelled)
		s->around = (uint32_t)s->layout->payload_offset - found->link_length -
			    found->jumbo_length - s->headers;
}

struct segment_result segment_begin(const struct segment_rules *rules, uint8_t *frame,
				    size_t captured, size_t length, uint64_t index,
				    struct iovec *iov, struct lso_segmenter *segmenter)
{
	struct segment_result result = { .fate = FATE_PASSED };
	struct subject s = { .rules = rules, .index = index, .layout = &result.layout };
	struct lso_layout outer;
	size_t outer_end;

	*iov = (struct iovec){ frame, captured < length ? captured : length };
	find(&s, iov, &outer, &result);
	if (rules->flows)
		flow_look(rules->flows, frame, iov->iov_len, s.layout, &s.flow);
	if (rules->list && rules->list[index] == 0) {
		result.fate = FATE_LISTED;
		return result;
	}
	s.end = outer_end = frame_packet_end(frame, length, rules->fcs, &outer);
	if (s.tunnelled && s.layout->payload_offset && outer_end <= captured)
		s.end = frame_packet_end(frame, outer_end, 0, s.layout);
	s.cut_short = frame_is_cut_short(frame, length, &outer) ||
		      (s.tunnelled && frame_is_cut_short(frame, outer_end, s.layout));
	result.end = outer_end;
	if (outer_end > captured) {
		result.fate = FATE_PARTIAL;
		return result;
	}
	if (result.status == LSO_OK ||
	    (result.status == LSO_JUMBOGRAM && s.layout->payload_offset)) {
		count_headers(&s, frame, result.status);
		if (cut(&s, captured, iov, segmenter, &result))
			return result;
	} else if (too_long(&s)) {
		result.fate = FATE_REFUSED;
		result.name = s.tunnel.name;
		return result;
	}
	if (s.tunnelled && result.status) /* what is around was looked at all the same */
		result.status = s.outer_status;
	pass(&s, frame, captured, outer_end, &outer, &result);
	return result;
}
