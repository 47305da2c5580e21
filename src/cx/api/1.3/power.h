/* SPDX-License-Identifier: MIT */
/* NETPOWERSETTINGS: what a 1.3 driver may read of its adapter's wake and protocol offload. */
#ifndef CX_API_1_3_POWER_H
#define CX_API_1_3_POWER_H

#include "cx/api/1.3/adapter.h"

/* A child object of the adapter, made with it. */
struct cx13_power_settings {
	struct wdf_object object;
	struct cx_adapter *adapter;
	bool preview; /* one of the driver's preview callbacks runs */
};

/* cx13_power_create() - the adapter's NETPOWERSETTINGS. @attributes: the driver's, may be NULL */
NTSTATUS cx13_power_create(struct cx13_adapter *adapter, PWDF_OBJECT_ATTRIBUTES attributes);
void cx13_power_declare(struct cx13_adapter *adapter, const NET_ADAPTER_POWER_CAPABILITIES *caps);
struct cx13_power_settings *cx13_power_settings_of(NETPOWERSETTINGS handle, const char *call);

/* ---- of cx13_client ---- */
NTSTATUS cx13_preview_wake_pattern(struct cx_adapter *adapter, struct cx_power_entry *pattern);
NTSTATUS cx13_preview_protocol_offload(struct cx_adapter *adapter, struct cx_power_entry *offload);

#endif
