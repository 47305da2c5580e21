/* SPDX-License-Identifier: MIT */
/* The one door for a change of the offloads, for a driver that tells directions and families apart.
 */
#include <string.h>

#include "cx/configuration.h"
#include "ndis/offload.h"
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

static void open_scene(struct scene *scene, UCHAR declare, const char *const *present)
{
	struct stage *stage = stage_with(5);

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
		"event Ethernet OID_TCP_OFFLOAD_PARAMETERS from=administrator lso_v1=0 lso_v2_ipv4=0 lso_v2_ipv6=0 ipv4_checksum=0 tcp_checksum=3 udp_checksum=0 tcp_ipv6_checksum=2 udp_ipv6_checksum=0 uso_ipv4=1 uso_ipv6=0 rsc_ipv4=0 rsc_ipv6=1",
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refusals_say_what_is_missing),
		cmocka_unit_test(keywords_follow_by_half),
	};

	return cmocka_run_group_tests_name("cx2 door", tests, NULL, NULL);
}
