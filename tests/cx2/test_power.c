/* SPDX-License-Identifier: MIT */
/*
 * Wake sources and power offloads of 2.x, in each version: what NDIS adds goes through the driver's
 * preview, what is enabled is in the lists of a power transition, and what is reported is told.
 */
#include <string.h>
#include <unistd.h>

#include "cx/api/2/device.h"
#include "stage/child.h"
#include "wake_stage.h"

static const unsigned versions[] = { 0, 1, 2, 5 };

/* Runs @test for each version. */
static void each(void (*test)(unsigned minor))
{
	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++)
		test(versions[i]);
}

/* The driver's lines in order, whatever lies between; NULL ends them. */
static void says(struct stage *s, const char *first, ...)
{
	va_list arguments;
	const char *line = first;
	int at = 0;

	va_start(arguments, first);
	while (line) {
		while (at < s->journal.count && !strstr(s->journal.lines[at], line))
			at++;
		if (at == s->journal.count) {
			for (int i = 0; i < s->journal.count; i++)
				fprintf(stderr, "%s\n", s->journal.lines[i]);
			fail_msg("\"%s\" is not said, or too early", line);
		}
		at++;
		line = va_arg(arguments, const char *);
	}
	va_end(arguments);
}

static struct sleep asleep(unsigned minor)
{
	struct sleep sleep = { .stage = wake_stage(minor), .how = { .wake = true } };

	stage_up(sleep.stage);
	return sleep;
}

/* ---- the whole of it ---- */

static void want_everything(struct ndis_wake *wanted)
{
	wanted->magic = wanted->connect = true;
	want_pattern(wanted, "ffffffffffffxxxxxxxxxxxx0806");
	want_pattern(wanted, "0800");
	wanted->arp_count = wanted->ns_count = 1;
	wanted->arp[0] = (struct ndis_arp_offload){ { 10, 0, 0, 5 }, { 10, 0, 0, 1 } };
	wanted->ns[0].targets[0][0] = 0xfe;
	wanted->ns[0].targets[0][1] = 0x80;
	wanted->ns[0].targets[0][15] = 0x11;
	wanted->ns[0].targets[1][0] = 0x20;
	wanted->ns[0].targets[1][15] = 0x11;
}

/* Also: before the transition a list holds everything, enabled or not. */
static void sleeps_and_wakes(unsigned minor)
{
	struct sleep sleep = asleep(minor);
	struct stage *s = sleep.stage;

	want_everything(&sleep.wanted);
	sleep.wanted.eapol = minor >= 1;
	sleep_prepare(&sleep);
	assert_int_equal(sleep.status, STATUS_SUCCESS);
	says(s, "preview bitmap 1 ffffffffffffxxxxxxxxxxxx0806", "there filter", "there media 0 0",
	     "there done", "preview bitmap 2 0800", "there filter", "there media 0 0",
	     "there bitmap 1 ffff", "there done",
	     "preview arp 1 host 0a000005 remote 0a000001 mac 6..07",
	     "preview ns 2 targets fe..11 20..11 node ff02..11 mac 6..07", NULL);
	journal_forget(&s->journal);

	sleep_begin(&sleep);
	assert_int_equal(sleep.status, STATUS_SUCCESS);
	says(s, "arm media 1 0", "arm bitmap 1 ffff", "arm bitmap 2 0800", "arm magic",
	     "arm arp 1 host 0a000005", "arm ns 2 targets fe..11", "arm done", "exit media 1 0",
	     "exit done", NULL);
	assert_false(journal_tells(&s->journal, "arm filter"));
	assert_int_equal(journal_tells(&s->journal, "arm type 5"), minor >= 1);

	journal_forget(&s->journal);
	sleep_end(&sleep, true);
	says(s, "NDIS_STATUS_PM_WAKE_REASON", "disarm media 1 0", "disarm done", NULL);
	assert_true(journal_tells(&s->journal,
				  "reason=bitmap pattern pattern_id=1 "
				  "original_size=102 saved_size=60 packet=0001020304"));
	stage_free(s);
}

static void what_is_asked_for_is_previewed_armed_and_told(void **state)
{
	each(sleeps_and_wakes);
}

/* ---- what is enabled ---- */

