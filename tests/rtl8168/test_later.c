/* SPDX-License-Identifier: MIT */
/*
 * What the 2.5 driver has beyond the one for 1.3: 802.1Q tags and hashes beside the frames, UDP
 * segmentation, receive segment coalescing.
 */
#include "cx/power.h"
#include "device/rtl8168/model.h"
#include "traffic.h"

#define TAG           0xA123 /* priority 5, VLAN 0x123 */
#define CONFIG3       0x54   /* the chip's register */
#define CONFIG3_MAGIC 0x20

/* The frame with its tag, as the wire has it. */
static size_t tagged(uint8_t *to, const uint8_t *frame, size_t length)
{
	memcpy(to, frame, 12);
	memcpy(to + 12, (uint8_t[]){ 0x81, 0x00, TAG >> 8, TAG & 0xFF }, 4);
	memcpy(to + 16, frame + 12, length - 12);
	return length + 4;
}

static void the_chip_puts_the_tag_in(void **state)
{
	struct stage *s = card_stage();
	uint8_t frame[400], wanted[404];
	size_t length = traffic_tcp(frame, 4, 300);

	(void)state;
	card_stage_up(s);
	traffic_post(s, frame, length, &(struct traffic_offer){ .tag = TAG });
	traffic_post(s, frame, length, &(struct traffic_offer){ 0 });
	traffic_advance_tx(s);
	assert_int_equal(s->wire->sent.count, 2);
	assert_int_equal(s->wire->sent.frames[0].length, tagged(wanted, frame, length));
	assert_memory_equal(s->wire->sent.frames[0].bytes, wanted, length + 4);
	assert_memory_equal(s->wire->sent.frames[1].bytes, frame, length);
	card_stage_free(s);
}

/* Each segment of a large send has it, and its checksum. */
static void a_large_send_takes_a_tag(void **state)
{
	struct stage *s = card_stage();
	uint8_t frame[5000];
	size_t length = traffic_tcp(frame, 6, 4000);

	(void)state;
	card_stage_up(s);
	traffic_post(s, frame, length, &(struct traffic_offer){ .mss = 1000, .tag = TAG });
	traffic_advance_tx(s);
	assert_int_equal(s->wire->sent.count, 4);
	for (unsigned i = 0; i < 4; i++) {
		const struct kept_frame *sent = &s->wire->sent.frames[i];

		assert_int_equal(sent->length, 14 + 4 + 40 + 20 + 1000);
		assert_memory_equal(sent->bytes + 12,
				    ((uint8_t[]){ 0x81, 0, TAG >> 8, TAG & 0xFF }), 4);
		assert_int_equal(lso_verify(sent->bytes, sent->length).l4, LSO_SUM_GOOD);
	}
	card_stage_free(s);
}

static void receive(struct stage *s, const uint8_t *frame, size_t length)
{
	memory_wire_arrive(s->wire, frame, length, NULL);
	traffic_pump(s);
	traffic_advance_rx(s);
}

/* And one without a tag says so, in an element that had one before. */
static void a_received_tag_comes_beside_the_frame(void **state)
{
	struct stage *s = card_stage();
	uint8_t frame[400], wire[404];
	size_t length = traffic_tcp(frame, 4, 300);

	(void)state;
	card_stage_up(s);
	for (int round = 0; round < 3; round++) {
		traffic_supply(s);
		traffic_advance_rx(s);
		for (uint32_t i = 0; i < TRAFFIC_RING / 2 - 1; i++) {
			uint32_t at = traffic_begin(s->rx);
			bool with = (i + (uint32_t)round) % 2;

			receive(s, with ? wire : frame,
				with ? tagged(wire, frame, length) : length);
			assert_int_equal(traffic_received(s, at).tag, with ? TAG : 0);
			assert_int_equal(traffic_received(s, at).length, length);
			assert_memory_equal(traffic_received(s, at).bytes, frame, length);
			assert_int_equal(traffic_received(s, at).layer4, TRAFFIC_VALID);
		}
	}
	card_stage_free(s);
}

