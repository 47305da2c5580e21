/* SPDX-License-Identifier: MIT */
/* The rules for packet queues, packet contexts and packet extensions. */
#include <stdio.h>

#include "cx/api/1.3/client.h"
#include "cx/api/1.3/queue.h"
#include "cx/api/1.3/verifier.h"
#include "nt/violation.h"

void cx13_verify_queue_config(const struct cx_site *at, const NET_PACKET_QUEUE_CONFIG *config)
{
	static const char demand[] =
		"EvtCancel, EvtAdvance and EvtSetNotificationEnabled are required.";

	if (!config->EvtCancel)
		cx_violation(at, CX_NET_QUEUE_INVALID_CONFIGURATION, 0, 0, demand,
			     "EvtCancel is NULL.");
	if (!config->EvtAdvance)
		cx_violation(at, CX_NET_QUEUE_INVALID_CONFIGURATION, 0, 0, demand,
			     "EvtAdvance is NULL.");
	if (!config->EvtSetNotificationEnabled)
		cx_violation(at, CX_NET_QUEUE_INVALID_CONFIGURATION, 0, 0, demand,
			     "EvtSetNotificationEnabled is NULL.");
}

void cx13_verify_packet_context(const struct cx_site *at,
				const NET_PACKET_CONTEXT_ATTRIBUTES *context)
{
	size_t override, size;

	cx_verify_not_null(at, context, "PacketContextAttributes");
	cx_verify_not_null(at, context->ContextTypeInfo, "PacketContextAttributes.ContextTypeInfo");
	override = context->ContextSizeOverride;
	size = context->ContextTypeInfo->ContextSize;
	if (override && override < size)
		cx_violation(at, CX_INVALID_PACKET_CONTEXT_SIZE_OVERRIDE, override, size,
			     "An override makes a context larger, never smaller.",
			     "ContextSizeOverride is %zu, the type has %zu bytes.", override, size);
}

void cx13_verify_packet_token(const struct cx_site *at, const struct cx13_queue *queue,
			      const void *token)
{
	for (size_t i = 0; i < queue->context_count; i++)
		if (token == &queue->contexts[i])
			return;
	cx_violation(at, CX_INVALID_PACKET_CONTEXT_TOKEN, (uintptr_t)token, 0,
		     "A token belongs to the queue it was asked of.",
		     "Token %p is none of queue %u's.", token, queue->core.id);
}

/* Return: the extension's size when the framework defines it, else 0. */
static size_t framework_size(PCWSTR name)
{
	if (cx_name_equal(name, NET_PACKET_EXTENSION_CHECKSUM_NAME))
		return sizeof(NET_PACKET_CHECKSUM);
	if (cx_name_equal(name, NET_PACKET_EXTENSION_LSO_NAME))
		return sizeof(NET_PACKET_LARGE_SEND_SEGMENTATION);
	return 0;
}

static void cx13_verify_extension_name(const struct cx_site *at, PCWSTR name, uint64_t address)
{
	if (!name || !*name)
		cx_violation(at, CX_INVALID_NET_PACKET_EXTENSION_NAME, address, 0,
			     "A packet extension has a name.", "Name is %s.",
			     name ? "empty" : "NULL");
	if (cx_name_has_prefix(name, CX_RESERVED_PREFIX) && !framework_size(name))
		cx_violation(at, CX_INVALID_NET_PACKET_EXTENSION_NAME, address, 0,
			     "Names that begin with \"ms_\" are the framework's.",
			     "Name begins with \"ms_\" and is not one of the framework's.");
}

static void cx13_verify_extension_version(const struct cx_site *at, ULONG version, uint64_t address)
{
	if (version == 0)
		cx_violation(at, CX_INVALID_NET_PACKET_EXTENSION_VERSION, address, 0,
			     "Versions count from 1.", "Version is 0.");
}

