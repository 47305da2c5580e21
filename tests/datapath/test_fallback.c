/* SPDX-License-Identifier: MIT */
/*
 * Our 2.5 driver on a device model with USO: what is on the wire is the same bytes whether the
 * hardware cuts and sums or software does in its place, and stays whole while offloads change.
 */
#include <dlfcn.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "cx/api/2/public.h"
#include "lessened.h"
#include "ndis/offload.h"
#include "stage/make_frame.h"
#include "stage/stage.h"

static const struct shape shapes[] = {
	{ .version = 4, .payload = 9999 },
	{ .version = 4, .tcp_words = 3, .payload = 20000 },
	{ .version = 4, .ip_words = 3, .tcp_words = 2, .payload = 5000 },
	{ .version = 6, .payload = 14000 },
	{ .version = 6, .ip_words = 1, .hop_by_hop = true, .tcp_words = 3, .payload = 7001 },
	{ .version = 4, .protocol = IPPROTO_UDP, .payload = 6500 },
	{ .version = 6, .protocol = IPPROTO_UDP, .payload = 30001 },
	{ .version = 6, .ip_words = 8, .protocol = IPPROTO_UDP, .payload = 4500 },
	{ .version = 4, .tags = 1, .tcp_words = 3, .payload = 8000 },
	{ .version = 6, .tags = 1, .protocol = IPPROTO_UDP, .payload = 8000 },
	{ .version = 4, .tags = 2, .payload = 8000 },
};

#define MSS 1400

static const char *const keywords[] = { "*LsoV2IPv4",
					"*LsoV2IPv6",
					"*UsoIPv4",
					"*UsoIPv6",
					"*IPChecksumOffloadIPv4",
					"*TCPChecksumOffloadIPv4",
					"*TCPChecksumOffloadIPv6",
					"*UDPChecksumOffloadIPv4",
					"*UDPChecksumOffloadIPv6",
					"*PriorityVLANTag" };

/* @model is "rtl8168-ext", whose USO no real chip has, or "rtl8168". @less: NULL: all it has. */
static struct stage *linked(const char *model, const struct lessened *less)
{
	static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 1 };
	struct stage *s = stage_new_module("rtl8168", less ? RTL8168_LESSENED : RTL8168_DRIVER_2);

	if (less)
		*(struct lessened *)dlsym(s->module, "Lessened") = *less;
	stage_use_card(s, model, mac);
	stage_use_datapath(s, NULL);
	assert_int_equal(stage_load(s), STATUS_SUCCESS);
	for (size_t i = 0; i < ARRAY_COUNT(keywords); i++)
		stage_keyword(s, keywords[i], i < 4 ? "1" : "3");
	assert_int_equal(stage_start(s), STATUS_SUCCESS);
	stage_await_link(s);
	return s;
}

static unsigned pieces_of(const struct shape *shape)
{
	return (unsigned)((shape->payload + MSS - 1) / MSS);
}

static void send_shape(struct stage *s, const struct shape *shape, uint16_t mss)
{
	struct test_frame frame = make_frame(shape);
	const struct iovec iov = { frame.bytes, frame.length };
	struct frame_meta meta = { .mss = mss, .needs_checksum = true };

	assert_int_equal(lso_parse(&iov, 1, &meta.layout), LSO_OK);
	if (shape->version == 4) { /* IDs that NDIS wraps at 15 bits, and Linux does not */
		frame.bytes[frame.l3 + 4] = 0x7f;
		frame.bytes[frame.l3 + 5] = 0xfe;
		lso_fill_checksums(frame.bytes, frame.length, &meta.layout, true, false);
	}
	memory_edge_put(s->edge, frame.bytes, frame.length, meta);
	free(frame.bytes);
}

/* Every shape as a super-packet, and as one that has only its checksum to be filled in. */
static unsigned send_all(struct stage *s)
{
	unsigned count = 0;

	for (size_t i = 0; i < ARRAY_COUNT(shapes); i++) {
		struct shape small = shapes[i];

		small.payload = 777;
		send_shape(s, &shapes[i], MSS);
		send_shape(s, &small, 0);
		count += pieces_of(&shapes[i]) + 1;
	}
	return count;
}

