/* SPDX-License-Identifier: MIT */
/*
 * Packet queues, as NetAdapterCx 1.3 exports them: the transmit and the receive half are the same
 * but for their names. Source: DDI pages of nettxqueue.h, netrxqueue.h, netpacketqueue.h, 1809.
 */
#include "cx/api/1.3/queue.h"
#include "cx/api/1.3/verifier.h"
#include "nt/export.h"
#include "nt/fault.h"

NT_FAULT_NAMES("NetTxQueueCreate", "NetRxQueueCreate", "NetTxQueueInitAddPacketContextAttributes",
	       "NetRxQueueInitAddPacketContextAttributes", "NetTxQueueInitAddPacketExtension",
	       "NetRxQueueInitAddPacketExtension");

/* It begins with the core's part; a driver may pass NULL. */
static const struct cx_queue_creation *creation_of(const struct cx13_queue_init *init)
{
	return (const struct cx_queue_creation *)init;
}

static NTSTATUS create(const char *call, struct cx13_queue_init *init, bool tx,
		       PWDF_OBJECT_ATTRIBUTES attributes, NET_PACKET_QUEUE_CONFIG *Configuration,
		       NETPACKETQUEUE *handle)
{
	struct cx_site at = { .book = cx13_book,
			      .call = call,
			      .object = cx_queue_creation_object(creation_of(init)) };
	NET_PACKET_QUEUE_CONFIG config;
	struct cx13_queue *queue;
	NTSTATUS status;

	cx_verify_passive(&at);
	cx_verify_queue_creation(&at, creation_of(init), tx);
	cx_verify_size(&at, Configuration, NET_PACKET_QUEUE_CONFIG);
	config = *Configuration; /* what is checked is what counts */
	cx_verify_parent_is_null(&at, attributes);
	cx_verify_context_size(&at, attributes);
	cx13_verify_queue_config(&at, &config);
	if (nt_fault(call))
		return STATUS_INSUFFICIENT_RESOURCES;
	status = cx13_queue_make(init, attributes, &config, &queue);
	if (NT_SUCCESS(status))
		*handle = cx13_queue_handle(&queue->core);
	return status;
}

static NTSTATUS add_context(const char *call, struct cx13_queue_init *init, bool tx,
			    const NET_PACKET_CONTEXT_ATTRIBUTES *context)
{
	struct cx_site at = { .book = cx13_book,
			      .call = call,
			      .object = cx_queue_creation_object(creation_of(init)) };

	cx_verify_passive(&at);
	cx13_verify_packet_context(&at, context);
	/* 1809 does not look; a context added to no queue, or too late, would be lost. */
	cx_verify_queue_creation(&at, creation_of(init), tx);
	if (nt_fault(call))
		return STATUS_INSUFFICIENT_RESOURCES;
	return cx13_queue_init_add_context(init, context);
}

static NTSTATUS add_extension(const char *call, struct cx13_queue_init *init, bool tx,
			      const NET_PACKET_EXTENSION *ExtensionToAdd)
{
	struct cx_site at = { .book = cx13_book,
			      .call = call,
			      .object = cx_queue_creation_object(creation_of(init)) };

	cx_verify_passive(&at);
	cx_verify_size(&at, ExtensionToAdd, NET_PACKET_EXTENSION);
	cx13_verify_packet_extension(&at, ExtensionToAdd);
	cx_verify_queue_creation(&at, creation_of(init), tx);
	if (nt_fault(call))
		return STATUS_INSUFFICIENT_RESOURCES;
	return cx13_queue_init_add_extension(init, ExtensionToAdd);
}

static ULONG queue_id(const char *call, const struct cx13_queue_init *init, bool tx)
{
	struct cx_site at = { .book = cx13_book,
			      .call = call,
			      .object = cx_queue_creation_object(creation_of(init)) };

	cx_verify_passive(&at);
	cx_verify_queue_signature(&at, creation_of(init), tx);
	return init->creation.request.id;
}

static size_t extension_offset(const char *call, NETPACKETQUEUE handle,
			       const NET_PACKET_EXTENSION_QUERY *ExtensionToGet)
{
	struct cx13_queue *queue = cx13_queue_of(handle, call);
	struct cx_site at = { .book = cx13_book,
			      .call = call,
			      .object = queue->core.adapter->name };

	cx_verify_passive(&at);
	cx_verify_size(&at, ExtensionToGet, NET_PACKET_EXTENSION_QUERY);
	cx13_verify_packet_extension_query(&at, ExtensionToGet);
	return cx13_queue_extension_offset(queue, ExtensionToGet->Name, ExtensionToGet->Version);
}

