/* SPDX-License-Identifier: MIT */
#include "cx/api/1.3/power.h"

#include "cx/api/1.3/verifier.h"
#include "nt/callback.h"

static const struct wdf_class settings_class = {
	.name = "NETPOWERSETTINGS",
	.size = sizeof(struct cx13_power_settings),
	.may_delete = cx_refuse_delete,
};

struct cx13_power_settings *cx13_power_settings_of(NETPOWERSETTINGS handle, const char *call)
{
	return wdf_object_of(handle, &settings_class, call);
}

NTSTATUS cx13_power_create(struct cx13_adapter *a, PWDF_OBJECT_ATTRIBUTES attributes)
{
	void *object;
	NTSTATUS status;

	status = wdf_object_create(&settings_class, a->core.object.driver, &a->core.object,
				   attributes, &object);
	if (!NT_SUCCESS(status))
		return status;
	a->settings = object;
	a->settings->adapter = &a->core;
	return STATUS_SUCCESS;
}

void cx13_power_declare(struct cx13_adapter *a, const NET_ADAPTER_POWER_CAPABILITIES *caps)
{
	a->power = *caps;
	a->core.power.wake_patterns = (uint32_t)caps->SupportedWakePatterns;
	a->core.power.declared = true;
}

NTSTATUS cx13_preview_wake_pattern(struct cx_adapter *adapter, int type, void *pattern)
{
	struct cx13_adapter *a = cx13_adapter(adapter);
	struct nt_callback frame;
	NTSTATUS status;

	if (!a->power.EvtAdapterPreviewWakePattern)
		return STATUS_SUCCESS;
	nt_callback_begin(&frame, adapter->name, "EvtAdapterPreviewWakePattern");
	a->settings->preview = true;
	status = a->power.EvtAdapterPreviewWakePattern(cx13_adapter_handle(adapter),
						       (NETPOWERSETTINGS)a->settings,
						       (NDIS_PM_WOL_PACKET)type, pattern);
	a->settings->preview = false;
	return nt_callback_end_status(&frame, status);
}

NTSTATUS cx13_preview_protocol_offload(struct cx_adapter *adapter, int type, void *offload)
{
	struct cx13_adapter *a = cx13_adapter(adapter);
	struct nt_callback frame;
	NTSTATUS status;

	if (!a->power.EvtAdapterPreviewProtocolOffload)
		return STATUS_SUCCESS;
	nt_callback_begin(&frame, adapter->name, "EvtAdapterPreviewProtocolOffload");
	a->settings->preview = true;
	status = a->power.EvtAdapterPreviewProtocolOffload(
		cx13_adapter_handle(adapter), (NETPOWERSETTINGS)a->settings,
		(NDIS_PM_PROTOCOL_OFFLOAD_TYPE)type, offload);
	a->settings->preview = false;
	return nt_callback_end_status(&frame, status);
}

bool cx13_pattern_enabled(const struct cx_power *power, const void *data)
{
	static const ULONG flags[NdisPMWoLPacketMaximum] = {
		[NdisPMWoLPacketBitmapPattern] = NET_ADAPTER_WAKE_BITMAP_PATTERN,
		[NdisPMWoLPacketMagicPacket] = NET_ADAPTER_WAKE_MAGIC_PACKET,
		[NdisPMWoLPacketIPv4TcpSyn] = NET_ADAPTER_WAKE_IPV4_TCP_SYN,
		[NdisPMWoLPacketIPv6TcpSyn] = NET_ADAPTER_WAKE_IPV6_TCP_SYN,
		[NdisPMWoLPacketEapolRequestIdMessage] = NET_ADAPTER_WAKE_EAPOL_REQUEST_ID_MESSAGE,
	};
	const struct cx_power_entry *entry = cx_power_find(&power->patterns, data);

	return entry && (unsigned)entry->type < NdisPMWoLPacketMaximum &&
	       (power->enabled.wake_patterns & flags[entry->type]);
}

bool cx13_offload_enabled(const struct cx_power *power, const void *data)
{
	static const ULONG flags[NdisPMProtocolOffloadIdMaximum] = {
		[NdisPMProtocolOffloadIdIPv4ARP] = NET_ADAPTER_PROTOCOL_OFFLOAD_ARP,
		[NdisPMProtocolOffloadIdIPv6NS] = NET_ADAPTER_PROTOCOL_OFFLOAD_NS,
		[NdisPMProtocolOffload80211RSNRekey] = NET_ADAPTER_PROTOCOL_OFFLOAD_80211_RSN_REKEY,
	};
	const struct cx_power_entry *entry = cx_power_find(&power->offloads, data);

	return entry && (unsigned)entry->type < NdisPMProtocolOffloadIdMaximum &&
	       (power->enabled.protocol_offloads & flags[entry->type]);
}
