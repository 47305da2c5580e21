/* SPDX-License-Identifier: MIT */
/*
 * Receive side scaling: which queue a frame comes on, and the hash that is told with it, against a
 * Toeplitz hash of our own. A driver that tells no hashes is judged by its queues.
 */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "ndis/scaling.h"
#include "test/bench.h"
#include "test/reference.h"
#include "test/sum.h"

#define TCP         0x100 /* in a case's argument, beside the IP version */
#define NO_PROTOCOL 253   /* RFC 3692: for experiments */
#define AT_ONCE     64u
#define FLOWS       1024u
#define TABLES      40u

struct scaling {
	struct bench *bench;
	unsigned queues, entries;
	uint32_t protocols; /* CX_HASH_* */
	struct cx_scaling_setup setup;
	unsigned came[CX_RX_QUEUES]; /* frames, by queue */
	size_t count;                /* of what comes in next */
	struct iovec frames[AT_ONCE];
	uint8_t bytes[AT_ONCE][1600];
};

static struct scaling scaling;

static void read_state(struct scaling *s)
{
	struct nic *nic = s->bench->nic;

	pthread_mutex_lock(&nic->lock);
	s->queues = nic->first.status.scaling.enabled ? nic->first.status.scaling.queues : 0;
	s->entries = (unsigned)nic->first.status.scaling.hardware.table_entries;
	s->protocols = nic->first.status.scaling.protocols;
	pthread_mutex_unlock(&nic->lock);
}

static struct scaling *begin(struct bench *b, unsigned queues)
{
	struct scaling *s = &scaling;

	s->bench = b;
	bench_need_wire(b);
	b->listens = true;
	bench_up_scaled(b, queues);
	bench_turn(b);
	read_state(s);
	if (s->queues)
		ndis_set_up_scaling(s->entries, s->queues, &s->setup);
	return s;
}

static struct scaling *begin_scaled(struct bench *b)
{
	struct scaling *s = begin(b, BENCH_ALL_QUEUES);

	if (s->queues < 2)
		bench_skip(b, "the driver does not scale reception over several queues");
	return s;
}

/* ---- the hash ---- */

/* NDIS, "RSS Hashing Functions": each bit of the input that is set adds 32 bits of the key. */
static uint32_t toeplitz(const uint8_t *key, const uint8_t *input, size_t length)
{
	uint32_t hash = 0;

	for (size_t i = 0; i < 8 * length; i++) {
		if (!(input[i / 8] >> (7 - i % 8) & 1))
			continue;
		for (size_t k = 0; k < 32; k++)
			hash ^= (uint32_t)(key[(i + k) / 8] >> (7 - (i + k) % 8) & 1) << (31 - k);
	}
	return hash;
}

/* What is hashed of a frame: CX_HASH_*; 0: nothing. */
static uint32_t kind_of(const struct scaling *s, const struct reference *r)
{
	uint32_t ip = r->version == 4 ? CX_HASH_IPV4 : r->version == 6 ? CX_HASH_IPV6 : 0;
	uint32_t l4 = r->protocol == PACKET_TCP   ? CX_HASH_TCP
		      : r->protocol == PACKET_UDP ? CX_HASH_UDP
						  : 0;

	if (!(s->protocols & ip))
		return 0;
	return ip | (r->transport ? s->protocols & l4 : 0);
}

static uint32_t hash_of(const struct scaling *s, const struct reference *r, uint32_t kind)
{
	uint8_t input[36];
	size_t length = r->version == 4 ? 8 : 32;

	if (!kind)
		return 0;
	memcpy(input, r->frame + r->l3 + (r->version == 4 ? 12 : 8), length);
	if (kind & (CX_HASH_TCP | CX_HASH_UDP)) {
		memcpy(input + length, r->frame + r->l4, 4);
		length += 4;
	}
	return toeplitz(s->setup.key, input, length);
}