/* The keyword is 0: tags stay in the frames. */
static void without_the_keyword_tags_stay(void **state)
{
	struct stage *s = card_stage();

	(void)state;
	stage_keyword(s, "*PriorityVLANTag", "0");
	card_stage_up(s);
	assert_int_equal(((struct rtl8168 *)s->card)->rx.cpcr & RTL_CPCR_RX_VLAN, 0);
	card_stage_free(s);
}

/* Of Windows' documentation, "Verifying the RSS hash calculation". */
static const uint8_t documented_key[RTL_RSS_KEY_LENGTH] = {
	0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2, 0x41, 0x67, 0x25, 0x3d, 0x43, 0xa3,
	0x8f, 0xb0, 0xd0, 0xca, 0x2b, 0xcb, 0xae, 0x7b, 0x30, 0xb4, 0x77, 0xcb, 0x2d, 0xa3,
	0x80, 0x30, 0xf2, 0x0c, 0x6a, 0x42, 0xb7, 0x3b, 0xbe, 0xac, 0x01, 0xfa
};

/* 66.9.149.187 port 2794 to 161.142.100.80 port 1766 */
static const uint8_t documented_ends[] = { 66, 9, 149, 187, 161, 142, 100, 80 };
static const uint8_t documented_ports[] = { 2794 >> 8, 2794 & 0xFF, 1766 >> 8, 1766 & 0xFF };

/* What the driver says of the hash of that packet, and of one with nothing to hash. */
static void assert_hash(struct stage *s, uint32_t control, uint16_t protocols, uint32_t hash)
{
	struct rtl_rss *rss = &((struct rtl8168 *)s->card)->rx.rss;
	uint32_t at = traffic_begin(s->rx);
	uint8_t frame[400];
	size_t length = traffic_tcp(frame, 4, 300);

	memcpy(rss->key, documented_key, sizeof(documented_key));
	rss->control = control;
	memcpy(frame + 26, documented_ends, sizeof(documented_ends));
	memcpy(frame + 34, documented_ports, sizeof(documented_ports));
	receive(s, frame, length);
	assert_int_equal(traffic_received(s, at).hash_protocols, protocols);
	assert_int_equal(traffic_received(s, at).hash, hash);
	frame[12] = 0x88; /* no IP */
	frame[13] = 0xb5;
	receive(s, frame, length);
	assert_int_equal(traffic_received(s, at + 1).hash_protocols, 0);
	assert_int_equal(traffic_received(s, at + 1).hash, 0);
}

static void a_hash_comes_beside_the_frame(void **state)
{
	static const char *const models[] = { "rtl8168-ext", "rtl8168" };

	(void)state;
	for (int real = 0; real < 2; real++) {
		struct stage *s = card_stage_of(models[real]);

		card_stage_up(s);
		traffic_supply(s);
		traffic_advance_rx(s);
		assert_hash(s, RTL_RSS_ENABLE | RTL_RSS_IPV4 | RTL_RSS_TCP_IPV4, real ? 0 : 0x11,
			    real ? 0 : 0x51ccc178);
		assert_hash(s, RTL_RSS_ENABLE | RTL_RSS_IPV4, real ? 0 : 0x1,
			    real ? 0 : 0x323e8fc2);
		assert_hash(s, RTL_RSS_IPV4, 0, 0);
		card_stage_free(s);
	}
}

static unsigned datagrams(struct stage *s, int version, const struct traffic_offer *offer)
{
	uint8_t frame[5000];
	size_t length = traffic_udp(frame, version, 4100), headers = version == 4 ? 42 : 62;
	unsigned before = s->wire->sent.count;

	traffic_post(s, frame, length, offer);
	traffic_advance_tx(s);
	assert_int_equal(traffic_begin(s->tx), traffic_end(s->tx));
	for (unsigned i = before; i < s->wire->sent.count; i++) {
		const struct kept_frame *sent = &s->wire->sent.frames[i];

		assert_int_equal(sent->length, headers + (i < before + 4 ? 1000 : 100));
		assert_int_equal(lso_verify(sent->bytes, sent->length).l4, LSO_SUM_GOOD);
	}
	return s->wire->sent.count - before;
}

