/* SPDX-License-Identifier: MIT */
/*
 * The offload manager: defaults from hardware and keywords, OID_TCP_OFFLOAD_PARAMETERS against a
 * table written down independently, what is indicated, and callbacks beside a running EvtAdvance.
 */
#include <stdio.h>
#include <string.h>

#include "cx/api/1.3/offload.h"
#include "recorder.h"

#define NUMBER(array) (sizeof(array) / sizeof((array)[0]))

/* One keyword: its text (NULL: absent), and whether it turns something off. */
struct keyword {
	const char *text;
	bool off;
};

static const struct keyword keywords[] = {
	{ NULL, false },         { "0", true },  { "1", false },  { "3", false },
	{ "99", false },         { "", false },  { "on", false }, { "0x0", false },
	{ " 0 ", true },         { "00", true }, { "-0", false }, { "0 1", false },
	{ "4294967296", false },
};

/* What the datapath's threads go by: options and extension headers make no difference in 1.3. */
static void expect_lso_of_packets(const struct stage *s, bool ipv4, bool ipv6)
{
	uint64_t word = s->adapter->offload.tx;

	assert_int_equal(cx_tx_word_lso(word, CX_L3_IPV4, CX_L4_TCP), ipv4);
	assert_int_equal(cx_tx_word_lso(word, CX_L3_IPV4_OPTIONS, CX_L4_TCP_OPTIONS), ipv4);
	assert_int_equal(cx_tx_word_lso(word, CX_L3_IPV6, CX_L4_TCP), ipv6);
	assert_int_equal(cx_tx_word_lso(word, CX_L3_IPV6_EXTENSIONS, CX_L4_TCP_OPTIONS), ipv6);
}

static void expect_lso(struct stage *s, bool v4, bool v6, unsigned maximum, unsigned minimum)
{
	char text[64];

	snprintf(text, sizeof(text), "SetLso(%d,%d,%u,%u)", v4, v6, maximum, minimum);
	assert_int_equal(journal_count(&s->journal, "SetLso*"), 1);
	assert_true(journal_find(&s->journal, text) >= 0);
}

/* IPv4 is off when *LsoV1IPv4 and *LsoV2IPv4 both are, IPv6 when *LsoV2IPv6 is; only a 0 is off. */
static void lso_keyword_matrix(void **state)
{
	struct stage *s = stage_with("recorder");

	assert_int_equal(stage_load(s), STATUS_SUCCESS);
	for (size_t v1 = 0; v1 < NUMBER(keywords); v1++) {
		for (size_t v2 = 0; v2 < NUMBER(keywords); v2++) {
			size_t six = (v1 * 5 + v2) % NUMBER(keywords);
			bool v4_on = !(keywords[v1].off && keywords[v2].off);
			bool v6_on = !keywords[six].off;
			bool any = v4_on || v6_on;

			stage_keyword(s, "*LsoV1IPv4", keywords[v1].text);
			stage_keyword(s, "*LsoV2IPv4", keywords[v2].text);
			stage_keyword(s, "*LsoV2IPv6", keywords[six].text);
			journal_forget(&s->journal);
			assert_int_equal(stage_start(s), STATUS_SUCCESS);
			expect_lso(s, v4_on, v6_on, any ? 64000 : 0, any ? 2 : 0);
			expect_lso_of_packets(s, v4_on, v6_on);
			stage_stop(s);
		}
	}
	stage_free(s);
}

static void checksum_keyword_matrix(void **state)
{
	struct stage *s = stage_with("recorder");
	char text[64];

	assert_int_equal(stage_load(s), STATUS_SUCCESS);
	for (unsigned bits = 0; bits < 32; bits++) {
		static const char *const names[] = { "*IPChecksumOffloadIPv4",
						     "*TCPChecksumOffloadIPv4",
						     "*TCPChecksumOffloadIPv6",
						     "*UDPChecksumOffloadIPv4",
						     "*UDPChecksumOffloadIPv6" };

		for (unsigned i = 0; i < 5; i++)
			stage_keyword(s, names[i], bits & 1u << i ? "0" : "3");
		journal_forget(&s->journal);
		assert_int_equal(stage_start(s), STATUS_SUCCESS);
		snprintf(text, sizeof(text), "SetChecksum(%d,%d,%d)", !(bits & 1), (bits & 6) != 6,
			 (bits & 24) != 24);
		assert_true(journal_find(&s->journal, text) >= 0);
		stage_stop(s);
	}
	stage_free(s);
}

