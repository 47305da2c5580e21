/* SPDX-License-Identifier: MIT */
/* NetAdapterCx 2.x, as the core speaks to its drivers. */
#include "cx/api/2/client.h"

#include "cx/api/2/adapter.h"
#include "cx/api/2/device.h"
#include "cx/api/scaling_callbacks.h"

const struct cx_client cx2_client = {
	.major = 2,
	.first_minor = 0,
	.minor = 5,
	.adapter_class = &cx2_adapter_class,
	.packets = &cx2_packets,
	.device_size = sizeof(struct cx2_device),
	.ready = cx2_ready,
	.halting = cx2_halting,
	.keeps = cx2_keeps,
	.forget = cx2_forget,
	.left_behind = cx2_left_behind,
	.default_offloads = cx2_default_offloads,
	.merge_offloads = cx2_merge_offloads,
	.set_offloads = cx2_set_offloads,
	.create_queue = cx2_create_queue,
	.start = cx2_start,
	.advance = cx2_advance,
	.arm = cx2_arm,
	.cancel = cx2_cancel,
	.stop = cx2_stop,
	.cancel_name = "EvtPacketQueueCancel",
	.bad_begin = cx2_bad_begin,
	.kept_packets = cx2_kept_packets,
	.check_scaling = cx2_check_scaling,
	.set_hash_key = cx2_set_hash_key,
	.enable_scaling = cx2_enable_scaling,
	.disable_scaling = cx2_disable_scaling,
	.set_entries = cx2_set_entries,
	.hash_protocols =
		CX_HASH_IPV4 | CX_HASH_IPV6 | CX_HASH_IPV6_EXTENSIONS | CX_HASH_TCP | CX_HASH_UDP,
	.set_hash_key_name = CX_SET_HASH_KEY_NAME,
	.enable_scaling_name = CX_ENABLE_SCALING_NAME,
	.set_entries_name = CX_SET_SCALING_ENTRIES_NAME,
	.send_oid = cx2_send_oid,
	.preview_wake_pattern = cx2_preview_wake_pattern,
	.preview_protocol_offload = cx2_preview_protocol_offload,
};
