/* SPDX-License-Identifier: MIT */
/*
 * The one door for a change of the offloads, for a driver that tells directions and families apart;
 * and what NDIS answers of them.
 */
#include <string.h>

#include "cx/configuration.h"
#include "ndis/offload.h"
#include "ndis/offload_parameters.h"
#include "recorder.h"

struct scene {
	struct stage *stage;
	struct ndis_port port;
	struct cx_offload_request request;
	NTSTATUS status;
	struct error error;
};

static void offer(void *context, const struct cx_offload_state *state)
{
	struct scene *scene = context;

	journal_line(&scene->stage->journal, "host offer %d,%d,%d,%d", cx_lso_ipv4(state),
		     cx_lso_ipv6(state), cx_uso_ipv4(state), cx_uso_ipv6(state));
}

static void limit_lso(void *context, bool ipv4, bool ipv6, int timeout_ms)
{
	struct scene *scene = context;

	journal_line(&scene->stage->journal, "host limit %d,%d", ipv4, ipv6);
}

static const struct ndis_ops ops = { .offer = offer, .limit_lso = limit_lso };

static const char *const keywords[] = { "*LsoV2IPv4", "*UsoIPv4", "*RscIPv4",
					"*TCPChecksumOffloadIPv4", NULL };

static void open_scene_of(struct scene *scene, unsigned minor, UCHAR declare,
			  const char *const *present)
{
	struct stage *stage = stage_with(minor);

	options->Offloads.Declare = declare;
	assert_int_equal(stage_load(stage), STATUS_SUCCESS);
	for (; present && *present; present++)
		stage_keyword(stage, *present, "3");
	assert_int_equal(stage_start(stage), STATUS_SUCCESS);
	*scene = (struct scene){ .stage = stage,
				 .port = { .ops = &ops,
					   .context = scene,
					   .stack = "tap:nic0",
					   .adapter = stage->adapter } };
}

static void open_scene(struct scene *scene, UCHAR declare, const char *const *present)
{
	open_scene_of(scene, 5, declare, present);
}

static void set(void *context)
{
	struct scene *scene = context;

	scene->status = ndis_set_offloads(&scene->port, &scene->request, NDIS_FROM_ADMINISTRATOR,
					  &scene->error);
}

static NTSTATUS change(struct scene *scene, struct cx_offload_request request)
{
	journal_forget(&scene->stage->journal);
	scene->request = request;
	stage_call(scene->stage, set, scene);
	return scene->status;
}

static void expect_refused(struct scene *scene, struct cx_offload_request request, const char *why)
{
	assert_int_equal(change(scene, request), STATUS_NOT_SUPPORTED);
	assert_string_equal(scene->error.text, why);
	assert_int_equal(journal_count(&scene->stage->journal, "*"), 0);
}

static void expect_keyword(struct scene *scene, const char *name, ULONG value)
{
	ULONG found = 99;

	assert_int_equal(cx_configuration_keyword(scene->stage->software_key, name, &found),
			 STATUS_SUCCESS);
	assert_int_equal(found, value);
}

/* A keyword is missing, or hardware that software does not stand in for. */
static void refusals_say_what_is_missing(void **state)
{
	struct scene scene;

	open_scene(&scene, DECLARE_ALL & ~DECLARE_RX_CHECKSUM, NULL);
	expect_refused(&scene, (struct cx_offload_request){ .uso_ipv6 = CX_ON },
		       "the driver's INF offers no USO for IPv6: it has no keyword like *UsoIPv6");
	expect_refused(&scene, (struct cx_offload_request){ .rsc_ipv4 = CX_ON },
		       "the driver's INF offers no RSC for IPv4: it has no keyword like *RscIPv4");
	expect_refused(
		&scene, (struct cx_offload_request){ .tcp_ipv6_checksum.tx = CX_ON },
		"the driver's INF offers no TCP checksums for transmit: it has no keyword like *TCPChecksumOffloadIPv6");
	expect_refused(&scene, (struct cx_offload_request){ .udp_ipv4_checksum.rx = CX_ON },
		       "the hardware does not do UDP checksums of received packets");
	stage_free(scene.stage);

	open_scene(&scene, DECLARE_TX_CHECKSUM, keywords);
	expect_refused(&scene, (struct cx_offload_request){ .rsc_ipv4 = CX_ON },
		       "the hardware does not do RSC for IPv4");
	assert_int_equal(change(&scene, (struct cx_offload_request){ .uso_ipv6 = CX_ON }),
			 STATUS_SUCCESS);
	stage_free(scene.stage);
}