static void sleeps_for_magic_alone(unsigned minor)
{
	struct sleep sleep = asleep(minor);

	sleep.wanted.magic = true;
	sleep_prepare(&sleep);
	sleep_begin(&sleep);
	assert_int_equal(sleep.status, STATUS_SUCCESS);
	says(sleep.stage, "arm magic", "arm done", NULL);
	assert_false(journal_tells(&sleep.stage->journal, "arm media"));
	assert_false(journal_tells(&sleep.stage->journal, "preview"));
	/* The next sleep forgets it. */
	sleep_end(&sleep, false);
	journal_forget(&sleep.stage->journal);
	sleep.wanted = (struct ndis_wake){ .disconnect = true };
	sleep_prepare(&sleep);
	sleep_begin(&sleep);
	says(sleep.stage, "arm media 0 1", "arm done", NULL);
	assert_false(journal_tells(&sleep.stage->journal, "arm magic"));
	stage_free(sleep.stage);
}

static void a_transition_shows_what_is_enabled_only(void **state)
{
	each(sleeps_for_magic_alone);
}

/* NDIS' selective suspend: the cable as declared, and no pattern. */
static void filter_takes_the_place_of_patterns(void **state)
{
	struct sleep sleep = asleep(5);

	sleep.how.idle = true;
	sleep.wanted.filter = sleep.wanted.magic = true;
	want_pattern(&sleep.wanted, "0806");
	sleep_prepare(&sleep);
	sleep_begin(&sleep);
	assert_int_equal(sleep.status, STATUS_SUCCESS);
	says(sleep.stage, "arm filter", "arm media 1 1", "arm done", NULL);
	assert_false(journal_tells(&sleep.stage->journal, "arm bitmap"));
	assert_false(journal_tells(&sleep.stage->journal, "arm magic"));
	stage_free(sleep.stage);
}

/* ---- refusals ---- */

static void refuses(struct sleep *sleep, NTSTATUS status, const char *why)
{
	sleep_prepare(sleep);
	assert_int_equal(sleep->status, status);
	assert_string_equal(sleep->why.text, why);
	assert_int_equal(sleep->stage->adapter->power.patterns.count, 0);
	assert_int_equal(sleep->stage->adapter->power.offloads.count, 0);
	assert_int_equal(sleep->stage->adapter->power.enabled.wake_patterns, 0);
	sleep->wanted = (struct ndis_wake){ 0 };
}

static void what_is_not_declared_is_refused(void **state)
{
	struct sleep sleep = { .stage = wake_stage(5) };

	wake_options->Patterns = wake_options->Arp = wake_options->Ns = 0;
	wake_options->Eapol = wake_options->Magic = wake_options->Filter = FALSE;
	wake_options->Connect = wake_options->Disconnect = FALSE;
	stage_up(sleep.stage);
	want_pattern(&sleep.wanted, "0806");
	refuses(&sleep, STATUS_NOT_SUPPORTED,
		"the driver has not declared that a bitmap pattern can wake the adapter");
	sleep.wanted.eapol = true;
	refuses(&sleep, STATUS_NOT_SUPPORTED,
		"the driver has not declared that an EAPOL packet can wake the adapter");
	sleep.wanted.connect = true;
	refuses(&sleep, STATUS_NOT_SUPPORTED,
		"the driver has not declared that a cable that is plugged in can wake the adapter");
	sleep.wanted.disconnect = true;
	refuses(&sleep, STATUS_NOT_SUPPORTED,
		"the driver has not declared that a cable that is pulled can wake the adapter");
	sleep.wanted.filter = true;
	refuses(&sleep, STATUS_NOT_SUPPORTED,
		"the driver has not declared that a packet of its filter can wake the adapter");
	sleep.wanted.arp_count = 1;
	refuses(&sleep, STATUS_NOT_SUPPORTED,
		"the driver has not declared that the adapter answers ARP requests in its sleep");
	sleep.wanted.ns_count = 1;
	refuses(&sleep, STATUS_NOT_SUPPORTED,
		"the driver has not declared that the adapter answers neighbour solicitations in its sleep");
	/* Whoever has no magic packet sleeps without. */
	sleep.wanted.magic = true;
	sleep_prepare(&sleep);
	assert_int_equal(sleep.status, STATUS_SUCCESS);
	assert_int_equal(sleep.stage->adapter->power.patterns.count, 0);
	stage_free(sleep.stage);
}

