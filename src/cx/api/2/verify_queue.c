/* SPDX-License-Identifier: MIT */
/* The rules for making a packet queue and for asking it for an extension. */
#include "cx/api/2/verify_queue.h"

#include <string.h>

#include "cx/extension.h"

size_t cx2_queue_config_size(unsigned minor)
{
	return minor ? sizeof(NET_PACKET_QUEUE_CONFIG)
		     : offsetof(NET_PACKET_QUEUE_CONFIG, ExecutionContext);
}

/* From 2.1 on a wrong Size stops a debugger only. What is not there is 0. */
void cx2_verify_queue_config_size(const struct cx_site *at, const NET_PACKET_QUEUE_CONFIG *config,
				  unsigned minor, NET_PACKET_QUEUE_CONFIG *copy)
{
	static const char demand[] = "Size is sizeof the structure; its INIT function sets it.";
	size_t expected = cx2_queue_config_size(minor);
	ULONG size;

	cx_verify_not_null(at, config, "Configuration");
	/* Once: what is compared is what is copied. */
	size = *(const volatile ULONG *)&config->Size;
	if (size != expected) {
		void (*tell)(const struct cx_site *, enum cx_rule, uint64_t, uint64_t, const char *,
			     const char *, ...) = minor ? cx_soft_violation : cx_violation;

		tell(at, CX_INVALID_STRUCT_TYPE_SIZE, size, expected, demand,
		     "NET_PACKET_QUEUE_CONFIG.Size is %u, %zu is expected.", size, expected);
	}
	memset(copy, 0, sizeof(*copy));
	memcpy(copy, config, size < expected ? size : expected);
}

static void verify_own(const struct cx_site *at, const NET_PACKET_QUEUE_CONFIG *config)
{
	const char *missing = !config->EvtCancel                   ? "EvtCancel"
			      : !config->EvtAdvance                ? "EvtAdvance"
			      : !config->EvtSetNotificationEnabled ? "EvtSetNotificationEnabled"
								   : NULL;

	if (missing)
		cx_violation(at, CX_NET_QUEUE_INVALID_CONFIGURATION, 0, 0,
			     "EvtCancel, EvtAdvance and EvtSetNotificationEnabled are required.",
			     "%s is NULL.", missing);
}

static void verify_grouped(const struct cx_site *at, const NET_PACKET_QUEUE_CONFIG *config, bool tx)
{
	if (config->EvtSetNotificationEnabled)
		cx_violation(
			at, CX_NET_QUEUE_INVALID_CONFIGURATION, 1, 0,
			"A queue with an execution context has no EvtSetNotificationEnabled: the context has it.",
			"EvtSetNotificationEnabled and ExecutionContext are both set.");
	if (!config->EvtAdvance)
		cx_violation(at, CX_NET_QUEUE_INVALID_CONFIGURATION, 2, 0,
			     "EvtAdvance is required.", "EvtAdvance is NULL.");
	if (!tx && !config->EvtCancel)
		cx_violation(at, CX_NET_QUEUE_INVALID_CONFIGURATION, 3, 0,
			     "EvtCancel of a receive queue is required.", "EvtCancel is NULL.");
}

void cx2_verify_queue_config(const struct cx_site *at, const NET_PACKET_QUEUE_CONFIG *config,
			     bool tx)
{
	if (config->ExecutionContext)
		verify_grouped(at, config, tx);
	else
		verify_own(at, config);
}

void cx2_verify_extension_query(const struct cx_site *at, const NET_EXTENSION_QUERY *query,
				uint64_t address)
{
	if (!query->Name || !*query->Name)
		cx_violation(at, CX_INVALID_NET_EXTENSION_NAME, address, 0,
			     "An extension has a name.", "Name is %s.",
			     query->Name ? "empty" : "NULL");
	if (cx_name_has_prefix(query->Name, CX_RESERVED_PREFIX) &&
	    !cx2_extension_known(query->Name))
		cx_soft_violation(at, CX_INVALID_NET_EXTENSION_NAME, (uintptr_t)query->Name, 0,
				  "Names that begin with \"ms_\" are the framework's.",
				  "Name begins with \"ms_\" and is not one of the framework's.");
	if (!query->Version)
		cx_violation(at, CX_INVALID_NET_EXTENSION_VERSION, address, 0,
			     "Versions count from 1.", "Version is 0.");
	if (query->Type < NetExtensionTypePacket || query->Type > NetExtensionTypeBuffer)
		cx_violation(
			at, CX_INVALID_NET_EXTENSION_TYPE, address, 0,
			"Type is NetExtensionTypePacket (1), ...Fragment (2) or ...Buffer (3).",
			"Type is %d.", (int)query->Type);
}

void cx2_verify_queue_kind(const struct cx_site *at, const struct cx2_queue *queue, bool tx)
{
	if ((queue->core.kind == CX_QUEUE_TX) != tx)
		cx_violation(at, CX_INVALID_QUEUE_HANDLE, (uintptr_t)queue, 0,
			     "Transmit and receive queues have their own functions.",
			     "%p is %s queue %u.", (const void *)queue,
			     cx_queue_direction(&queue->core), queue->core.id);
}
