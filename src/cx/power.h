/* SPDX-License-Identifier: MIT */
/*
 * Wake and protocol offload of an adapter: what it can wake up for, what NDIS has enabled for the
 * coming sleep, the wake sources and protocol offloads it was given, and why it was woken.
 */
#ifndef CX_POWER_H
#define CX_POWER_H

#include <ndis.h>
#include <stdbool.h>

#include "cx/types.h"
#include "wdf/object.h"

struct cx_adapter;
struct cx_device;
struct cx_power_list;

/* Wake sources that are no pattern: types of entries beside NDIS_PM_WOL_PACKET. */
#define CX_SOURCE_MEDIA_CHANGE 0x100
#define CX_SOURCE_FILTER       0x101

/*
 * One wake source (a NETWAKESOURCE) or protocol offload (a NETPOWEROFFLOAD). A child object of its
 * adapter, on the list from its making to its deletion.
 */
struct cx_power_entry {
	struct wdf_object object;
	struct cx_adapter *adapter;
	struct cx_power_list *list; /* that it is in; NULL: none yet, or none any more; locked */
	int type; /* NDIS_PM_WOL_PACKET, CX_SOURCE_*, NDIS_PM_PROTOCOL_OFFLOAD_TYPE */
	ULONG id;
	void *data; /* NDIS_PM_WOL_PATTERN or NDIS_PM_PROTOCOL_OFFLOAD; owned; NULL: CX_SOURCE_* */
	size_t length;
};

extern const struct wdf_class cx_wake_source_class, cx_power_offload_class;

struct cx_power_list {
	struct cx_power_entry **items; /* oldest first */
	size_t count;
};

/*
 * Owned by the adapter. NDIS changes it on the device's worker; a driver declares, reports and
 * reads at PASSIVE_LEVEL on any thread. All with cx_power_lock(); the worker alone reads patterns
 * and offloads without, since nobody else changes them.
 */
struct cx_power {
	bool declared;
	struct cx_power_caps caps;
	struct cx_power_flags enabled;
	struct cx_power_list patterns, offloads;
	struct cx_power_list events; /* CX_SOURCE_* in this order, as far as declared */
	struct cx_wake_reason reason;
};

/*
 * cx_power_lock(), cx_power_unlock() - what the adapters of a device have in power.h, and which
 * adapters there are, stays as it is in between. For moments: nothing of the driver's is called.
 */
void cx_power_lock(struct cx_device *device);
void cx_power_unlock(struct cx_device *device);

/* Makes what a driver declares of what it has declared before and @from. */
typedef void cx_power_edit(struct cx_power_caps *caps, const void *from);

/*
 * For a shape. PASSIVE_LEVEL.
 *
 * cx_power_declare() - the driver declares, also anew while the adapter is started
 * cx_power_woken() - why the adapter was woken: noted, and told as an event
 * @packet: of the driver, @reason->saved_size bytes; NULL: it has none, and NDIS is told nothing
 */
void cx_power_declare(struct cx_adapter *adapter, cx_power_edit *edit, const void *from);
void cx_power_woken(struct cx_adapter *adapter, const struct cx_wake_reason *reason,
		    const void *packet);

/* cx_power_entry_enabled() - for the coming sleep, by NDIS; of an event: and declared. Locked. */
bool cx_power_entry_enabled(const struct cx_power_entry *entry);

/* cx_power_declared(), cx_power_reason() - copies of what may change meanwhile */
struct cx_power_caps cx_power_declared(struct cx_adapter *adapter);
struct cx_wake_reason cx_power_reason(struct cx_adapter *adapter);
void cx_power_set_reason(struct cx_adapter *adapter, const struct cx_wake_reason *reason);

/*
 * For NDIS. PASSIVE_LEVEL on the device's worker.
 *
 * cx_power_enable() - what is enabled for the coming sleep
 * cx_power_add_wake_pattern(), cx_power_add_protocol_offload() - the driver is asked (client.h,
 *     preview_...), then it is in the list
 * @type: NDIS_PM_WOL_PACKET or NDIS_PM_PROTOCOL_OFFLOAD_TYPE
 * @id:   unique among its kind, for the removal
 * @data: NDIS' structure, opaque here; copied
 * Return: STATUS_SUCCESS, what the driver refused it with, or STATUS_INSUFFICIENT_RESOURCES; a
 * removal: STATUS_NOT_FOUND.
 */
void cx_power_enable(struct cx_adapter *adapter, const struct cx_power_flags *flags);
NTSTATUS cx_power_add_wake_pattern(struct cx_adapter *adapter, int type, ULONG id, const void *data,
				   size_t length);
NTSTATUS cx_power_add_protocol_offload(struct cx_adapter *adapter, int type, ULONG id,
				       const void *data, size_t length);
NTSTATUS cx_power_remove_wake_pattern(struct cx_adapter *adapter, ULONG id);
NTSTATUS cx_power_remove_protocol_offload(struct cx_adapter *adapter, ULONG id);

/*
 * cx_power_halt() - the miniport is gone, and with it what NDIS added and enabled
 * cx_power_forget() - the same, and what was declared
 */
void cx_power_halt(struct cx_adapter *adapter);
void cx_power_forget(struct cx_adapter *adapter);

/* How many of a type, and the entry with this data; NULL: none. Locked. */
ULONG cx_power_count(const struct cx_power_list *list, int type);
const struct cx_power_entry *cx_power_find(const struct cx_power_list *list, const void *data);

/* cx_wake_cause_name() - "magic packet": for people */
const char *cx_wake_cause_name(const struct cx_wake_reason *reason);

#endif
