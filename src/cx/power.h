/* SPDX-License-Identifier: MIT */
/*
 * Wake and protocol offload of an adapter: what it can wake up for, what NDIS has enabled for the
 * coming sleep, and the wake patterns and protocol offloads it was given.
 */
#ifndef CX_POWER_H
#define CX_POWER_H

#include <ntddk.h>
#include <stdbool.h>

#include "cx/types.h"

struct cx_adapter;

/* One wake pattern or protocol offload. */
struct cx_power_entry {
	int type; /* NDIS_PM_WOL_PACKET or NDIS_PM_PROTOCOL_OFFLOAD_TYPE */
	ULONG id;
	void *data; /* NDIS' structure, what the driver gets a pointer to; owned */
};

struct cx_power_list {
	struct cx_power_entry *items;
	size_t count;
};

/* Owned by the adapter; changed on the device's worker. */
struct cx_power {
	bool declared;
	uint32_t wake_patterns; /* that it can wake up for: CX_WAKE_* */
	struct cx_power_flags enabled;
	struct cx_power_list patterns, offloads;
};

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

/* cx_power_forget() - halt: nothing is declared, nothing enabled. */
void cx_power_forget(struct cx_adapter *adapter);

/* How many of a type, and the entry with this data; NULL: none. */
ULONG cx_power_count(const struct cx_power_list *list, int type);
const struct cx_power_entry *cx_power_find(const struct cx_power_list *list, const void *data);

#endif
