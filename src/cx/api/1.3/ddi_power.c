/* SPDX-License-Identifier: MIT */
/*
 * Power, as NetAdapterCx 1.3 exports it. A NETPOWERSETTINGS is readable in the callbacks that arm
 * and disarm wake and in the driver's preview callbacks. Source: DDI pages of netadapter.h and
 * netpowersettings.h, 1809.
 */
#include "cx/api/1.3/power.h"
#include "cx/api/1.3/verifier.h"
#include "nt/export.h"

/*
 * NetAdapterSetPowerCapabilities (1.3) - what can wake the adapter and what it answers asleep
 * It may be called again after NetAdapterStart, but then the callbacks must stay the same.
 * IRQL: PASSIVE_LEVEL.
 */
NETCX_EXPORT VOID netcx_1_3_NetAdapterSetPowerCapabilities(
	NETADAPTER Adapter, PNET_ADAPTER_POWER_CAPABILITIES PowerCapabilities)
{
	struct cx_adapter *a = cx13_adapter_of(Adapter, CX_CALL);
	const struct cx_site *at = CX_SITE(a->name);
	bool started = cx_adapter_state(a) != CX_ADAPTER_INITIALIZED;

	cx_verify_passive(at);
	cx_verify_size(at, PowerCapabilities, NET_ADAPTER_POWER_CAPABILITIES);
	cx13_verify_power_capabilities(at, PowerCapabilities,
				       started ? &cx13_adapter(a)->power : NULL);
	cx13_power_declare(cx13_adapter(a), PowerCapabilities);
}

/* NetAdapterGetPowerSettings (1.3) - the handle; what is behind it has its times. Any IRQL. */
NETCX_EXPORT NETPOWERSETTINGS netcx_1_3_NetAdapterGetPowerSettings(NETADAPTER Adapter)
{
	return (NETPOWERSETTINGS)cx13_adapter(cx13_adapter_of(Adapter, CX_CALL))->settings;
}

/* The checks that every getter begins with. */
static struct cx_adapter *readable(const char *call, NETPOWERSETTINGS handle)
{
	struct cx13_power_settings *settings = cx13_power_settings_of(handle, call);
	struct cx_site at = { .book = cx13_book, .call = call, .object = settings->adapter->name };

	cx_verify_passive(&at);
	if (!settings->preview && !settings->adapter->owner->wake_transition)
		cx_violation(
			&at, CX_EVT_ARM_DISARM_WAKE_NOT_IN_PROGRESS, 0, 0,
			"Power settings are read while wake is armed or disarmed (EvtDeviceArmWakeFromSx, ...FromS0).",
			"No such callback is running.");
	return settings->adapter;
}

static struct cx_adapter *readable_entry(const char *call, NETPOWERSETTINGS handle,
					 const void *pointer, const char *name)
{
	struct cx_adapter *a = readable(call, handle);

	cx_verify_not_null(CX_AT(call, a->name), pointer, name);
	return a;
}

/* Of one of its lists, each with the lock: a thread of the driver's may ask while NDIS changes it.
 */
static BOOLEAN enabled(struct cx_adapter *a, const struct cx_power_list *list, const void *data)
{
	const struct cx_power_entry *entry;
	bool is;

	cx_power_lock(a->owner);
	entry = cx_power_find(list, data);
	is = entry && cx_power_entry_enabled(entry);
	cx_power_unlock(a->owner);
	return is;
}

static ULONG count_of(struct cx_adapter *a, const struct cx_power_list *list)
{
	size_t count;

	cx_power_lock(a->owner);
	count = list->count;
	cx_power_unlock(a->owner);
	return (ULONG)count;
}

static ULONG count_of_type(struct cx_adapter *a, const struct cx_power_list *list, int type)
{
	ULONG count;

	cx_power_lock(a->owner);
	count = cx_power_count(list, type);
	cx_power_unlock(a->owner);
	return count;
}

static void *data_at(struct cx_adapter *a, const struct cx_power_list *list, ULONG index)
{
	void *data;

	cx_power_lock(a->owner);
	data = index < list->count ? list->items[index]->data : NULL;
	cx_power_unlock(a->owner);
	return data;
}

static struct cx_power_flags flags_of(struct cx_adapter *a)
{
	struct cx_power_flags flags;

	cx_power_lock(a->owner);
	flags = a->power.enabled;
	cx_power_unlock(a->owner);
	return flags;
}