static void lists_have_an_end(void **state)
{
	struct sleep sleep = asleep(5);

	for (int i = 0; i < 5; i++)
		want_pattern(&sleep.wanted, "0806");
	refuses(&sleep, STATUS_NDIS_PM_WOL_PATTERN_LIST_FULL, "pattern 5 was refused");
	want_pattern(&sleep.wanted, "0806");
	sleep.wanted.patterns[0].length = 129;
	refuses(&sleep, STATUS_BUFFER_OVERFLOW,
		"pattern 1 has 129 bytes, the driver takes 128 at most");
	sleep.wanted.arp_count = 3;
	refuses(&sleep, STATUS_NDIS_PM_PROTOCOL_OFFLOAD_LIST_FULL, "ARP offload 3 was refused");
	sleep.wanted.ns_count = 3;
	refuses(&sleep, STATUS_NDIS_PM_PROTOCOL_OFFLOAD_LIST_FULL, "NS offload 3 was refused");
	stage_free(sleep.stage);
}

/* NDIS hears of a full list; every other status is a failure to it. */
static void the_driver_refuses(void **state)
{
	struct sleep sleep = asleep(5);

	wake_options->PreviewStatus = STATUS_NDIS_PM_WOL_PATTERN_LIST_FULL;
	want_pattern(&sleep.wanted, "0806");
	refuses(&sleep, STATUS_NDIS_PM_WOL_PATTERN_LIST_FULL, "pattern 1 was refused");
	sleep.wanted.arp_count = 1;
	refuses(&sleep, STATUS_UNSUCCESSFUL, "ARP offload 1 was refused");
	wake_options->PreviewStatus = STATUS_NDIS_PM_PROTOCOL_OFFLOAD_LIST_FULL;
	sleep.wanted.ns_count = 1;
	refuses(&sleep, STATUS_NDIS_PM_PROTOCOL_OFFLOAD_LIST_FULL, "NS offload 1 was refused");
	want_pattern(&sleep.wanted, "0806");
	refuses(&sleep, STATUS_UNSUCCESSFUL, "pattern 1 was refused");
	stage_free(sleep.stage);
}

static void without_a_preview_all_is_taken(void **state)
{
	struct sleep sleep = { .stage = wake_stage(5), .how = { .wake = true } };

	wake_options->NoPreview = TRUE;
	wake_options->PreviewStatus = STATUS_UNSUCCESSFUL;
	stage_up(sleep.stage);
	want_everything(&sleep.wanted);
	sleep_prepare(&sleep);
	assert_int_equal(sleep.status, STATUS_SUCCESS);
	sleep_begin(&sleep);
	says(sleep.stage, "arm bitmap 2", "arm magic", "arm arp 1", "arm ns 2", NULL);
	stage_free(sleep.stage);
}

/* Not what NDIS builds: offsets outside of the structure, a structure that is cut. */
static void add_bad(void *context)
{
	struct stage *s = context;
	NDIS_PM_WOL_PATTERN pattern = {
		.WoLPattern.WoLBitMapPattern = { 0, sizeof(pattern), 1, sizeof(pattern), 1 },
	};
	NDIS_PM_PROTOCOL_OFFLOAD offload = { 0 };

	assert_int_equal(cx_power_add_wake_pattern(s->adapter, NdisPMWoLPacketBitmapPattern, 1,
						   &pattern, sizeof(pattern)),
			 STATUS_INVALID_PARAMETER);
	pattern.WoLPattern.WoLBitMapPattern.MaskSize = 0;
	pattern.WoLPattern.WoLBitMapPattern.PatternOffset = 0xfffffff0;
	pattern.WoLPattern.WoLBitMapPattern.PatternSize = 0x20;
	assert_int_equal(cx_power_add_wake_pattern(s->adapter, NdisPMWoLPacketBitmapPattern, 1,
						   &pattern, sizeof(pattern)),
			 STATUS_INVALID_PARAMETER);
	assert_int_equal(cx_power_add_wake_pattern(s->adapter, NdisPMWoLPacketMagicPacket, 1,
						   &pattern, sizeof(pattern) - 1),
			 STATUS_INVALID_PARAMETER);
	assert_int_equal(cx_power_add_wake_pattern(s->adapter, NdisPMWoLPacketIPv4TcpSyn, 1,
						   &pattern, sizeof(pattern)),
			 STATUS_NOT_SUPPORTED);
	assert_int_equal(cx_power_add_protocol_offload(s->adapter, NdisPMProtocolOffloadIdIPv4ARP,
						       1, &offload, sizeof(offload) - 1),
			 STATUS_INVALID_PARAMETER);
	assert_int_equal(cx_power_add_protocol_offload(s->adapter,
						       NdisPMProtocolOffload80211RSNRekey, 1,
						       &offload, sizeof(offload)),
			 STATUS_NOT_SUPPORTED);
	assert_int_equal(s->adapter->power.patterns.count, 0);
}

