/* SPDX-License-Identifier: MIT */
/*
 * The offloads of 2.x: who is told what at the start and after a change, who does it, and
 * pauses. 2.0 has the rules of 2004.
 */
#include <string.h>

#include "base/array.h"
#include "ndis/offload_parameters.h"
#include "offload_stage.h"

/* ---- the start ---- */

static void callbacks_in_order(void **state)
{
	struct stage *s = stage_declaring(5, DECLARE_ALL);

	set_all_keywords(s);
	assert_int_equal(stage_start(s), STATUS_SUCCESS);
	journal_assert_calls(&s->journal, "DriverEntry", "DeviceAdd", "PrepareHardware",
			     "SetTxChecksum(1,1,1)", "SetRxChecksum(1,1,1)", "SetGso(1,1,1,1)",
			     "SetRsc(1,1,1,1)", "NetAdapterStart=00000000", "D0Entry",
			     "CreateTxQueue(0)", "CreateRxQueue(0)", NULL);
	journal_assert_order(
		&s->journal, "event Ethernet EvtNetAdapterOffloadSetTxChecksum ipv4=1 tcp=1 udp=1",
		"event Ethernet EvtNetAdapterOffloadSetRxChecksum ipv4=1 tcp=1 udp=1",
		"event Ethernet EvtNetAdapterOffloadSetGso lso_ipv4=1 lso_ipv6=1 uso_ipv4=1 uso_ipv6=1",
		"event Ethernet EvtNetAdapterOffloadSetRsc tcp_ipv4=1 tcp_ipv6=1 tcp_timestamps=1 udp=1",
		"host started mtu=1500", NULL);
	assert_int_equal(s->indications, 0);
	stage_free(s);
}

/* ---- who does what ---- */

/* At its start a driver is told defaults that its hardware lacks; it is never given them to do. */
static void defaults_are_told_as_they_are(void **state)
{
	NDIS_OFFLOAD_PARAMETERS nothing = { 0 };
	struct stage *s = stage_declaring(5, DECLARE_ALL);
	const struct cx_offload *offload;

	options->Offloads.Layer3 = 1; /* IPv4NoOptions */
	options->Offloads.Layer4 = 1; /* TcpNoOptions */
	set_all_keywords(s);
	assert_int_equal(stage_start(s), STATUS_SUCCESS);
	journal_assert_order(&s->journal, "SetTxChecksum(1,1,1)", "SetRxChecksum(1,1,1)",
			     "SetGso(1,1,1,1)", "SetRsc(1,1,1,0)", NULL);
	offload = &s->adapter->offload;
	assert_int_equal(offload->active.lso.kinds.l3, CX_L3_ALL);
	assert_int_equal(offload->driver.lso.kinds.l3, CX_L3_IPV4);
	assert_int_equal(offload->driver.lso.kinds.l4, CX_L4_TCP);
	assert_true(cx_tx_word_lso(offload->tx, CX_L3_IPV4, CX_L4_TCP));
	assert_false(cx_tx_word_lso(offload->tx, CX_L3_IPV4, CX_L4_TCP_OPTIONS));
	assert_false(cx_tx_word_lso(offload->tx, CX_L3_IPV4_OPTIONS, CX_L4_TCP));
	assert_false(cx_tx_word_uso(offload->tx, CX_L3_IPV4));
	assert_true(cx_tx_word_tcp_checksum(offload->tx, CX_L3_IPV4, CX_L4_TCP));
	assert_false(cx_tx_word_udp_checksum(offload->tx, CX_L3_IPV4));
	/* Nobody coalesces what the hardware does not. */
	assert_false(cx_rsc_ipv6(&offload->active));

	journal_forget(&s->journal);
	assert_int_equal(stage_offload_bytes(s, &nothing, sizeof(nothing)), STATUS_SUCCESS);
	journal_assert_order(&s->journal, "SetTxChecksum(1,1,0)", "SetRxChecksum(1,1,1)",
			     "SetGso(1,0,0,0)", "SetRsc(1,0,1,0)", NULL);
	assert_int_equal(s->indications, 1);
	stage_free(s);
}

/* What was not declared has no callback; software does it. */
static void software_needs_no_declaration(void **state)
{
	struct stage *s = stage_declaring(5, DECLARE_RX_CHECKSUM);
	const struct cx_offload *offload;

	set_all_keywords(s);
	assert_int_equal(stage_start(s), STATUS_SUCCESS);
	assert_int_equal(journal_count(&s->journal, "Set*"), 1);
	offload = &s->adapter->offload;
	assert_true(cx_lso_ipv4(&offload->active) && cx_uso_ipv6(&offload->active));
	assert_true(cx_checksum_udp(&offload->active.tx_checksum));
	assert_false(cx_rsc_ipv4(&offload->active));
	assert_true(offload->active.lso.maximum_offload_size >= 65536);
	assert_int_equal(offload->tx, 0);
	stage_free(s);
}

