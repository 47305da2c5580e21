/* SPDX-License-Identifier: MIT */
/*
 * The one door for a change of the offloads: what the stack, an administrator and an OID ask for is
 * checked, drained, told and kept in the same way.
 */
#include <string.h>

#include "cx/configuration.h"
#include "ndis/offload.h"
#include "recorder.h"

/* NDIS on a stage: what it asks of those above is in the journal. */
struct scene {
	struct stage *stage;
	struct ndis_port port;
	struct cx_offload_request request;
	enum ndis_origin origin;
	struct cx_oid *oid;
	NTSTATUS status;
	struct error error;
};

static void offer(void *context, const struct cx_offload_state *state)
{
	struct scene *scene = context;

	journal_line(&scene->stage->journal, "host offer %d,%d", cx_lso_ipv4(state),
		     cx_lso_ipv6(state));
}

static void limit_lso(void *context, bool ipv4, bool ipv6, int timeout_ms)
{
	struct scene *scene = context;

	journal_line(&scene->stage->journal, "host limit %d,%d", ipv4, ipv6);
}

static void oid_done(void *context, const char *adapter, const struct cx_oid *oid)
{
}

static const struct ndis_ops ops = { offer, limit_lso, oid_done };

static void open_scene(struct scene *scene)
{
	struct stage *stage = stage_with("recorder");

	options->Requests = TRUE;
	stage_up(stage);
	*scene = (struct scene){ .stage = stage,
				 .port = { .ops = &ops,
					   .context = scene,
					   .stack = "tap:nic0",
					   .adapter = stage->adapter } };
	journal_forget(&stage->journal);
}

static void set(void *context)
{
	struct scene *scene = context;

	scene->status =
		ndis_set_offloads(&scene->port, &scene->request, scene->origin, &scene->error);
}

static void hand_over(void *context)
{
	struct scene *scene = context;

	ndis_send_oid(&scene->port, scene->oid);
}

static NTSTATUS change(struct scene *scene, struct cx_offload_request request,
		       enum ndis_origin origin)
{
	journal_forget(&scene->stage->journal);
	scene->request = request;
	scene->origin = origin;
	stage_call(scene->stage, set, scene);
	return scene->status;
}

static void completed(struct cx_oid *oid)
{
	++*(int *)oid->context;
}

/* Return: its status. It is completed once, before the call returns. */
static NTSTATUS send_oid(struct scene *scene, struct cx_oid *oid)
{
	int completions = 0;

	oid->done = completed;
	oid->context = &completions;
	scene->oid = oid;
	stage_call(scene->stage, hand_over, scene);
	assert_int_equal(completions, 1);
	return oid->status;
}

static void assert_keyword(struct scene *scene, const char *name, ULONG value)
{
	ULONG found = 99;

	assert_int_equal(cx_configuration_keyword(scene->stage->software_key, name, &found),
			 STATUS_SUCCESS);
	assert_int_equal(found, value);
}

#define LSO4(to) .lso_v1_ipv4 = to, .lso_v2_ipv4 = to

/* The stack stops, the driver has returned what it has, and only then it is told. */
static void what_goes_off_is_held_back_first(void **state)
{
	struct scene scene;
	struct journal *journal;

	open_scene(&scene);
	journal = &scene.stage->journal;
	assert_int_equal(change(&scene, (struct cx_offload_request){ LSO4(CX_OFF) },
				NDIS_FROM_ADMINISTRATOR),
			 STATUS_SUCCESS);
	journal_assert_order(
		journal, "host offer 0,1", "host limit 0,1",
		"event Ethernet OID_TCP_OFFLOAD_PARAMETERS from=administrator lso_v1=1*",
		"SetChecksum(1,1,1)", "SetLso(0,1,64000,2)", "host offer 0,1", "host limit 1,1",
		NULL);
	assert_int_equal(journal_count(journal, "host offer*"), 2);
	assert_int_equal(journal_count(journal, "host limit*"), 2);
	stage_free(scene.stage);
}

