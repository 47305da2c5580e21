/* SPDX-License-Identifier: MIT */
/* How a broken rule is reported, and the rules that belong to no version. */
#include "cx/verifier.h"

#include <stdio.h>

#include "cx/adapter.h"
#include "nt/callback.h"
#include "nt/irql.h"
#include "nt/violation.h"
#include "wdf/check.h"

/* As the enumeration of Windows spells them. */
static const char *const rule_names[CX_RULES] = {
	[CX_CORRUPTED_PRIVATE_GLOBALS] = "CorruptedPrivateGlobals",
	[CX_IRQL_IS_NOT_PASSIVE] = "IrqlIsNotPassive",
	[CX_IRQL_NOT_LESS_OR_EQUAL_DISPATCH] = "IrqlNotLessOrEqualDispatch",
	[CX_ADAPTER_ALREADY_STARTED] = "AdapterAlreadyStarted",
	[CX_EVT_ARM_DISARM_WAKE_NOT_IN_PROGRESS] = "EvtArmDisarmWakeNotInProgress",
	[CX_COMPLETING_NET_REQUEST_WITH_PENDING_STATUS] = "CompletingNetRequestWithPendingStatus",
	[CX_INVALID_NET_REQUEST_TYPE] = "InvalidNetRequestType",
	[CX_DEFAULT_REQUEST_QUEUE_ALREADY_EXISTS] = "DefaultRequestQueueAlreadyExists",
	[CX_INVALID_STRUCT_TYPE_SIZE] = "InvalidStructTypeSize",
	[CX_INVALID_QUEUE_CONFIGURATION] = "InvalidQueueConfiguration",
	[CX_INVALID_POWER_CAPABILITIES] = "InvalidPowerCapabilities",
	[CX_MAC_ADDRESS_LENGTH_TOO_LONG] = "MacAddressLengthTooLong",
	[CX_INVALID_LINK_LAYER_CAPABILITIES] = "InvalidLinkLayerCapabilities",
	[CX_INVALID_LINK_STATE] = "InvalidLinkState",
	[CX_OBJECT_IS_NOT_CANCELABLE] = "ObjectIsNotCancelable",
	[CX_PARAMETER_CANT_BE_NULL] = "ParameterCantBeNull",
	[CX_INVALID_QUERY_ULONG_FLAG] = "InvalidQueryUlongFlag",
	[CX_QUERY_NETWORK_ADDRESS_INVALID_PARAMETER] = "QueryNetworkAddressInvalidParameter",
	[CX_QUEUE_CONFIGURATION_HAS_ERROR] = "QueueConfigurationHasError",
	[CX_INVALID_REQUEST_QUEUE_TYPE] = "InvalidRequestQueueType",
	[CX_NET_PACKET_CONTEXT_TYPE_MISMATCH] = "NetPacketContextTypeMismatch",
	[CX_NET_PACKET_DOES_NOT_HAVE_CONTEXT] = "NetPacketDoesNotHaveContext",
	[CX_MTU_MUST_BE_GREATER_THAN_ZERO] = "MtuMustBeGreaterThanZero",
	[CX_BAD_QUEUE_INIT_CONTEXT] = "BadQueueInitContext",
	[CX_CREATING_NET_QUEUE_FROM_WRONG_THREAD] = "CreatingNetQueueFromWrongThread",
	[CX_INVALID_DATAPATH_CAPABILITIES] = "InvalidDatapathCapabilities",
	[CX_NET_QUEUE_INVALID_CONFIGURATION] = "NetQueueInvalidConfiguration",
	[CX_PARENT_OBJECT_NOT_NULL] = "ParentObjectNotNull",
	[CX_INVALID_NET_ADAPTER_CONFIG] = "InvalidNetAdapterConfig",
	[CX_QUEUE_ALREADY_CREATED] = "QueueAlreadyCreated",
	[CX_OBJECT_ATTRIBUTES_CONTEXT_SIZE_TOO_LARGE] = "ObjectAttributesContextSizeTooLarge",
	[CX_NOT_POWER_OF_TWO] = "NotPowerOfTwo",
	[CX_ILLEGAL_OBJECT_ATTRIBUTES] = "IllegalObjectAttributes",
	[CX_INVALID_PACKET_CONTEXT_TOKEN] = "InvalidPacketContextToken",
	[CX_INVALID_PACKET_CONTEXT_SIZE_OVERRIDE] = "InvalidPacketContextSizeOverride",
	[CX_INVALID_NET_PACKET_EXTENSION_NAME] = "InvalidNetPacketExtensionName",
	[CX_INVALID_NET_PACKET_EXTENSION_VERSION] = "InvalidNetPacketExtensionVersion",
	[CX_INVALID_NET_PACKET_EXTENSION_ALIGNMENT] = "InvalidNetPacketExtensionAlignment",
	[CX_INVALID_NET_PACKET_EXTENSION_EXTENSION_SIZE] = "InvalidNetPacketExtensionExtensionSize",
	[CX_NET_PACKET_EXTENSION_VERSIONED_SIZE_MISMATCH] =
		"NetPacketExtensionVersionedSizeMismatch",
	[CX_INVALID_ADAPTER_TX_CAPABILITIES] = "InvalidAdapterTxCapabilities",
	[CX_INVALID_ADAPTER_RX_CAPABILITIES] = "InvalidAdapterRxCapabilities",
	[CX_INVALID_RECEIVE_SCALING_HASH_TYPE] = "InvalidReceiveScalingHashType",
	[CX_INVALID_RECEIVE_SCALING_PROTOCOL_TYPE] = "InvalidReceiveScalingProtocolType",
	[CX_INVALID_RECEIVE_SCALING_ENCAPSULATION_TYPE] = "InvalidReceiveScalingEncapsulationType",
	[CX_ILLEGAL_ADAPTER_DELETE] = "IllegalAdapterDelete",
	[CX_REMOVING_DEVICE_WITH_ADAPTERS] = "RemovingDeviceWithAdapters",
	[CX_INVALID_DATAPATH_CALLBACKS] = "InvalidDatapathCallbacks",
	[CX_INVALID_NET_ADAPTER_INIT_SIGNATURE] = "InvalidNetAdapterInitSignature",
	[CX_NET_ADAPTER_INIT_ALREADY_USED] = "NetAdapterInitAlreadyUsed",
	[CX_INVALID_NET_ADAPTER_EXTENSION_INIT_SIGNATURE] =
		"InvalidNetAdapterExtensionInitSignature",
	[CX_INVALID_LSO_CAPABILITIES] = "InvalidLsoCapabilities",
	[CX_INVALID_PACKET_FILTER_CAPABILITIES] = "InvalidPacketFilterCapabilities",
	[CX_INVALID_SET_PACKET_FILTER_CALL_BACK] = "InvalidSetPacketFilterCallBack",
	[CX_INVALID_NET_EXTENSION_NAME] = "InvalidNetExtensionName",
	[CX_INVALID_NET_EXTENSION_VERSION] = "InvalidNetExtensionVersion",
	[CX_INVALID_NET_EXTENSION_TYPE] = "InvalidNetExtensionType",
	[CX_INVALID_NET_EXTENSION_ALIGNMENT] = "InvalidNetExtensionAlignment",
	[CX_INVALID_NET_EXTENSION_EXTENSION_SIZE] = "InvalidNetExtensionExtensionSize",
	[CX_ILLEGAL_PRIVATE_API_CALL] = "IllegalPrivateApiCall",
	[CX_INVALID_QUEUE_HANDLE] = "InvalidQueueHandle",
	[CX_INVALID_NET_ADAPTER_WAKE_REASON_MEDIA_CHANGE] =
		"InvalidNetAdapterWakeReasonMediaChange",
	[CX_POWER_NOT_IN_TRANSITION] = "PowerNotInTransition",
	[CX_DISARM_NOT_IN_PROGRESS] = "DisarmNotInProgress",
	[CX_INVALID_POWER_OFFLOAD_LIST_SIGNATURE] = "InvalidPowerOffloadListSignature",
	[CX_INVALID_WAKE_SOURCE_LIST_SIGNATURE] = "InvalidWakeSourceListSignature",
	[CX_INVALID_RING_IMMUTABLE] = "InvalidRingImmutable",
	[CX_INVALID_RING_IMMUTABLE_FRAMEWORK_ELEMENT] = "InvalidRingImmutableFrameworkElement",
	[CX_INVALID_RING_IMMUTABLE_DRIVER_TX_PACKET] = "InvalidRingImmutableDriverTxPacket",
	[CX_INVALID_RING_IMMUTABLE_DRIVER_TX_FRAGMENT] = "InvalidRingImmutableDriverTxFragment",
	[CX_INVALID_RING_IMMUTABLE_DRIVER_RX_PACKET_IGNORE] =
		"InvalidRingImmutableDriverRxPacketIgnore",
	[CX_INVALID_RING_MODIFIED_RX_PACKET] = "InvalidRingModifiedRxPacket",
	[CX_INVALID_RING_MODIFIED_RX_FRAGMENT] = "InvalidRingModifiedRxFragment",
	[CX_INVALID_RING_UNMODIFIED_RX_PACKET] = "InvalidRingUnmodifiedRxPacket",
	[CX_INVALID_RING_UNMODIFIED_RX_FRAGMENT] = "InvalidRingUnmodifiedRxFragment",
	[CX_INVALID_RING_BEGIN_INDEX] = "InvalidRingBeginIndex",
	[CX_INVALID_RING_RX_PACKET_FRAGMENT_COUNT_ZERO] = "InvalidRingRxPacketFragmentCountZero",
	[CX_INVALID_RING_RX_PACKET_FRAGMENT_COUNT_OUT_OF_RANGE] =
		"InvalidRingRxPacketFragmentCountOutOfRange",
	[CX_INVALID_RING_RX_PACKET_FRAGMENT_INDEX_OUT_OF_PRE_RANGE] =
		"InvalidRingRxPacketFragmentIndexOutOfPreRange",
	[CX_INVALID_RING_RX_PACKET_FRAGMENT_COUNT_OUT_OF_PRE_RANGE] =
		"InvalidRingRxPacketFragmentCountOutOfPreRange",
	[CX_INVALID_RING_RX_PACKET_FRAGMENT_INDEX_OUT_OF_POST_RANGE] =
		"InvalidRingRxPacketFragmentIndexOutOfPostRange",
	[CX_INVALID_RING_RX_PACKET_FRAGMENT_COUNT_OUT_OF_POST_RANGE] =
		"InvalidRingRxPacketFragmentCountOutOfPostRange",
	[CX_INVALID_RING_RX_PACKET_LAYER2_TYPE] = "InvalidRingRxPacketLayer2Type",
	[CX_INVALID_RING_RX_PACKET_LAYER2_TYPE_NULL_LENGTH_NON_ZERO] =
		"InvalidRingRxPacketLayer2TypeNullLengthNonZero",
	[CX_INVALID_RING_RX_PACKET_LAYER2_TYPE_ETHERNET_LENGTH_INVALID] =
		"InvalidRingRxPacketLayer2TypeEthernetLengthInvalid",
	[CX_INVALID_RING_RX_PACKET_LAYER3_TYPE_IPV4_LENGTH_INVALID] =
		"InvalidRingRxPacketLayer3TypeIPv4LengthInvalid",
	[CX_INVALID_RING_RX_PACKET_LAYER3_TYPE_IPV6_LENGTH_INVALID] =
		"InvalidRingRxPacketLayer3TypeIPv6LengthInvalid",
	[CX_INVALID_RING_RX_PACKET_LAYER4_TYPE_TCP_LENGTH_INVALID] =
		"InvalidRingRxPacketLayer4TypeTcpLengthInvalid",
	[CX_INVALID_RING_RX_PACKET_LAYER4_TYPE_UDP_LENGTH_INVALID] =
		"InvalidRingRxPacketLayer4TypeUdpLengthInvalid",
	[CX_INVALID_RING_RX_PACKET_LAYER3_TYPE] = "InvalidRingRxPacketLayer3Type",
	[CX_INVALID_RING_RX_PACKET_LAYER4_TYPE] = "InvalidRingRxPacketLayer4Type",
	[CX_INVALID_RING_RX_PACKET_FRAGMENT_INDEX_OVERLAP] =
		"InvalidRingRxPacketFragmentIndexOverlap",
	[CX_INVALID_RING_RX_PACKET_FRAGMENT_COUNT_OVERLAP] =
		"InvalidRingRxPacketFragmentCountOverlap",
	[CX_INVALID_RING_RX_PACKET_FRAGMENT_OFFSET_INVALID] =
		"InvalidRingRxPacketFragmentOffsetInvalid",
	[CX_INVALID_RING_RX_PACKET_FRAGMENT_LENGTH_INVALID] =
		"InvalidRingRxPacketFragmentLengthInvalid",
	[CX_INVALID_MEDIA_SPECIFIC_WAKE_UP_FLAGS] = "InvalidMediaSpecificWakeUpFlags",
	[CX_INVALID_RECEIVE_FILTER_CAPABILITIES] = "InvalidReceiveFilterCapabilities",
	[CX_INVALID_SET_RECEIVE_FILTER_CALL_BACK] = "InvalidSetReceiveFilterCallBack",
	[CX_SET_RECEIVE_FILTER_FROM_WRONG_THREAD] = "SetReceiveFilterFromWrongThread",
	[CX_INVALID_GSO_CAPABILITIES] = "InvalidGsoCapabilities",
	[CX_WAKE_NOT_IN_PROGRESS] = "WakeNotInProgress",
	[CX_INVALID_OID_REQUEST_DISPATCH_SIGNATURE] = "InvalidOidRequestDispatchSignature",
	[CX_INVALID_DEVICE_QUEUE_EVENT_CALLBACKS] = "InvalidDeviceQueueEventCallbacks",
	[CX_INVALID_TX_DEMUX_TYPE] = "InvalidTxDemuxType",
	[CX_INVALID_TX_DEMUX_RANGE] = "InvalidTxDemuxRange",
	[CX_PLATFORM_LEVEL_DEVICE_RESET_PERFORMED] = "PlatformLevelDeviceResetPerformed",
	[CX_RESET_DIAGNOSTICS_SIZE_TOO_LARGE] = "ResetDiagnosticsSizeTooLarge",
	[CX_IS_NOT_COLLECTING_RESET_DIAGNOSTICS] = "IsNotCollectingResetDiagnostics",
	[CX_DEMUX_NOT_PRESENT] = "DemuxNotPresent",
	[CX_INVALID_SUPPORTED_PROTOCOL_OFFLOADS_FLAGS] = "InvalidSupportedProtocolOffloadsFlags",
	[CX_INVALID_EXECUTION_CONTEXT_TASK] = "InvalidExecutionContextTask",
	[CX_INVALID_EXECUTION_CONTEXT_CONFIG] = "InvalidExecutionContextConfig",
	[CX_INVALID_TX_CHECKSUM_CAPABILITIES] = "InvalidTxChecksumCapabilities",
	[CX_INVALID_TX_CHECKSUM_IPV6_FLAGS] = "InvalidTxChecksumIPv6Flags",
	[CX_DEPRECATED_FUNCTION] = "DeprecatedFunction",
	[CX_INVALID_TX_CHECKSUM_HARDWARE_CAPABILITIES] = "InvalidTxChecksumHardwareCapabilities",
	[CX_INVALID_TX_CHECKSUM_LAYER4_CAPABILITIES] = "InvalidTxChecksumLayer4Capabilities",
	[CX_ADAPTER_NOT_STARTED] = "AdapterNotStarted",
	[CX_OFFLOAD_NOT_PAUSED] = "OffloadNotPaused",
	[CX_INVALID_GSO_HARDWARE_CAPABILITIES] = "InvalidGsoHardwareCapabilities",
	[CX_INVALID_RSS_CONFIGURATION] = "InvalidRSSConfiguration",
};