static void udp_is_cut_by_hardware_that_can(void **state)
{
	const struct traffic_offer offer = { .mss = 1000, .piece = 700 };
	struct stage *s = card_stage_of("rtl8168-ext");

	(void)state;
	card_stage_up(s);
	assert_int_equal(datagrams(s, 4, &offer), 5);
	assert_int_equal(datagrams(s, 6, &offer), 5);
	card_stage_free(s);
}

/* The real chip is not asked: it has not declared it, and a packet that comes is not sent. */
static void udp_is_not_cut_by_the_chip(void **state)
{
	struct stage *s = card_stage();
	struct device_counters counters;

	(void)state;
	card_stage_up(s);
	assert_int_equal(datagrams(s, 4, &(struct traffic_offer){ .mss = 1000 }), 0);
	device_counters(s->card, &counters);
	assert_int_equal(counters.tx_errors, 0);
	card_stage_free(s);
}

/* @whole as its segments, one after the other over the wire. Return: how many. */
static unsigned arrive_in_segments(struct stage *s, const uint8_t *whole, size_t length)
{
	const struct iovec iov = { .iov_base = (void *)whole, .iov_len = length };
	const struct lso_options options = { .mss = 1000, .ip_id = LSO_IP_ID_LINUX };
	static struct lso_segmenter segmenter;
	uint8_t segment[1200];
	unsigned segments = 0;
	size_t n;

	assert_int_equal(lso_begin(&segmenter, &iov, 1, &options), LSO_OK);
	for (; (n = lso_next(&segmenter, segment)); segments++)
		memory_wire_arrive(s->wire, segment, n, NULL);
	traffic_pump(s);
	traffic_advance_rx(s);
	return segments;
}

static unsigned headers_of(int version, bool udp)
{
	return 14 + (version == 4 ? 20 : 40) + (udp ? 8 : 20);
}

/* One packet of several fragments, its bytes in order; and again, round the rings. */
static void segments_come_as_one_packet(void **state)
{
	struct stage *s = card_stage_of("rtl8168-ext");
	static uint8_t whole[16384], got[65536];

	(void)state;
	card_stage_up(s);
	for (int round = 0; round < 200; round++) {
		int version = round % 2 ? 6 : 4;
		bool udp = round % 4 > 1;
		size_t length =
			udp ? traffic_udp(whole, version, 8000) : traffic_tcp(whole, version, 8000);
		unsigned headers = headers_of(version, udp);
		struct traffic_packet packet;
		uint32_t at;

		traffic_supply(s);
		traffic_advance_rx(s);
		at = traffic_begin(s->rx);
		assert_int_equal(arrive_in_segments(s, whole, length), 8);
		packet = traffic_received(s, at);
		assert_int_equal((traffic_begin(s->rx) - at) % TRAFFIC_RING, 1);
		assert_int_equal(packet.segments, 8);
		assert_int_equal(packet.segment_size, udp ? 1000 : 0);
		assert_int_equal(packet.timestamps, 0);
		assert_int_equal(packet.fragments, 7);
		assert_int_equal(packet.layer4, TRAFFIC_VALID);
		assert_int_equal(traffic_bytes(s, at, got), length);
		assert_memory_equal(got + headers, whole + headers, 8000);
		assert_int_equal(lso_verify(got, length).l4, LSO_SUM_GOOD);
	}
	card_stage_free(s);
}

/* What was coalesced before is not said of a frame that comes alone. */
static void a_single_frame_says_so(void **state)
{
	struct stage *s = card_stage_of("rtl8168-ext");
	static uint8_t whole[16384];
	uint32_t at;

	(void)state;
	card_stage_up(s);
	for (int round = 0; round < 300; round++) {
		traffic_supply(s);
		traffic_advance_rx(s);
		arrive_in_segments(s, whole, traffic_tcp(whole, 4, 2000));
		at = traffic_begin(s->rx);
		arrive_in_segments(s, whole, traffic_tcp(whole, 4, 500));
		assert_int_equal(traffic_received(s, at).segments, 0);
		assert_int_equal(traffic_received(s, at).fragments, 1);
	}
	card_stage_free(s);
}