static void what_is_malformed_is_not_added(void **state)
{
	struct sleep sleep = asleep(5);

	stage_call(sleep.stage, add_bad, sleep.stage);
	stage_free(sleep.stage);
}

/* ---- reasons ---- */

static void reports(enum WAKE_REPORT report, const char *event, enum cx_wake_cause cause)
{
	struct sleep sleep = asleep(5);
	struct cx_power *power = &sleep.stage->adapter->power;

	wake_options->Report = report;
	want_everything(&sleep.wanted);
	sleep_prepare(&sleep);
	sleep_begin(&sleep);
	journal_forget(&sleep.stage->journal);
	sleep_end(&sleep, true);
	if (event)
		assert_true(journal_tells(&sleep.stage->journal, event));
	else
		assert_false(journal_tells(&sleep.stage->journal, "NDIS_STATUS_PM_WAKE_REASON"));
	assert_int_equal(power->reason.cause, cause);
	/* The enumeration of 2.4 counts as ours does, but for the first that is Ndis'. */
	assert_int_equal(wake_options->QueriedReason,
			 cause == CX_WOKEN_BY_DEVICE ? NetWakeReasonTypeDevice : (ULONG)cause);
	stage_free(sleep.stage);
}

static void reasons_are_told(void **state)
{
	reports(ReportPattern, "NDIS_STATUS_PM_WAKE_REASON reason=bitmap pattern pattern_id=1",
		CX_WOKEN_BY_PATTERN);
	reports(ReportMagic, "NDIS_STATUS_PM_WAKE_REASON reason=magic packet pattern_id=65534",
		CX_WOKEN_BY_MAGIC_PACKET);
	reports(ReportEapol, "NDIS_STATUS_PM_WAKE_REASON reason=EAPOL packet pattern_id=65533",
		CX_WOKEN_BY_EAPOL_PACKET);
	reports(ReportFilter,
		"NDIS_STATUS_PM_WAKE_REASON reason=packet filter match pattern_id=65532",
		CX_WOKEN_BY_FILTER);
	reports(ReportConnect, "NDIS_STATUS_PM_WAKE_REASON reason=media connect",
		CX_WOKEN_BY_MEDIA_CHANGE);
	reports(ReportDisconnect, "NDIS_STATUS_PM_WAKE_REASON reason=media disconnect",
		CX_WOKEN_BY_MEDIA_CHANGE);
	/* Noted, but NDIS is told of no packet that is not there. */
	reports(ReportNoPacket, NULL, CX_WOKEN_BY_PATTERN);
	reports(ReportNothing, NULL, CX_WOKEN_BY_DEVICE);
}

static void nobody_is_blamed_for_what_others_end(void **state)
{
	struct sleep sleep = asleep(5);

	sleep.wanted.magic = true;
	sleep_prepare(&sleep);
	sleep_begin(&sleep);
	sleep_end(&sleep, true);
	assert_int_equal(sleep.stage->adapter->power.reason.cause, CX_WOKEN_BY_PATTERN);
	sleep_begin(&sleep);
	sleep_end(&sleep, false);
	assert_int_equal(sleep.stage->adapter->power.reason.cause, CX_WOKEN_BY_OTHERS);
	assert_int_equal(wake_options->QueriedReason, NetWakeReasonTypeNone);
	stage_free(sleep.stage);
}