/* A REG_DWORD is a number too; a REG_BINARY is none. */
static void keyword_types(void **state)
{
	struct stage *s = stage_with("recorder");
	ULONG zero = 0;

	assert_int_equal(stage_load(s), STATUS_SUCCESS);
	nt_reg_set(s->software_key, "*LsoV2IPv6", NT_REG_DWORD, &zero, sizeof(zero));
	assert_int_equal(stage_start(s), STATUS_SUCCESS);
	expect_lso(s, 1, 0, 64000, 2);
	stage_stop(s);
	journal_forget(&s->journal);
	nt_reg_set(s->software_key, "*LsoV2IPv6", NT_REG_BINARY, &zero, sizeof(zero));
	assert_int_equal(stage_start(s), STATUS_SUCCESS);
	expect_lso(s, 1, 1, 64000, 2);
	stage_free(s);
}

/* A keyword cannot turn on what the hardware lacks. */
static void hardware_limits_the_default(void **state)
{
	for (unsigned bits = 0; bits < 4; bits++) {
		struct stage *s = stage_with("recorder");
		bool v4 = bits & 1, v6 = bits & 2;

		options->LsoIPv4 = v4;
		options->LsoIPv6 = v6;
		options->ChecksumTcp = FALSE;
		stage_up(s);
		expect_lso(s, v4, v6, bits ? 64000 : 0, bits ? 2 : 0);
		assert_true(journal_find(&s->journal, "SetChecksum(1,0,1)") >= 0);
		/* Declared with both families off, it is declared: the extension is there. */
		assert_int_not_equal(options->TxLsoOffset, NET_PACKET_EXTENSION_INVALID_OFFSET);
		stage_free(s);
	}
}

static void undeclared_is_never_called(void **state)
{
	NDIS_OFFLOAD_PARAMETERS all = { .LsoV2IPv4 = 2, .LsoV2IPv6 = 2, .TCPIPv4Checksum = 4 };
	struct stage *s = stage_with("recorder");

	options->DeclareLso = options->DeclareChecksum = FALSE;
	stage_up(s);
	assert_int_equal(stage_offload(s, &all), STATUS_SUCCESS);
	assert_int_equal(journal_count(&s->journal, "Set*"), 0);
	assert_int_equal(s->indications, 1);
	assert_false(cx_lso_ipv4(&s->indicated) || cx_checksum_tcp(&s->indicated.tx_checksum));
	assert_int_equal(s->adapter->offload.tx, 0);
	assert_int_equal(options->TxLsoOffset, NET_PACKET_EXTENSION_INVALID_OFFSET);
	assert_int_equal(options->TxChecksumOffset, NET_PACKET_EXTENSION_INVALID_OFFSET);
	assert_int_equal(options->RxChecksumOffset, NET_PACKET_EXTENSION_INVALID_OFFSET);
	stage_free(s);
}

/* 1809 takes a NULL callback; the offload is active all the same. */
static void null_callback_is_accepted(void **state)
{
	NDIS_OFFLOAD_PARAMETERS off = { .LsoV2IPv6 = 1 };
	struct stage *s = stage_with("recorder");

	options->NoLsoCallback = options->NoChecksumCallback = TRUE;
	stage_up(s);
	assert_int_equal(journal_count(&s->journal, "Set*"), 0);
	assert_int_equal(journal_count(&s->journal, "event Ethernet EvtNetAdapterOffload*"), 0);
	assert_int_equal(stage_offload(s, &off), STATUS_SUCCESS);
	assert_true(cx_lso_ipv4(&s->indicated));
	assert_false(cx_lso_ipv6(&s->indicated));
	stage_free(s);
}

static void last_declaration_wins(void **state)
{
	struct stage *s = stage_with("recorder");

	options->DeclareTwice = TRUE;
	options->LsoIPv6 = FALSE;
	options->ChecksumUdp = FALSE;
	stage_up(s);
	journal_assert_order(&s->journal, "SetChecksum(1,1,0)", "SetLso(1,0,64000,2)", NULL);
	stage_free(s);
}

/* ---- OID_TCP_OFFLOAD_PARAMETERS ---- */

