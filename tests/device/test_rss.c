/* SPDX-License-Identifier: MIT */
/* The hash of receive side scaling: Microsoft's vectors, a second implementation, what is hashed.
 */
#include <arpa/inet.h>
#include <stdlib.h>

#include "frames.h"
#include "queues.h"
#include "stage/random.h"

/* One bit of the input after the other, as the documentation's pseudocode shifts the key. */
static uint32_t slow_toeplitz(const uint8_t *key, const uint8_t *input, size_t length)
{
	uint8_t shifted[RTL_RSS_KEY_LENGTH];
	uint32_t hash = 0;

	memcpy(shifted, key, sizeof(shifted));
	for (size_t i = 0; i < 8 * length; i++) {
		if (input[i / 8] & 0x80 >> i % 8)
			hash ^= (uint32_t)shifted[0] << 24 | (uint32_t)shifted[1] << 16 |
				(uint32_t)shifted[2] << 8 | shifted[3];
		for (size_t n = 0; n < sizeof(shifted); n++)
			shifted[n] = (uint8_t)(shifted[n] << 1 |
					       (n + 1 < sizeof(shifted) ? shifted[n + 1] >> 7 : 0));
	}
	return hash;
}

struct vector {
	const char *source, *destination;
	uint16_t source_port, destination_port;
	uint32_t addresses, with_ports;
};

/* Windows documentation, "Verifying the RSS hash calculation". */
static const struct vector vectors[] = {
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

static size_t frame_of(const struct vector *v, uint8_t *frame)
{
	int version = strchr(v->source, ':') ? 6 : 4;
	struct frame_spec spec = { version, FRAME_TCP, 10, false, false };
	int family = version == 4 ? AF_INET : AF_INET6;
	size_t length = frame_build(frame, &spec), l4 = frame_l4(&spec);
	uint16_t ports[2] = { htons(v->source_port), htons(v->destination_port) };

	assert_int_equal(inet_pton(family, v->source, frame + (version == 4 ? 26 : 22)), 1);
	assert_int_equal(inet_pton(family, v->destination, frame + (version == 4 ? 30 : 38)), 1);
	memcpy(frame + l4, ports, 4);
	return length;
}

static uint32_t hash_of(uint32_t control, const uint8_t *frame, size_t length)
{
	struct rtl_rss rss = { .control = control };
	uint32_t hash;

	memcpy(rss.key, queues_key, sizeof(rss.key));
	assert_int_not_equal(0, rtl_rss_hash(&rss, frame, length, &hash));
	return hash;
}

static void hashes_are_the_documented_ones(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		uint8_t frame[128];
		size_t length = frame_of(&vectors[i], frame);

		assert_int_equal(hash_of(RTL_RSS_IPV4 | RTL_RSS_IPV6, frame, length),
				 vectors[i].addresses);
		assert_int_equal(hash_of(RTL_RSS_TCP_IPV4 | RTL_RSS_TCP_IPV6, frame, length),
				 vectors[i].with_ports);
		assert_int_equal(hash_of(RSS_EVERYTHING, frame, length), vectors[i].with_ports);
	}
}

/* The one descriptor of all queues that has come back; it is posted again. */
static uint64_t address_of_the_frame(struct queues *q)
{
	uint64_t address = 0;
	unsigned found = 0;

	for (unsigned n = 0; n < RTL_RX_QUEUES; n++) {
		for (int i = 0; i < CARD_RX; i++) {
			if (q->rx[n][i].status & RTL_OWN)
				continue;
			address = q->rx[n][i].address;
			q->rx[n][i].address = q->buffers_logical[n] + (uint64_t)i * CARD_RX_BUFFER;
			queues_post(q, n, i);
			found++;
		}
	}
	assert_int_equal(found, 1);
	return address;
}