/* Its failure code in this release. A rule that the release has no number for is the last one. */
static uint64_t number_of(const struct cx_rule_book *book, enum cx_rule rule)
{
	size_t number = 0;

	while (number < book->count && book->rules[number] != rule)
		number++;
	return number;
}

static struct nt_violation report(const struct cx_site *at, enum cx_rule rule, uint64_t p2,
				  uint64_t p3, const char *demand, const char *passed)
{
	const struct cx_rule_book *book = at->book(at->caller);

	return (struct nt_violation){
		.bugcheck = CX_BUGCODE_NETADAPTER_DRIVER,
		.version = book->version,
		.parameter = { number_of(book, rule), p2, p3, 0 },
		.rule = rule_names[rule],
		.call = at->call,
		.object = at->object,
		.passed = passed,
		.demand = demand,
	};
}

void cx_violation(const struct cx_site *at, enum cx_rule rule, uint64_t p2, uint64_t p3,
		  const char *demand, const char *passed, ...)
{
	struct nt_violation violation;
	char text[256];
	va_list arguments;

	va_start(arguments, passed);
	vsnprintf(text, sizeof(text), passed, arguments);
	va_end(arguments);
	violation = report(at, rule, p2, p3, demand, text);
	nt_violation(&violation);
}

void cx_soft_violation(const struct cx_site *at, enum cx_rule rule, uint64_t p2, uint64_t p3,
		       const char *demand, const char *passed, ...)
{
	struct nt_violation violation;
	char text[256];
	va_list arguments;

	va_start(arguments, passed);
	vsnprintf(text, sizeof(text), passed, arguments);
	va_end(arguments);
	violation = report(at, rule, p2, p3, demand, text);
	nt_violation_note(&violation);
}