/*
 * What 1809 makes of LsoV1 and LsoV2IPv4, each NO_CHANGE 0, DISABLED 1, ENABLED 2, or out of range
 * 3 (NDIS_OFFLOAD_PARAMETERS). '=' same, '1' TRUE, '0' FALSE.
 */
static const char lso_v4_table[4][5] = {
	/* LsoV2IPv4:  0    1    2    3      LsoV1 */
	{ '=', '=', '1', '=' }, /* 0 */
	{ '=', '0', '1', '=' }, /* 1 */
	{ '1', '1', '1', '1' }, /* 2 */
	{ '=', '=', '1', '=' }, /* 3 */
};
static const char lso_v6_table[] = { '=', '0', '1', '=' };
/* IPv4Checksum: only TX_RX_DISABLED is off, each direction alone is on. */
static const char checksum_table[] = { '=', '0', '1', '1', '1', '1' };
/* TCP and UDP, IPv4 down, IPv6 across. */
static const char pair_table[6][7] = {
	{ '=', '1', '1', '1', '1', '1' }, { '1', '0', '1', '1', '1', '1' },
	{ '1', '1', '1', '1', '1', '1' }, { '1', '1', '1', '1', '1', '1' },
	{ '1', '1', '1', '1', '1', '1' }, { '1', '1', '1', '1', '1', '1' },
};

static bool by_table(char entry, bool before)
{
	return entry == '=' ? before : entry == '1';
}

static struct cx_offload_request request_of(const NDIS_OFFLOAD_PARAMETERS *parameters)
{
	struct cx_offload_request request;

	assert_int_equal(ndis_read_parameters(parameters, sizeof(*parameters), &request),
			 STATUS_SUCCESS);
	return request;
}

static void lso_translation_is_exhaustive(void **state)
{
	const struct cx_coarse_lso hardware = { true, true, 64000, 2 };

	for (unsigned n = 0; n < 4 * 4 * 4 * 4; n++) {
		unsigned v1 = n & 3, v2 = n >> 2 & 3, six = n >> 4 & 3, before = n >> 6;
		struct cx_coarse_lso active = { before & 1, before & 2, 64000, 2 };
		NDIS_OFFLOAD_PARAMETERS p = { .LsoV1 = (UCHAR)v1,
					      .LsoV2IPv4 = (UCHAR)v2,
					      .LsoV2IPv6 = (UCHAR)six };
		const struct cx_offload_request request = request_of(&p);
		struct cx_coarse_lso after = cx_coarse_merge_lso(active, &hardware, &request);

		assert_int_equal(after.ipv4, by_table(lso_v4_table[v1][v2], active.ipv4));
		assert_int_equal(after.ipv6, by_table(lso_v6_table[six], active.ipv6));
		assert_int_equal(after.maximum_offload_size, 64000);
		assert_int_equal(after.minimum_segment_count, 2);
	}
}

static void checksum_translation_is_exhaustive(void **state)
{
	for (unsigned n = 0; n < 6 * 6 * 6 * 8; n++) {
		unsigned ip = n % 6, v4 = n / 6 % 6, v6 = n / 36 % 6, before = n / 216;
		struct cx_coarse_checksum active = { before & 1, before & 2, before & 4 };
		NDIS_OFFLOAD_PARAMETERS p = {
			.IPv4Checksum = (UCHAR)ip,
			.TCPIPv4Checksum = (UCHAR)v4,
			.TCPIPv6Checksum = (UCHAR)v6,
			.UDPIPv4Checksum = (UCHAR)v6,
			.UDPIPv6Checksum = (UCHAR)v4,
		};
		const struct cx_offload_request request = request_of(&p);
		struct cx_coarse_checksum after = cx_coarse_merge_checksum(active, &request);

		assert_int_equal(after.ipv4, by_table(checksum_table[ip], active.ipv4));
		assert_int_equal(after.tcp, by_table(pair_table[v4][v6], active.tcp));
		assert_int_equal(after.udp, by_table(pair_table[v6][v4], active.udp));
	}
}

