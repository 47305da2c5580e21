/* SPDX-License-Identifier: MIT */
/* Rules of packet queues, packet contexts and packet extensions. */
#include "rules.h"

static NETPACKETQUEUE Made;

static NET_PACKET_QUEUE_CONFIG Config(void)
{
	NET_PACKET_QUEUE_CONFIG config;

	NET_PACKET_QUEUE_CONFIG_INIT(&config, RecorderAdvance, RecorderSetNotificationEnabled,
				     RecorderCancel);
	return config;
}

#define CONFIG_RULE(name, statement)                                                     \
	static void name(const RECORDER_PLACE *Place)                                    \
	{                                                                                \
		NET_PACKET_QUEUE_CONFIG config = Config();                               \
		WDF_OBJECT_ATTRIBUTES attributes;                                        \
                                                                                         \
		WDF_OBJECT_ATTRIBUTES_INIT(&attributes);                                 \
		statement;                                                               \
		(void)NetTxQueueCreate(Place->TxQueueInit, &attributes, &config, &Made); \
	}
CONFIG_RULE(QueueSize, config.Size = 8)
CONFIG_RULE(QueueCancelNull, config.EvtCancel = NULL)
CONFIG_RULE(QueueAdvanceNull, config.EvtAdvance = NULL)
CONFIG_RULE(QueueNotificationNull, config.EvtSetNotificationEnabled = NULL)
CONFIG_RULE(QueueParent, attributes.ParentObject = Place->Adapter)
CONFIG_RULE(QueueContext, attributes.ContextSizeOverride = 0x100000000)
CONFIG_RULE(QueueTwice, (void)0)

static void QueueInitBogus(const RECORDER_PLACE *Place)
{
	static ULONG64 memory[64];

	UNREFERENCED_PARAMETER(Place);
	(void)NetTxQueueInitGetQueueId((PNETTXQUEUE_INIT)memory);
}

static void QueueInitOfOtherKind(const RECORDER_PLACE *Place)
{
	(void)NetRxQueueInitGetQueueId((PNETRXQUEUE_INIT)Place->TxQueueInit);
}

/* Kept from the transmit callback, used when it is over. */
static PNETTXQUEUE_INIT Kept;

static void KeepQueueInit(const RECORDER_PLACE *Place)
{
	Kept = Place->TxQueueInit;
}

static VOID CreateOnWorkItem(WDFWORKITEM WorkItem)
{
	NET_PACKET_QUEUE_CONFIG config = Config();

	UNREFERENCED_PARAMETER(WorkItem);
	(void)NetTxQueueCreate(Kept, WDF_NO_OBJECT_ATTRIBUTES, &config, &Made);
}

static void QueueWrongThread(const RECORDER_PLACE *Place)
{
	WDF_WORKITEM_CONFIG config;
	WDF_OBJECT_ATTRIBUTES attributes;
	WDFWORKITEM item;

	KeepQueueInit(Place);
	WDF_WORKITEM_CONFIG_INIT(&config, CreateOnWorkItem);
	config.AutomaticSerialization = FALSE;
	WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
	attributes.ParentObject = Place->Device;
	if (!NT_SUCCESS(WdfWorkItemCreate(&config, &attributes, &item)))
		return;
	WdfWorkItemEnqueue(item);
	WdfWorkItemFlush(item);
}

static void QueueDelete(const RECORDER_PLACE *Place)
{
	WdfObjectDelete(Place->TxQueue);
}

static void ContextOverride(const RECORDER_PLACE *Place)
{
	NET_PACKET_CONTEXT_ATTRIBUTES context;

	NET_PACKET_CONTEXT_ATTRIBUTES_INIT_TYPE(&context, PACKET_FIRST);
	context.ContextSizeOverride = sizeof(PACKET_FIRST) - 1;
	(void)NetTxQueueInitAddPacketContextAttributes(Place->TxQueueInit, &context);
}