static uint64_t cut_by_hardware(struct stage *s)
{
	struct device_counters counters;

	device_counters(s->card, &counters);
	assert_int_equal(counters.tx_errors, 0);
	return counters.tx_super_packets;
}

static void expect_same(const struct frame_store *a, const struct frame_store *b)
{
	assert_int_equal(a->count, b->count);
	for (unsigned i = 0; i < a->count; i++) {
		assert_int_equal(a->frames[i].length, b->frames[i].length);
		assert_memory_equal(a->frames[i].bytes, b->frames[i].bytes, a->frames[i].length);
	}
}

static void pause_offloads(void *context)
{
	cx_offload_pause(context);
}

/* What the hardware makes of all shapes. Return: frames in @kept, the caller's. */
static unsigned send_by_hardware(struct frame_store *kept)
{
	struct stage *hardware = linked("rtl8168-ext", NULL);
	unsigned count = send_all(hardware);
	struct dp_counters counters;

	frame_store_await(&hardware->wire->sent, count);
	dp_counters(hardware->dp, &counters);
	assert_int_equal(counters.tx_software_segmented, 0);
	assert_int_equal(counters.tx_software_checksums, 0);
	assert_int_equal(cut_by_hardware(hardware), ARRAY_COUNT(shapes));
	assert_int_equal(hardware->adapter->offload.driver.ieee8021q,
			 CX_IEEE8021Q_PRIORITY | CX_IEEE8021Q_VLAN);
	frame_store_init(kept);
	for (unsigned i = 0; i < count; i++) {
		const struct kept_frame *f = &hardware->wire->sent.frames[i];
		const struct iovec iov = { f->bytes, f->length };

		assert_true(frame_store_add(kept, &iov, 1, &f->meta));
	}
	stage_free(hardware);
	return count;
}

static void software_is_byte_equal(void **state)
{
	static struct frame_store kept;
	struct stage *software;
	unsigned count = send_by_hardware(&kept);

	software = linked("rtl8168-ext", NULL);
	stage_call(software, pause_offloads, software->adapter);
	assert_int_equal(send_all(software), count);
	frame_store_await(&software->wire->sent, count);
	assert_int_equal(cut_by_hardware(software), 0);
	expect_same(&software->wire->sent, &kept);
	stage_free(software);

	/* Hardware without USO: each by who has it. */
	software = linked("rtl8168", NULL);
	send_all(software);
	frame_store_await(&software->wire->sent, count);
	assert_true(cut_by_hardware(software) >= 4);
	expect_same(&software->wire->sent, &kept);
	stage_free(software);
	frame_store_destroy(&kept);
}

/* ---- a driver that declares less ---- */

#define TCP_OPTIONS NetAdapterOffloadLayer4FlagTcpWithOptions
#define NO_TCP      (NetAdapterOffloadLayer4FlagTcpNoOptions | TCP_OPTIONS)
#define HEADER_OPTIONS \
	(NetAdapterOffloadLayer3FlagIPv4WithOptions | NetAdapterOffloadLayer3FlagIPv6WithExtensions)
#define IPV6                                           \
	(NetAdapterOffloadLayer3FlagIPv6NoExtensions | \
	 NetAdapterOffloadLayer3FlagIPv6WithExtensions)