/* No change detection: every accepted request runs both callbacks, then one indication. */
static void no_change_still_calls(void **state)
{
	NDIS_OFFLOAD_PARAMETERS none = { 0 };
	struct stage *s = stage_with("recorder");

	stage_up(s);
	journal_forget(&s->journal);
	for (int i = 0; i < 3; i++)
		assert_int_equal(stage_offload(s, &none), STATUS_SUCCESS);
	journal_assert_calls(&s->journal, "SetChecksum(1,1,1)", "SetLso(1,1,64000,2)",
			     "SetChecksum(1,1,1)", "SetLso(1,1,64000,2)", "SetChecksum(1,1,1)",
			     "SetLso(1,1,64000,2)", NULL);
	assert_int_equal(s->indications, 3);
	stage_free(s);
}

static void request_reaches_driver_then_ndis(void **state)
{
	NDIS_OFFLOAD_PARAMETERS off = { .LsoV1 = 1, .LsoV2IPv4 = 1, .TCPIPv4Checksum = 1 };
	struct stage *s = stage_with("recorder");

	stage_up(s);
	journal_forget(&s->journal);
	assert_int_equal(stage_offload(s, &off), STATUS_SUCCESS);
	journal_assert_order(
		&s->journal, "event Ethernet EvtNetAdapterOffloadSetChecksum ipv4=1 tcp=1 udp=1",
		"SetLso(0,1,64000,2)",
		"event Ethernet EvtNetAdapterOffloadSetLso ipv4=0 ipv6=1 maximum_offload_size=64000 minimum_segment_count=2",
		"event Ethernet NDIS_STATUS_TASK_OFFLOAD_CURRENT_CONFIG checksum_ipv4=1 checksum_tcp=1 checksum_udp=1 lso_ipv4=0 lso_ipv6=1 maximum_offload_size=64000 minimum_segment_count=2",
		NULL);
	assert_false(cx_lso_ipv4(&s->indicated));
	assert_true(cx_lso_ipv6(&s->indicated));
	stage_free(s);
}

/* 1809 does not look whether the hardware can. */
static void enabling_what_hardware_lacks(void **state)
{
	NDIS_OFFLOAD_PARAMETERS six = { .LsoV2IPv6 = 2 };
	struct stage *s = stage_with("recorder");

	options->LsoIPv6 = FALSE;
	stage_up(s);
	journal_forget(&s->journal);
	assert_int_equal(stage_offload(s, &six), STATUS_SUCCESS);
	expect_lso(s, 1, 1, 64000, 2);
	stage_free(s);
}

/* Sizes: 0 at a start with all off, the hardware's once something is on, kept when off again. */
static void sizes_come_back(void **state)
{
	NDIS_OFFLOAD_PARAMETERS on = { .LsoV2IPv4 = 2 }, off = { .LsoV1 = 1, .LsoV2IPv4 = 1 };
	struct stage *s = stage_with("recorder");

	stage_keyword(s, "*LsoV1IPv4", "0");
	stage_keyword(s, "*LsoV2IPv4", "0");
	stage_keyword(s, "*LsoV2IPv6", "0");
	stage_up(s);
	expect_lso(s, 0, 0, 0, 0);
	journal_forget(&s->journal);
	assert_int_equal(stage_offload(s, &on), STATUS_SUCCESS);
	expect_lso(s, 1, 0, 64000, 2);
	journal_forget(&s->journal);
	assert_int_equal(stage_offload(s, &off), STATUS_SUCCESS);
	expect_lso(s, 0, 0, 64000, 2);
	stage_free(s);
}

static void short_buffers_are_refused(void **state)
{
	unsigned char buffer[sizeof(NDIS_OFFLOAD_PARAMETERS) + 64] = { 0 };
	struct stage *s = stage_with("recorder");

	stage_up(s);
	journal_forget(&s->journal);
	for (size_t length = 0; length < NDIS_SIZEOF_OFFLOAD_PARAMETERS_REVISION_3; length++)
		assert_int_equal(stage_offload_bytes(s, buffer, length), STATUS_INVALID_PARAMETER);
	assert_int_equal(stage_offload_bytes(s, NULL, 64), STATUS_INVALID_PARAMETER);
	assert_int_equal(journal_count(&s->journal, "Set*"), 0);
	assert_int_equal(s->indications, 0);
	for (size_t length = NDIS_SIZEOF_OFFLOAD_PARAMETERS_REVISION_3; length <= sizeof(buffer);
	     length++)
		assert_int_equal(stage_offload_bytes(s, buffer, length), STATUS_SUCCESS);
	stage_free(s);
}

