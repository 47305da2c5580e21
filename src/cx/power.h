/* SPDX-License-Identifier: MIT */
/*
 * Wake and protocol offload of an adapter in 1.3: what it can do (NET_ADAPTER_POWER_CAPABILITIES)
 * and what NDIS has enabled for the coming sleep (NETPOWERSETTINGS).
 */
#ifndef CX_POWER_H
#define CX_POWER_H

#include <ndis.h>
#include <netadaptercx.h>
#include <stdbool.h>

#include "wdf/object.h"

struct cx_adapter;
struct cx_power_settings;

/* Owned by the adapter; changed on the device's worker. */
struct cx_power {
	NET_ADAPTER_POWER_CAPABILITIES capabilities;
	bool declared;
	struct cx_power_settings *settings; /* a child object of the adapter */
};

/* The four sets of flags NDIS enables together. */
struct cx_power_flags {
	ULONG wake_patterns;     /* NET_ADAPTER_WAKE_PATTERN_FLAGS */
	ULONG protocol_offloads; /* NET_ADAPTER_PROTOCOL_OFFLOADS_FLAGS */
	ULONG wake_up_events;    /* NET_ADAPTER_WAKEUP_EVENTS_FLAGS */
	ULONG media_events;      /* NET_ADAPTER_MEDIA_SPECIFIC_WAKEUP_EVENTS_FLAGS */
};

/*
 * For the host, which plays NDIS. PASSIVE_LEVEL on the device's worker.
 *
 * cx_power_enable() - what is enabled for the coming sleep
 * cx_power_add_wake_pattern(), cx_power_add_protocol_offload() - the driver is asked
 *     (EvtAdapterPreviewWakePattern, ...PreviewProtocolOffload), then it is in the settings
 * @id:   unique among its kind, for the removal
 * @data: NDIS' structure, opaque here; copied
 * Return: STATUS_SUCCESS, what the driver's callback refused it with, or
 * STATUS_INSUFFICIENT_RESOURCES; a removal: STATUS_NOT_FOUND.
 */
void cx_power_enable(struct cx_adapter *adapter, const struct cx_power_flags *flags);
NTSTATUS cx_power_add_wake_pattern(struct cx_adapter *adapter, NDIS_PM_WOL_PACKET type, ULONG id,
				   const void *data, size_t length);
NTSTATUS cx_power_add_protocol_offload(struct cx_adapter *adapter,
				       NDIS_PM_PROTOCOL_OFFLOAD_TYPE type, ULONG id,
				       const void *data, size_t length);
NTSTATUS cx_power_remove_wake_pattern(struct cx_adapter *adapter, ULONG id);
NTSTATUS cx_power_remove_protocol_offload(struct cx_adapter *adapter, ULONG id);

/* ---- cx/ only ---- */

/* One wake pattern or protocol offload. */
struct cx_power_entry {
	int type; /* NDIS_PM_WOL_PACKET or NDIS_PM_PROTOCOL_OFFLOAD_TYPE */
	ULONG id;
	void *data; /* what the driver gets a pointer to; owned */
};

struct cx_power_list {
	struct cx_power_entry *items;
	size_t count;
};

struct cx_power_settings {
	struct wdf_object object;
	struct cx_adapter *adapter;
	struct cx_power_flags enabled;
	struct cx_power_list patterns, offloads;
	bool preview; /* one of the driver's preview callbacks runs */
};

/* cx_power_create() - the adapter's NETPOWERSETTINGS, with the driver's attributes (may be NULL) */
NTSTATUS cx_power_create(struct cx_adapter *adapter, PWDF_OBJECT_ATTRIBUTES attributes);

/* cx_power_forget() - halt: nothing is declared, nothing enabled. */
void cx_power_forget(struct cx_adapter *adapter);

void cx_power_declare(struct cx_adapter *adapter, const NET_ADAPTER_POWER_CAPABILITIES *caps);
struct cx_power_settings *cx_power_settings_of(NETPOWERSETTINGS handle, const char *call);

/* Is the entry with this data of a type that is enabled. */
bool cx_power_pattern_enabled(const struct cx_power_settings *settings, const void *data);
bool cx_power_offload_enabled(const struct cx_power_settings *settings, const void *data);
ULONG cx_power_count(const struct cx_power_list *list, int type);

#endif
