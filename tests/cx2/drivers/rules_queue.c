/* SPDX-License-Identifier: MIT */
/* Rules of making packet queues, and of what is asked of the wrong kind of one. */
#include "rules.h"

static EVT_PACKET_QUEUE_ADVANCE Advance;
static EVT_PACKET_QUEUE_CANCEL Cancel;
static EVT_PACKET_QUEUE_SET_NOTIFICATION_ENABLED Arm;

static void Advance(NETPACKETQUEUE Queue)
{
	UNREFERENCED_PARAMETER(Queue);
}

static void Cancel(NETPACKETQUEUE Queue)
{
	UNREFERENCED_PARAMETER(Queue);
}

static void Arm(NETPACKETQUEUE Queue, BOOLEAN Enabled)
{
	UNREFERENCED_PARAMETER(Queue);
	UNREFERENCED_PARAMETER(Enabled);
}

/* The same fault for queues of both kinds. */
#define CREATE_RULE(name, statement)                                                      \
	static void Tx##name(const RECORDER_PLACE *Place)                                 \
	{                                                                                 \
		NET_PACKET_QUEUE_CONFIG config;                                           \
		WDF_OBJECT_ATTRIBUTES attributes;                                         \
		NETPACKETQUEUE queue;                                                     \
                                                                                          \
		NET_PACKET_QUEUE_CONFIG_INIT(&config, Advance, Arm, Cancel);              \
		WDF_OBJECT_ATTRIBUTES_INIT(&attributes);                                  \
		statement;                                                                \
		(void)NetTxQueueCreate(Place->TxQueueInit, &attributes, &config, &queue); \
	}                                                                                 \
	static void Rx##name(const RECORDER_PLACE *Place)                                 \
	{                                                                                 \
		NET_PACKET_QUEUE_CONFIG config;                                           \
		WDF_OBJECT_ATTRIBUTES attributes;                                         \
		NETPACKETQUEUE queue;                                                     \
                                                                                          \
		NET_PACKET_QUEUE_CONFIG_INIT(&config, Advance, Arm, Cancel);              \
		WDF_OBJECT_ATTRIBUTES_INIT(&attributes);                                  \
		statement;                                                                \
		(void)NetRxQueueCreate(Place->RxQueueInit, &attributes, &config, &queue); \
	}
CREATE_RULE(Parent, attributes.ParentObject = Place->Adapter)
CREATE_RULE(Context, attributes.ContextSizeOverride = 0x100000000)
CREATE_RULE(Size, config.Size = 40)
CREATE_RULE(NoAdvance, config.EvtAdvance = NULL)
CREATE_RULE(NoArm, config.EvtSetNotificationEnabled = NULL)
CREATE_RULE(NoCancel, config.EvtCancel = NULL)

static NETTXQUEUE_INIT *KeptTx;
static NETRXQUEUE_INIT *KeptRx;

static EVT_WDF_WORKITEM CreateTx, CreateRx;

static void CreateTx(WDFWORKITEM WorkItem)
{
	RECORDER_PLACE place = { .TxQueueInit = KeptTx };

	UNREFERENCED_PARAMETER(WorkItem);
	TxNoCancel(&place);
}

static void CreateRx(WDFWORKITEM WorkItem)
{
	RECORDER_PLACE place = { .RxQueueInit = KeptRx };

	UNREFERENCED_PARAMETER(WorkItem);
	RxNoCancel(&place);
}

static void OnWorkItem(WDFDEVICE Device, PFN_WDF_WORKITEM Function)
{
	WDF_WORKITEM_CONFIG config;
	WDF_OBJECT_ATTRIBUTES attributes;
	WDFWORKITEM item;

	WDF_WORKITEM_CONFIG_INIT(&config, Function);
	config.AutomaticSerialization = FALSE;
	WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
	attributes.ParentObject = Device;
	if (!NT_SUCCESS(WdfWorkItemCreate(&config, &attributes, &item)))
		return;
	WdfWorkItemEnqueue(item);
	WdfWorkItemFlush(item);
}

static void TxThread(const RECORDER_PLACE *Place)
{
	KeptTx = Place->TxQueueInit;
	OnWorkItem(Place->Device, CreateTx);
}

static void RxThread(const RECORDER_PLACE *Place)
{
	KeptRx = Place->RxQueueInit;
	OnWorkItem(Place->Device, CreateRx);
}