/* Header type and revision are not looked at, nor are values out of range. */
static void garbage_is_no_error(void **state)
{
	NDIS_OFFLOAD_PARAMETERS p;
	struct stage *s = stage_with("recorder");

	stage_up(s);
	for (int fill = 0; fill < 256; fill++) {
		memset(&p, fill, sizeof(p));
		assert_int_equal(stage_offload(s, &p), STATUS_SUCCESS);
	}
	assert_int_equal(s->indications, 256);
	stage_free(s);
}

static void only_while_started(void **state)
{
	NDIS_OFFLOAD_PARAMETERS none = { 0 };
	struct stage *s = stage_with("recorder");

	assert_int_equal(stage_load(s), STATUS_SUCCESS);
	assert_int_equal(stage_offload(s, &none), STATUS_INVALID_DEVICE_STATE);
	assert_int_equal(stage_start(s), STATUS_SUCCESS);
	assert_int_equal(stage_offload(s, &none), STATUS_SUCCESS);
	stage_stop(s);
	assert_int_equal(stage_offload(s, &none), STATUS_INVALID_DEVICE_STATE);
	assert_int_equal(s->indications, 1);
	stage_free(s);
}

/* ---- NDIS_OFFLOAD ---- */

static void report_of_everything(void **state)
{
	const struct cx_coarse_checksum checksum = { true, true, true };
	const struct cx_coarse_lso lso = { true, true, 64000, 3 };
	struct cx_offload_state all = { 0 };
	NDIS_OFFLOAD o;

	memset(&o, 0xee, sizeof(o));
	cx_coarse_put_checksum(&all, &checksum);
	cx_coarse_put_lso(&all, &lso);
	assert_int_equal(ndis_report_offloads(&all, 5, &o), 188);
	assert_int_equal(o.Header.Size, 188);
	assert_int_equal(o.Header.Type, NDIS_OBJECT_TYPE_OFFLOAD);
	assert_int_equal(o.Header.Revision, 5);
	assert_int_equal(o.Checksum.IPv4Transmit.Encapsulation, NDIS_ENCAPSULATION_IEEE_802_3);
	assert_int_equal(o.Checksum.IPv4Transmit.IpChecksum, 1);
	assert_int_equal(o.Checksum.IPv4Receive.IpOptionsSupported, 1);
	assert_int_equal(o.Checksum.IPv6Transmit.IpExtensionHeadersSupported, 1);
	assert_int_equal(o.Checksum.IPv6Receive.TcpChecksum, 1);
	assert_int_equal(o.LsoV1.IPv4.MaxOffLoadSize, 64000);
	assert_int_equal(o.LsoV1.IPv4.MinSegmentCount, 3);
	assert_int_equal(o.LsoV1.IPv4.TcpOptions, 1);
	assert_int_equal(o.LsoV1.IPv4.IpOptions, 1);
	assert_int_equal(o.LsoV2.IPv4.MaxOffLoadSize, 64000);
	assert_int_equal(o.LsoV2.IPv6.MinSegmentCount, 3);
	assert_int_equal(o.LsoV2.IPv6.IpExtensionHeadersSupported, 1);
	assert_int_equal(o.LsoV2.IPv6.TcpOptionsSupported, 1);
	assert_int_equal(o.IPsecV1.Supported.Encapsulation, 0);
}

static void report_of_nothing(void **state)
{
	struct cx_offload_state none = { .lso = { .maximum_offload_size = 64000,
						  .minimum_segment_count = 3 } };
	NDIS_OFFLOAD o, zero;

	ndis_report_offloads(&none, 5, &o);
	memset(&zero, 0, sizeof(zero));
	assert_memory_equal(&o.LsoV1, &zero.LsoV1, sizeof(o.LsoV1));
	assert_memory_equal(&o.LsoV2, &zero.LsoV2, sizeof(o.LsoV2));
	/* The encapsulation of checksums is named even then. */
	assert_int_equal(o.Checksum.IPv6Receive.Encapsulation, NDIS_ENCAPSULATION_IEEE_802_3);
	assert_int_equal(o.Checksum.IPv4Transmit.TcpChecksum, 0);
}

