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

/* All rules of all releases: the constant without its CX_, and what Windows calls it. */
#define CX_RULE_LIST(X)                                                                           \
	X(CORRUPTED_PRIVATE_GLOBALS, CorruptedPrivateGlobals)                                     \
	X(IRQL_IS_NOT_PASSIVE, IrqlIsNotPassive)                                                  \
	X(IRQL_NOT_LESS_OR_EQUAL_DISPATCH, IrqlNotLessOrEqualDispatch)                            \
	X(ADAPTER_ALREADY_STARTED, AdapterAlreadyStarted)                                         \
	X(EVT_ARM_DISARM_WAKE_NOT_IN_PROGRESS, EvtArmDisarmWakeNotInProgress)                     \
	X(COMPLETING_NET_REQUEST_WITH_PENDING_STATUS, CompletingNetRequestWithPendingStatus)      \
	X(INVALID_NET_REQUEST_TYPE, InvalidNetRequestType)                                        \
	X(DEFAULT_REQUEST_QUEUE_ALREADY_EXISTS, DefaultRequestQueueAlreadyExists)                 \
	X(INVALID_STRUCT_TYPE_SIZE, InvalidStructTypeSize)                                        \
	X(INVALID_QUEUE_CONFIGURATION, InvalidQueueConfiguration)                                 \
	X(INVALID_POWER_CAPABILITIES, InvalidPowerCapabilities)                                   \
	X(MAC_ADDRESS_LENGTH_TOO_LONG, MacAddressLengthTooLong)                                   \
	X(INVALID_LINK_LAYER_CAPABILITIES, InvalidLinkLayerCapabilities)                          \
	X(INVALID_LINK_STATE, InvalidLinkState)                                                   \
	X(OBJECT_IS_NOT_CANCELABLE, ObjectIsNotCancelable)                                        \
	X(PARAMETER_CANT_BE_NULL, ParameterCantBeNull)                                            \
	X(INVALID_QUERY_ULONG_FLAG, InvalidQueryUlongFlag)                                        \
	X(QUERY_NETWORK_ADDRESS_INVALID_PARAMETER, QueryNetworkAddressInvalidParameter)           \
	X(QUEUE_CONFIGURATION_HAS_ERROR, QueueConfigurationHasError)                              \
	X(INVALID_REQUEST_QUEUE_TYPE, InvalidRequestQueueType)                                    \
	X(NET_PACKET_CONTEXT_TYPE_MISMATCH, NetPacketContextTypeMismatch)                         \
	X(NET_PACKET_DOES_NOT_HAVE_CONTEXT, NetPacketDoesNotHaveContext)                          \
	X(MTU_MUST_BE_GREATER_THAN_ZERO, MtuMustBeGreaterThanZero)                                \
	X(BAD_QUEUE_INIT_CONTEXT, BadQueueInitContext)                                            \
	X(CREATING_NET_QUEUE_FROM_WRONG_THREAD, CreatingNetQueueFromWrongThread)                  \
	X(INVALID_DATAPATH_CAPABILITIES, InvalidDatapathCapabilities)                             \
	X(NET_QUEUE_INVALID_CONFIGURATION, NetQueueInvalidConfiguration)                          \
	X(PARENT_OBJECT_NOT_NULL, ParentObjectNotNull)                                            \
	X(INVALID_NET_ADAPTER_CONFIG, InvalidNetAdapterConfig)                                    \
	X(QUEUE_ALREADY_CREATED, QueueAlreadyCreated)                                             \
	X(OBJECT_ATTRIBUTES_CONTEXT_SIZE_TOO_LARGE, ObjectAttributesContextSizeTooLarge)          \
	X(NOT_POWER_OF_TWO, NotPowerOfTwo)                                                        \
	X(ILLEGAL_OBJECT_ATTRIBUTES, IllegalObjectAttributes)                                     \
	X(INVALID_PACKET_CONTEXT_TOKEN, InvalidPacketContextToken)                                \
	X(INVALID_PACKET_CONTEXT_SIZE_OVERRIDE, InvalidPacketContextSizeOverride)                 \
	X(INVALID_NET_PACKET_EXTENSION_NAME, InvalidNetPacketExtensionName)                       \
	X(INVALID_NET_PACKET_EXTENSION_VERSION, InvalidNetPacketExtensionVersion)                 \
	X(INVALID_NET_PACKET_EXTENSION_ALIGNMENT, InvalidNetPacketExtensionAlignment)             \
	X(INVALID_NET_PACKET_EXTENSION_EXTENSION_SIZE, InvalidNetPacketExtensionExtensionSize)    \
	X(NET_PACKET_EXTENSION_VERSIONED_SIZE_MISMATCH, NetPacketExtensionVersionedSizeMismatch)  \
	X(INVALID_ADAPTER_TX_CAPABILITIES, InvalidAdapterTxCapabilities)                          \
	X(INVALID_ADAPTER_RX_CAPABILITIES, InvalidAdapterRxCapabilities)                          \
	X(INVALID_RECEIVE_SCALING_HASH_TYPE, InvalidReceiveScalingHashType)                       \
	X(INVALID_RECEIVE_SCALING_PROTOCOL_TYPE, InvalidReceiveScalingProtocolType)               \
	X(INVALID_RECEIVE_SCALING_ENCAPSULATION_TYPE, InvalidReceiveScalingEncapsulationType)     \
	X(ILLEGAL_ADAPTER_DELETE, IllegalAdapterDelete)                                           \
	X(REMOVING_DEVICE_WITH_ADAPTERS, RemovingDeviceWithAdapters)                              \
	X(INVALID_DATAPATH_CALLBACKS, InvalidDatapathCallbacks)                                   \
	X(INVALID_NET_ADAPTER_INIT_SIGNATURE, InvalidNetAdapterInitSignature)                     \
	X(NET_ADAPTER_INIT_ALREADY_USED, NetAdapterInitAlreadyUsed)                               \
	X(INVALID_NET_ADAPTER_EXTENSION_INIT_SIGNATURE, InvalidNetAdapterExtensionInitSignature)  \
	X(INVALID_LSO_CAPABILITIES, InvalidLsoCapabilities)                                       \
	X(INVALID_PACKET_FILTER_CAPABILITIES, InvalidPacketFilterCapabilities)                    \
	X(INVALID_SET_PACKET_FILTER_CALL_BACK, InvalidSetPacketFilterCallBack)                    \
	X(INVALID_NET_EXTENSION_NAME, InvalidNetExtensionName)                                    \
	X(INVALID_NET_EXTENSION_VERSION, InvalidNetExtensionVersion)                              \
	X(INVALID_NET_EXTENSION_TYPE, InvalidNetExtensionType)                                    \
	X(INVALID_NET_EXTENSION_ALIGNMENT, InvalidNetExtensionAlignment)                          \
	X(INVALID_NET_EXTENSION_EXTENSION_SIZE, InvalidNetExtensionExtensionSize)                 \
	X(ILLEGAL_PRIVATE_API_CALL, IllegalPrivateApiCall)                                        \
	X(INVALID_QUEUE_HANDLE, InvalidQueueHandle)                                               \
	X(INVALID_NET_ADAPTER_WAKE_REASON_MEDIA_CHANGE, InvalidNetAdapterWakeReasonMediaChange)   \
	X(POWER_NOT_IN_TRANSITION, PowerNotInTransition)                                          \
	X(DISARM_NOT_IN_PROGRESS, DisarmNotInProgress)                                            \
	X(INVALID_POWER_OFFLOAD_LIST_SIGNATURE, InvalidPowerOffloadListSignature)                 \
	X(INVALID_WAKE_SOURCE_LIST_SIGNATURE, InvalidWakeSourceListSignature)                     \
	X(INVALID_RING_IMMUTABLE, InvalidRingImmutable)                                           \
	X(INVALID_RING_IMMUTABLE_FRAMEWORK_ELEMENT, InvalidRingImmutableFrameworkElement)         \
	X(INVALID_RING_IMMUTABLE_DRIVER_TX_PACKET, InvalidRingImmutableDriverTxPacket)            \
	X(INVALID_RING_IMMUTABLE_DRIVER_TX_FRAGMENT, InvalidRingImmutableDriverTxFragment)        \
	X(INVALID_RING_IMMUTABLE_DRIVER_RX_PACKET_IGNORE,                                         \
	  InvalidRingImmutableDriverRxPacketIgnore)                                               \
	X(INVALID_RING_MODIFIED_RX_PACKET, InvalidRingModifiedRxPacket)                           \
	X(INVALID_RING_MODIFIED_RX_FRAGMENT, InvalidRingModifiedRxFragment)                       \
	X(INVALID_RING_UNMODIFIED_RX_PACKET, InvalidRingUnmodifiedRxPacket)                       \
	X(INVALID_RING_UNMODIFIED_RX_FRAGMENT, InvalidRingUnmodifiedRxFragment)                   \
	X(INVALID_RING_BEGIN_INDEX, InvalidRingBeginIndex)                                        \
	X(INVALID_RING_RX_PACKET_FRAGMENT_COUNT_ZERO, InvalidRingRxPacketFragmentCountZero)       \
	X(INVALID_RING_RX_PACKET_FRAGMENT_COUNT_OUT_OF_RANGE,                                     \
	  InvalidRingRxPacketFragmentCountOutOfRange)                                             \
	X(INVALID_RING_RX_PACKET_FRAGMENT_INDEX_OUT_OF_PRE_RANGE,                                 \
	  InvalidRingRxPacketFragmentIndexOutOfPreRange)                                          \
	X(INVALID_RING_RX_PACKET_FRAGMENT_COUNT_OUT_OF_PRE_RANGE,                                 \
	  InvalidRingRxPacketFragmentCountOutOfPreRange)                                          \
	X(INVALID_RING_RX_PACKET_FRAGMENT_INDEX_OUT_OF_POST_RANGE,                                \
	  InvalidRingRxPacketFragmentIndexOutOfPostRange)                                         \
	X(INVALID_RING_RX_PACKET_FRAGMENT_COUNT_OUT_OF_POST_RANGE,                                \
	  InvalidRingRxPacketFragmentCountOutOfPostRange)                                         \
	X(INVALID_RING_RX_PACKET_LAYER2_TYPE, InvalidRingRxPacketLayer2Type)                      \
	X(INVALID_RING_RX_PACKET_LAYER2_TYPE_NULL_LENGTH_NON_ZERO,                                \
	  InvalidRingRxPacketLayer2TypeNullLengthNonZero)                                         \
	X(INVALID_RING_RX_PACKET_LAYER2_TYPE_ETHERNET_LENGTH_INVALID,                             \
	  InvalidRingRxPacketLayer2TypeEthernetLengthInvalid)                                     \
	X(INVALID_RING_RX_PACKET_LAYER3_TYPE_IPV4_LENGTH_INVALID,                                 \
	  InvalidRingRxPacketLayer3TypeIPv4LengthInvalid)                                         \
	X(INVALID_RING_RX_PACKET_LAYER3_TYPE_IPV6_LENGTH_INVALID,                                 \
	  InvalidRingRxPacketLayer3TypeIPv6LengthInvalid)                                         \
	X(INVALID_RING_RX_PACKET_LAYER4_TYPE_TCP_LENGTH_INVALID,                                  \
	  InvalidRingRxPacketLayer4TypeTcpLengthInvalid)                                          \
	X(INVALID_RING_RX_PACKET_LAYER4_TYPE_UDP_LENGTH_INVALID,                                  \
	  InvalidRingRxPacketLayer4TypeUdpLengthInvalid)                                          \
	X(INVALID_RING_RX_PACKET_LAYER3_TYPE, InvalidRingRxPacketLayer3Type)                      \
	X(INVALID_RING_RX_PACKET_LAYER4_TYPE, InvalidRingRxPacketLayer4Type)                      \
	X(INVALID_RING_RX_PACKET_FRAGMENT_INDEX_OVERLAP, InvalidRingRxPacketFragmentIndexOverlap) \
	X(INVALID_RING_RX_PACKET_FRAGMENT_COUNT_OVERLAP, InvalidRingRxPacketFragmentCountOverlap) \
	X(INVALID_RING_RX_PACKET_FRAGMENT_OFFSET_INVALID,                                         \
	  InvalidRingRxPacketFragmentOffsetInvalid)                                               \
	X(INVALID_RING_RX_PACKET_FRAGMENT_LENGTH_INVALID,                                         \
	  InvalidRingRxPacketFragmentLengthInvalid)                                               \
	X(INVALID_MEDIA_SPECIFIC_WAKE_UP_FLAGS, InvalidMediaSpecificWakeUpFlags)                  \
	X(INVALID_RECEIVE_FILTER_CAPABILITIES, InvalidReceiveFilterCapabilities)                  \
	X(INVALID_SET_RECEIVE_FILTER_CALL_BACK, InvalidSetReceiveFilterCallBack)                  \
	X(SET_RECEIVE_FILTER_FROM_WRONG_THREAD, SetReceiveFilterFromWrongThread)                  \
	X(INVALID_GSO_CAPABILITIES, InvalidGsoCapabilities)                                       \
	X(WAKE_NOT_IN_PROGRESS, WakeNotInProgress)                                                \
	X(INVALID_OID_REQUEST_DISPATCH_SIGNATURE, InvalidOidRequestDispatchSignature)             \
	X(INVALID_DEVICE_QUEUE_EVENT_CALLBACKS, InvalidDeviceQueueEventCallbacks)                 \
	X(INVALID_TX_DEMUX_TYPE, InvalidTxDemuxType)                                              \
	X(INVALID_TX_DEMUX_RANGE, InvalidTxDemuxRange)                                            \
	X(PLATFORM_LEVEL_DEVICE_RESET_PERFORMED, PlatformLevelDeviceResetPerformed)               \
	X(RESET_DIAGNOSTICS_SIZE_TOO_LARGE, ResetDiagnosticsSizeTooLarge)                         \
	X(IS_NOT_COLLECTING_RESET_DIAGNOSTICS, IsNotCollectingResetDiagnostics)                   \
	X(DEMUX_NOT_PRESENT, DemuxNotPresent)                                                     \
	X(INVALID_SUPPORTED_PROTOCOL_OFFLOADS_FLAGS, InvalidSupportedProtocolOffloadsFlags)       \
	X(INVALID_EXECUTION_CONTEXT_TASK, InvalidExecutionContextTask)                            \
	X(INVALID_EXECUTION_CONTEXT_CONFIG, InvalidExecutionContextConfig)                        \
	X(INVALID_TX_CHECKSUM_CAPABILITIES, InvalidTxChecksumCapabilities)                        \
	X(INVALID_TX_CHECKSUM_IPV6_FLAGS, InvalidTxChecksumIPv6Flags)                             \
	X(DEPRECATED_FUNCTION, DeprecatedFunction)                                                \
	X(INVALID_TX_CHECKSUM_HARDWARE_CAPABILITIES, InvalidTxChecksumHardwareCapabilities)       \
	X(INVALID_TX_CHECKSUM_LAYER4_CAPABILITIES, InvalidTxChecksumLayer4Capabilities)           \
	X(ADAPTER_NOT_STARTED, AdapterNotStarted)                                                 \
	X(OFFLOAD_NOT_PAUSED, OffloadNotPaused)                                                   \
	X(INVALID_GSO_HARDWARE_CAPABILITIES, InvalidGsoHardwareCapabilities)                      \
	X(INVALID_RSS_CONFIGURATION, InvalidRSSConfiguration)

enum cx_rule {
#define X(constant, name) CX_##constant,
	CX_RULE_LIST(X)
#undef X
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
	const char *api; /* "2.1" */
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