static void sizes_are_the_hardwares(void **state)
{
	struct stage *s = stage_declaring(5, DECLARE_GSO);

	options->Offloads.MaximumOffloadSize = 9000;
	options->Offloads.HeaderOffsetLimit = 60;
	options->Offloads.Layer4 = 1;
	set_all_keywords(s);
	assert_int_equal(stage_start(s), STATUS_SUCCESS);
	assert_int_equal(s->adapter->offload.active.lso.maximum_offload_size, 9000);
	assert_int_equal(s->adapter->offload.active.uso.maximum_offload_size, 9000);
	assert_int_equal(s->adapter->offload.driver.lso.l4_offset_limit, 60);
	assert_int_equal(s->adapter->offload.active.lso.l4_offset_limit, 0);
	stage_free(s);
}

static void tags_are_the_hardwares(void **state)
{
	struct stage *s = stage_declaring(5, DECLARE_TAGS);

	assert_int_equal(stage_start(s), STATUS_SUCCESS);
	assert_int_equal(s->adapter->offload.active.ieee8021q,
			 CX_IEEE8021Q_PRIORITY | CX_IEEE8021Q_VLAN);
	stage_free(s);
}

/* Before 2.5 there is no UDP in coalescing, whatever the flags. */
static void udp_coalescing_is_2_5(void **state)
{
	static const struct {
		unsigned minor;
		ULONG layer4;
		uint8_t tcp, udp;
	} cases[] = {
		{ 1, 4, CX_L3_IPV4 | CX_L3_IPV6, 0 },
		{ 5, 4, 0, CX_L3_IPV4 | CX_L3_IPV6 },
		{ 5, 5, CX_L3_IPV4 | CX_L3_IPV6, CX_L3_IPV4 | CX_L3_IPV6 },
		{ 5, 1, CX_L3_IPV4 | CX_L3_IPV6, 0 },
	};

	for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
		struct stage *s = stage_declaring(cases[i].minor, DECLARE_RSC);

		options->Offloads.Layer4 = cases[i].layer4;
		set_all_keywords(s);
		assert_int_equal(stage_start(s), STATUS_SUCCESS);
		assert_int_equal(s->adapter->offload.active.rsc.tcp, cases[i].tcp);
		assert_int_equal(s->adapter->offload.active.rsc.udp, cases[i].udp);
		stage_free(s);
	}
}

/* ---- changes ---- */

/* Each direction and family by itself. */
static void changes_by_half(void **state)
{
	NDIS_OFFLOAD_PARAMETERS p = {
		.TCPIPv4Checksum = NDIS_OFFLOAD_PARAMETERS_RX_ENABLED_TX_DISABLED,
		.UDPIPv4Checksum = NDIS_OFFLOAD_PARAMETERS_TX_ENABLED_RX_DISABLED,
		.UDPIPv6Checksum = NDIS_OFFLOAD_PARAMETERS_TX_RX_DISABLED,
		.IPv4Checksum = NDIS_OFFLOAD_PARAMETERS_RX_ENABLED_TX_DISABLED,
		.LsoV2IPv6 = NDIS_OFFLOAD_PARAMETERS_LSOV2_DISABLED,
		.RscIPv4 = NDIS_OFFLOAD_PARAMETERS_RSC_DISABLED,
		.UdpSegmentation.IPv4 = NDIS_OFFLOAD_PARAMETERS_USO_DISABLED,
	};
	struct stage *s = stage_declaring(5, DECLARE_ALL);
	const struct cx_offload_state *active;

	set_all_keywords(s);
	assert_int_equal(stage_start(s), STATUS_SUCCESS);
	active = &s->adapter->offload.active;
	journal_forget(&s->journal);
	assert_int_equal(stage_offload_bytes(s, &p, sizeof(p)), STATUS_SUCCESS);
	journal_assert_calls(&s->journal, "SetTxChecksum(0,1,1)", "SetRxChecksum(1,1,0)",
			     "SetGso(1,0,0,1)", "SetRsc(0,1,1,1)", NULL);
	assert_int_equal(active->tx_checksum.tcp.l3, CX_L3_ALL_IPV6);
	assert_int_equal(active->rx_checksum.tcp.l3, CX_L3_ALL);
	assert_int_equal(active->tx_checksum.udp.l3, CX_L3_ALL_IPV4);
	journal_assert_order(
		&s->journal,
		"event Ethernet NDIS_STATUS_TASK_OFFLOAD_CURRENT_CONFIG checksum_ipv4=0 checksum_tcp=1 checksum_udp=1 rx_checksum_ipv4=1 rx_checksum_tcp=1 rx_checksum_udp=0 lso_ipv4=1 lso_ipv6=0 uso_ipv4=0 uso_ipv6=1 rsc_ipv4=0 rsc_ipv6=1 udp_rsc=1 maximum_offload_size=64000 minimum_segment_count=2",
		NULL);

	p = (NDIS_OFFLOAD_PARAMETERS){
		.UDPIPv6Checksum = NDIS_OFFLOAD_PARAMETERS_TX_RX_ENABLED,
		.LsoV1 = NDIS_OFFLOAD_PARAMETERS_LSOV1_DISABLED,
		.UdpSegmentation.IPv4 = NDIS_OFFLOAD_PARAMETERS_USO_ENABLED,
		.RscIPv4 = NDIS_OFFLOAD_PARAMETERS_RSC_ENABLED,
	};
	journal_forget(&s->journal);
	assert_int_equal(stage_offload_bytes(s, &p, sizeof(p)), STATUS_SUCCESS);
	journal_assert_calls(&s->journal, "SetTxChecksum(0,1,1)", "SetRxChecksum(1,1,1)",
			     "SetGso(0,0,1,1)", "SetRsc(1,1,1,1)", NULL);
	stage_free(s);
}