static const NET_DATAPATH_DESCRIPTOR *descriptor(const char *call, NETPACKETQUEUE handle)
{
	struct cx13_queue *queue = cx13_queue_of(handle, call);

	cx_verify_passive(CX_AT(call, queue->core.adapter->name));
	return &queue->descriptor;
}

static PNET_PACKET_CONTEXT_TOKEN token(const char *call, NETPACKETQUEUE handle,
				       PCNET_CONTEXT_TYPE_INFO type)
{
	struct cx13_queue *queue = cx13_queue_of(handle, call);

	cx_verify_passive(CX_AT(call, queue->core.adapter->name));
	return (PNET_PACKET_CONTEXT_TOKEN)cx13_queue_context(queue, type);
}

static void notify(const char *call, NETPACKETQUEUE handle)
{
	struct cx13_queue *queue = cx13_queue_of(handle, call);

	if (queue->core.notify)
		queue->core.notify(queue->core.notify_context);
}

/*
 * NetTxQueueCreate, NetRxQueueCreate (1.3) - make the queue the running callback is asked for
 * @QueueInit:     from EvtAdapterCreateTxQueue or EvtAdapterCreateRxQueue
 * @Attributes:    may be NULL; ParentObject must be
 * @Configuration: copied
 * Once in each callback, on its thread. IRQL: PASSIVE_LEVEL.
 */
NETCX_EXPORT NTSTATUS netcx_1_3_NetTxQueueCreate(PNETTXQUEUE_INIT QueueInit,
						 PWDF_OBJECT_ATTRIBUTES Attributes,
						 PNET_PACKET_QUEUE_CONFIG Configuration,
						 NETPACKETQUEUE *Queue)
{
	return create(CX_CALL, (struct cx13_queue_init *)QueueInit, true, Attributes, Configuration,
		      Queue);
}

NETCX_EXPORT NTSTATUS netcx_1_3_NetRxQueueCreate(PNETRXQUEUE_INIT QueueInit,
						 PWDF_OBJECT_ATTRIBUTES Attributes,
						 PNET_PACKET_QUEUE_CONFIG Configuration,
						 NETPACKETQUEUE *Queue)
{
	return create(CX_CALL, (struct cx13_queue_init *)QueueInit, false, Attributes,
		      Configuration, Queue);
}

/* ...InitGetQueueId (1.3) - which queue is asked for; 0 is the default one. PASSIVE_LEVEL. */
NETCX_EXPORT ULONG netcx_1_3_NetTxQueueInitGetQueueId(PNETTXQUEUE_INIT QueueInit)
{
	return queue_id(CX_CALL, (struct cx13_queue_init *)QueueInit, true);
}

NETCX_EXPORT ULONG netcx_1_3_NetRxQueueInitGetQueueId(PNETRXQUEUE_INIT QueueInit)
{
	return queue_id(CX_CALL, (struct cx13_queue_init *)QueueInit, false);
}

/* ...InitAddPacketContextAttributes (1.3) - a context of the driver's in each packet. */
NETCX_EXPORT NTSTATUS netcx_1_3_NetTxQueueInitAddPacketContextAttributes(
	PNETTXQUEUE_INIT QueueInit, PNET_PACKET_CONTEXT_ATTRIBUTES PacketContextAttributes)
{
	return add_context(CX_CALL, (struct cx13_queue_init *)QueueInit, true,
			   PacketContextAttributes);
}

NETCX_EXPORT NTSTATUS netcx_1_3_NetRxQueueInitAddPacketContextAttributes(
	PNETRXQUEUE_INIT QueueInit, PNET_PACKET_CONTEXT_ATTRIBUTES PacketContextAttributes)
{
	return add_context(CX_CALL, (struct cx13_queue_init *)QueueInit, false,
			   PacketContextAttributes);
}

/* ...InitAddPacketExtension (1.3) - an extension in each packet. */
NETCX_EXPORT NTSTATUS netcx_1_3_NetTxQueueInitAddPacketExtension(
	PNETTXQUEUE_INIT QueueInit, const NET_PACKET_EXTENSION *ExtensionToAdd)
{
	return add_extension(CX_CALL, (struct cx13_queue_init *)QueueInit, true, ExtensionToAdd);
}

NETCX_EXPORT NTSTATUS netcx_1_3_NetRxQueueInitAddPacketExtension(
	PNETRXQUEUE_INIT QueueInit, const NET_PACKET_EXTENSION *ExtensionToAdd)
{
	return add_extension(CX_CALL, (struct cx13_queue_init *)QueueInit, false, ExtensionToAdd);
}

