/* SPDX-License-Identifier: MIT */
/*
 * The rules that end a driver: BUGCODE_NETADAPTER_DRIVER of Windows, always checked. A rule has a
 * name for ever and a number for one release: which numbers a driver's version has is in the rule
 * book of its shape of API. Each DDI runs its checks in the order of Windows, then makes one call
 * into its object.
 */
#ifndef CX_VERIFIER_H
#define CX_VERIFIER_H

#include <ntddk.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <wdf.h>

struct cx_adapter;
struct wdf_object;

#define CX_BUGCODE_NETADAPTER_DRIVER 0x19E

/* All rules of all releases, called as Windows calls them. */
enum cx_rule {
	CX_CORRUPTED_PRIVATE_GLOBALS,
	CX_IRQL_IS_NOT_PASSIVE,
	CX_IRQL_NOT_LESS_OR_EQUAL_DISPATCH,
	CX_ADAPTER_ALREADY_STARTED,
	CX_EVT_ARM_DISARM_WAKE_NOT_IN_PROGRESS,
	CX_COMPLETING_NET_REQUEST_WITH_PENDING_STATUS,
	CX_INVALID_NET_REQUEST_TYPE,
	CX_DEFAULT_REQUEST_QUEUE_ALREADY_EXISTS,
	CX_INVALID_STRUCT_TYPE_SIZE,
	CX_INVALID_QUEUE_CONFIGURATION,
	CX_INVALID_POWER_CAPABILITIES,
	CX_MAC_ADDRESS_LENGTH_TOO_LONG,
	CX_INVALID_LINK_LAYER_CAPABILITIES,
	CX_INVALID_LINK_STATE,
	CX_OBJECT_IS_NOT_CANCELABLE,
	CX_PARAMETER_CANT_BE_NULL,
	CX_INVALID_QUERY_ULONG_FLAG,
	CX_QUERY_NETWORK_ADDRESS_INVALID_PARAMETER,
	CX_QUEUE_CONFIGURATION_HAS_ERROR,
	CX_INVALID_REQUEST_QUEUE_TYPE,
	CX_NET_PACKET_CONTEXT_TYPE_MISMATCH,
	CX_NET_PACKET_DOES_NOT_HAVE_CONTEXT,
	CX_MTU_MUST_BE_GREATER_THAN_ZERO,
	CX_BAD_QUEUE_INIT_CONTEXT,
	CX_CREATING_NET_QUEUE_FROM_WRONG_THREAD,
	CX_INVALID_DATAPATH_CAPABILITIES,
	CX_NET_QUEUE_INVALID_CONFIGURATION,
	CX_PARENT_OBJECT_NOT_NULL,
	CX_INVALID_NET_ADAPTER_CONFIG,
	CX_QUEUE_ALREADY_CREATED,
	CX_OBJECT_ATTRIBUTES_CONTEXT_SIZE_TOO_LARGE,
	CX_NOT_POWER_OF_TWO,
	CX_ILLEGAL_OBJECT_ATTRIBUTES,
	CX_INVALID_PACKET_CONTEXT_TOKEN,
	CX_INVALID_PACKET_CONTEXT_SIZE_OVERRIDE,
	CX_INVALID_NET_PACKET_EXTENSION_NAME,
	CX_INVALID_NET_PACKET_EXTENSION_VERSION,
	CX_INVALID_NET_PACKET_EXTENSION_ALIGNMENT,
	CX_INVALID_NET_PACKET_EXTENSION_EXTENSION_SIZE,
	CX_NET_PACKET_EXTENSION_VERSIONED_SIZE_MISMATCH,
	CX_INVALID_ADAPTER_TX_CAPABILITIES,
	CX_INVALID_ADAPTER_RX_CAPABILITIES,
	CX_INVALID_RECEIVE_SCALING_HASH_TYPE,
	CX_INVALID_RECEIVE_SCALING_PROTOCOL_TYPE,
	CX_INVALID_RECEIVE_SCALING_ENCAPSULATION_TYPE,
	CX_ILLEGAL_ADAPTER_DELETE,
	CX_REMOVING_DEVICE_WITH_ADAPTERS,
	CX_INVALID_DATAPATH_CALLBACKS,
	CX_INVALID_NET_ADAPTER_INIT_SIGNATURE,
	CX_NET_ADAPTER_INIT_ALREADY_USED,
	CX_INVALID_NET_ADAPTER_EXTENSION_INIT_SIGNATURE,
	CX_INVALID_LSO_CAPABILITIES,
	CX_INVALID_PACKET_FILTER_CAPABILITIES,
	CX_INVALID_SET_PACKET_FILTER_CALL_BACK,
	CX_INVALID_NET_EXTENSION_NAME,
	CX_INVALID_NET_EXTENSION_VERSION,
	CX_INVALID_NET_EXTENSION_TYPE,
	CX_INVALID_NET_EXTENSION_ALIGNMENT,
	CX_INVALID_NET_EXTENSION_EXTENSION_SIZE,
	CX_ILLEGAL_PRIVATE_API_CALL,
	CX_INVALID_QUEUE_HANDLE,
	CX_INVALID_NET_ADAPTER_WAKE_REASON_MEDIA_CHANGE,
	CX_POWER_NOT_IN_TRANSITION,
	CX_DISARM_NOT_IN_PROGRESS,
	CX_INVALID_POWER_OFFLOAD_LIST_SIGNATURE,
	CX_INVALID_WAKE_SOURCE_LIST_SIGNATURE,
	CX_INVALID_RING_IMMUTABLE,
	CX_INVALID_RING_IMMUTABLE_FRAMEWORK_ELEMENT,
	CX_INVALID_RING_IMMUTABLE_DRIVER_TX_PACKET,
	CX_INVALID_RING_IMMUTABLE_DRIVER_TX_FRAGMENT,
	CX_INVALID_RING_IMMUTABLE_DRIVER_RX_PACKET_IGNORE,
	CX_INVALID_RING_MODIFIED_RX_PACKET,
	CX_INVALID_RING_MODIFIED_RX_FRAGMENT,
	CX_INVALID_RING_UNMODIFIED_RX_PACKET,
	CX_INVALID_RING_UNMODIFIED_RX_FRAGMENT,
	CX_INVALID_RING_BEGIN_INDEX,
	CX_INVALID_RING_RX_PACKET_FRAGMENT_COUNT_ZERO,
	CX_INVALID_RING_RX_PACKET_FRAGMENT_COUNT_OUT_OF_RANGE,
	CX_INVALID_RING_RX_PACKET_FRAGMENT_INDEX_OUT_OF_PRE_RANGE,
	CX_INVALID_RING_RX_PACKET_FRAGMENT_COUNT_OUT_OF_PRE_RANGE,
	CX_INVALID_RING_RX_PACKET_FRAGMENT_INDEX_OUT_OF_POST_RANGE,
	CX_INVALID_RING_RX_PACKET_FRAGMENT_COUNT_OUT_OF_POST_RANGE,
	CX_INVALID_RING_RX_PACKET_LAYER2_TYPE,
	CX_INVALID_RING_RX_PACKET_LAYER2_TYPE_NULL_LENGTH_NON_ZERO,
	CX_INVALID_RING_RX_PACKET_LAYER2_TYPE_ETHERNET_LENGTH_INVALID,
	CX_INVALID_RING_RX_PACKET_LAYER3_TYPE_IPV4_LENGTH_INVALID,
	CX_INVALID_RING_RX_PACKET_LAYER3_TYPE_IPV6_LENGTH_INVALID,
	CX_INVALID_RING_RX_PACKET_LAYER4_TYPE_TCP_LENGTH_INVALID,
	CX_INVALID_RING_RX_PACKET_LAYER4_TYPE_UDP_LENGTH_INVALID,
	CX_INVALID_RING_RX_PACKET_LAYER3_TYPE,
	CX_INVALID_RING_RX_PACKET_LAYER4_TYPE,
	CX_INVALID_RING_RX_PACKET_FRAGMENT_INDEX_OVERLAP,
	CX_INVALID_RING_RX_PACKET_FRAGMENT_COUNT_OVERLAP,
	CX_INVALID_RING_RX_PACKET_FRAGMENT_OFFSET_INVALID,
	CX_INVALID_RING_RX_PACKET_FRAGMENT_LENGTH_INVALID,
	CX_INVALID_MEDIA_SPECIFIC_WAKE_UP_FLAGS,
	CX_INVALID_RECEIVE_FILTER_CAPABILITIES,
	CX_INVALID_SET_RECEIVE_FILTER_CALL_BACK,
	CX_SET_RECEIVE_FILTER_FROM_WRONG_THREAD,
	CX_INVALID_GSO_CAPABILITIES,
	CX_WAKE_NOT_IN_PROGRESS,
	CX_INVALID_OID_REQUEST_DISPATCH_SIGNATURE,
	CX_INVALID_DEVICE_QUEUE_EVENT_CALLBACKS,
	CX_INVALID_TX_DEMUX_TYPE,
	CX_INVALID_TX_DEMUX_RANGE,
	CX_PLATFORM_LEVEL_DEVICE_RESET_PERFORMED,
	CX_RESET_DIAGNOSTICS_SIZE_TOO_LARGE,
	CX_IS_NOT_COLLECTING_RESET_DIAGNOSTICS,
	CX_DEMUX_NOT_PRESENT,
	CX_INVALID_SUPPORTED_PROTOCOL_OFFLOADS_FLAGS,
	CX_INVALID_EXECUTION_CONTEXT_TASK,
	CX_INVALID_EXECUTION_CONTEXT_CONFIG,
	CX_INVALID_TX_CHECKSUM_CAPABILITIES,
	CX_INVALID_TX_CHECKSUM_IPV6_FLAGS,
	CX_DEPRECATED_FUNCTION,
	CX_INVALID_TX_CHECKSUM_HARDWARE_CAPABILITIES,
	CX_INVALID_TX_CHECKSUM_LAYER4_CAPABILITIES,
	CX_ADAPTER_NOT_STARTED,
	CX_OFFLOAD_NOT_PAUSED,
	CX_INVALID_GSO_HARDWARE_CAPABILITIES,
	CX_INVALID_RSS_CONFIGURATION,
	CX_RULES
};

