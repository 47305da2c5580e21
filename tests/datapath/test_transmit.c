/* SPDX-License-Identifier: MIT */
/* Frames of the stack into NET_PACKETs: layout, extensions, fragments, and the software fallback.
 */

#include "probe_stage.h"
#include "stage/make_frame.h"
#include "stage/random.h"

struct packet {
	uint8_t bytes[70000];
	size_t length, l3, l4, data;
};

static uint32_t sum16(const uint8_t *p, size_t n, uint32_t sum)
{
	for (size_t i = 0; i + 1 < n; i += 2)
		sum += (uint32_t)p[i] << 8 | p[i + 1];
	if (n % 2)
		sum += (uint32_t)p[n - 1] << 8;
	while (sum >> 16)
		sum = (sum & 0xFFFF) + (sum >> 16);
	return sum;
}

static uint32_t pseudo(const struct packet *p, int family, uint32_t length)
{
	const uint8_t *ip = p->bytes + p->l3;
	uint32_t sum = 6 + length;

	return family == 4 ? sum16(ip + 12, 8, sum) : sum16(ip + 8, 32, sum);
}

static void put16(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

/* With a seed that includes the TCP length, as Linux hands it over. */
static void build(struct packet *p, const struct shape *shape)
{
	struct test_frame made = make_frame(shape);

	memcpy(p->bytes, made.bytes, made.length);
	p->length = made.length;
	p->l3 = made.l3;
	p->l4 = made.l4;
	p->data = made.headers;
	free(made.bytes);
}

static struct frame_meta meta_of(const struct packet *p, const struct shape *shape, uint16_t mss)
{
	return (struct frame_meta){ .mss = mss,
				    .needs_checksum = true,
				    .layout = { .l2_type = LSO_L2_ETHERNET,
						.vlan_tags = (uint8_t)shape->tags,
						.ip_version = (uint8_t)shape->version,
						.l4_protocol = 6,
						.ip_options = shape->ip_words != 0,
						.l3_offset = (uint16_t)p->l3,
						.l4_offset = (uint16_t)p->l4,
						.payload_offset = (uint16_t)p->data } };
}

static const struct shape shapes[] = {
	{ .version = 4, .payload = 20000 },
	{ .version = 4, .ip_words = 3, .tcp_words = 3, .payload = 20000 },
	{ .version = 4, .tags = 1, .tcp_words = 3, .payload = 20000 },
	{ .version = 4, .tags = 2, .ip_words = 2, .tcp_words = 3, .payload = 3000 },
	{ .version = 6, .payload = 20000 },
	{ .version = 6, .ip_words = 2, .hop_by_hop = true, .tcp_words = 3, .payload = 20000 },
	{ .version = 6,
	  .tags = 1,
	  .ip_words = 1,
	  .hop_by_hop = true,
	  .tcp_words = 5,
	  .payload = 20000 },
};

static void layout_is_exact(void **state)
{
	static struct packet p;
	struct stage *s;

	(void)state;
	probe_reset();
	s = probe_stage(NULL);
	for (unsigned i = 0; i < sizeof(shapes) / sizeof(*shapes); i++) {
		const struct shape *shape = &shapes[i];
		const struct probe_packet *seen = &probe.packets[i];
		bool extra = shape->ip_words > 0;

		build(&p, shape);
		memory_edge_put(s->edge, p.bytes, p.length, meta_of(&p, shape, 1400));
		probe_await(i + 1);
		assert_int_equal(seen->layout.Layer2Type, NET_PACKET_LAYER2_TYPE_ETHERNET);
		assert_int_equal(seen->layout.Layer2HeaderLength, p.l3);
		assert_int_equal(seen->layout.Layer3HeaderLength, p.l4 - p.l3);
		assert_int_equal(seen->layout.Layer4Type, NET_PACKET_LAYER4_TYPE_TCP);
		assert_int_equal(seen->layout.Layer4HeaderLength, p.data - p.l4);
		assert_int_equal(seen->layout.Layer3Type,
				 shape->version == 4
					 ? (extra ? NET_PACKET_LAYER3_TYPE_IPV4_WITH_OPTIONS
						  : NET_PACKET_LAYER3_TYPE_IPV4_NO_OPTIONS)
					 : (extra ? NET_PACKET_LAYER3_TYPE_IPV6_WITH_EXTENSIONS
						  : NET_PACKET_LAYER3_TYPE_IPV6_NO_EXTENSIONS));
	}
	probe_stage_free(s);
}

/* NDIS LSO: Mss set, the seed without the TCP length, everything else untouched. */
static void super_packet_stays_whole(void **state)
{
	static struct packet p;
	struct stage *s;

	(void)state;
	probe_reset();
	s = probe_stage(NULL);
	for (unsigned i = 0; i < 6; i += 4) {
		const struct probe_packet *seen = &probe.packets[i / 4];
		const struct shape *shape = &shapes[i];

		build(&p, shape);
		memory_edge_put(s->edge, p.bytes, p.length, meta_of(&p, shape, 1400));
		probe_await(i / 4 + 1);
		assert_int_equal(seen->mss, 1400);
		assert_int_equal(seen->length, p.length);
		assert_int_equal(seen->layer4, NET_PACKET_TX_CHECKSUM_PASSTHROUGH);
		put16(p.bytes + p.l4 + 16, pseudo(&p, shape->version, 0));
		assert_memory_equal(seen->data, p.bytes, p.length);
	}
	probe_stage_free(s);
}

/* The frames a super-packet was cut into hold its bytes, valid checksums and no Mss. */
static void assert_cut(unsigned first, const struct packet *p, int family, size_t mss)
{
	size_t payload = p->length - p->data, sent = 0;

	for (unsigned i = first; sent < payload; i++) {
		const struct probe_packet *seen = &probe.packets[i];
		size_t bytes = payload - sent < mss ? payload - sent : mss;
		struct packet segment = { .l3 = p->l3, .l4 = p->l4, .data = p->data };

		assert_int_equal(seen->mss, 0);
		assert_int_equal(seen->length, p->data + bytes);
		assert_int_equal(seen->layout.Layer2HeaderLength, p->l3);
		assert_int_equal(seen->layout.Layer3HeaderLength, p->l4 - p->l3);
		assert_int_equal(seen->layout.Layer4Type, NET_PACKET_LAYER4_TYPE_TCP);
		assert_int_equal(seen->layout.Layer4HeaderLength, p->data - p->l4);
		assert_memory_equal(seen->data + p->data, p->bytes + p->data + sent, bytes);
		memcpy(segment.bytes, seen->data, seen->length);
		assert_int_equal(sum16(segment.bytes + p->l4, seen->length - p->l4,
				       pseudo(&segment, family, (uint32_t)(seen->length - p->l4))),
				 0xFFFF);
		sent += bytes;
	}
}

static void probe_unchanged(struct probe_settings *s)
{
	(void)s;
}

static void lso_off(struct probe_settings *s)
{
	s->lsoIPv4 = FALSE;
}

static void lso_undeclared(struct probe_settings *s)
{
	s->declareLso = FALSE;
}

static void smaller_maximum(struct probe_settings *s)
{
	s->lsoMaximum = 29999;
}

static void larger_minimum(struct probe_settings *s)
{
	s->lsoSegments = 3;
}

/* What a driver must not get whole is cut before it; one reason at a time. */
static void fallback_cuts(void **state)
{
	static struct packet p;
	static const struct {
		void (*change)(struct probe_settings *);
		struct shape shape;
	} cases[] = {
		{ lso_off, { .version = 4, .tcp_words = 3, .payload = 30000 } },
		{ lso_undeclared, { .version = 4, .tcp_words = 3, .payload = 30000 } },
		{ smaller_maximum, { .version = 4, .tcp_words = 3, .payload = 30000 } },
		{ larger_minimum, { .version = 4, .payload = 2000 } },
		/* 142 bytes of headers: NDIS promises a driver at most 128 */
		{ probe_unchanged,
		  { .version = 4, .tags = 2, .ip_words = 10, .tcp_words = 10, .payload = 3000 } },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		size_t payload = cases[i].shape.payload;
		struct frame_meta meta;
		struct stage *s;

		probe_reset();
		cases[i].change(&probe.settings);
		s = probe_stage(NULL);
		build(&p, &cases[i].shape);
		meta = meta_of(&p, &cases[i].shape, 1400);
		if (i % 2) /* an edge that has not looked */
			memset(&meta.layout, 0, sizeof(meta.layout));
		memory_edge_put(s->edge, p.bytes, p.length, meta);
		probe_await((unsigned)((payload + 1399) / 1400));
		assert_cut(0, &p, 4, 1400);
		probe_stage_free(s);
	}
}

/* A driver whose buffers hold one frame gets segments, cut from buffer and overflow. */
static void fallback_cuts_from_small_buffers(void **state)
{
	static struct packet p;
	const struct shape shape = { .version = 6, .tags = 1, .tcp_words = 3, .payload = 60000 };
	struct stage *s;

	(void)state;
	probe_reset();
	probe.settings.declareLso = FALSE;
	probe.settings.maximumFragment = 1600;
	s = probe_stage(NULL);
	build(&p, &shape);
	memory_edge_put(s->edge, p.bytes, p.length, meta_of(&p, &shape, 1428));
	probe_await((60000 + 1427) / 1428);
	assert_cut(0, &p, 6, 1428);
	probe_stage_free(s);
}

static void checksum_goes_to_the_hardware_or_is_done(void **state)
{
	static struct packet p;
	const struct shape shape = { .version = 4, .payload = 999 };
	struct packet done;
	struct stage *s;

	(void)state;
	probe_reset();
	s = probe_stage(NULL);
	build(&p, &shape);
	memory_edge_put(s->edge, p.bytes, p.length, meta_of(&p, &shape, 0));
	probe_await(1);
	assert_int_equal(probe.packets[0].layer4, NET_PACKET_TX_CHECKSUM_REQUIRED);
	assert_int_equal(probe.packets[0].layer3, NET_PACKET_TX_CHECKSUM_REQUIRED);
	assert_memory_equal(probe.packets[0].data + p.l4, p.bytes + p.l4, p.length - p.l4);
	assert_memory_equal(probe.packets[0].data + p.l3 + 10, "\0\0", 2);
	probe_stage_free(s);

	probe.settings.checksumTcp = FALSE;
	probe.settings.checksumIPv4 = FALSE;
	s = probe_stage(NULL);
	memory_edge_put(s->edge, p.bytes, p.length, meta_of(&p, &shape, 0));
	probe_await(1);
	assert_int_equal(probe.packets[0].layer4, NET_PACKET_TX_CHECKSUM_PASSTHROUGH);
	assert_int_equal(probe.packets[0].layer3, NET_PACKET_TX_CHECKSUM_PASSTHROUGH);
	done = (struct packet){ .l3 = p.l3, .l4 = p.l4 };
	memcpy(done.bytes, probe.packets[0].data, p.length);
	assert_int_equal(sum16(done.bytes + p.l4, p.length - p.l4,
			       pseudo(&done, 4, (uint32_t)(p.length - p.l4))),
			 0xFFFF);
	probe_stage_free(s);
}

static void scattered_packets_are_the_same_bytes(void **state)
{
	static struct packet p;
	struct dp_config config = { .tx_fragment_size = 4096 };
	struct stage *s;

	(void)state;
	probe_reset();
	s = probe_stage(&config);
	build(&p, &shapes[0]);
	for (unsigned i = 0; i < 600; i++) {
		memory_edge_put(s->edge, p.bytes, p.length, meta_of(&p, &shapes[0], 1400));
		if (i % 50 == 49)
			probe_await(i + 1);
	}
	assert_int_equal(probe.packets[599].fragments, (p.length + 4095) / 4096);
	put16(p.bytes + p.l4 + 16, pseudo(&p, 4, 0));
	assert_memory_equal(probe.packets[599].data, p.bytes, p.length);
	probe_stage_free(s);
}

/* Longer than MaximumFragmentBufferSize and not to be cut: ignored, completed. */
static void too_long_a_frame_is_ignored(void **state)
{
	static const uint8_t noise[3000] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xB5 };
	struct dp_counters counters;
	struct stage *s;

	(void)state;
	probe_reset();
	probe.settings.maximumFragment = 2000;
	s = probe_stage(NULL);
	memory_edge_put(s->edge, noise, sizeof(noise), (struct frame_meta){ 0 });
	memory_edge_put(s->edge, noise, 1000, (struct frame_meta){ 0 });
	probe_await(2);
	assert_true(probe.packets[0].ignored);
	assert_int_equal(probe.packets[0].fragments, 0);
	assert_false(probe.packets[1].ignored);
	assert_int_equal(probe.packets[1].length, 1000);
	dp_counters(s->dp, &counters);
	assert_int_equal(counters.tx_ignored, 1);
	probe_stage_free(s);
}