void cx13_verify_packet_extension(const struct cx_site *at, const NET_PACKET_EXTENSION *extension)
{
	uint64_t address = (uintptr_t)extension;
	size_t mask = extension->Alignment;
	size_t size = extension->ExtensionSize;
	size_t expected;

	cx13_verify_extension_name(at, extension->Name, address);
	cx13_verify_extension_version(at, extension->Version, address);
	if (mask == 0 || (mask & (mask + 1)) || mask > _Alignof(NET_PACKET) - 1)
		cx_violation(at, CX_INVALID_NET_PACKET_EXTENSION_ALIGNMENT, address, 0,
			     "Alignment is a mask, bytes - 1, of at most a NET_PACKET's alignment.",
			     "Alignment is 0x%zx, the largest is 0x%zx.", mask,
			     _Alignof(NET_PACKET) - 1);
	if (size == 0 || size > CX_EXTENSION_MAX_SIZE)
		cx_violation(at, CX_INVALID_NET_PACKET_EXTENSION_EXTENSION_SIZE, address, 0,
			     "An extension has 1 to 256 bytes.", "ExtensionSize is %zu.", size);
	expected = framework_size(extension->Name);
	if (expected && (extension->Version != 1 || size != expected))
		cx_violation(at, CX_NET_PACKET_EXTENSION_VERSIONED_SIZE_MISMATCH, address, expected,
			     "An extension of the framework has its version and size.",
			     "Version is %u and ExtensionSize %zu; version 1 has %zu bytes.",
			     extension->Version, size, expected);
}

void cx13_verify_packet_extension_query(const struct cx_site *at,
					const NET_PACKET_EXTENSION_QUERY *query)
{
	cx13_verify_extension_name(at, query->Name, (uintptr_t)query);
	cx13_verify_extension_version(at, query->Version, (uintptr_t)query);
}

/*
 * 21H2's ring verifier has this rule (InvalidRingBeginIndex); 1809 would read past the driver's
 * range. Here it is always checked: the range decides which buffers are touched.
 */
void cx13_bad_begin(const struct cx_queue *queue, uint32_t from, uint32_t to, uint32_t end)
{
	const struct cx13_queue *q = (const struct cx13_queue *)queue;
	char passed[160];

	snprintf(passed, sizeof(passed),
		 "BeginIndex of %s queue %u went from %u to %u while the driver owned [%u, %u).",
		 cx_queue_direction(queue), queue->id, from, to, from, end);
	nt_violation(&(struct nt_violation){
		.bugcheck = CX_BUGCODE_NETADAPTER_DRIVER,
		.parameter = { 0, to, from, end },
		.rule = "InvalidRingBeginIndex",
		.call = q->last_callback,
		.object = queue->adapter->name,
		.passed = passed,
		.demand =
			"A driver moves BeginIndex forward, never beyond EndIndex, and keeps it within ElementIndexMask.",
	});
}

/* The frame would be lost: what the driver received lies somewhere else. */
void cx13_bad_fragment(const struct cx_queue *queue, uint32_t index, const void *was,
		       const void *now)
{
	char passed[160];

	snprintf(passed, sizeof(passed),
		 "VirtualAddress of fragment %u of receive queue %u went from %p to %p.", index,
		 queue->id, was, now);
	nt_violation(&(struct nt_violation){
		.bugcheck = CX_BUGCODE_NETADAPTER_DRIVER,
		.parameter = { 0, (uintptr_t)now, (uintptr_t)was },
		.rule = "InvalidRingImmutableFrameworkElement",
		.call = ((const struct cx13_queue *)queue)->last_callback,
		.object = queue->adapter->name,
		.passed = passed,
		.demand =
			"Where a fragment's buffer lies is the framework's, unless the driver manages receive buffers itself.",
	});
}

void cx13_bad_owner(const char *call, const void *owner)
{
	char passed[160];

	snprintf(passed, sizeof(passed),
		 "OSReserved2 of the descriptor's packet ring names no queue: it holds %p.", owner);
	nt_violation(&(struct nt_violation){
		.bugcheck = CX_BUGCODE_NETADAPTER_DRIVER,
		.parameter = { 0, (uintptr_t)owner },
		.rule = "InvalidRingImmutable",
		.call = call,
		.passed = passed,
		.demand =
			"A descriptor is the one that the queue's GetDatapathDescriptor returned, and OSReserved2 of a ring is the framework's.",
	});
}

void cx13_kept_packets(const struct cx_queue *queue, uint32_t held, unsigned seconds)
{
	char passed[128];

	snprintf(passed, sizeof(passed), "%u packets have not been returned %u s after EvtCancel.",
		 held, seconds);
	nt_violation(&(struct nt_violation){
		.bugcheck = 0x9F, /* DRIVER_POWER_STATE_FAILURE: what a pause that hangs ends in */
		.rule = "PacketsNotReturned",
		.call = "EvtPacketQueueCancel",
		.object = queue->adapter->name,
		.passed = passed,
		.demand =
			"After EvtCancel a driver returns every packet: moves BeginIndex to EndIndex in EvtCancel or in the EvtAdvance calls that follow.",
	});
}