static void keywords_follow_by_half(void **state)
{
	struct scene scene;

	open_scene(&scene, DECLARE_ALL, keywords);
	assert_int_equal(
		change(&scene, (struct cx_offload_request){ .uso_ipv4 = CX_OFF,
							    .rsc_ipv6 = CX_OFF,
							    .tcp_ipv4_checksum.tx = CX_OFF,
							    .tcp_ipv6_checksum.rx = CX_OFF }),
		STATUS_SUCCESS);
	expect_keyword(&scene, "*UsoIPv4", 0);
	expect_keyword(&scene, "*RscIPv6", 0);
	expect_keyword(&scene, "*TCPChecksumOffloadIPv4", 2);
	expect_keyword(&scene, "*TCPChecksumOffloadIPv6", 1);
	journal_assert_order(
		&scene.stage->journal, "host offer 1,1,0,1", "host limit 0,1",
		"event Ethernet OID_TCP_OFFLOAD_PARAMETERS from=administrator lso_v1=0 lso_v2_ipv4=0 lso_v2_ipv6=0 ipv4_checksum=0 tcp_checksum=3 udp_checksum=0 tcp_ipv6_checksum=2 udp_ipv6_checksum=0 uso_ipv4=1 uso_ipv6=0 rsc_ipv4=0 rsc_ipv6=1 udp_rsc=0",
		"SetGso(1,1,0,1)", "SetRsc(1,0,1,0)", "host offer 1,1,0,1", "host limit 1,1", NULL);

	/* The keywords are what the next start goes by. */
	stage_stop(scene.stage);
	journal_forget(&scene.stage->journal);
	assert_int_equal(stage_start(scene.stage), STATUS_SUCCESS);
	journal_assert_order(&scene.stage->journal, "SetTxChecksum(1,1,1)", "SetGso(1,1,0,1)",
			     "SetRsc(1,0,1,0)", NULL);
	assert_int_equal(scene.stage->adapter->offload.active.tx_checksum.tcp.l3, CX_L3_ALL_IPV6);
	stage_free(scene.stage);
}

/* ---- coalescing of UDP ---- */

static const char *const udp_rsc[] = { "*UdpRsc", "*RscIPv4", NULL };

static void udp_rsc_is_a_switch_of_its_own(void **state)
{
	struct scene scene;

	open_scene(&scene, DECLARE_ALL, udp_rsc);
	assert_int_equal(change(&scene, (struct cx_offload_request){ .udp_rsc = CX_OFF }),
			 STATUS_SUCCESS);
	journal_assert_order(
		&scene.stage->journal,
		"event Ethernet OID_TCP_OFFLOAD_PARAMETERS from=administrator lso_v1=0 lso_v2_ipv4=0 lso_v2_ipv6=0 ipv4_checksum=0 tcp_checksum=0 udp_checksum=0 tcp_ipv6_checksum=0 udp_ipv6_checksum=0 uso_ipv4=0 uso_ipv6=0 rsc_ipv4=0 rsc_ipv6=0 udp_rsc=1",
		"SetRsc(1,1,1,0)",
		"event Ethernet EvtNetAdapterOffloadSetRsc tcp_ipv4=1 tcp_ipv6=1 tcp_timestamps=1 udp=0",
		"event Ethernet NDIS_STATUS_TASK_OFFLOAD_CURRENT_CONFIG checksum_ipv4=0 checksum_tcp=0 checksum_udp=0 rx_checksum_ipv4=1 rx_checksum_tcp=1 rx_checksum_udp=1 lso_ipv4=0 lso_ipv6=0 uso_ipv4=0 uso_ipv6=0 rsc_ipv4=1 rsc_ipv6=1 udp_rsc=0 maximum_offload_size=0 minimum_segment_count=0",
		NULL);
	expect_keyword(&scene, "*UdpRsc", 0);
	expect_keyword(&scene, "*RscIPv4", 3);
	assert_int_equal(
		change(&scene, (struct cx_offload_request){ .udp_rsc = CX_ON, .rsc_ipv4 = CX_OFF }),
		STATUS_SUCCESS);
	journal_assert_order(&scene.stage->journal, "SetRsc(0,1,1,1)", NULL);
	expect_keyword(&scene, "*UdpRsc", 1);
	stage_free(scene.stage);
}

