/* SPDX-License-Identifier: MIT */
/*
 * Packet queues, as NetAdapterCx 2.x exports them: the transmit and the receive half are the same
 * but for their names. Source: DDI pages of nettxqueue.h, netrxqueue.h, netpacketqueue.h.
 */
#include "base/utf.h"
#include "cx/api/2/execution.h"
#include "cx/api/2/verify_queue.h"
#include "nt/event.h"
#include "nt/export.h"
#include "nt/fault.h"

NT_FAULT_NAMES("NetTxQueueCreate", "NetRxQueueCreate");

/* What a DDI hands on: its name, and the driver's code that called it. */
#define CALL CX_CALL, __builtin_return_address(0)

static const struct cx_queue_creation *creation_of(const void *init)
{
	return init;
}

/*
 * 2004 looks at Size first, later releases last, and there it is no end.
 * Return: the configuration as the driver's version has it.
 */
static NET_PACKET_QUEUE_CONFIG verify_create(const struct cx_site *at,
					     const struct cx_queue_creation *creation, bool tx,
					     const WDF_OBJECT_ATTRIBUTES *attributes,
					     const NET_PACKET_QUEUE_CONFIG *config)
{
	NET_PACKET_QUEUE_CONFIG copy;
	unsigned minor;

	cx_verify_passive(at);
	cx_verify_queue_creation(at, creation, tx);
	minor = cx2_adapter(creation->adapter)->minor;
	if (!minor)
		cx2_verify_queue_config_size(at, config, minor, &copy);
	cx_verify_parent_is_null(at, attributes);
	cx_verify_context_size(at, attributes);
	if (minor)
		cx2_verify_queue_config_size(at, config, minor, &copy);
	cx2_verify_queue_config(at, &copy, tx);
	return copy;
}

static NTSTATUS create(const char *call, const void *code, void *init, bool tx,
		       WDF_OBJECT_ATTRIBUTES *attributes, const NET_PACKET_QUEUE_CONFIG *config,
		       NETPACKETQUEUE *handle)
{
	const struct cx_site *at = CX_AT(call, cx_queue_creation_object(init), code);
	NET_PACKET_QUEUE_CONFIG copy = verify_create(at, creation_of(init), tx, attributes, config);
	struct cx2_execution *execution =
		copy.ExecutionContext ? cx2_execution_of(copy.ExecutionContext, call) : NULL;
	struct cx2_queue *queue;
	NTSTATUS status;

	if (nt_fault(call))
		return STATUS_INSUFFICIENT_RESOURCES;
	status = cx2_queue_make(init, attributes, &copy, execution, &queue);
	if (NT_SUCCESS(status))
		*handle = cx2_queue_handle(&queue->core);
	return status;
}

static ULONG queue_id(const char *call, const void *code, const void *init, bool tx)
{
	const struct cx_queue_creation *creation = creation_of(init);
	const struct cx_site *at = CX_AT(call, cx_queue_creation_object(creation), code);

	cx_verify_passive(at);
	cx_verify_queue_signature(at, creation, tx);
	return creation->request.id;
}

/* A misspelt name, or one of another version, is a driver that wonders why nothing comes. */
static void tell_lack(const char *call, const struct cx2_queue *queue,
		      const NET_EXTENSION_QUERY *query)
{
	const struct cx_queue *core = &queue->core;
	const char *lack = cx2_extension_lack(cx2_adapter(core->adapter), core->kind, query);
	char name[128];

	if (!lack)
		return;
	utf8_from_utf16(name, sizeof(name), query->Name, sizeof(name));
	nt_log(core->adapter->name, "%s: \"%s\" %s (Version %u, Type %d): Enabled is FALSE", call,
	       name, lack, query->Version, (int)query->Type);
}