/* Frames of every length of noise reach the driver as they are, or are ignored; never more. */
static void noise_passes(void **state)
{
	static uint8_t noise[70000];
	struct random r = { 12345 };
	struct stage *s;

	(void)state;
	probe_reset();
	probe.quiet = TRUE;
	s = probe_stage(NULL);
	for (unsigned i = 0; i < 1500; i++) {
		size_t length = i < 200 ? i + 1 : random_between(&r, 1, sizeof(noise));

		random_fill(&r, noise, length < 128 ? length : 128);
		if (i % 3) {
			put16(noise + 12, i % 2 ? 0x0800 : 0x86DD);
			noise[14] = i % 2 ? 0x45 : 0x60;
		}
		memory_edge_put(
			s->edge, noise, length,
			(struct frame_meta){ .needs_checksum = i % 5 == 0,
					     .mss = i % 7 == 0 ? (uint16_t)random_next(&r) : 0 });
	}
	frame_store_await_taken(&s->edge->in);
	probe_stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(layout_is_exact),
		cmocka_unit_test(super_packet_stays_whole),
		cmocka_unit_test(fallback_cuts),
		cmocka_unit_test(fallback_cuts_from_small_buffers),
		cmocka_unit_test(checksum_goes_to_the_hardware_or_is_done),
		cmocka_unit_test(scattered_packets_are_the_same_bytes),
		cmocka_unit_test(too_long_a_frame_is_ignored),
		cmocka_unit_test(noise_passes),
	};

	return cmocka_run_group_tests_name("datapath: transmit", tests, NULL, NULL);
}