/* A hash that is told is of what it is said to be of; the queue goes by what is to be hashed. */
static void judge(struct scaling *s, const struct test_frame *frame)
{
	const struct test_said *said = &frame->said;
	struct reference r;
	uint32_t kind, hash;
	unsigned queue;

	reference_read(&r, frame->bytes, frame->length);
	kind = kind_of(s, &r);
	hash = hash_of(s, &r, kind);
	queue = kind ? s->setup.table[hash % s->entries] : 0;
	if (said->hash_protocols && (said->hash_protocols != kind || said->hash != hash))
		bench_fail_packets(s->bench, RULE_HashValue, NULL, 0, frame,
				   "the hash is 0x%08x of protocols 0x%x instead of 0x%08x of 0x%x",
				   said->hash, said->hash_protocols, hash, kind);
	if (said->queue != queue)
		bench_fail_packets(
			s->bench, RULE_HashQueue, NULL, 0, frame,
			"a frame with the hash 0x%08x comes on queue %u, and entry %u of the table has %u",
			hash, said->queue, hash % s->entries, queue);
	s->came[queue]++;
}

/* ---- frames ---- */

static void add(struct scaling *s, const struct packet_shape *shape)
{
	struct packet *p = &s->bench->packet;

	packet_make(p, &s->bench->addresses, shape);
	memcpy(s->bytes[s->count], p->bytes, p->length);
	s->frames[s->count] = (struct iovec){ s->bytes[s->count], p->length };
	s->count++;
}

/* All of them, each once: the queues' order is nobody's. */
static void run(struct scaling *s)
{
	bool came[AT_ONCE] = { false };
	struct bench *b = s->bench;
	struct comparison differs;

	bench_receive_all(b, s->frames, s->count);
	for (size_t i = 0; i < s->count; i++) {
		struct test_frame *frame = bench_told(b, RULE_FramesArrive);
		size_t k = 0;

		while (k < s->count && (came[k] || !compare_packets(&differs, s->frames[k].iov_base,
								    s->frames[k].iov_len,
								    frame->bytes, frame->length)))
			k++;
		if (k == s->count)
			bench_fail_packets(b, RULE_FramesArrive, NULL, 0, frame,
					   "a frame arrives that was not sent, or twice");
		came[k] = true;
		judge(s, frame);
		free(frame);
	}
	test_edge_forget(b->stack);
	s->count = 0;
}

static void run_when_full(struct scaling *s)
{
	if (s->count == AT_ONCE)
		run(s);
}

/* An address of the documentation's, with other last bytes. */
static void random_flow(struct scaling *s, struct packet_shape *shape, uint8_t from[16])
{
	static const uint8_t prefixes[2][16] = { { 203, 0, 113 }, { 0x20, 0x01, 0x0D, 0xB8 } };
	struct test_random *random = &s->bench->random;

	memcpy(from, prefixes[shape->version == 6], 16);
	from[shape->version == 6 ? 15 : 3] = (uint8_t)random_next(random);
	shape->ip_from = from;
	shape->source_port = (uint16_t)(1024 + random_below(random, 60000));
	shape->pattern = (uint32_t)random_next(random);
}

/* ---- cases ---- */

/* Windows documentation, "Verifying the RSS Hash Calculation". */
static const struct vector {
	const char *from, *to;
	uint16_t source_port, destination_port;
	uint32_t of_addresses, with_ports;
} vectors[] = {
	{ "66.9.149.187", "161.142.100.80", 2794, 1766, 0x323e8fc2, 0x51ccc178 },
	{ "199.92.111.2", "65.69.140.83", 14230, 4739, 0xd718262a, 0xc626b0ea },
	{ "24.19.198.95", "12.22.207.184", 12898, 38024, 0xd2d0a5de, 0x5c2b394a },
	{ "38.27.205.30", "209.142.163.6", 48228, 2217, 0x82989176, 0xafc7327f },
	{ "153.39.163.191", "202.188.127.2", 44251, 1303, 0x5d1809c5, 0x10e828a2 },
	{ "3ffe:2501:200:1fff::7", "3ffe:2501:200:3::1", 2794, 1766, 0x2cc18cd5, 0x40207d3d },
	{ "3ffe:501:8::260:97ff:fe40:efab", "ff02::1", 14230, 4739, 0x0f0c461c, 0xdde51bbf },
	{ "3ffe:1900:4545:3:200:f8ff:fe21:67cf", "fe80::200:f8ff:fe21:67cf", 44251, 38024,
	  0x4b61e985, 0x02d1feef },
};

static void check_ourselves(struct scaling *s, uint32_t known)
{
	struct reference r;
	uint32_t hash;

	reference_read(&r, s->frames[0].iov_base, s->frames[0].iov_len);
	hash = hash_of(s, &r, kind_of(s, &r));
	if (hash != known)
		bench_fail(
			s->bench, RULE_HashValue,
			"the second implementation has 0x%08x where 0x%08x is published: a fault of netcx, not of the driver",
			hash, known);
}