/*
 * The failure codes of one release: rules[i] has number i, parameter 1 of the bug check. Constant.
 * 0 CorruptedPrivateGlobals cannot be broken here: a driver's calls carry no globals of ours.
 */
struct cx_rule_book {
	const char *version;  /* "NetAdapterCx 2.1", in reports; NULL: the only one of its shape */
	const uint8_t *rules; /* enum cx_rule */
	size_t count;
};

/* Where a rule is checked, for its report. */
struct cx_site {
	const char *call;   /* the DDI's or callback's public name */
	const char *object; /* the adapter's or device's name; NULL: not known yet */
	/* The rule book of the driver that has the code @caller; the shape's. */
	const struct cx_rule_book *(*book)(const void *caller);
	const void *caller; /* code of the driver: a return address or a callback of its */
};

/*
 * cx_violation() - the driver broke a rule: report it and end the process
 * @p2, @p3: parameters 2 and 3 of the bug check
 * @demand:  what the rule demands, a sentence
 * @passed:  what was passed or seen, printf format
 */
_Noreturn void cx_violation(const struct cx_site *at, enum cx_rule rule, uint64_t p2, uint64_t p3,
			    const char *demand, const char *passed, ...)
	__attribute__((format(printf, 6, 7)));

/* cx_soft_violation() - the same report for a rule that on Windows only stops a debugger. */
void cx_soft_violation(const struct cx_site *at, enum cx_rule rule, uint64_t p2, uint64_t p3,
		       const char *demand, const char *passed, ...)
	__attribute__((format(printf, 6, 7)));