/* Where the chip's like has it. @hashed: what of the vectors; 0: the frame has none. */
static void assert_written_back(struct card *card, struct queues *q, const struct vector *v,
				uint32_t hash)
{
	bool ipv6 = strchr(v->source, ':') != NULL;
	uint32_t kind = hash == v->with_ports ? (ipv6 ? RTL_RSS_TCP_IPV6 : RTL_RSS_TCP_IPV4)
			: hash                ? (ipv6 ? RTL_RSS_IPV6 : RTL_RSS_IPV4)
					      : 0;
	uint8_t frame[128];
	size_t length = frame_of(v, frame);

	memcpy(frame, card_mac, 6);
	memory_wire_arrive(&card->wire, frame, length, NULL);
	assert_int_equal(device_pump(card->device, 1), 1);
	assert_int_equal(address_of_the_frame(q), (uint64_t)kind << 32 | hash);
}

/* On rtl8168-ext; on the chip the address stays what it was. */
static void a_descriptor_comes_back_with_the_hash(void **state)
{
	struct card *card = card_create("rtl8168-ext", true);
	struct queues *q;

	(void)state;
	card_start(card);
	q = queues_create(card);
	for (int round = 0; round < 3; round++) {
		queues_on(q);
		if (round == 1)
			eri_write(card, RTL_ERI_RSS_CONTROL,
				  RTL_RSS_ENABLE | 7 << 8 | RTL_RSS_IPV4 | RTL_RSS_IPV6);
		else if (round == 2)
			eri_write(card, RTL_ERI_RSS_CONTROL, RSS_EVERYTHING & ~RTL_RSS_ENABLE);
		for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++)
			assert_written_back(card, q, &vectors[i],
					    round == 0   ? vectors[i].with_ports
					    : round == 1 ? vectors[i].addresses
							 : 0);
	}
	device_remove(card->device);
	queues_destroy(q);
	card_destroy(card);
}

static void the_real_chip_tells_no_hash(void **state)
{
	struct card *card = card_create("rtl8168", true);
	uint64_t before;
	uint8_t frame[128];
	size_t length = frame_of(&vectors[0], frame);

	(void)state;
	card_start(card);
	before = card->rx[0].address;
	memcpy(frame, card_mac, 6);
	memory_wire_arrive(&card->wire, frame, length, NULL);
	assert_int_equal(device_pump(card->device, 1), 1);
	assert_int_equal(card->rx[0].status & RTL_OWN, 0);
	assert_int_equal(card->rx[0].address, before);
	device_remove(card->device);
	card_destroy(card);
}

static void another_way_to_compute_it_agrees(void **state)
{
	struct random random = { 7 };

	(void)state;
	for (int i = 0; i < 2000; i++) {
		struct frame_spec spec = { i % 2 ? 4 : 6, FRAME_TCP, 0, false, false };
		size_t addresses = i % 2 ? 8 : 32;
		struct rtl_rss rss = { .control = RSS_EVERYTHING };
		uint8_t frame[128], input[36];
		size_t length = frame_build(frame, &spec), l4 = frame_l4(&spec);
		uint32_t hash;

		for (size_t n = 0; n < sizeof(rss.key); n++)
			rss.key[n] = (uint8_t)random_next(&random);
		for (size_t n = 0; n < addresses + 4; n++)
			input[n] = (uint8_t)random_next(&random);
		memcpy(frame + l4 - addresses, input, addresses);
		memcpy(frame + l4, input + addresses, 4);
		assert_int_not_equal(0, rtl_rss_hash(&rss, frame, length, &hash));
		assert_int_equal(hash, slow_toeplitz(rss.key, input, addresses + 4));
		rss.control = RTL_RSS_IPV4 | RTL_RSS_IPV6;
		assert_int_not_equal(0, rtl_rss_hash(&rss, frame, length, &hash));
		assert_int_equal(hash, slow_toeplitz(rss.key, input, addresses));
	}
}

enum hashed { NO_HASH, BY_ADDRESSES, BY_PORTS };