/* Sizes beyond 32 bits are cut, as the cast of 1809 does. */
static void report_narrows_sizes(void **state)
{
	const struct cx_coarse_lso lso = { true, false, 0x100000005, 0x200000002 };
	struct cx_offload_state big = { 0 };
	NDIS_OFFLOAD o;

	cx_coarse_put_lso(&big, &lso);
	ndis_report_offloads(&big, 5, &o);
	assert_int_equal(o.LsoV2.IPv4.MaxOffLoadSize, 5);
	assert_int_equal(o.LsoV2.IPv4.MinSegmentCount, 2);
	assert_int_equal(o.LsoV2.IPv6.MaxOffLoadSize, 0);
}

/* ---- beside EvtAdvance ---- */

struct runner {
	struct stage *stage;
	_Atomic bool end;
};

static void *advance(void *argument)
{
	struct runner *runner = argument;
	struct cx_queue *queue = runner->stage->tx;

	nt_thread_enter(&runner->stage->machine);
	while (!runner->end)
		cx13_queue(queue)->config.EvtAdvance(cx13_queue_handle(queue));
	nt_thread_leave();
	return NULL;
}

static ULONG advances_of(struct stage *s)
{
	return __atomic_load_n(&options->Advances, __ATOMIC_RELAXED);
}

/* A queue's thread runs on while the driver is told of each change on the worker. */
static void callbacks_beside_advance(void **state)
{
	NDIS_OFFLOAD_PARAMETERS on = { .LsoV1 = 2, .LsoV2IPv6 = 2 };
	NDIS_OFFLOAD_PARAMETERS off = { .LsoV1 = 1, .LsoV2IPv4 = 1, .LsoV2IPv6 = 1 };
	struct stage *s = stage_with("recorder");
	struct runner runner = { .stage = s };
	ULONG advances;
	pthread_t thread;

	stage_up(s);
	assert_int_equal(pthread_create(&thread, NULL, advance, &runner), 0);
	for (int i = 0; i < 300; i++) {
		advances = advances_of(s);
		assert_int_equal(stage_offload(s, i & 1 ? &off : &on), STATUS_SUCCESS);
		expect_lso_of_packets(s, !(i & 1), !(i & 1));
		/* It never stood still for the change. */
		while (advances_of(s) == advances)
			sched_yield();
	}
	runner.end = true;
	pthread_join(thread, NULL);
	assert_int_equal(journal_count(&s->journal, "Advance saw*"), 0);
	assert_int_equal(s->indications, 300);
	stage_free(s);
}

static void *many(void *argument)
{
	NDIS_OFFLOAD_PARAMETERS none = { 0 };

	for (int i = 0; i < 100; i++)
		stage_offload(argument, &none);
	return NULL;
}

/* Requests from many threads are one after another in the driver. */
static void requests_are_serialised(void **state)
{
	struct stage *s = stage_with("recorder");
	pthread_t threads[4];

	stage_up(s);
	journal_forget(&s->journal);
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, many, s), 0);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(s->indications, 400);
	for (int i = 0, last = 0; i < s->journal.count; i++) {
		int kind = strncmp(s->journal.lines[i], "SetChecksum", 11) == 0 ? 1
			   : strncmp(s->journal.lines[i], "SetLso", 6) == 0     ? 2
										: 0;

		if (!kind)
			continue;
		assert_int_equal(kind, last == 1 ? 2 : 1);
		last = kind;
	}
	stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lso_keyword_matrix),
		cmocka_unit_test(checksum_keyword_matrix),
		cmocka_unit_test(keyword_types),
		cmocka_unit_test(hardware_limits_the_default),
		cmocka_unit_test(undeclared_is_never_called),
		cmocka_unit_test(null_callback_is_accepted),
		cmocka_unit_test(last_declaration_wins),
		cmocka_unit_test(lso_translation_is_exhaustive),
		cmocka_unit_test(checksum_translation_is_exhaustive),
		cmocka_unit_test(no_change_still_calls),
		cmocka_unit_test(request_reaches_driver_then_ndis),
		cmocka_unit_test(enabling_what_hardware_lacks),
		cmocka_unit_test(sizes_come_back),
		cmocka_unit_test(short_buffers_are_refused),
		cmocka_unit_test(garbage_is_no_error),
		cmocka_unit_test(only_while_started),
		cmocka_unit_test(report_of_everything),
		cmocka_unit_test(report_of_nothing),
		cmocka_unit_test(report_narrows_sizes),
		cmocka_unit_test(callbacks_beside_advance),
		cmocka_unit_test(requests_are_serialised),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
