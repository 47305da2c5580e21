/* SPDX-License-Identifier: MIT */
#include "cx/api/1.3/power.h"

#include "cx/api/1.3/verifier.h"
#include "nt/callback.h"
#include "nt/fault.h"

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

/* It declares everything at once. */
static void edit_all(struct cx_power_caps *caps, const void *from)
{
	*caps = *(const struct cx_power_caps *)from;
}

void cx13_power_declare(struct cx13_adapter *a, const NET_ADAPTER_POWER_CAPABILITIES *caps)
{
	a->power = *caps;
	cx_power_declare(&a->core, edit_all,
			 &(const struct cx_power_caps){
				 .wake_patterns = (uint32_t)caps->SupportedWakePatterns,
				 .protocol_offloads = (uint32_t)caps->SupportedProtocolOffloads,
				 .wake_up_events = (uint32_t)caps->SupportedWakeUpEvents,
				 .patterns = caps->NumTotalWakePatterns,
				 .pattern_size = caps->MaxWakePatternSize,
				 .arp_offloads = caps->NumArpOffloadIPv4Addresses,
				 .ns_offloads = caps->NumNSOffloadIPv6Addresses,
			 });
}

NTSTATUS cx13_preview_wake_pattern(struct cx_adapter *adapter, struct cx_power_entry *pattern)
{
	struct cx13_adapter *a = cx13_adapter(adapter);
	struct nt_callback frame;
	NTSTATUS status;

	if (!a->power.EvtAdapterPreviewWakePattern)
		return STATUS_SUCCESS;
	nt_callback_begin(&frame, adapter->name, "EvtAdapterPreviewWakePattern");
	a->settings->preview = true;
	status = NT_FAULT_CALLBACK("EvtAdapterPreviewWakePattern")
			 ? STATUS_INSUFFICIENT_RESOURCES
			 : a->power.EvtAdapterPreviewWakePattern(
				   cx13_adapter_handle(adapter), (NETPOWERSETTINGS)a->settings,
				   (NDIS_PM_WOL_PACKET)pattern->type, pattern->data);
	a->settings->preview = false;
	return nt_callback_end_status(&frame, status);
}

NTSTATUS cx13_preview_protocol_offload(struct cx_adapter *adapter, struct cx_power_entry *offload)
{
	struct cx13_adapter *a = cx13_adapter(adapter);
	struct nt_callback frame;
	NTSTATUS status;

	if (!a->power.EvtAdapterPreviewProtocolOffload)
		return STATUS_SUCCESS;
	nt_callback_begin(&frame, adapter->name, "EvtAdapterPreviewProtocolOffload");
	a->settings->preview = true;
	status = NT_FAULT_CALLBACK("EvtAdapterPreviewProtocolOffload")
			 ? STATUS_INSUFFICIENT_RESOURCES
			 : a->power.EvtAdapterPreviewProtocolOffload(
				   cx13_adapter_handle(adapter), (NETPOWERSETTINGS)a->settings,
				   (NDIS_PM_PROTOCOL_OFFLOAD_TYPE)offload->type, offload->data);
	a->settings->preview = false;
	return nt_callback_end_status(&frame, status);
}