static void what_goes_on_needs_no_holding(void **state)
{
	struct scene scene;
	struct journal *journal;

	open_scene(&scene);
	journal = &scene.stage->journal;
	change(&scene, (struct cx_offload_request){ .lso_v2_ipv6 = CX_OFF },
	       NDIS_FROM_ADMINISTRATOR);
	change(&scene, (struct cx_offload_request){ .lso_v2_ipv6 = CX_ON },
	       NDIS_FROM_ADMINISTRATOR);
	journal_assert_order(journal, "SetLso(1,1,64000,2)", "host offer 1,1", NULL);
	assert_int_equal(journal_count(journal, "host offer*"), 1);
	assert_int_equal(journal_count(journal, "host limit*"), 0);
	stage_free(scene.stage);
}

/* A stack that asked has changed already. */
static void the_stack_is_not_told_what_it_asked_for(void **state)
{
	struct scene scene;
	struct journal *journal;

	open_scene(&scene);
	journal = &scene.stage->journal;
	change(&scene, (struct cx_offload_request){ LSO4(CX_OFF), .lso_v2_ipv6 = CX_OFF },
	       NDIS_FROM_STACK);
	assert_int_equal(scene.status, STATUS_SUCCESS);
	journal_assert_order(journal, "host limit 0,0",
			     "event Ethernet OID_TCP_OFFLOAD_PARAMETERS from=tap:nic0*",
			     "SetLso(0,0,64000,2)", "host limit 1,1", NULL);
	assert_int_equal(journal_count(journal, "host offer*"), 0);
	stage_free(scene.stage);
}

/* 1.3 goes off with both versions of LSO only: one of them takes nothing from the stack. */
static void half_a_change_holds_nothing_back(void **state)
{
	struct scene scene;

	open_scene(&scene);
	change(&scene, (struct cx_offload_request){ .lso_v1_ipv4 = CX_OFF },
	       NDIS_FROM_ADMINISTRATOR);
	assert_int_equal(scene.status, STATUS_SUCCESS);
	assert_int_equal(journal_count(&scene.stage->journal, "host limit*"), 0);
	assert_true(journal_find(&scene.stage->journal, "SetLso(1,1,64000,2)") >= 0);
	assert_keyword(&scene, "*LsoV1IPv4", 0);
	stage_free(scene.stage);
}

static void the_keywords_follow(void **state)
{
	const struct cx_checksum_setting off = { CX_OFF, CX_OFF }, tx = { CX_ON, CX_OFF };
	const struct cx_checksum_setting half = { CX_SAME, CX_OFF };
	ULONG value;
	struct scene scene;

	open_scene(&scene);
	change(&scene,
	       (struct cx_offload_request){ .lso_v2_ipv4 = CX_ON,
					    .tcp_ipv4_checksum = off,
					    .tcp_ipv6_checksum = tx,
					    .ipv4_checksum = half },
	       NDIS_FROM_STACK);
	assert_int_equal(scene.status, STATUS_SUCCESS);
	assert_keyword(&scene, "*LsoV2IPv4", 1);
	assert_keyword(&scene, "*TCPChecksumOffloadIPv4", 0);
	assert_keyword(&scene, "*TCPChecksumOffloadIPv6", 1);
	assert_keyword(&scene, "*IPChecksumOffloadIPv4", 1);
	assert_int_not_equal(
		cx_configuration_keyword(scene.stage->software_key, "*LsoV2IPv6", &value),
		STATUS_SUCCESS);
	stage_free(scene.stage);
}

