/* SPDX-License-Identifier: MIT */
#include "segment/flow.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/hash.h"

#define SETS           8192u
#define WAYS           8u  /* connections in a set; the one not seen for longest makes room */
#define LEAST_MSS_IPV4 536 /* of a SYN without the option (RFC 9293 3.7.1) */
#define LEAST_MSS_IPV6 1220
#define LEAST_PAYLOAD \
	8 /* what is left of the least MSS that Linux takes, and of 40 bytes of options */
#define LARGEST_PACKET 65535u
#define MOST_SYN_DATA  65536u /* bytes that a SYN may carry (RFC 7413) */

#define TCP_OPTION_END 0
#define TCP_OPTION_NOP 1
#define TCP_OPTION_MSS 2

#define TCP_SYN        0x02
#define TCP_ACK        0x10

/* AE, CWR and ECE as one number (RFC 9768 3.1). */
#define ACE_ASKED 7

/* What one side of a connection has said in its SYN. */
struct side {
	uint32_t sequence, acknowledged; /* of the SYN, host order */
	uint32_t mss;
	bool seen, answers; /* a SYN, one with ACK */
	bool asks, takes;   /* for Accurate ECN, Accurate ECN that was asked for */
	int8_t sizes; /* packets that have shown its own MSS, less those that have its peer's */
};

#define SIZES_MOST 8 /* of them: what follows may be of another size */

/* A connection. The sides are in the order of their addresses, so that both ways lead here. */
struct entry {
	uint8_t address[2][16];
	uint16_t port[2]; /* as in the packet */
	uint8_t version;  /* of IP; 0: free */
	struct side sides[2];
	uint64_t used; /* number of the packet that was last */
};

struct flow_table {
	uint64_t packets;
	struct entry entries[SETS][WAYS];
};

struct flow_table *flow_table_create(void)
{
	return calloc(1, sizeof(struct flow_table));
}

void flow_table_free(struct flow_table *table)
{
	free(table);
}

/*
 * key_of() - a packet's addresses and ports, in their order
 * Return: which side is its sender.
 */
static unsigned key_of(const uint8_t *frame, const struct lso_layout *layout, struct entry *key)
{
	const uint8_t *ip = frame + layout->l3_offset, *tcp = frame + layout->l4_offset;
	size_t size = layout->ip_version == 4 ? 4 : 16, at = layout->ip_version == 4 ? 12 : 8;
	const uint8_t *source = ip + at, *target = source + size;
	int order;
	unsigned side;

	if (layout->final_destination)
		target = frame + layout->final_destination;
	order = memcmp(source, target, size);
	side = order > 0 || (order == 0 && memcmp(tcp, tcp + 2, 2) > 0);
	memset(key, 0, sizeof(*key));
	key->version = layout->ip_version;
	memcpy(key->address[side], source, size);
	memcpy(key->address[!side], target, size);
	memcpy(&key->port[side], tcp, 2);
	memcpy(&key->port[!side], tcp + 2, 2);
	return side;
}

static struct entry *set_of(struct flow_table *table, const struct entry *key)
{
	uint32_t hash = HASH_START;

	hash = hash_bytes(hash, key->address, sizeof(key->address));
	hash = hash_bytes(hash, key->port, sizeof(key->port));
	return table->entries[hash % SETS];
}

/* find() - Return: the connection; with @add a new one when it is not known; else NULL. */
static struct entry *find(struct flow_table *table, const struct entry *key, bool add)
{
	struct entry *set = set_of(table, key), *oldest = set;

	for (unsigned i = 0; i < WAYS; i++) {
		if (set[i].version == key->version &&
		    !memcmp(set[i].address, key->address, sizeof(key->address)) &&
		    !memcmp(set[i].port, key->port, sizeof(key->port)))
			return &set[i];
		if (set[i].used < oldest->used)
			oldest = &set[i];
	}
	if (!add)
		return NULL;
	*oldest = *key;
	return oldest;
}

/* mss_option() - of a SYN; without one, or with one that says nothing, the protocol's default */
static uint32_t mss_option(const uint8_t *tcp, size_t length, int ip_version)
{
	for (size_t at = 20; at < length && tcp[at] != TCP_OPTION_END;) {
		if (tcp[at] == TCP_OPTION_NOP) {
			at++;
			continue;
		}
		if (at + 1 >= length || tcp[at + 1] < 2 || at + tcp[at + 1] > length)
			break;
		if (tcp[at] == TCP_OPTION_MSS && tcp[at + 1] == 4 && load_be16(tcp + at + 2))
			return load_be16(tcp + at + 2);
		at += tcp[at + 1];
	}
	return ip_version == 4 ? LEAST_MSS_IPV4 : LEAST_MSS_IPV6;
}