static void published(struct bench *b, int argument)
{
	struct scaling *s = begin_scaled(b);
	int version = argument & 0xFF;

	for (size_t i = 0; i < ARRAY_COUNT(vectors); i++) {
		const struct vector *v = &vectors[i];
		uint8_t from[16], to[16];
		struct packet_shape shape = { .version = version,
					      .protocol = argument & TCP ? PACKET_TCP : NO_PROTOCOL,
					      .source_port = v->source_port,
					      .destination_port = v->destination_port,
					      .payload = 100,
					      .ip_from = from,
					      .ip_to = to };

		if (!strchr(v->from, ':') != (version == 4))
			continue;
		inet_pton(version == 4 ? AF_INET : AF_INET6, v->from, from);
		inet_pton(version == 4 ? AF_INET : AF_INET6, v->to, to);
		add(s, &shape);
		check_ourselves(s, argument & TCP ? v->with_ports : v->of_addresses);
		run(s);
	}
}

/* No queue may have less than half of its share. */
static void check_spread(struct scaling *s)
{
	for (unsigned q = 0; q < s->queues; q++) {
		if (s->came[q] < FLOWS / s->queues / 2)
			bench_fail(s->bench, RULE_HashQueue, "of %u flows queue %u of %u has %u",
				   FLOWS, q, s->queues, s->came[q]);
	}
}

static void spread(struct bench *b, int argument)
{
	struct scaling *s = begin_scaled(b);
	uint8_t from[16];

	for (unsigned i = 0; i < FLOWS; i++) {
		struct packet_shape shape = { .version = argument, .payload = 60 };

		random_flow(s, &shape, from);
		add(s, &shape);
		run_when_full(s);
	}
	check_spread(s);
}

/* Whatever has other protocols, tags, options or no whole header is hashed by its addresses. */
static void kinds(struct bench *b, int argument)
{
	struct scaling *s = begin_scaled(b);
	uint8_t from[16];

	for (unsigned i = 0; i < 512; i++) {
		struct packet_shape shape = { .version = argument, .payload = 60 + i % 200 };

		random_flow(s, &shape, from);
		shape.protocol = i % 4 == 0 ? PACKET_UDP : i % 4 == 1 ? NO_PROTOCOL : PACKET_TCP;
		shape.tagged = i % 3 == 0;
		shape.tcp_words = shape.protocol == PACKET_TCP ? i % 5 : 0;
		if (argument == 4 && i % 7 == 0)
			shape.fragment = (uint16_t)(i % 2 ? 0x2000 : 0x2010);
		else if (argument == 4)
			shape.ip_words = i % 5 == 0 ? i % 11 : 0;
		add(s, &shape);
		run_when_full(s);
	}
}

/* In the adapter's worker. */
struct move {
	struct scaling *scaling;
	NTSTATUS status;
};

static void move_now(void *move)
{
	struct move *m = move;

	m->status = cx_scaling_move(m->scaling->bench->nic->first.ndis.adapter,
				    m->scaling->setup.table);
}

static void move_table(struct scaling *s)
{
	struct move m = { .scaling = s };

	bench_worker(s->bench, move_now, &m);
	if (!NT_SUCCESS(m.status))
		bench_fail(s->bench, RULE_HashQueue,
			   "OID_GEN_RSS_SET_INDIRECTION_TABLE_ENTRIES fails: 0x%08x",
			   (unsigned)m.status);
}

/* All to one queue, each to any, one entry alone. */
static void change_table(struct scaling *s, unsigned round)
{
	struct test_random *random = &s->bench->random;

	if (round % 3 == 2) {
		s->setup.table[random_below(random, s->entries)] =
			(uint8_t)random_below(random, s->queues);
		return;
	}
	for (unsigned i = 0; i < s->entries; i++)
		s->setup.table[i] = (uint8_t)(round % 3 ? random_below(random, s->queues)
							: round / 3 % s->queues);
}

static void tables(struct bench *b, int argument)
{
	struct scaling *s = begin_scaled(b);
	uint8_t from[16];

	for (unsigned i = 0; i < TABLES; i++) {
		change_table(s, i);
		move_table(s);
		for (unsigned k = 0; k < AT_ONCE; k++) {
			struct packet_shape shape = { .version = argument, .payload = 60 };

			random_flow(s, &shape, from);
			add(s, &shape);
		}
		run(s);
	}
}