/*
 * ...GetPacketExtensionOffset (1.3) - where an extension lies in the queue's packets
 * Return: bytes from the NET_PACKET, or NET_PACKET_EXTENSION_INVALID_OFFSET. PASSIVE_LEVEL.
 */
NETCX_EXPORT SIZE_T netcx_1_3_NetTxQueueGetPacketExtensionOffset(
	NETPACKETQUEUE Queue, const NET_PACKET_EXTENSION_QUERY *ExtensionToGet)
{
	return extension_offset(CX_CALL, Queue, ExtensionToGet);
}

NETCX_EXPORT SIZE_T netcx_1_3_NetRxQueueGetPacketExtensionOffset(
	NETPACKETQUEUE Queue, const NET_PACKET_EXTENSION_QUERY *ExtensionToGet)
{
	return extension_offset(CX_CALL, Queue, ExtensionToGet);
}

/* ...GetDatapathDescriptor (1.3) - the queue's rings; constant for the queue's life. */
NETCX_EXPORT PCNET_DATAPATH_DESCRIPTOR
netcx_1_3_NetTxQueueGetDatapathDescriptor(NETPACKETQUEUE Queue)
{
	return descriptor(CX_CALL, Queue);
}

NETCX_EXPORT PCNET_DATAPATH_DESCRIPTOR
netcx_1_3_NetRxQueueGetDatapathDescriptor(NETPACKETQUEUE Queue)
{
	return descriptor(CX_CALL, Queue);
}

/* ...GetPacketContextToken (1.3) - for NetPacketGetContextFromToken; NULL: no such context. */
NETCX_EXPORT PNET_PACKET_CONTEXT_TOKEN netcx_1_3_NetTxQueueGetPacketContextToken(
	NETPACKETQUEUE Queue, PCNET_CONTEXT_TYPE_INFO ContextTypeInfo)
{
	return token(CX_CALL, Queue, ContextTypeInfo);
}

NETCX_EXPORT PNET_PACKET_CONTEXT_TOKEN netcx_1_3_NetRxQueueGetPacketContextToken(
	NETPACKETQUEUE Queue, PCNET_CONTEXT_TYPE_INFO ContextTypeInfo)
{
	return token(CX_CALL, Queue, ContextTypeInfo);
}

/* NetTxQueueNotifyMoreCompletedPacketsAvailable (1.3) - sent packets can be fetched. Any IRQL. */
NETCX_EXPORT VOID netcx_1_3_NetTxQueueNotifyMoreCompletedPacketsAvailable(NETPACKETQUEUE Queue)
{
	notify(CX_CALL, Queue);
}

/* NetRxQueueNotifyMoreReceivedPacketsAvailable (1.3) - received packets can. Any IRQL. */
NETCX_EXPORT VOID netcx_1_3_NetRxQueueNotifyMoreReceivedPacketsAvailable(NETPACKETQUEUE Queue)
{
	notify(CX_CALL, Queue);
}

/*
 * NetPacketGetContextFromToken (1.3) - the driver's context in a packet
 * The token is looked for in the queue always, not only under Cx's verifier as in 1809: a queue has
 * few of them. IRQL: <= DISPATCH_LEVEL.
 */
NETCX_EXPORT PVOID netcx_1_3_NetPacketGetContextFromToken(const NET_DATAPATH_DESCRIPTOR *Descriptor,
							  NET_PACKET *NetPacket,
							  PNET_PACKET_CONTEXT_TOKEN Token)
{
	const struct cx13_queue *queue = cx13_queue_of_descriptor(Descriptor, CX_CALL);
	const struct cx_site *at = CX_SITE(queue->core.adapter->name);

	cx_verify_dispatch(at);
	cx13_verify_packet_token(at, queue, Token);
	return (unsigned char *)NetPacket + ((const struct cx13_packet_context *)Token)->offset;
}

/* NetPacketGetTypedContext (1.3) - the same by type; NULL: the packets have no such context. */
NETCX_EXPORT PVOID netcx_1_3_NetPacketGetTypedContext(const NET_DATAPATH_DESCRIPTOR *Descriptor,
						      NET_PACKET *NetPacket,
						      PCNET_CONTEXT_TYPE_INFO TypeInfo)
{
	const struct cx13_queue *queue = cx13_queue_of_descriptor(Descriptor, CX_CALL);
	const struct cx13_packet_context *context;

	cx_verify_dispatch(CX_SITE(queue->core.adapter->name));
	context = cx13_queue_context(queue, TypeInfo);
	return context ? (unsigned char *)NetPacket + context->offset : NULL;
}