/* What the driver does not declare, and so what software must have done: cut, or summed. */
static const struct less {
	const char *name;
	struct lessened less;
	bool cuts, sums;
} lesses[] = {
	{ "GSO without options and extensions", { .gsoLayer3 = HEADER_OPTIONS }, true, false },
	{ "GSO of IPv4 alone", { .gsoLayer3 = IPV6 }, true, false },
	{ "GSO without TCP options", { .gsoLayer4 = TCP_OPTIONS }, true, false },
	{ "USO alone", { .gsoLayer4 = NO_TCP }, true, false },
	{ "LSO alone", { .gsoLayer4 = NetAdapterOffloadLayer4FlagUdp }, true, false },
	{ "a near TCP header for GSO", { .gsoLayer4Limit = 34 }, true, false },
	{ "small super-packets", { .maximum = 6500 }, true, false },
	{ "many segments", { .minimum = 8 }, true, false },
	{ "sums without options", { .checksumLayer3 = HEADER_OPTIONS }, false, true },
	{ "sums without TCP options", { .checksumLayer4 = TCP_OPTIONS }, false, true },
	{ "sums of UDP alone", { .checksumLayer4 = NO_TCP }, false, true },
	{ "sums of TCP alone", { .checksumLayer4 = NetAdapterOffloadLayer4FlagUdp }, false, true },
	{ "a near IP header for sums", { .checksumLayer3Limit = 14 }, false, true },
	{ "a near TCP header for sums", { .checksumLayer4Limit = 34 }, false, true },
	{ "no tags", { .noTags = TRUE }, false, false },
	{ "nothing but the least",
	  { .gsoLayer3 = IPV6 | HEADER_OPTIONS,
	    .gsoLayer4 = TCP_OPTIONS,
	    .checksumLayer3 = IPV6 | HEADER_OPTIONS,
	    .checksumLayer4 = TCP_OPTIONS,
	    .noTags = TRUE },
	  true,
	  true },
};

static void expect_less(const struct less *less, const struct frame_store *kept, unsigned count)
{
	struct stage *s = linked("rtl8168-ext", &less->less);
	struct dp_counters counters;

	assert_int_equal(send_all(s), count);
	frame_store_await(&s->wire->sent, count);
	dp_counters(s->dp, &counters);
	if ((counters.tx_software_segmented > 0) != less->cuts ||
	    (counters.tx_software_checksums > 0) != less->sums)
		fail_msg("%s: software has cut %lu packets and summed %lu", less->name,
			 (unsigned long)counters.tx_software_segmented,
			 (unsigned long)counters.tx_software_checksums);
	if (less->less.noTags)
		assert_int_equal(s->adapter->offload.driver.ieee8021q, 0);
	assert_int_equal(cut_by_hardware(s) + counters.tx_software_segmented, ARRAY_COUNT(shapes));
	expect_same(&s->wire->sent, kept);
	stage_free(s);
}

static void whatever_is_not_declared_is_byte_equal(void **state)
{
	static struct frame_store kept;
	unsigned count = send_by_hardware(&kept);

	for (size_t i = 0; i < ARRAY_COUNT(lesses); i++)
		expect_less(&lesses[i], &kept, count);
	frame_store_destroy(&kept);
}

/* ---- changes under traffic ---- */

static void offer(void *context, const struct cx_offload_state *state)
{
}

static void limit_lso(void *context, bool ipv4, bool ipv6, int timeout_ms)
{
	struct stage *s = context;

	dp_limit_lso(s->dp, ipv4, ipv6, timeout_ms);
}

static const struct ndis_ops ops = { .offer = offer, .limit_lso = limit_lso };

struct flip {
	struct ndis_port port;
	unsigned n;
	NTSTATUS status;
};

static enum cx_setting pick(unsigned n, unsigned bit)
{
	return n >> bit & 1 ? CX_ON : CX_OFF;
}

static void flip(void *context)
{
	struct flip *f = context;
	const enum cx_setting sum = pick(f->n, 4), v4 = pick(f->n, 0);
	const struct cx_offload_request request = {
		.lso_v1_ipv4 = v4,
		.lso_v2_ipv4 = v4,
		.lso_v2_ipv6 = pick(f->n, 1),
		.uso_ipv4 = pick(f->n, 2),
		.uso_ipv6 = pick(f->n, 3),
		.ipv4_checksum = { sum, CX_SAME },
		.tcp_ipv4_checksum = { sum, pick(f->n, 5) },
		.udp_ipv6_checksum = { pick(f->n, 6), CX_SAME },
	};
	struct error error;

	f->status = ndis_set_offloads(&f->port, &request, NDIS_FROM_ADMINISTRATOR, &error);
}

#define FLIPS 10000
#define ROUND 100