static void TxInitNone(const RECORDER_PLACE *Place)
{
	static UINT64 nothing[64];

	UNREFERENCED_PARAMETER(Place);
	(void)NetTxQueueInitGetQueueId((NETTXQUEUE_INIT *)nothing);
}

static void RxInitOfTx(const RECORDER_PLACE *Place)
{
	(void)NetRxQueueInitGetQueueId((NETRXQUEUE_INIT *)Place->TxQueueInit);
}

static void TxInitOfRx(const RECORDER_PLACE *Place)
{
	(void)NetTxQueueInitGetQueueId((NETTXQUEUE_INIT *)Place->RxQueueInit);
}

/* ---- of the wrong kind: the receive functions, asked of a transmit queue ---- */

static NET_EXTENSION_QUERY Query(void)
{
	NET_EXTENSION_QUERY query;

	NET_EXTENSION_QUERY_INIT(&query, NET_FRAGMENT_EXTENSION_VIRTUAL_ADDRESS_NAME,
				 NET_FRAGMENT_EXTENSION_VIRTUAL_ADDRESS_VERSION_1,
				 NetExtensionTypeFragment);
	return query;
}

static void RingsOfTx(const RECORDER_PLACE *Place)
{
	(void)NetRxQueueGetRingCollection(Place->Queue);
}

static void ExtensionOfTx(const RECORDER_PLACE *Place)
{
	const NET_EXTENSION_QUERY query = Query();
	NET_EXTENSION extension;

	NetRxQueueGetExtension(Place->Queue, &query, &extension);
}

static void NotifyTx(const RECORDER_PLACE *Place)
{
	NetRxQueueNotifyMoreReceivedPacketsAvailable(Place->Queue);
}

#if NETADAPTER_VERSION_MINOR >= 1
static void PriorityOfRx(const RECORDER_PLACE *Place)
{
	(void)NetTxQueueGetDemux8021p(Place->Queue);
}
#endif

#define QUERY_RULE(name, statement)                                       \
	static void name(const RECORDER_PLACE *Place)                     \
	{                                                                 \
		NET_EXTENSION_QUERY query = Query();                      \
		NET_EXTENSION extension;                                  \
                                                                          \
		statement;                                                \
		NetTxQueueGetExtension(Place->Queue, &query, &extension); \
	}
QUERY_RULE(QuerySize, query.Size = 8)
QUERY_RULE(QueryName, query.Name = L"")
QUERY_RULE(QueryVersion, query.Version = 0)
QUERY_RULE(QueryType, query.Type = (NET_EXTENSION_TYPE)7)

const RULE QueueRules[] = {
	{ "tx-parent", PointCreateTxQueue, TxParent },
	{ "rx-parent", PointCreateRxQueue, RxParent },
	{ "tx-context", PointCreateTxQueue, TxContext },
	{ "rx-context", PointCreateRxQueue, RxContext },
	{ "tx-queue-size", PointCreateTxQueue, TxSize },
	{ "rx-queue-size", PointCreateRxQueue, RxSize },
	{ "tx-no-advance", PointCreateTxQueue, TxNoAdvance },
	{ "rx-no-advance", PointCreateRxQueue, RxNoAdvance },
	{ "tx-no-arm", PointCreateTxQueue, TxNoArm },
	{ "rx-no-arm", PointCreateRxQueue, RxNoArm },
	{ "tx-no-cancel", PointCreateTxQueue, TxNoCancel },
	{ "rx-no-cancel", PointCreateRxQueue, RxNoCancel },
	{ "tx-thread", PointCreateTxQueue, TxThread },
	{ "rx-thread", PointCreateRxQueue, RxThread },
	{ "tx-init-none", PointCreateTxQueue, TxInitNone },
	{ "rx-init-of-tx", PointCreateTxQueue, RxInitOfTx },
	{ "tx-init-of-rx", PointCreateRxQueue, TxInitOfRx },
	{ "rings-of-tx", PointTxQueueCreated, RingsOfTx },
	{ "extension-of-tx", PointTxQueueCreated, ExtensionOfTx },
	{ "notify-tx", PointTxQueueCreated, NotifyTx },
#if NETADAPTER_VERSION_MINOR >= 1
	{ "priority-of-rx", PointRxQueueCreated, PriorityOfRx },
#endif
	{ "query-size", PointTxQueueCreated, QuerySize },
	{ "query-name", PointTxQueueCreated, QueryName },
	{ "query-version", PointTxQueueCreated, QueryVersion },
	{ "query-type", PointTxQueueCreated, QueryType },
	{ NULL, PointStarted, NULL },
};
