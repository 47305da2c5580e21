/* SPDX-License-Identifier: MIT */
/* Wake patterns, protocol offloads and the handle through which a driver reads them. */
#include <string.h>

#include "recorder.h"

struct wake {
	struct stage *stage;
	int checked;
};

static void add_things(void *context)
{
	struct stage *s = context;
	struct cx_power_flags flags = { .wake_patterns = NET_ADAPTER_WAKE_MAGIC_PACKET,
					.protocol_offloads = NET_ADAPTER_PROTOCOL_OFFLOAD_ARP,
					.wake_up_events = NET_ADAPTER_WAKE_ON_MEDIA_CONNECT,
					.media_events = 8 };

	assert_int_equal(
		cx_power_add_wake_pattern(s->adapter, NdisPMWoLPacketMagicPacket, 1, "m", 2),
		STATUS_SUCCESS);
	assert_int_equal(
		cx_power_add_wake_pattern(s->adapter, NdisPMWoLPacketBitmapPattern, 2, "bitmap", 7),
		STATUS_SUCCESS);
	/* The recorder refuses these. */
	assert_int_equal(cx_power_add_wake_pattern(s->adapter, NdisPMWoLPacketIPv4TcpSyn, 3, "", 0),
			 STATUS_NDIS_NOT_SUPPORTED);
	/* It has no callback for protocol offloads: all are taken. */
	assert_int_equal(cx_power_add_protocol_offload(s->adapter, NdisPMProtocolOffloadIdIPv4ARP,
						       1, "arp", 4),
			 STATUS_SUCCESS);
	assert_int_equal(cx_power_add_protocol_offload(s->adapter, NdisPMProtocolOffloadIdIPv6NS, 2,
						       "ns", 3),
			 STATUS_SUCCESS);
	cx_power_enable(s->adapter, &flags);
}

static void read_while_arming(void *context)
{
	struct wake *wake = context;
	struct cx_adapter *a = wake->stage->adapter;
	NETPOWERSETTINGS s = NetAdapterGetPowerSettings(cx13_adapter_handle(a));

	/* As while the device's arm callback runs. */
	a->owner->wake_transition = true;
	assert_int_equal(NetPowerSettingsGetEnabledWakePatternFlags(s),
			 NET_ADAPTER_WAKE_MAGIC_PACKET);
	assert_int_equal(NetPowerSettingsGetEnabledProtocolOffloadFlags(s),
			 NET_ADAPTER_PROTOCOL_OFFLOAD_ARP);
	assert_int_equal(NetPowerSettingsGetEnabledWakeUpFlags(s), 1);
	assert_int_equal(NetPowerSettingsGetEnabledMediaSpecificWakeUpEvents(s), 8);
	assert_int_equal(NetPowerSettingsGetWakePatternCount(s), 2);
	assert_int_equal(
		NetPowerSettingsGetWakePatternCountForType(s, NdisPMWoLPacketBitmapPattern), 1);
	assert_int_equal(NetPowerSettingsGetWakePatternCountForType(s, NdisPMWoLPacketIPv4TcpSyn),
			 0);
	assert_string_equal((char *)NetPowerSettingsGetWakePattern(s, 1), "bitmap");
	assert_null(NetPowerSettingsGetWakePattern(s, 2));
	assert_true(NetPowerSettingsIsWakePatternEnabled(s, NetPowerSettingsGetWakePattern(s, 0)));
	assert_false(NetPowerSettingsIsWakePatternEnabled(s, NetPowerSettingsGetWakePattern(s, 1)));
	assert_int_equal(NetPowerSettingsGetProtocolOffloadCount(s), 2);
	assert_int_equal(
		NetPowerSettingsGetProtocolOffloadCountForType(s, NdisPMProtocolOffloadIdIPv6NS),
		1);
	assert_true(NetPowerSettingsIsProtocolOffloadEnabled(
		s, NetPowerSettingsGetProtocolOffload(s, 0)));
	assert_false(NetPowerSettingsIsProtocolOffloadEnabled(
		s, NetPowerSettingsGetProtocolOffload(s, 1)));
	assert_null(NetPowerSettingsGetProtocolOffload(s, 2));
	a->owner->wake_transition = false;

	assert_int_equal(cx_power_remove_wake_pattern(a, 1), STATUS_SUCCESS);
	assert_int_equal(cx_power_remove_wake_pattern(a, 1), STATUS_NOT_FOUND);
	assert_int_equal(cx_power_remove_protocol_offload(a, 2), STATUS_SUCCESS);
	assert_int_equal(a->power.patterns.count, 1);
	wake->checked = 1;
}

static void settings_are_readable_while_arming(void **state)
{
	struct wake wake = { .stage = stage_with("recorder") };

	options->Power = TRUE;
	stage_up(wake.stage);
	stage_call(wake.stage, add_things, wake.stage);
	/* In the preview callback the driver reads what is there already. */
	journal_assert_order(&wake.stage->journal, "PreviewWakePattern(2,0)",
			     "PreviewWakePattern(1,1)", "PreviewWakePattern(3,2)",
			     "event Ethernet EvtAdapterPreviewWakePattern*", NULL);
	stage_call(wake.stage, read_while_arming, &wake);
	assert_int_equal(wake.checked, 1);
	stage_free(wake.stage);
}

static void stop_forgets_power(void **state)
{
	struct stage *s = stage_with("recorder");

	options->Power = TRUE;
	stage_up(s);
	stage_call(s, add_things, s);
	assert_true(s->adapter->power.declared);
	stage_stop(s);
	assert_false(s->adapter->power.declared);
	assert_int_equal(s->adapter->power.patterns.count, 0);
	assert_int_equal(s->adapter->power.enabled.wake_patterns, 0);
	/* The settings stay, with the driver's context. */
	assert_int_equal(stage_start(s), STATUS_SUCCESS);
	journal_assert_order(&s->journal, "Settings(0)", "Settings(1)", NULL);
	stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(settings_are_readable_while_arming),
		cmocka_unit_test(stop_forgets_power),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