/* The driver was told what was asked for, once, before the switch was done. */
static void expect_told(struct stage *s, const struct flip *f)
{
	char text[160];

	snprintf(
		text, sizeof(text),
		"event Ethernet EvtNetAdapterOffloadSetGso lso_ipv4=%u lso_ipv6=%u uso_ipv4=%u uso_ipv6=%u",
		f->n & 1, f->n >> 1 & 1, f->n >> 2 & 1, f->n >> 3 & 1);
	assert_int_equal(journal_count(&s->journal, "event Ethernet EvtNetAdapterOffloadSetGso*"),
			 1);
	assert_int_equal(journal_count(&s->journal, text), 1);
	journal_forget(&s->journal);
}

/*
 * A packet of a kind that is off from now on is cut before the driver, as soon as the switch is
 * done: what the hardware has cut is what it had cut before.
 * Return: frames that are on the wire of it.
 */
static unsigned expect_cut_before(struct stage *s, const struct shape *shape, unsigned so_far)
{
	uint64_t before;

	frame_store_await(&s->wire->sent, so_far);
	before = cut_by_hardware(s);
	send_shape(s, shape, MSS);
	frame_store_await(&s->wire->sent, so_far + pieces_of(shape));
	assert_int_equal(cut_by_hardware(s), before);
	return pieces_of(shape);
}

static bool is_off(const struct shape *shape, unsigned n)
{
	unsigned bit = (shape->version == 6 ? 1 : 0) + (shape->protocol == IPPROTO_UDP ? 2 : 0);

	return !(n >> bit & 1);
}

/* All of a round is on the wire, in its pieces: nothing was lost, sent twice or too long. */
static void expect_round(struct stage *s, unsigned count)
{
	frame_store_await(&s->wire->sent, count);
	assert_int_equal(frame_store_count(&s->wire->sent), count);
	for (unsigned i = 0; i < count; i++) {
		const struct kept_frame *f = &s->wire->sent.frames[i];
		const struct iovec iov = { f->bytes, f->length };
		struct lso_layout layout;
		struct lso_verdicts verdicts;

		assert_int_equal(lso_parse(&iov, 1, &layout), LSO_OK);
		assert_true(f->length <= layout.payload_offset + (size_t)MSS);
		verdicts = lso_verify(f->bytes, f->length);
		assert_int_equal(verdicts.l4, LSO_SUM_GOOD);
		assert_true(verdicts.ipv4 != LSO_SUM_BAD);
	}
	frame_store_forget(&s->wire->sent);
}

static void ten_thousand_changes_lose_nothing(void **state)
{
	struct stage *s = linked("rtl8168-ext", NULL);
	struct flip f = {
		.port = { .ops = &ops, .context = s, .stack = "tap:nic0", .adapter = s->adapter }
	};
	struct dp_counters counters;

	journal_forget(&s->journal); /* of the start */
	for (unsigned round = 0; round < FLIPS / ROUND; round++) {
		unsigned count = 0;

		for (unsigned i = 0; i < ROUND; i++) {
			const struct shape *shape = &shapes[(round + i) % ARRAY_COUNT(shapes)];

			f.n = (round * ROUND + i) * 37;
			send_shape(s, shape, MSS);
			count += pieces_of(shape);
			stage_call(s, flip, &f);
			assert_int_equal(f.status, STATUS_SUCCESS);
			expect_told(s, &f);
			if (i % 4 == 0 && is_off(shape, f.n))
				count += expect_cut_before(s, shape, count);
		}
		expect_round(s, count);
	}
	dp_counters(s->dp, &counters);
	assert_int_equal(counters.tx_dropped, 0);
	assert_true(counters.tx_software_segmented > 0);
	assert_true(cut_by_hardware(s) > 0);
	stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(software_is_byte_equal),
		cmocka_unit_test(whatever_is_not_declared_is_byte_equal),
		cmocka_unit_test(ten_thousand_changes_lose_nothing),
	};

	return cmocka_run_group_tests_name("datapath: fallback", tests, NULL, NULL);
}