static void udp_rsc_is_refused_in_words(void **state)
{
	struct scene scene;

	open_scene(&scene, DECLARE_ALL, keywords);
	expect_refused(&scene, (struct cx_offload_request){ .udp_rsc = CX_ON },
		       "the driver's INF offers no RSC for UDP: it has no keyword like *UdpRsc");
	stage_free(scene.stage);
	open_scene(&scene, DECLARE_TX_CHECKSUM, udp_rsc);
	expect_refused(&scene, (struct cx_offload_request){ .udp_rsc = CX_ON },
		       "the hardware does not do RSC for UDP");
	stage_free(scene.stage);
	/* A framework before 2.5's knows no such thing, whatever the INF says. */
	open_scene_of(&scene, 2, DECLARE_ALL, udp_rsc);
	expect_refused(&scene, (struct cx_offload_request){ .udp_rsc = CX_ON },
		       "the hardware does not do RSC for UDP");
	stage_free(scene.stage);
}

/* ---- what is asked for by OID, and what NDIS answers ---- */

struct answered {
	struct cx_oid oid; /* first */
	struct scene *scene;
	uint8_t buffer[sizeof(NDIS_OFFLOAD) + 8];
};

static void completed(struct cx_oid *oid)
{
}

static void send_oid(void *context)
{
	struct answered *a = context;

	ndis_send_oid(&a->scene->port, &a->oid);
}

static struct answered ask(struct scene *scene, NDIS_REQUEST_TYPE type, NDIS_OID oid, size_t room)
{
	struct answered a = { .oid = { .type = type,
				       .oid = oid,
				       .input_length = 0,
				       .output_length = (UINT)room,
				       .done = completed },
			      .scene = scene };

	memset(a.buffer, 0xee, sizeof(a.buffer));
	a.oid.buffer = a.buffer;
	stage_call(scene->stage, send_oid, &a);
	return a;
}

static NDIS_OFFLOAD report(struct scene *scene, NDIS_OID oid, unsigned revision, size_t size)
{
	struct answered a = ask(scene, NdisRequestQueryInformation, oid, sizeof(a.buffer));
	NDIS_OFFLOAD o = { 0 };

	assert_int_equal(a.oid.status, STATUS_SUCCESS);
	assert_int_equal(a.oid.bytes_written, size);
	assert_int_equal(a.buffer[size], 0xee);
	memcpy(&o, a.buffer, size);
	assert_int_equal(o.Header.Type, NDIS_OBJECT_TYPE_OFFLOAD);
	assert_int_equal(o.Header.Revision, revision);
	assert_int_equal(o.Header.Size, size);
	return o;
}

static const char *const everything[] = {
	"*LsoV2IPv4", "*UsoIPv4", "*RscIPv4", "*UdpRsc", "*TCPChecksumOffloadIPv4", NULL
};

/* Sizes by the layouts of the kit's ntddndis.h and the page NDIS_OFFLOAD. */
static void each_version_has_its_revision(void **state)
{
	static const struct {
		unsigned minor, revision;
		size_t size;
	} cases[] = { { 0, 5, 188 }, { 1, 6, 216 }, { 2, 6, 216 }, { 5, 8, 217 } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scene scene;
		NDIS_OFFLOAD o;

		open_scene_of(&scene, cases[i].minor, DECLARE_ALL, everything);
		o = report(&scene, OID_TCP_OFFLOAD_CURRENT_CONFIG, cases[i].revision,
			   cases[i].size);
		assert_int_equal(o.LsoV2.IPv4.MaxOffLoadSize, 64000);
		assert_int_equal(o.Rsc.IPv4.Enabled, 1);
		assert_int_equal(o.Rsc.IPv6.Enabled, 1);
		assert_int_equal(o.UdpSegmentation.IPv4.MaxOffLoadSize,
				 cases[i].revision >= 6 ? 64000 : 0);
		assert_int_equal(o.UdpRsc.Enabled, cases[i].revision >= 8);
		stage_free(scene.stage);
	}
}