/* Each flow's frames have numbers; all queues are busy at once, and the table stays. */
static void order(struct bench *b, int argument)
{
	struct scaling *s = begin_scaled(b);
	uint32_t next[16] = { 0 };

	for (unsigned i = 0; i < 200; i++) {
		for (unsigned k = 0; k < ARRAY_COUNT(next); k++) {
			const struct packet_shape shape = { .version = argument,
							    .source_port = (uint16_t)(5000 + k),
							    .sequence = i,
							    .payload = 60 };

			add(s, &shape);
		}
		bench_receive_all(b, s->frames, s->count);
		s->count = 0;
	}
	for (unsigned i = 0; i < 200 * ARRAY_COUNT(next); i++) {
		struct test_frame *frame = bench_told(b, RULE_FramesArrive);
		unsigned flow;
		struct reference r;

		reference_read(&r, frame->bytes, frame->length);
		flow = get16(frame->bytes + r.l4) - 5000u;
		if (flow >= ARRAY_COUNT(next) || get32(frame->bytes + r.l4 + 4) != next[flow]++)
			bench_fail_packets(b, RULE_FramesArrive, NULL, 0, frame,
					   "a frame of one flow is lost, comes twice or too early");
		judge(s, frame);
		free(frame);
	}
}

/* As many queues as a keyword allows, or one. */
static void keywords(struct bench *b, int argument)
{
	static const char *const words[] = { "*RSS=0", "*NumRssQueues=1", "*NumRssQueues=2" };
	struct scaling *s = begin_scaled(b);

	bench_down(b);
	for (unsigned queues = 0; queues < ARRAY_COUNT(words); queues++) {
		uint8_t from[16];

		memset(s, 0, sizeof(*s));
		begin(b, queues);
		if (!s->queues)
			s->entries = 1;
		for (unsigned k = 0; k < AT_ONCE; k++) {
			struct packet_shape shape = { .version = 4, .payload = 60 };

			random_flow(s, &shape, from);
			add(s, &shape);
		}
		run(s);
		for (unsigned q = queues ? queues : 1; q < CX_RX_QUEUES; q++) {
			if (s->came[q])
				bench_fail(b, RULE_HashQueue, "frames come on queue %u with %s", q,
					   words[queues]);
		}
		bench_down(b);
	}
}

#define SOURCE "NDIS, RSS Hashing Types; Verifying the RSS Hash Calculation"
#define TABLE  "NDIS, OID_GEN_RSS_SET_INDIRECTION_TABLE_ENTRIES; EvtSetIndirectionEntries"
#define ONE    "one processor has all the work of reception: throughput ends at what it can do"
#define BOTH(name, rule, source, windows, run)                     \
	{ "rss/" name "/ipv4", rule, source, windows, run, 4 },    \
	{                                                          \
		"rss/" name "/ipv6", rule, source, windows, run, 6 \
	}

const struct test_case rss_cases[] = {
	{ "rss/published/ipv4", "The published hashes of addresses come out, and their queues",
	  SOURCE, ONE, published, 4 },
	{ "rss/published/ipv6", "The published hashes of addresses come out, and their queues",
	  SOURCE, ONE, published, 6 },
	{ "rss/published/tcp-ipv4",
	  "The published hashes with TCP's ports come out, and their queues", SOURCE, ONE,
	  published, TCP | 4 },
	{ "rss/published/tcp-ipv6",
	  "The published hashes with TCP's ports come out, and their queues", SOURCE, ONE,
	  published, TCP | 6 },
	BOTH("spread", "Many flows are spread over all queues, each by its hash", SOURCE, ONE,
	     spread),
	BOTH("kinds", "Other protocols, fragments, options and tags are hashed as NDIS says",
	     SOURCE, "datagrams of one flow overtake each other", kinds),
	BOTH("table", "After a change of the indirection table frames go by the new one", TABLE,
	     ONE, tables),
	BOTH("order", "A flow's frames keep their order while all queues are busy", SOURCE,
	     "TCP takes frames for lost that were overtaken: throughput falls with each queue",
	     order),
	{ "rss/keywords", "There are no more queues than *NumRssQueues says, and one with *RSS 0",
	  "NDIS, Standardized INF Keywords for RSS", ONE, keywords, 0 },
	{ 0 },
};