static void extension(const char *call, const void *code, NETPACKETQUEUE handle, bool tx,
		      const NET_EXTENSION_QUERY *Query, NET_EXTENSION *to)
{
	struct cx2_queue *queue = cx2_queue_of(handle, call);
	const struct cx_site *at = CX_AT(call, queue->core.adapter->name, code);
	NET_EXTENSION_QUERY query;

	cx_verify_passive(at);
	cx_verify_size(at, Query, NET_EXTENSION_QUERY);
	query = *Query;
	cx2_verify_extension_query(at, &query, (uintptr_t)Query);
	cx2_verify_queue_kind(at, queue, tx);
	cx2_queue_extension(queue, &query, to);
	if (!to->Enabled)
		tell_lack(call, queue, &query);
}

static const NET_RING_COLLECTION *rings(const char *call, const void *code, NETPACKETQUEUE handle,
					bool tx)
{
	struct cx2_queue *queue = cx2_queue_of(handle, call);
	const struct cx_site *at = CX_AT(call, queue->core.adapter->name, code);

	cx_verify_passive(at);
	cx2_verify_queue_kind(at, queue, tx);
	return &queue->collection;
}

static void notify(const char *call, const void *code, NETPACKETQUEUE handle, bool tx)
{
	struct cx2_queue *queue = cx2_queue_of(handle, call);

	cx2_verify_queue_kind(CX_AT(call, queue->core.adapter->name, code), queue, tx);
	if (queue->core.notify)
		queue->core.notify(queue->core.notify_context);
}

/*
 * NetTxQueueCreate, NetRxQueueCreate (2.0) - make the queue the running callback is asked for
 * @QueueInit:     from EvtAdapterCreateTxQueue or EvtAdapterCreateRxQueue
 * @Attributes:    may be NULL; ParentObject must be
 * @Configuration: copied
 * Once in each callback, on its thread. IRQL: PASSIVE_LEVEL.
 */
NETCX_EXPORT NTSTATUS netcx_2_NetTxQueueCreate(NETTXQUEUE_INIT *QueueInit,
					       WDF_OBJECT_ATTRIBUTES *Attributes,
					       NET_PACKET_QUEUE_CONFIG *Configuration,
					       NETPACKETQUEUE *Queue)
{
	return create(CALL, QueueInit, true, Attributes, Configuration, Queue);
}

NETCX_EXPORT NTSTATUS netcx_2_NetRxQueueCreate(NETRXQUEUE_INIT *QueueInit,
					       WDF_OBJECT_ATTRIBUTES *Attributes,
					       NET_PACKET_QUEUE_CONFIG *Configuration,
					       NETPACKETQUEUE *Queue)
{
	return create(CALL, QueueInit, false, Attributes, Configuration, Queue);
}

/* ...InitGetQueueId (2.0) - the number of the queue that is asked for. PASSIVE_LEVEL. */
NETCX_EXPORT ULONG netcx_2_NetTxQueueInitGetQueueId(NETTXQUEUE_INIT *QueueInit)
{
	return queue_id(CALL, QueueInit, true);
}

NETCX_EXPORT ULONG netcx_2_NetRxQueueInitGetQueueId(NETRXQUEUE_INIT *QueueInit)
{
	return queue_id(CALL, QueueInit, false);
}

/*
 * ...GetExtension (2.0) - where an extension of the queue's elements lies
 * @Extension: Enabled FALSE when the queue has not got it
 * IRQL: PASSIVE_LEVEL.
 */
NETCX_EXPORT VOID netcx_2_NetTxQueueGetExtension(NETPACKETQUEUE Queue,
						 const NET_EXTENSION_QUERY *Query,
						 NET_EXTENSION *Extension)
{
	extension(CALL, Queue, true, Query, Extension);
}

NETCX_EXPORT VOID netcx_2_NetRxQueueGetExtension(NETPACKETQUEUE Queue,
						 const NET_EXTENSION_QUERY *Query,
						 NET_EXTENSION *Extension)
{
	extension(CALL, Queue, false, Query, Extension);
}