void cx_refuse_delete(struct wdf_object *object, const char *call)
{
	wdf_violation(wdf_driver_name(object->driver), WDF_OBJECT_DELETION, (uintptr_t)object, call,
		      "The framework deletes this object itself.",
		      "%p is a %s, which a driver cannot delete.", (void *)object,
		      object->class->name);
}

void cx_verify_passive(const struct cx_site *at)
{
	KIRQL irql = nt_irql();

	if (irql != PASSIVE_LEVEL)
		cx_violation(at, CX_IRQL_IS_NOT_PASSIVE, irql, 0,
			     "It is called at PASSIVE_LEVEL (0) only.", "The IRQL is %u.", irql);
}

void cx_verify_dispatch(const struct cx_site *at)
{
	KIRQL irql = nt_irql();

	if (irql > DISPATCH_LEVEL)
		cx_violation(at, CX_IRQL_NOT_LESS_OR_EQUAL_DISPATCH, irql, 0,
			     "It is called at DISPATCH_LEVEL (2) or below.", "The IRQL is %u.",
			     irql);
}

void cx_verify_not_null(const struct cx_site *at, const void *pointer, const char *name)
{
	if (!pointer)
		cx_violation(at, CX_PARAMETER_CANT_BE_NULL, 0, 0,
			     "This parameter must not be NULL.", "%s is NULL.", name);
}