/* What of the frame went into its hash, found out by changing the frame. */
static enum hashed hashed(uint32_t control, const uint8_t *frame, size_t length, size_t address,
			  size_t ports)
{
	struct rtl_rss rss = { .control = control };
	uint32_t hash, other;
	uint8_t copy[256];
	bool by_ports;

	memcpy(rss.key, queues_key, sizeof(rss.key));
	memcpy(copy, frame, length);
	if (!rtl_rss_hash(&rss, copy, length, &hash))
		return NO_HASH;
	copy[address] ^= 1;
	assert_int_not_equal(0, rtl_rss_hash(&rss, copy, length, &other));
	assert_int_not_equal(hash, other);
	copy[address] ^= 1;
	copy[ports] ^= 0x80;
	assert_int_not_equal(0, rtl_rss_hash(&rss, copy, length, &other));
	by_ports = hash != other;
	copy[ports] ^= 0x80;
	copy[ports + 4] ^= 0xFF; /* the sequence number is nobody's concern */
	assert_int_not_equal(0, rtl_rss_hash(&rss, copy, length, &other));
	assert_int_equal(hash, other);
	return by_ports ? BY_PORTS : BY_ADDRESSES;
}

static void the_control_word_says_what_is_hashed(void **state)
{
	static const struct {
		uint32_t control;
		enum hashed tcp4, udp4, tcp6, udp6;
	} cases[] = {
		{ 0, NO_HASH, NO_HASH, NO_HASH, NO_HASH },
		{ RTL_RSS_TCP_IPV4, BY_PORTS, NO_HASH, NO_HASH, NO_HASH },
		{ RTL_RSS_IPV4, BY_ADDRESSES, BY_ADDRESSES, NO_HASH, NO_HASH },
		{ RTL_RSS_IPV4 | RTL_RSS_TCP_IPV4, BY_PORTS, BY_ADDRESSES, NO_HASH, NO_HASH },
		{ RTL_RSS_TCP_IPV6, NO_HASH, NO_HASH, BY_PORTS, NO_HASH },
		{ RTL_RSS_IPV6, NO_HASH, NO_HASH, BY_ADDRESSES, BY_ADDRESSES },
		{ RTL_RSS_IPV6 | RTL_RSS_TCP_IPV6, NO_HASH, NO_HASH, BY_PORTS, BY_ADDRESSES },
		{ RSS_EVERYTHING, BY_PORTS, BY_ADDRESSES, BY_PORTS, BY_ADDRESSES },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (int kind = 0; kind < 4; kind++) {
			struct frame_spec spec = { kind < 2 ? 4 : 6,
						   kind % 2 ? FRAME_UDP : FRAME_TCP, 20, true,
						   false };
			const enum hashed expected[] = { cases[i].tcp4, cases[i].udp4,
							 cases[i].tcp6, cases[i].udp6 };
			uint8_t frame[256];
			size_t length = frame_build(frame, &spec), l4 = frame_l4(&spec);

			assert_int_equal(hashed(cases[i].control, frame, length, l4 - 1, l4),
					 expected[kind]);
		}
	}
}

/* Ports count only where they are: not in fragments; behind tags, options and extensions too. */
static void ports_are_looked_for_where_they_are(void **state)
{
	struct frame_spec v4 = { 4, FRAME_TCP, 40, true, false };
	struct frame_spec v6 = { 6, FRAME_TCP, 40, true, false };
	uint8_t frame[256];
	size_t length;

	(void)state;
	length = frame_build(frame, &v4);
	frame[20] = 0x20; /* MF: its first fragment has ports, the next ones have none */
	assert_int_equal(hashed(RSS_EVERYTHING, frame, length, 33, 34), BY_ADDRESSES);
	assert_int_equal(hashed(RTL_RSS_TCP_IPV4, frame, length, 33, 34), NO_HASH);
	frame[20] = 0x00;
	frame[21] = 0x10;
	assert_int_equal(hashed(RSS_EVERYTHING, frame, length, 33, 34), BY_ADDRESSES);

	length = frame_build(frame, &v4);
	memmove(frame + 16, frame + 12, length - 12);
	memcpy(frame + 12, (uint8_t[]){ 0x81, 0x00, 0x20, 0x05 }, 4);
	assert_int_equal(hashed(RSS_EVERYTHING, frame, length + 4, 37, 38), BY_PORTS);

	length = frame_build(frame, &v4);
	memmove(frame + 38, frame + 34, length - 34);
	memset(frame + 34, 1, 4); /* 4 bytes of no operation */
	frame[14] = 0x46;
	assert_int_equal(hashed(RSS_EVERYTHING, frame, length + 4, 33, 38), BY_PORTS);

	length = frame_build(frame, &v6);
	memmove(frame + 62, frame + 54, length - 54);
	memcpy(frame + 54, (uint8_t[]){ 6, 0, 1, 4, 0, 0, 0, 0 }, 8); /* PadN */
	frame[20] = 60;                                               /* destination options */
	assert_int_equal(hashed(RSS_EVERYTHING, frame, length + 8, 53, 62), BY_PORTS);
	frame[20] = 44; /* the same 8 bytes as a fragment header */
	frame[57] = 1;
	assert_int_equal(hashed(RSS_EVERYTHING, frame, length + 8, 53, 62), BY_ADDRESSES);
}