/* Each family and UDP by its keyword; the card's register says what the driver made of it. */
static void the_register_follows_the_keywords(void **state)
{
	static const uint32_t usual = RTL_RSC_BITS & ~RTL_RSC_DUPLICATES;
	static const struct {
		const char *keyword, *value;
		uint32_t wanted;
	} keywords[] = {
		{ "*RscIPv4", "0", usual & ~RTL_RSC_TCP4 },
		{ "*RscIPv6", "0", usual & ~RTL_RSC_TCP6 },
		{ "*RscTimestamp", "0", usual & ~RTL_RSC_TIMESTAMPS },
		{ "*UdpRsc", "0", usual & ~(RTL_RSC_UDP4 | RTL_RSC_UDP6) },
		{ "RscDuplicateAcks", "1", RTL_RSC_BITS },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++) {
		struct stage *s = card_stage_of("rtl8168-ext");

		stage_keyword(s, keywords[i].keyword, keywords[i].value);
		card_stage_up(s);
		assert_int_equal(((struct rtl8168 *)s->card)->rx.rsc.wanted, keywords[i].wanted);
		card_stage_free(s);
	}
}

static void sleep_for_a_magic_packet(void *context)
{
	const struct cx_power_flags flags = { .wake_patterns = CX_WAKE_MAGIC_PACKET };
	const NDIS_PM_WOL_PATTERN pattern = {
		.Header = { .Type = NDIS_OBJECT_TYPE_DEFAULT,
			    .Revision = NDIS_PM_WOL_PATTERN_REVISION_2,
			    .Size = sizeof(pattern) },
		.Priority = NDIS_PM_WOL_PRIORITY_NORMAL,
		.WoLPacketType = NdisPMWoLPacketMagicPacket,
		.PatternId = 1,
	};
	const struct wdf_sleep how = { .wake = true };
	struct stage *s = context;
	uint8_t *config3 = ((struct rtl8168 *)s->card)->registers + CONFIG3;

	assert_int_equal(*config3 & CONFIG3_MAGIC, 0);
	assert_int_equal(cx_power_add_wake_pattern(s->adapter, NdisPMWoLPacketMagicPacket, 1,
						   &pattern, sizeof(pattern)),
			 STATUS_SUCCESS);
	cx_power_enable(s->adapter, &flags);
	assert_int_equal(wdf_device_sleep(s->device, &how), STATUS_SUCCESS);
	assert_int_equal(*config3 & CONFIG3_MAGIC, CONFIG3_MAGIC);
	assert_int_equal(wdf_device_wake(s->device, true), STATUS_SUCCESS);
	assert_int_equal(*config3 & CONFIG3_MAGIC, 0);
}

static void a_magic_packet_wakes_it(void **state)
{
	struct stage *s = card_stage();

	(void)state;
	card_stage_up(s);
	stage_call(s, sleep_for_a_magic_packet, s);
	card_stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_chip_puts_the_tag_in),
		cmocka_unit_test(a_large_send_takes_a_tag),
		cmocka_unit_test(a_received_tag_comes_beside_the_frame),
		cmocka_unit_test(without_the_keyword_tags_stay),
		cmocka_unit_test(a_hash_comes_beside_the_frame),
		cmocka_unit_test(udp_is_cut_by_hardware_that_can),
		cmocka_unit_test(udp_is_not_cut_by_the_chip),
		cmocka_unit_test(segments_come_as_one_packet),
		cmocka_unit_test(a_single_frame_says_so),
		cmocka_unit_test(the_register_follows_the_keywords),
		cmocka_unit_test(a_magic_packet_wakes_it),
	};

	return cmocka_run_group_tests_name("rtl8168, later versions", tests, NULL, NULL);
}