/* What NDIS added goes with the miniport; what was declared stays as long as 2.x keeps it. */
static void a_stop_forgets(void **state)
{
	for (unsigned minor = 0; minor <= 5; minor += 5) {
		struct sleep sleep = asleep(minor);
		const struct cx_power *power = &sleep.stage->adapter->power;

		want_everything(&sleep.wanted);
		sleep_prepare(&sleep);
		assert_int_equal(power->patterns.count, 3);
		stage_stop(sleep.stage);
		assert_int_equal(power->patterns.count, 0);
		assert_int_equal(power->offloads.count, 0);
		assert_int_equal(power->enabled.wake_patterns, 0);
		assert_int_equal(power->declared, minor == 5);
		stage_free(sleep.stage);
	}
}

/* ---- a thread of the driver's own ---- */

static LONG walked(void)
{
	return __atomic_load_n(&wake_options->Walked, __ATOMIC_SEQ_CST);
}

/* Sleeps are prepared and called off until the thread has gone its rounds beside them. */
static void sleeps_beside(enum WAKE_WALK walk)
{
	struct sleep sleep = { .stage = wake_stage(5), .how = { .wake = true } };

	wake_options->Walk = walk;
	wake_options->OneDatapath = true; /* the stage has one */
	/* A declaration changes lists, also under a callback that reads them. */
	wake_options->NoPreview = walk == WalkDeclarations;
	stage_up(sleep.stage);
	for (int i = 0; i < 20 || walked() < 200; i++) {
		sleep.wanted = (struct ndis_wake){ 0 };
		want_pattern(&sleep.wanted, "0806");
		sleep.wanted.arp_count = 1;
		sleep_prepare(&sleep);
		assert_int_equal(sleep.status, STATUS_SUCCESS);
	}
	__atomic_store_n(&wake_options->StopWalking, 1, __ATOMIC_SEQ_CST);
	while (walked() >= 0)
		usleep(1000);
	journal_forget(&sleep.stage->journal); /* it may be full */
	sleep_begin(&sleep);
	assert_int_equal(sleep.status, STATUS_SUCCESS);
	assert_true(journal_tells(&sleep.stage->journal, "arm bitmap 1 0806"));
	sleep_end(&sleep, true);
	stage_free(sleep.stage);
}

static void a_thread_fills_lists_and_declares_meanwhile(void **state)
{
	sleeps_beside(WalkLists);
	sleeps_beside(WalkDeclarations);
}

/* The worker goes through the device's adapters at each step of a sleep. */
static void threads_make_adapters_meanwhile(void **state)
{
	sleeps_beside(WalkAdapters);
}

static void reads_lists_beside(void *context)
{
	struct sleep sleep = { .stage = wake_stage(5) };

	wake_options->Walk = WalkElements;
	stage_bring_up(sleep.stage);
	for (int i = 0; i < 100000; i++) {
		sleep.wanted = (struct ndis_wake){ 0 };
		want_pattern(&sleep.wanted, "0806");
		sleep_prepare(&sleep);
	}
}

/*
 * At once, as an element of a list that another thread has emptied, or by its handle when that is
 * gone, depending on who is where; never by reading what is gone.
 */
static void a_thread_that_reads_a_list_meanwhile_is_named(void **state)
{
	child_violates(reads_lists_beside, NULL, "violation ", " in NetWakeSource",
		       "wake_walker.c:", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_asked_for_is_previewed_armed_and_told),
		cmocka_unit_test(a_transition_shows_what_is_enabled_only),
		cmocka_unit_test(filter_takes_the_place_of_patterns),
		cmocka_unit_test(what_is_not_declared_is_refused),
		cmocka_unit_test(lists_have_an_end),
		cmocka_unit_test(the_driver_refuses),
		cmocka_unit_test(without_a_preview_all_is_taken),
		cmocka_unit_test(what_is_malformed_is_not_added),
		cmocka_unit_test(reasons_are_told),
		cmocka_unit_test(nobody_is_blamed_for_what_others_end),
		cmocka_unit_test(a_stop_forgets),
		cmocka_unit_test(a_thread_fills_lists_and_declares_meanwhile),
		cmocka_unit_test(threads_make_adapters_meanwhile),
		cmocka_unit_test(a_thread_that_reads_a_list_meanwhile_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