static void current_is_active_and_hardware_is_what_could_be(void **state)
{
	const struct cx_offload_request less = { .uso_ipv4 = CX_OFF,
						 .rsc_ipv6 = CX_OFF,
						 .udp_rsc = CX_OFF };
	struct scene scene;
	NDIS_OFFLOAD o;

	open_scene(&scene, DECLARE_ALL, everything);
	assert_int_equal(change(&scene, less), STATUS_SUCCESS);
	o = report(&scene, OID_TCP_OFFLOAD_CURRENT_CONFIG, 8, 217);
	assert_int_equal(o.UdpSegmentation.IPv4.Encapsulation, 0);
	assert_int_equal(o.UdpSegmentation.IPv4.MinSegmentCount, 0);
	assert_int_equal(o.UdpSegmentation.IPv6.Encapsulation, NDIS_ENCAPSULATION_IEEE_802_3);
	assert_int_equal(o.UdpSegmentation.IPv6.MinSegmentCount, 2);
	assert_int_equal(o.UdpSegmentation.IPv6.IpExtensionHeadersSupported, 1);
	assert_int_equal(o.Rsc.IPv4.Enabled, 1);
	assert_int_equal(o.Rsc.IPv6.Enabled, 0);
	assert_int_equal(o.UdpRsc.Enabled, 0);
	o = report(&scene, OID_TCP_OFFLOAD_HARDWARE_CAPABILITIES, 8, 217);
	assert_int_equal(o.UdpSegmentation.IPv4.MinSegmentCount, 2);
	assert_int_equal(o.Rsc.IPv6.Enabled, 1);
	assert_int_equal(o.UdpRsc.Enabled, 1);
	assert_int_equal(o.Checksum.IPv4Transmit.TcpChecksum, 1);
	stage_free(scene.stage);
}

/* What has no keyword is not offered, whatever the hardware could. */
static void without_keywords_there_is_no_capability(void **state)
{
	struct scene scene;
	NDIS_OFFLOAD o;

	open_scene(&scene, DECLARE_ALL, NULL);
	o = report(&scene, OID_TCP_OFFLOAD_HARDWARE_CAPABILITIES, 8, 217);
	assert_int_equal(o.LsoV2.IPv4.Encapsulation, 0);
	assert_int_equal(o.UdpSegmentation.IPv6.Encapsulation, 0);
	assert_int_equal(o.Rsc.IPv4.Enabled, 0);
	assert_int_equal(o.Checksum.IPv4Transmit.TcpChecksum, 0);
	assert_int_equal(o.Checksum.IPv4Receive.TcpChecksum, 1);
	stage_free(scene.stage);
}

static void a_pause_reports_nothing(void **state)
{
	static const NDIS_OID oids[] = { OID_TCP_OFFLOAD_CURRENT_CONFIG,
					 OID_TCP_OFFLOAD_HARDWARE_CAPABILITIES };
	const NDIS_OFFLOAD nothing = { 0 };
	struct scene scene;

	open_scene(&scene, DECLARE_ALL, everything);
	stage_call(scene.stage, (void (*)(void *))cx_offload_pause, scene.stage->adapter);
	for (int i = 0; i < 2; i++) {
		NDIS_OFFLOAD o = report(&scene, oids[i], 8, 217);

		assert_memory_equal((char *)&o + sizeof(o.Header),
				    (const char *)&nothing + sizeof(o.Header),
				    217 - sizeof(o.Header));
	}
	stage_call(scene.stage, (void (*)(void *))cx_offload_resume, scene.stage->adapter);
	assert_int_equal(report(&scene, oids[0], 8, 217).UdpRsc.Enabled, 1);
	stage_free(scene.stage);
}