/* Every pair of settings of LSO for IPv4: off when one says so. */
static void lso_versions_change_together(void **state)
{
	struct stage *s = stage_declaring(5, DECLARE_ALL);

	set_all_keywords(s);
	assert_int_equal(stage_start(s), STATUS_SUCCESS);
	for (UCHAR before = 1; before <= 2; before++) {
		for (UCHAR v1 = 0; v1 <= 2; v1++) {
			for (UCHAR v2 = 0; v2 <= 2; v2++) {
				NDIS_OFFLOAD_PARAMETERS first = { .LsoV1 = before,
								  .LsoV2IPv4 = before };
				NDIS_OFFLOAD_PARAMETERS then = { .LsoV1 = v1, .LsoV2IPv4 = v2 };
				bool off = v1 == 1 || v2 == 1, on = v1 == 2 || v2 == 2;

				assert_int_equal(stage_offload_bytes(s, &first, sizeof(first)),
						 STATUS_SUCCESS);
				assert_int_equal(stage_offload_bytes(s, &then, sizeof(then)),
						 STATUS_SUCCESS);
				assert_int_equal(cx_lso_ipv4(&s->adapter->offload.active),
						 off ? false : on || before == 2);
				assert_true(cx_lso_ipv6(&s->adapter->offload.active));
			}
		}
	}
	stage_free(s);
}

static void a_restart_forgets_changes_below_the_keywords(void **state)
{
	NDIS_OFFLOAD_PARAMETERS off = { .UdpSegmentation.IPv6 =
						NDIS_OFFLOAD_PARAMETERS_USO_DISABLED };
	struct stage *s = stage_declaring(5, DECLARE_ALL);

	set_all_keywords(s);
	assert_int_equal(stage_start(s), STATUS_SUCCESS);
	assert_int_equal(stage_offload_bytes(s, &off, sizeof(off)), STATUS_SUCCESS);
	start_again(s);
	expect_one(s, "SetGso", "SetGso(1,1,1,1)");
	stage_free(s);
}

/* ---- pauses ---- */

/* The rule "pause-right" pauses in NetAdapterStart's wake. */
static void a_pause_takes_all_from_the_driver(void **state)
{
	NDIS_OFFLOAD_PARAMETERS off = { .LsoV2IPv6 = NDIS_OFFLOAD_PARAMETERS_LSOV2_DISABLED };
	struct stage *s = stage_declaring(5, DECLARE_ALL);
	const struct cx_offload *offload;

	options->Break = "pause-right";
	set_all_keywords(s);
	assert_int_equal(stage_start(s), STATUS_SUCCESS);
	journal_assert_order(&s->journal, "SetRsc(1,1,1,1)", "NetAdapterStart=00000000",
			     "event Ethernet NDIS_STATUS_TASK_OFFLOAD_CURRENT_CONFIG *",
			     "SetTxChecksum(0,0,0)", "SetRxChecksum(0,0,0)", "SetGso(0,0,0,0)",
			     "SetRsc(0,0,0,0)", "survived pause-right", NULL);
	offload = &s->adapter->offload;
	assert_true(offload->paused && cx_lso_ipv4(&offload->active));
	assert_int_equal(offload->tx, 0);

	journal_forget(&s->journal);
	assert_int_equal(stage_offload_bytes(s, &off, sizeof(off)), STATUS_SUCCESS);
	assert_int_equal(journal_count(&s->journal, "Set*"), 0);
	assert_int_equal(offload->tx, 0);
	stage_call(s, (void (*)(void *))cx_offload_resume, s->adapter);
	journal_assert_order(&s->journal, "SetTxChecksum(1,1,1)", "SetRxChecksum(1,1,1)",
			     "SetGso(1,0,1,1)", "SetRsc(1,1,1,1)",
			     "event Ethernet NDIS_STATUS_TASK_OFFLOAD_CURRENT_CONFIG *", NULL);
	assert_true(cx_tx_word_lso(offload->tx, CX_L3_IPV4, CX_L4_TCP));
	assert_false(cx_tx_word_lso(offload->tx, CX_L3_IPV6, CX_L4_TCP));
	options->Break = NULL;
	start_again(s);
	assert_false(offload->paused);
	stage_free(s);
}

