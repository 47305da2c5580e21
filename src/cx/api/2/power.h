/* SPDX-License-Identifier: MIT */
/*
 * Wake sources and power offloads as 2.x shows them to a driver: an entry of the core (cx/power.h)
 * is a NETWAKESOURCE or NETPOWEROFFLOAD; a list is filled from all adapters of a device.
 */
#ifndef CX_API_2_POWER_H
#define CX_API_2_POWER_H

#include "cx/adapter.h"
#include "cx/api/2/public.h"
#include "cx/verifier.h"

/*
 * cx2_wake_source_of(), cx2_power_offload_of() - the entry behind a handle, checked: a bad handle
 * is a reported violation against @at
 * @type: NET_WAKE_SOURCE_TYPE or NET_POWER_OFFLOAD_TYPE that it must have; on Windows another's
 *        parameters are read from memory that is something else. 0: any
 */
struct cx_power_entry *cx2_wake_source_of(const struct cx_site *at, NETWAKESOURCE handle, int type);
struct cx_power_entry *cx2_power_offload_of(const struct cx_site *at, NETPOWEROFFLOAD handle,
					    int type);

NET_WAKE_SOURCE_TYPE cx2_wake_source_type(const struct cx_power_entry *entry);
NET_POWER_OFFLOAD_TYPE cx2_power_offload_type(const struct cx_power_entry *entry);

/* Parameters, filled but for their Size. An entry that is removed meanwhile is a violation. */
void cx2_bitmap_parameters(const struct cx_site *at, struct cx_power_entry *entry,
			   NET_WAKE_SOURCE_BITMAP_PARAMETERS *parameters);
void cx2_media_change_parameters(const struct cx_site *at, struct cx_power_entry *entry,
				 NET_WAKE_SOURCE_MEDIA_CHANGE_PARAMETERS *parameters);
void cx2_arp_parameters(const struct cx_site *at, struct cx_power_entry *entry,
			NET_POWER_OFFLOAD_ARP_PARAMETERS *parameters);
void cx2_ns_parameters(const struct cx_site *at, struct cx_power_entry *entry,
		       NET_POWER_OFFLOAD_NS_PARAMETERS *parameters);

/* What a NET_WAKE_SOURCE_LIST or NET_POWER_OFFLOAD_LIST has in Reserved. */
struct cx2_power_list {
	uintptr_t signature;
	size_t count;
	WDFDEVICE device;
	uintptr_t time; /* the device's power_changes, and whether it was in a power transition */
};

enum cx2_power_kind { CX2_WAKE_SOURCES, CX2_POWER_OFFLOADS };

/*
 * On any thread: a driver may walk a list on its own, until NDIS changes it.
 *
 * cx2_fill_power_list() - all of the device's adapters; in a power transition those enabled
 * cx2_power_list_count() - of a list that was filled, and is not out of date: else a violation
 * cx2_power_list_element() - of such a list; NULL past the end, as on Windows
 */
void cx2_fill_power_list(enum cx2_power_kind kind, WDFDEVICE device, struct cx_device *owner,
			 void *reserved);
size_t cx2_power_list_count(const struct cx_site *at, enum cx2_power_kind kind,
			    const void *reserved);
struct cx_power_entry *cx2_power_list_element(const struct cx_site *at, enum cx2_power_kind kind,
					      const void *reserved, size_t index);

#endif
