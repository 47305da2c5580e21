/* SPDX-License-Identifier: MIT */
/* Receive scaling as 1.3 has it: four callbacks beside the capabilities. */
#ifndef CX_API_1_3_SCALING_H
#define CX_API_1_3_SCALING_H

#include "cx/api/1.3/adapter.h"

/* cx13_declare_scaling() - copied; the last call before the start wins. */
void cx13_declare_scaling(struct cx13_adapter *adapter,
			  const NET_ADAPTER_RECEIVE_SCALING_CAPABILITIES *capabilities);

/* ---- of cx13_client ---- */
void cx13_check_scaling(struct cx_adapter *adapter);
NTSTATUS cx13_set_hash_key(struct cx_adapter *adapter, const uint8_t *key, size_t length);
NTSTATUS cx13_enable_scaling(struct cx_adapter *adapter, uint32_t protocols);
void cx13_disable_scaling(struct cx_adapter *adapter);
NTSTATUS cx13_set_entries(struct cx_adapter *adapter, struct cx_scaling_entry *entries,
			  size_t count, unsigned queues);

#endif