/* Flags that are enabled. IRQL of all below: PASSIVE_LEVEL. */
NETCX_EXPORT ULONG
netcx_1_3_NetPowerSettingsGetEnabledWakePatternFlags(NETPOWERSETTINGS NetPowerSettings)
{
	return flags_of(readable(CX_CALL, NetPowerSettings)).wake_patterns;
}

NETCX_EXPORT ULONG
netcx_1_3_NetPowerSettingsGetEnabledProtocolOffloadFlags(NETPOWERSETTINGS NetPowerSettings)
{
	return flags_of(readable(CX_CALL, NetPowerSettings)).protocol_offloads;
}

NETCX_EXPORT ULONG
netcx_1_3_NetPowerSettingsGetEnabledWakeUpFlags(NETPOWERSETTINGS NetPowerSettings)
{
	return flags_of(readable(CX_CALL, NetPowerSettings)).wake_up_events;
}

NETCX_EXPORT ULONG
netcx_1_3_NetPowerSettingsGetEnabledMediaSpecificWakeUpEvents(NETPOWERSETTINGS NetPowerSettings)
{
	return flags_of(readable(CX_CALL, NetPowerSettings)).media_events;
}

/* Wake patterns, by index or type. */
NETCX_EXPORT ULONG netcx_1_3_NetPowerSettingsGetWakePatternCount(NETPOWERSETTINGS NetPowerSettings)
{
	struct cx_adapter *a = readable(CX_CALL, NetPowerSettings);

	return count_of(a, &a->power.patterns);
}

NETCX_EXPORT ULONG netcx_1_3_NetPowerSettingsGetWakePatternCountForType(
	NETPOWERSETTINGS NetPowerSettings, NDIS_PM_WOL_PACKET WakePatternType)
{
	struct cx_adapter *a = readable(CX_CALL, NetPowerSettings);

	return count_of_type(a, &a->power.patterns, (int)WakePatternType);
}

/* Return: NULL past the end. The memory is the framework's. */
NETCX_EXPORT PNDIS_PM_WOL_PATTERN
netcx_1_3_NetPowerSettingsGetWakePattern(NETPOWERSETTINGS NetPowerSettings, ULONG Index)
{
	struct cx_adapter *a = readable(CX_CALL, NetPowerSettings);

	return data_at(a, &a->power.patterns, Index);
}

NETCX_EXPORT BOOLEAN netcx_1_3_NetPowerSettingsIsWakePatternEnabled(
	NETPOWERSETTINGS NetPowerSettings, PNDIS_PM_WOL_PATTERN NdisPmWolPattern)
{
	struct cx_adapter *a =
		readable_entry(CX_CALL, NetPowerSettings, NdisPmWolPattern, "NdisPmWolPattern");

	return enabled(a, &a->power.patterns, NdisPmWolPattern);
}

/* Protocol offloads, likewise. */
NETCX_EXPORT ULONG
netcx_1_3_NetPowerSettingsGetProtocolOffloadCount(NETPOWERSETTINGS NetPowerSettings)
{
	struct cx_adapter *a = readable(CX_CALL, NetPowerSettings);

	return count_of(a, &a->power.offloads);
}

NETCX_EXPORT ULONG netcx_1_3_NetPowerSettingsGetProtocolOffloadCountForType(
	NETPOWERSETTINGS NetPowerSettings, NDIS_PM_PROTOCOL_OFFLOAD_TYPE ProtocolOffloadType)
{
	struct cx_adapter *a = readable(CX_CALL, NetPowerSettings);

	return count_of_type(a, &a->power.offloads, (int)ProtocolOffloadType);
}

NETCX_EXPORT PNDIS_PM_PROTOCOL_OFFLOAD
netcx_1_3_NetPowerSettingsGetProtocolOffload(NETPOWERSETTINGS NetPowerSettings, ULONG Index)
{
	struct cx_adapter *a = readable(CX_CALL, NetPowerSettings);

	return data_at(a, &a->power.offloads, Index);
}

NETCX_EXPORT BOOLEAN netcx_1_3_NetPowerSettingsIsProtocolOffloadEnabled(
	NETPOWERSETTINGS NetPowerSettings, PNDIS_PM_PROTOCOL_OFFLOAD ProtocolOffload)
{
	struct cx_adapter *a =
		readable_entry(CX_CALL, NetPowerSettings, ProtocolOffload, "ProtocolOffload");

	return enabled(a, &a->power.offloads, ProtocolOffload);
}