/* cx_refuse_delete() - may_delete of a class whose objects only the framework deletes. */
void cx_refuse_delete(struct wdf_object *object, const char *call);

void cx_verify_passive(const struct cx_site *at);
void cx_verify_dispatch(const struct cx_site *at); /* IRQL <= DISPATCH_LEVEL */
void cx_verify_not_null(const struct cx_site *at, const void *pointer, const char *name);
void cx_verify_not_started(const struct cx_site *at, const struct cx_adapter *adapter);
/* The DDI waits until the adapter's callbacks have returned: it is not called by one of them. */
void cx_verify_not_in_callback(const struct cx_site *at, const struct cx_adapter *adapter);
/* A driver may hand NULL attributes (WDF_NO_OBJECT_ATTRIBUTES) to both. */
void cx_verify_parent_is_null(const struct cx_site *at, const WDF_OBJECT_ATTRIBUTES *attributes);
void cx_verify_context_size(const struct cx_site *at, const WDF_OBJECT_ATTRIBUTES *attributes);
/* @structure is the struct's name, @parameter the DDI's name for it. */
void cx_verify_struct_size(const struct cx_site *at, const ULONG *size, size_t expected,
			   const char *structure, const char *parameter);
/* The Size of a struct that may be NULL is checked by its own address: Size is the first field. */
#define cx_verify_size(at, pointer, structure)                                               \
	cx_verify_struct_size(at, (const ULONG *)(const void *)(pointer), sizeof(structure), \
			      #structure, #pointer)

#endif