static void TokenBogus(const RECORDER_PLACE *Place)
{
	PCNET_DATAPATH_DESCRIPTOR descriptor = NetTxQueueGetDatapathDescriptor(Place->TxQueue);

	(void)NetPacketGetContextFromToken(descriptor, NetRingBufferGetPacketAtIndex(descriptor, 0),
					   (PNET_PACKET_CONTEXT_TOKEN)(ULONG_PTR)descriptor);
}

static void TokenAtDirql(const RECORDER_PLACE *Place)
{
	PCNET_DATAPATH_DESCRIPTOR descriptor = NetTxQueueGetDatapathDescriptor(Place->TxQueue);
	KIRQL irql;

	KeRaiseIrql(8, &irql);
	(void)RecorderGetFirst(descriptor, NetRingBufferGetPacketAtIndex(descriptor, 0));
	KeLowerIrql(irql);
}

#define EXTENSION_RULE(name, statement)                                              \
	static void name(const RECORDER_PLACE *Place)                                \
	{                                                                            \
		NET_PACKET_EXTENSION extension;                                      \
                                                                                     \
		NET_PACKET_EXTENSION_INIT(&extension, L"fox", 1, 8, 7);              \
		statement;                                                           \
		(void)NetAdapterRegisterPacketExtension(Place->Adapter, &extension); \
	}
EXTENSION_RULE(ExtensionSize, extension.Size = 0)
EXTENSION_RULE(ExtensionNameNull, extension.Name = NULL)
EXTENSION_RULE(ExtensionNameEmpty, extension.Name = L"")
EXTENSION_RULE(ExtensionNameReserved, extension.Name = L"ms_packet_rsc")
EXTENSION_RULE(ExtensionVersion, extension.Version = 0)
EXTENSION_RULE(ExtensionAlignmentZero, extension.Alignment = 0)
EXTENSION_RULE(ExtensionAlignmentMask, extension.Alignment = 4)
EXTENSION_RULE(ExtensionAlignmentLarge, extension.Alignment = 15)
EXTENSION_RULE(ExtensionEmpty, extension.ExtensionSize = 0)
EXTENSION_RULE(ExtensionHuge, extension.ExtensionSize = 257)
EXTENSION_RULE(ExtensionLsoSize, extension.Name = NET_PACKET_EXTENSION_LSO_NAME)
EXTENSION_RULE(ExtensionChecksumVersion, extension.Name = NET_PACKET_EXTENSION_CHECKSUM_NAME;
	       extension.ExtensionSize = 1; extension.Version = 2)
EXTENSION_RULE(ExtensionStarted, (void)0)

static void QueryName(const RECORDER_PLACE *Place)
{
	NET_PACKET_EXTENSION_QUERY query;

	NET_PACKET_EXTENSION_QUERY_INIT(&query, L"", 1);
	(void)NetTxQueueGetPacketExtensionOffset(Place->TxQueue, &query);
}

static void AddExtensionToQueue(const RECORDER_PLACE *Place)
{
	NET_PACKET_EXTENSION extension;

	NET_PACKET_EXTENSION_INIT(&extension, L"ms_mine", 1, 8, 7);
	(void)NetTxQueueInitAddPacketExtension(Place->TxQueueInit, &extension);
}

static void UseKept(const RECORDER_PLACE *Place)
{
	UNREFERENCED_PARAMETER(Place);
	if (Kept)
		(void)NetTxQueueInitGetQueueId(Kept);
}

/* ---- the same rules, of a further receive queue ---- */

static void RxQueueTwice(const RECORDER_PLACE *Place)
{
	NET_PACKET_QUEUE_CONFIG config = Config();

	if (Place->QueueId == 2)
		(void)NetRxQueueCreate(Place->RxQueueInit, WDF_NO_OBJECT_ATTRIBUTES, &config,
				       &Made);
}

