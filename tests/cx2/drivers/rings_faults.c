/* SPDX-License-Identifier: MIT */
/* What the rings driver does wrong when it makes its receive queue and asks it, on request. */
#include "rings.h"

extern struct rings rings;

/* Before the queue is made. */
void RingsSpoilConfig(NETRXQUEUE_INIT **init, WDF_OBJECT_ATTRIBUTES *attributes,
		      NET_PACKET_QUEUE_CONFIG *config)
{
	switch (rings.fault) {
	case RINGS_QUEUE_WITHOUT_CANCEL:
		config->EvtCancel = NULL;
		break;
	case RINGS_QUEUE_WITHOUT_ADVANCE:
		config->EvtAdvance = NULL;
		break;
	case RINGS_QUEUE_WITHOUT_NOTIFICATION:
		config->EvtSetNotificationEnabled = NULL;
		break;
	case RINGS_QUEUE_WITH_PARENT:
		attributes->ParentObject = rings.device;
		break;
	case RINGS_QUEUE_OF_NOTHING:
		*init = (NETRXQUEUE_INIT *)&rings;
		break;
	case RINGS_QUEUE_SIZE:
		config->Size--;
		break;
	default:
		break;
	}
}

static void AtDispatch(NETRXQUEUE_INIT *init, NET_PACKET_QUEUE_CONFIG *config)
{
	NETPACKETQUEUE queue;
	KIRQL irql;

	KeRaiseIrql(DISPATCH_LEVEL, &irql);
	(void)NetRxQueueCreate(init, WDF_NO_OBJECT_ATTRIBUTES, config, &queue);
	KeLowerIrql(irql);
}

void RingsMisuseInit(NETRXQUEUE_INIT *init, NET_PACKET_QUEUE_CONFIG *config)
{
	NETPACKETQUEUE queue;

	if (rings.fault == RINGS_QUEUE_OF_THE_OTHER_KIND)
		(void)NetTxQueueCreate((NETTXQUEUE_INIT *)init, WDF_NO_OBJECT_ATTRIBUTES, config,
				       &queue);
	if (rings.fault == RINGS_QUEUE_AT_DISPATCH)
		AtDispatch(init, config);
	rings.kept = init;
}

static void AskWrong(NETPACKETQUEUE queue)
{
	NET_EXTENSION_QUERY query;
	NET_EXTENSION extension;

	NET_EXTENSION_QUERY_INIT(&query, NETCX_WIDE("ms_packet_checksum"), 1,
				 NetExtensionTypePacket);
	switch (rings.fault) {
	case RINGS_QUERY_SIZE:
		query.Size--;
		break;
	case RINGS_QUERY_WITHOUT_NAME:
		query.Name = NULL;
		break;
	case RINGS_QUERY_EMPTY_NAME:
		query.Name = NETCX_WIDE("");
		break;
	case RINGS_QUERY_RESERVED_NAME:
		query.Name = NETCX_WIDE("ms_packet_unheard_of");
		break;
	case RINGS_QUERY_UNKNOWN_NAME:
		query.Name = NETCX_WIDE("packet_checksum");
		break;
	case RINGS_QUERY_NEWER_VERSION:
		query.Version = 3;
		break;
	case RINGS_QUERY_OTHER_ELEMENT:
		query.Type = NetExtensionTypeFragment;
		query.Name = NETCX_WIDE("ms_packet_checksum");
		break;
	case RINGS_QUERY_OTHER_DIRECTION:
		query.Type = NetExtensionTypePacket;
		query.Name = NETCX_WIDE("ms_packet_gso");
		break;
	case RINGS_QUERY_HASH:
		query.Type = NetExtensionTypePacket;
		query.Name = NETCX_WIDE("ms_packet_hash");
		break;
	case RINGS_QUERY_VERSION_0:
		query.Version = 0;
		break;
	case RINGS_QUERY_TYPE:
		query.Type = (NET_EXTENSION_TYPE)4;
		break;
	default:
		return;
	}
	NetRxQueueGetExtension(queue, &query, &extension);
}

/* Once it is made. */
void RingsMisuseQueue(NETRXQUEUE_INIT *init, NET_PACKET_QUEUE_CONFIG *config, NETPACKETQUEUE queue)
{
	NET_EXTENSION_QUERY query;
	NET_EXTENSION extension;
	NETPACKETQUEUE second;

	NET_EXTENSION_QUERY_INIT(&query, NETCX_WIDE("ms_packet_checksum"), 1,
				 NetExtensionTypePacket);
	switch (rings.fault) {
	case RINGS_QUEUE_TWICE:
		(void)NetRxQueueCreate(init, WDF_NO_OBJECT_ATTRIBUTES, config, &second);
		break;
	case RINGS_QUERY_OF_THE_OTHER_KIND:
		NetTxQueueGetExtension(queue, &query, &extension);
		break;
	case RINGS_RINGS_OF_THE_OTHER_KIND:
		(void)NetTxQueueGetRingCollection(queue);
		break;
	case RINGS_NOTIFY_THE_OTHER_KIND:
		NetTxQueueNotifyMoreCompletedPacketsAvailable(queue);
		break;
#if NETADAPTER_VERSION_MINOR >= 1
	case RINGS_ASKS_PRIORITY:
		rings.priority = NetTxQueueGetDemux8021p(rings.tx);
		break;
#endif
	default:
		AskWrong(queue);
		break;
	}
}

/* When the callback that it was given to has long returned. */
void RingsUseKeptInit(void)
{
	if (rings.fault == RINGS_QUEUE_LATE && rings.kept)
		(void)NetRxQueueInitGetQueueId(rings.kept);
}
