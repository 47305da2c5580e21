/* SPDX-License-Identifier: MIT */
/* NetAdapterCx 1.3, as the core speaks to its drivers. */
#include "cx/api/1.3/client.h"

#include "cx/api/1.3/adapter.h"
#include "cx/api/1.3/offload.h"
#include "cx/api/1.3/power.h"
#include "cx/api/1.3/scaling.h"
#include "cx/api/scaling_callbacks.h"

const struct cx_client cx13_client = {
	.major = 1,
	.first_minor = 3,
	.minor = 3,
	.adapter_class = &cx13_adapter_class,
	.packets = &cx13_packets,
	.one_tx_queue = true,
	.arms_idle_tx = true,
	.ready = cx13_ready,
	.halting = cx_requests_halt,
	.forget = cx13_forget,
	.left_behind = cx13_left_behind,
	.default_offloads = cx13_default_offloads,
	.merge_offloads = cx13_merge_offloads,
	.set_offloads = cx13_set_offloads,
	.create_queue = cx13_create_queue,
	.start = cx13_start,
	.advance = cx13_advance,
	.arm = cx13_arm,
	.cancel = cx13_cancel,
	.stop = cx13_stop,
	.cancel_name = "EvtPacketQueueCancel",
	.bad_begin = cx13_bad_begin,
	.kept_packets = cx13_kept_packets,
	.check_scaling = cx13_check_scaling,
	.set_hash_key = cx13_set_hash_key,
	.enable_scaling = cx13_enable_scaling,
	.disable_scaling = cx13_disable_scaling,
	.set_entries = cx13_set_entries,
	/* 1809 hands out hash types of IPv4, IPv6 with and without extension headers, and TCP. */
	.hash_protocols = CX_HASH_IPV4 | CX_HASH_IPV6 | CX_HASH_IPV6_EXTENSIONS | CX_HASH_TCP,
	.set_hash_key_name = CX_SET_HASH_KEY_NAME,
	.enable_scaling_name = CX_ENABLE_SCALING_NAME,
	.set_entries_name = CX_SET_SCALING_ENTRIES_NAME,
	.preview_wake_pattern = cx13_preview_wake_pattern,
	.preview_protocol_offload = cx13_preview_protocol_offload,
	.send_oid = cx_request_send,
};