static void RxQueueAdvanceNull(const RECORDER_PLACE *Place)
{
	NET_PACKET_QUEUE_CONFIG config = Config();

	config.EvtAdvance = NULL;
	if (Place->QueueId == 3)
		(void)NetRxQueueCreate(Place->RxQueueInit, WDF_NO_OBJECT_ATTRIBUTES, &config,
				       &Made);
}

static void RxQueueOfOther(const RECORDER_PLACE *Place)
{
	static PNETRXQUEUE_INIT other;
	NET_PACKET_QUEUE_CONFIG config = Config();

	if (Place->QueueId == 1)
		other = Place->RxQueueInit;
	if (Place->QueueId == 2)
		(void)NetRxQueueCreate(other, WDF_NO_OBJECT_ATTRIBUTES, &config, &Made);
}

static void RxQueueDelete(const RECORDER_PLACE *Place)
{
	if (Place->QueueId == 1)
		WdfObjectDelete(Place->RxQueue);
}

static void PassiveAtDispatch(const RECORDER_PLACE *Place)
{
	(void)NetRxQueueGetDatapathDescriptor(Place->RxQueue);
}

const RULE QueueRules[] = {
	{ "queue-size", PointCreateTxQueue, QueueSize },
	{ "queue-cancel-null", PointCreateTxQueue, QueueCancelNull },
	{ "queue-advance-null", PointCreateTxQueue, QueueAdvanceNull },
	{ "queue-notification-null", PointCreateTxQueue, QueueNotificationNull },
	{ "queue-parent", PointCreateTxQueue, QueueParent },
	{ "queue-context", PointCreateTxQueue, QueueContext },
	{ "queue-twice", PointTxQueueCreated, QueueTwice },
	{ "queue-init-bogus", PointCreateTxQueue, QueueInitBogus },
	{ "queue-init-kind", PointCreateTxQueue, QueueInitOfOtherKind },
	{ "queue-init-kept", PointCreateTxQueue, KeepQueueInit },
	{ "queue-init-kept", PointRequest, UseKept },
	{ "queue-thread", PointCreateTxQueue, QueueWrongThread },
	{ "queue-delete", PointTxQueueCreated, QueueDelete },
	{ "context-override", PointCreateTxQueue, ContextOverride },
	{ "token-bogus", PointTxQueueCreated, TokenBogus },
	{ "token-dirql", PointTxQueueCreated, TokenAtDirql },
	{ "extension-size", PointBeforeStart, ExtensionSize },
	{ "extension-name-null", PointBeforeStart, ExtensionNameNull },
	{ "extension-name-empty", PointBeforeStart, ExtensionNameEmpty },
	{ "extension-name-reserved", PointBeforeStart, ExtensionNameReserved },
	{ "extension-version", PointBeforeStart, ExtensionVersion },
	{ "extension-alignment-zero", PointBeforeStart, ExtensionAlignmentZero },
	{ "extension-alignment-mask", PointBeforeStart, ExtensionAlignmentMask },
	{ "extension-alignment-large", PointBeforeStart, ExtensionAlignmentLarge },
	{ "extension-empty", PointBeforeStart, ExtensionEmpty },
	{ "extension-huge", PointBeforeStart, ExtensionHuge },
	{ "extension-lso-size", PointBeforeStart, ExtensionLsoSize },
	{ "extension-checksum-version", PointBeforeStart, ExtensionChecksumVersion },
	{ "extension-started", PointStarted, ExtensionStarted },
	{ "query-name", PointTxQueueCreated, QueryName },
	{ "queue-extension-reserved", PointCreateTxQueue, AddExtensionToQueue },
	{ "rx-queue-twice", PointRxQueueCreated, RxQueueTwice },
	{ "rx-queue-advance-null", PointCreateRxQueue, RxQueueAdvanceNull },
	{ "rx-queue-of-other", PointCreateRxQueue, RxQueueOfOther },
	{ "rx-queue-delete", PointRxQueueCreated, RxQueueDelete },
	{ "rx-queue-passive", PointScalingEntries, PassiveAtDispatch },
	{ NULL, PointStarted, NULL },
};