static void nobody_gets_more_than_the_hardware(void **state)
{
	NDIS_OFFLOAD_PARAMETERS on = { .RscIPv4 = NDIS_OFFLOAD_PARAMETERS_RSC_ENABLED };
	struct cx_oid oid = { .type = NdisRequestSetInformation,
			      .oid = OID_TCP_OFFLOAD_PARAMETERS,
			      .buffer = &on,
			      .input_length = sizeof(on) };
	struct scene scene;

	open_scene(&scene);
	for (int origin = NDIS_FROM_STACK; origin <= NDIS_FROM_OID; origin++) {
		change(&scene, (struct cx_offload_request){ .uso_ipv6 = CX_ON, LSO4(CX_OFF) },
		       (enum ndis_origin)origin);
		assert_int_equal(scene.status, STATUS_NOT_SUPPORTED);
		assert_string_equal(scene.error.text, "the hardware does not do USO for IPv6");
		assert_int_equal(journal_count(&scene.stage->journal, "*"), 0);
	}
	assert_int_equal(send_oid(&scene, &oid), STATUS_NOT_SUPPORTED);
	assert_int_equal(oid.bytes_read, 0);
	assert_int_equal(journal_count(&scene.stage->journal, "*"), 0);
	stage_free(scene.stage);
}

/* The offload request is no driver's, whatever queues it has. */
static void offload_parameters_are_ours(void **state)
{
	NDIS_OFFLOAD_PARAMETERS off = { .LsoV2IPv6 = 1 };
	struct cx_oid set = { .type = NdisRequestSetInformation,
			      .oid = OID_TCP_OFFLOAD_PARAMETERS,
			      .buffer = &off,
			      .input_length = sizeof(off) };
	struct cx_oid query = { .type = NdisRequestQueryInformation,
				.oid = OID_TCP_OFFLOAD_PARAMETERS,
				.buffer = &off,
				.output_length = sizeof(off) };
	struct scene scene;

	open_scene(&scene);
	assert_int_equal(send_oid(&scene, &set), STATUS_SUCCESS);
	assert_int_equal(set.bytes_read, sizeof(off));
	journal_assert_calls(&scene.stage->journal, "SetChecksum(1,1,1)", "SetLso(1,0,64000,2)",
			     NULL);
	journal_assert_order(&scene.stage->journal, "host offer 1,0", "host limit 1,0",
			     "event Ethernet OID_TCP_OFFLOAD_PARAMETERS from=OID*",
			     "SetLso(1,0,64000,2)", "host offer 1,0", "host limit 1,1", NULL);
	assert_keyword(&scene, "*LsoV2IPv6", 0);
	set.direct = true;
	assert_int_equal(send_oid(&scene, &set), STATUS_SUCCESS);
	assert_int_equal(scene.stage->indications, 2);
	set.input_length = 4;
	assert_int_equal(send_oid(&scene, &set), STATUS_INVALID_PARAMETER);
	assert_int_equal(set.bytes_needed, NDIS_SIZEOF_OFFLOAD_PARAMETERS_REVISION_3);
	assert_int_equal(send_oid(&scene, &query), STATUS_NOT_SUPPORTED);
	stage_free(scene.stage);
}

static void only_a_started_adapter_changes(void **state)
{
	struct scene scene;

	open_scene(&scene);
	stage_stop(scene.stage);
	change(&scene, (struct cx_offload_request){ LSO4(CX_OFF) }, NDIS_FROM_ADMINISTRATOR);
	assert_int_equal(scene.status, STATUS_INVALID_DEVICE_STATE);
	assert_string_equal(scene.error.text, "the adapter is not started");
	assert_int_equal(journal_count(&scene.stage->journal, "*"), 0);
	stage_free(scene.stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_goes_off_is_held_back_first),
		cmocka_unit_test(what_goes_on_needs_no_holding),
		cmocka_unit_test(the_stack_is_not_told_what_it_asked_for),
		cmocka_unit_test(half_a_change_holds_nothing_back),
		cmocka_unit_test(the_keywords_follow),
		cmocka_unit_test(nobody_gets_more_than_the_hardware),
		cmocka_unit_test(offload_parameters_are_ours),
		cmocka_unit_test(only_a_started_adapter_changes),
	};

	return cmocka_run_group_tests_name("ndis offload", tests, NULL, NULL);
}