/* is_answer_to() - does @acknowledged follow a SYN with @sequence and what that carried? */
static bool is_answer_to(uint32_t acknowledged, uint32_t sequence)
{
	return acknowledged - sequence - 1 <= MOST_SYN_DATA;
}

/*
 * learn() - from a SYN, with ACK or without. A connection of the same ports that was before this
 * one is forgotten; a SYN that is sent again may announce less.
 */
static void learn(struct entry *entry, unsigned side, const uint8_t *tcp, size_t length)
{
	struct side *self = &entry->sides[side], *other = &entry->sides[!side];
	uint32_t sequence = load_be32(tcp + 4), mss = mss_option(tcp, length, entry->version);
	unsigned ace = (tcp[12] & 1u) << 2 | tcp[13] >> 6;
	bool answers = tcp[13] & TCP_ACK;

	if (!self->seen || self->sequence != sequence)
		*self = (struct side){ .sequence = sequence, .seen = true, .mss = mss };
	if (answers) {
		self->answers = true;
		self->acknowledged = load_be32(tcp + 8);
		/* RFC 9768 3.1.1: the rest are no ECN, that of RFC 3168, or a reflection. */
		self->takes |= ace == 2 || ace == 3 || ace == 4 || ace == 6;
		if (other->seen && !is_answer_to(self->acknowledged, other->sequence))
			*other = (struct side){ 0 };
	} else {
		self->asks |= ace == ACE_ASKED;
		if (other->answers && !is_answer_to(other->acknowledged, sequence))
			*other = (struct side){ 0 };
	}
	if (mss < self->mss)
		self->mss = mss;
}

static bool is_accurate(const struct side *one, const struct side *two)
{
	const struct side *answer = one->answers ? one : two, *asking = one->answers ? two : one;

	if (!answer->answers)
		return one->asks || two->asks;
	return answer->takes && (asking->asks || !asking->seen);
}

void flow_look(struct flow_table *table, const uint8_t *frame, size_t captured,
	       const struct lso_layout *layout, struct flow *flow)
{
	const uint8_t *tcp = frame + layout->l4_offset;
	struct entry key, *entry;
	unsigned side;
	size_t length;

	*flow = (struct flow){ 0 };
	if (layout->l4_protocol != IPPROTO_TCP || layout->ip_fragment || !layout->l4_offset ||
	    captured < layout->l4_offset + 20u)
		return;
	side = key_of(frame, layout, &key);
	entry = find(table, &key, tcp[13] & TCP_SYN);
	if (!entry)
		return;
	entry->used = ++table->packets;
	length = (tcp[12] >> 4) * 4u;
	if (length > captured - layout->l4_offset)
		length = captured - layout->l4_offset;
	if (tcp[13] & TCP_SYN)
		learn(entry, side, tcp, length);
	flow->peer_mss = entry->sides[!side].mss;
	flow->own_mss = entry->sides[side].mss;
	flow->accurate_ecn = is_accurate(&entry->sides[0], &entry->sides[1]);
	flow->sizes = &entry->sides[side].sizes;
}

/* in_packet() - payload that packets of so many bytes have room for */
static uint32_t in_packet(uint32_t length, uint32_t headers)
{
	if (length > LARGEST_PACKET)
		length = LARGEST_PACKET;
	return length >= headers + LEAST_PAYLOAD ? length - headers : LEAST_PAYLOAD;
}

/* What is left of a write may be a multiple by chance, so that the many decide. */
static void count_size(int8_t *sizes, int what)
{
	int sum = *sizes + what;

	if (sum >= -SIZES_MOST && sum <= SIZES_MOST)
		*sizes = (int8_t)sum;
}

uint32_t flow_mss(const struct flow *flow, int ip_version, uint32_t headers, size_t payload,
		  uint32_t mtu, bool *guessed)
{
	uint32_t fixed = ip_version == 4 ? 20 + 20 : 40 + 20;
	uint32_t link = flow->own_mss ? flow->own_mss + fixed : mtu;
	uint32_t own = in_packet(link, headers);
	uint32_t peer = in_packet(flow->peer_mss + fixed, headers);

	if (!flow->peer_mss) {
		*guessed = true;
		return own;
	}
	if (peer <= own)
		return peer;
	/*
	 * A host may announce less than its link takes; more than the usual MTU it would announce.
	 * One segment's size alone may be what was written.
	 */
	if (payload && payload % own == 0)
		count_size(flow->sizes, 1);
	else if (payload >= 2 * (size_t)peer && payload % peer == 0 &&
		 (!flow->own_mss || peer <= in_packet(mtu, headers)))
		count_size(flow->sizes, -1);
	if (*flow->sizes < 0)
		return peer;
	*guessed = !flow->own_mss;
	return own;
}