/* ...GetRingCollection (2.0) - the queue's rings; constant for the queue's life. PASSIVE_LEVEL. */
NETCX_EXPORT const NET_RING_COLLECTION *netcx_2_NetTxQueueGetRingCollection(NETPACKETQUEUE Queue)
{
	return rings(CALL, Queue, true);
}

NETCX_EXPORT const NET_RING_COLLECTION *netcx_2_NetRxQueueGetRingCollection(NETPACKETQUEUE Queue)
{
	return rings(CALL, Queue, false);
}

/* NetTxQueueNotifyMoreCompletedPacketsAvailable (2.0) - sent packets can be fetched. Any IRQL. */
NETCX_EXPORT VOID netcx_2_NetTxQueueNotifyMoreCompletedPacketsAvailable(NETPACKETQUEUE Queue)
{
	notify(CALL, Queue, true);
}

/* NetRxQueueNotifyMoreReceivedPacketsAvailable (2.0) - received packets can. Any IRQL. */
NETCX_EXPORT VOID netcx_2_NetRxQueueNotifyMoreReceivedPacketsAvailable(NETPACKETQUEUE Queue)
{
	notify(CALL, Queue, false);
}

/* A transmit queue whose packets came to it for what they are; the rules before the one about that.
 */
static struct cx2_queue *demuxed(const char *call, const void *code, NETPACKETQUEUE handle)
{
	struct cx2_queue *queue = cx2_queue_of(handle, call);
	const struct cx_site *at = CX_AT(call, queue->core.adapter->name, code);

	cx_verify_passive(at);
	cx2_verify_queue_kind(at, queue, true);
	return queue;
}

_Noreturn static void demux_not_present(const char *call, const void *code,
					const struct cx2_queue *queue, const char *demand,
					const char *passed)
{
	cx_violation(CX_AT(call, queue->core.adapter->name, code), CX_DEMUX_NOT_PRESENT,
		     (uintptr_t)queue->core.adapter, (uintptr_t)queue, demand, "%s", passed);
}

/*
 * NetTxQueueGetDemux8021p (2.1) - the 802.1p priority whose packets come to the queue
 * Of an adapter that has asked for it (NetAdapterInitAddTxDemux). IRQL: PASSIVE_LEVEL.
 */
NETCX_EXPORT UINT8 netcx_2_NetTxQueueGetDemux8021p(NETPACKETQUEUE Queue)
{
	const struct cx2_queue *queue = demuxed(CALL, Queue);

	if (!cx2_adapter(queue->core.adapter)->demux.Size)
		demux_not_present(
			CALL, queue,
			"The adapter has asked for queues by 802.1p priority before it was made.",
			"Its transmit queues do not go by priority.");
	return queue->core.priority;
}

/* WifiCx asks for such queues, in a way that only it has; there is no WifiCx here. */
static const char wifi_queue[] =
	"Only the WiFi class extension's drivers have queues by WMM class or by peer.";

/* NetTxQueueGetDemuxWmmInfo (2.4) - the WMM class of a WiFi adapter's queue. IRQL: PASSIVE_LEVEL.
 */
NETCX_EXPORT UINT8 netcx_2_NetTxQueueGetDemuxWmmInfo(NETPACKETQUEUE Queue)
{
	demux_not_present(CALL, demuxed(CALL, Queue), wifi_queue,
			  "The queue does not go by WMM class.");
}

/* NetTxQueueGetDemuxPeerAddress (2.4) - the peer of a WiFi adapter's queue. IRQL: PASSIVE_LEVEL. */
NETCX_EXPORT NET_EUI48_ADDRESS netcx_2_NetTxQueueGetDemuxPeerAddress(NETPACKETQUEUE Queue)
{
	demux_not_present(CALL, demuxed(CALL, Queue), wifi_queue, "The queue does not go by peer.");
}