/* ---- 2.0 ---- */

static void coarse_2_0(void **state)
{
	NDIS_OFFLOAD_PARAMETERS p = {
		.TCPIPv4Checksum = NDIS_OFFLOAD_PARAMETERS_TX_RX_DISABLED,
		.TCPIPv6Checksum = NDIS_OFFLOAD_PARAMETERS_TX_RX_DISABLED,
		.LsoV2IPv6 = NDIS_OFFLOAD_PARAMETERS_LSOV2_DISABLED,
		.RscIPv6 = NDIS_OFFLOAD_PARAMETERS_RSC_DISABLED,
	};
	struct stage *s = stage_declaring(0, DECLARE_ALL);

	/* Without keywords all is on; LSO for IPv4 goes off with both versions. */
	assert_int_equal(stage_start(s), STATUS_SUCCESS);
	journal_assert_order(&s->journal, "SetChecksum(1,1,1)", "SetLso(1,1)", "SetRsc(1,1,1)",
			     NULL);
	journal_assert_order(
		&s->journal, "event Ethernet EvtNetAdapterOffloadSetChecksum ipv4=1 tcp=1 udp=1",
		"event Ethernet EvtNetAdapterOffloadSetLso lso_ipv4=1 lso_ipv6=1",
		"event Ethernet EvtNetAdapterOffloadSetRsc tcp_ipv4=1 tcp_ipv6=1 tcp_timestamps=1",
		NULL);
	assert_false(s->adapter->offload.fallback);
	journal_forget(&s->journal);
	assert_int_equal(stage_offload_bytes(s, &p, sizeof(p)), STATUS_SUCCESS);
	journal_assert_calls(&s->journal, "SetChecksum(1,0,1)", "SetLso(1,0)", "SetRsc(1,0,1)",
			     NULL);
	journal_assert_order(
		&s->journal,
		"event Ethernet NDIS_STATUS_TASK_OFFLOAD_CURRENT_CONFIG checksum_ipv4=1 checksum_tcp=0 checksum_udp=1 lso_ipv4=1 lso_ipv6=0 maximum_offload_size=64000 minimum_segment_count=2",
		NULL);

	stage_keyword(s, "*LsoV2IPv4", "0");
	stage_keyword(s, "*RscIPv4", "0");
	stage_keyword(s, "*UDPChecksumOffloadIPv4", "0");
	start_again(s);
	journal_assert_order(&s->journal, "SetChecksum(1,1,1)", "SetLso(1,1)", "SetRsc(0,1,1)",
			     NULL);
	stage_keyword(s, "*LsoV1IPv4", "0");
	stage_keyword(s, "*UDPChecksumOffloadIPv6", "0");
	start_again(s);
	journal_assert_order(&s->journal, "SetChecksum(1,1,0)", "SetLso(0,1)", NULL);
	stage_free(s);
}

/* Nothing is software's in 2.0. */
static void undeclared_2_0(void **state)
{
	struct stage *s = stage_declaring(0, 0);

	set_all_keywords(s);
	assert_int_equal(stage_start(s), STATUS_SUCCESS);
	stage_set_lso(s, 2, 2);
	stage_set_checksum(s, 4, 4, 4);
	assert_int_equal(journal_count(&s->journal, "Set*"), 0);
	assert_false(cx_lso_ipv4(&s->adapter->offload.active));
	assert_false(cx_checksum_tcp(&s->adapter->offload.active.tx_checksum));
	stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(callbacks_in_order),
		cmocka_unit_test(defaults_are_told_as_they_are),
		cmocka_unit_test(software_needs_no_declaration),
		cmocka_unit_test(sizes_are_the_hardwares),
		cmocka_unit_test(tags_are_the_hardwares),
		cmocka_unit_test(udp_coalescing_is_2_5),
		cmocka_unit_test(changes_by_half),
		cmocka_unit_test(lso_versions_change_together),
		cmocka_unit_test(a_restart_forgets_changes_below_the_keywords),
		cmocka_unit_test(a_pause_takes_all_from_the_driver),
		cmocka_unit_test(coarse_2_0),
		cmocka_unit_test(undeclared_2_0),
	};

	return cmocka_run_group_tests_name("cx2 offload", tests, NULL, NULL);
}