/* Frames that end early or are no IP: queue 0, and no byte behind their end is looked at. */
static void what_cannot_be_hashed_is_queue_0s(void **state)
{
	struct frame_spec specs[] = { { 4, FRAME_TCP, 0, true, false },
				      { 6, FRAME_TCP, 0, true, false } };
	struct rtl_rss rss = { .control = RSS_EVERYTHING };
	uint8_t arp[60] = { 0 };
	uint32_t hash;

	(void)state;
	memset(rss.key, 0xA5, sizeof(rss.key));
	memset(rss.table, 0xFF, sizeof(rss.table)); /* every hash: queue 3 */
	arp[12] = 0x08;
	arp[13] = 0x06;
	assert_int_equal(rtl_rss_hash(&rss, arp, sizeof(arp), &hash), 0);
	assert_int_equal(rtl_rss_queue(&rss, arp, sizeof(arp)), 0);
	for (int i = 0; i < 2; i++) {
		uint8_t frame[128];
		size_t length = frame_build(frame, &specs[i]);
		size_t headers = frame_l4(&specs[i]);

		assert_int_equal(rtl_rss_queue(&rss, frame, length), 3);
		for (size_t n = 0; n < length; n++) {
			uint8_t *end = malloc(n ? n : 1);

			memcpy(end, frame, n);
			assert_int_equal(rtl_rss_hash(&rss, end, n, &hash) != 0, n >= headers);
			free(end);
		}
	}
}

/* The control word's hash bits say how much of the table counts. */
static void the_table_is_as_long_as_the_hash_bits_say(void **state)
{
	struct rtl_rss rss = { 0 };
	uint8_t frame[128];
	size_t length = frame_of(&vectors[0], frame);

	(void)state;
	memcpy(rss.key, queues_key, sizeof(rss.key));
	for (uint32_t bits = 0; bits < 8; bits++) {
		uint32_t entry = vectors[0].with_ports & ((1u << bits) - 1);

		rss.control = RTL_RSS_ENABLE | RTL_RSS_TCP_IPV4 | bits << 8;
		for (unsigned queue = 0; queue < 4; queue++) {
			/* all other entries stand for another queue */
			memset(rss.table, queue & 1 ? 0 : 0xFF, 16);
			memset(rss.table + 4, queue & 2 ? 0 : 0xFF, 16);
			rss.table[entry / 32] ^= 1u << entry % 32;
			rss.table[4 + entry / 32] ^= 1u << entry % 32;
			assert_int_equal(rtl_rss_queue(&rss, frame, length), queue);
		}
	}
	rss.control &= ~(uint32_t)RTL_RSS_ENABLE;
	assert_int_equal(rtl_rss_queue(&rss, frame, length), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hashes_are_the_documented_ones),
		cmocka_unit_test(a_descriptor_comes_back_with_the_hash),
		cmocka_unit_test(the_real_chip_tells_no_hash),
		cmocka_unit_test(another_way_to_compute_it_agrees),
		cmocka_unit_test(the_control_word_says_what_is_hashed),
		cmocka_unit_test(ports_are_looked_for_where_they_are),
		cmocka_unit_test(what_cannot_be_hashed_is_queue_0s),
		cmocka_unit_test(the_table_is_as_long_as_the_hash_bits_say),
	};

	return cmocka_run_group_tests_name("device rss", tests, NULL, NULL);
}