void cx_verify_not_started(const struct cx_site *at, const struct cx_adapter *adapter)
{
	if (cx_adapter_state(adapter) != CX_ADAPTER_INITIALIZED)
		cx_violation(at, CX_ADAPTER_ALREADY_STARTED, 0, 0,
			     "It is called before NetAdapterStart, or after NetAdapterStop.",
			     "The adapter is started.");
}

/* Windows hangs there; the code is Driver Verifier's of a deadlock. */
void cx_verify_not_in_callback(const struct cx_site *at, const struct cx_adapter *adapter)
{
	const struct nt_callback *inside = nt_callback_inside_named(adapter->name);

	if (inside)
		nt_violation_say(
			0xC4, 0x1001, "DRIVER_VERIFIER_DETECTED_VIOLATION", at->call, at->object,
			"A callback does not wait for its own return: it leaves that to a work item, or to the device's PnP callbacks.",
			"it was called inside %s, and waits until that has returned: on Windows it waits for ever.",
			inside->name);
}

void cx_verify_parent_is_null(const struct cx_site *at, const WDF_OBJECT_ATTRIBUTES *attributes)
{
	if (attributes && attributes->ParentObject)
		cx_violation(at, CX_PARENT_OBJECT_NOT_NULL, 0, 0,
			     "The framework chooses this object's parent; leave ParentObject NULL.",
			     "ParentObject is %p.", (void *)attributes->ParentObject);
}

/* The size is the override's when there is one, as WdfObjectAllocateContext does. */
void cx_verify_context_size(const struct cx_site *at, const WDF_OBJECT_ATTRIBUTES *attributes)
{
	size_t size;

	if (!attributes)
		return;
	size = attributes->ContextSizeOverride;
	if (!size && attributes->ContextTypeInfo)
		size = attributes->ContextTypeInfo->ContextSize;
	if (size > MAXULONG)
		cx_violation(at, CX_OBJECT_ATTRIBUTES_CONTEXT_SIZE_TOO_LARGE, size, MAXULONG,
			     "An object's context has at most 4294967295 bytes.",
			     "The context's size is %zu.", size);
}

/* NULL, which ends Windows with a page fault, is reported like any parameter that must be there. */
void cx_verify_struct_size(const struct cx_site *at, const ULONG *size, size_t expected,
			   const char *structure, const char *parameter)
{
	cx_verify_not_null(at, size, parameter);
	if (*size != expected)
		cx_violation(at, CX_INVALID_STRUCT_TYPE_SIZE, *size, expected,
			     "Size is sizeof the structure; its INIT function sets it.",
			     "%s.Size is %u, %zu is expected.", structure, *size, expected);
}