static void a_report_needs_its_room_and_is_no_set(void **state)
{
	struct scene scene;
	struct answered a;

	open_scene(&scene, DECLARE_ALL, everything);
	for (size_t room = 0; room < 217; room += 31) {
		a = ask(&scene, NdisRequestQueryInformation, OID_TCP_OFFLOAD_CURRENT_CONFIG, room);
		assert_int_equal(a.oid.status, STATUS_NDIS_BUFFER_TOO_SHORT);
		assert_int_equal(a.oid.bytes_needed, 217);
		assert_int_equal(a.oid.bytes_written, 0);
		assert_int_equal(a.buffer[0], 0xee);
	}
	a = ask(&scene, NdisRequestSetInformation, OID_TCP_OFFLOAD_CURRENT_CONFIG, 217);
	assert_int_equal(a.oid.status, STATUS_NOT_SUPPORTED);
	stage_free(scene.stage);
}

/* Before revision 6 there is no member for it; from there on its flag keeps the keywords. */
static void the_oid_has_udp_rsc_from_revision_6(void **state)
{
	NDIS_OFFLOAD_PARAMETERS p = { .UdpRsc.Enabled = NDIS_OFFLOAD_PARAMETERS_UDP_RSC_DISABLED };
	struct cx_offload_request request;

	assert_int_equal(NDIS_SIZEOF_OFFLOAD_PARAMETERS_REVISION_6,
			 NDIS_SIZEOF_OFFLOAD_PARAMETERS_REVISION_5 + 1);
	assert_int_equal(
		ndis_read_parameters(&p, NDIS_SIZEOF_OFFLOAD_PARAMETERS_REVISION_5, &request),
		STATUS_SUCCESS);
	assert_int_equal(request.udp_rsc, CX_SAME);
	assert_false(request.until_restart);
	p.Flags = NDIS_OFFLOAD_PARAMETERS_SKIP_REGISTRY_UPDATE;
	assert_int_equal(
		ndis_read_parameters(&p, NDIS_SIZEOF_OFFLOAD_PARAMETERS_REVISION_6, &request),
		STATUS_SUCCESS);
	assert_int_equal(request.udp_rsc, CX_OFF);
	assert_true(request.until_restart);
	p.UdpRsc.Enabled = NDIS_OFFLOAD_PARAMETERS_UDP_RSC_ENABLED;
	assert_int_equal(ndis_read_parameters(&p, sizeof(p), &request), STATUS_SUCCESS);
	assert_int_equal(request.udp_rsc, CX_ON);
}

static void a_change_until_the_restart_leaves_the_keywords(void **state)
{
	struct scene scene;

	open_scene(&scene, DECLARE_ALL, udp_rsc);
	assert_int_equal(change(&scene, (struct cx_offload_request){ .udp_rsc = CX_OFF,
								     .until_restart = true }),
			 STATUS_SUCCESS);
	assert_false(cx_rsc_udp(&scene.stage->adapter->offload.active));
	expect_keyword(&scene, "*UdpRsc", 3);
	stage_free(scene.stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refusals_say_what_is_missing),
		cmocka_unit_test(keywords_follow_by_half),
		cmocka_unit_test(udp_rsc_is_a_switch_of_its_own),
		cmocka_unit_test(udp_rsc_is_refused_in_words),
		cmocka_unit_test(each_version_has_its_revision),
		cmocka_unit_test(current_is_active_and_hardware_is_what_could_be),
		cmocka_unit_test(without_keywords_there_is_no_capability),
		cmocka_unit_test(a_pause_reports_nothing),
		cmocka_unit_test(a_report_needs_its_room_and_is_no_set),
		cmocka_unit_test(the_oid_has_udp_rsc_from_revision_6),
		cmocka_unit_test(a_change_until_the_restart_leaves_the_keywords),
	};

	return cmocka_run_group_tests_name("cx2 door", tests, NULL, NULL);
}
