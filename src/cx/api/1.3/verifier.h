/* SPDX-License-Identifier: MIT */
/*
 * The rules that end a driver: BUGCODE_NETADAPTER_DRIVER of Windows 10 1809. They are always
 * checked. Each DDI runs its checks in the order of Windows, then makes one call into its object.
 */
#ifndef CX_API_1_3_VERIFIER_H
#define CX_API_1_3_VERIFIER_H

#include <ndis.h>
#include <netadaptercx.h>
#include <stdbool.h>

struct cx_adapter;

#define CX_BUGCODE_NETADAPTER_DRIVER 0x19E

/*
 * The failure codes, numbered as on Windows: parameter 1 of the bug check.
 * 0 CorruptedPrivateGlobals cannot be broken here: a driver's calls carry no globals of ours.
 */
enum cx_rule {
	CX_IRQL_IS_NOT_PASSIVE = 1,
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
};

/* Where a rule is checked, for its report. */
struct cx_site {
	const char *call;   /* the DDI's public name */
	const char *object; /* the adapter's or device's name; NULL: not known yet */
};

/* The site of the exported function netcx_1_3_<Name> that uses it. */
#define CX_CALL         (__func__ + sizeof("netcx_1_3_") - 1)
#define CX_SITE(object) (&(const struct cx_site){ CX_CALL, (object) })

/*
 * cx13_violation() - the driver broke a rule: report it and end the process
 * @p2, @p3: parameters 2 and 3 of the bug check
 * @demand:  what the rule demands, a sentence
 * @passed:  what was passed or seen, printf format
 */
_Noreturn void cx13_violation(const struct cx_site *at, enum cx_rule rule, uint64_t p2, uint64_t p3,
			      const char *demand, const char *passed, ...)
	__attribute__((format(printf, 6, 7)));

/* cx13_soft_violation() - the same report for a rule that on Windows only stops a debugger. */
void cx13_soft_violation(const struct cx_site *at, enum cx_rule rule, uint64_t p2, uint64_t p3,
			 const char *demand, const char *passed, ...)
	__attribute__((format(printf, 6, 7)));

/* cx13_refuse_delete() - may_delete of a class whose objects only the framework deletes. */
struct wdf_object;
void cx13_refuse_delete(struct wdf_object *object, const char *call);

/* ---- any DDI: verifier.c ---- */
void cx13_verify_passive(const struct cx_site *at);
void cx13_verify_dispatch(const struct cx_site *at); /* IRQL <= DISPATCH_LEVEL */
void cx13_verify_not_null(const struct cx_site *at, const void *pointer, const char *name);
void cx13_verify_not_started(const struct cx_site *at, const struct cx_adapter *adapter);
/* The DDI waits until the adapter's callbacks have returned: it is not called by one of them. */
void cx13_verify_not_in_callback(const struct cx_site *at, const struct cx_adapter *adapter);
/* A driver may hand NULL attributes (WDF_NO_OBJECT_ATTRIBUTES) to both. */
void cx13_verify_parent_is_null(const struct cx_site *at, const WDF_OBJECT_ATTRIBUTES *attributes);
void cx13_verify_context_size(const struct cx_site *at, const WDF_OBJECT_ATTRIBUTES *attributes);
/* @structure is the struct's name, @parameter the DDI's name for it. */
void cx13_verify_struct_size(const struct cx_site *at, const ULONG *size, size_t expected,
			     const char *structure, const char *parameter);
/* The Size of a struct that may be NULL is checked by its own address: Size is the first field. */
#define cx13_verify_size(at, pointer, structure)                                               \
	cx13_verify_struct_size(at, (const ULONG *)(const void *)(pointer), sizeof(structure), \
				#structure, #pointer)

/* ---- what an adapter declares: cx13_verify_capabilities.c ---- */
void cx13_verify_tx_capabilities(const struct cx_site *at, const NET_ADAPTER_TX_CAPABILITIES *tx);
void cx13_verify_rx_capabilities(const struct cx_site *at, const NET_ADAPTER_RX_CAPABILITIES *rx);
void cx13_verify_link_layer_capabilities(const struct cx_site *at,
					 const NET_ADAPTER_LINK_LAYER_CAPABILITIES *caps);
void cx13_verify_link_layer_address(const struct cx_site *at,
				    const NET_ADAPTER_LINK_LAYER_ADDRESS *address);
void cx13_verify_link_state(const struct cx_site *at, const NET_ADAPTER_LINK_STATE *state);
void cx13_verify_mtu(const struct cx_site *at, ULONG mtu);
void cx13_verify_lso_capabilities(const struct cx_site *at,
				  const NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES *caps);
void cx13_verify_receive_scaling_capabilities(const struct cx_site *at,
					      const NET_ADAPTER_RECEIVE_SCALING_CAPABILITIES *caps);
/* @old: what the adapter has, when it is started; NULL before */
void cx13_verify_power_capabilities(const struct cx_site *at,
				    const NET_ADAPTER_POWER_CAPABILITIES *caps,
				    const NET_ADAPTER_POWER_CAPABILITIES *old);

/* ---- packet queues, contexts and extensions: cx13_verify_queue.c ---- */
struct cx13_queue_init;
struct cx13_queue;
/* @tx: the DDI is for transmit queues. _signature: that it is an init object in use; the other,
 * that a queue can be made of it here and now. */
void cx13_verify_queue_init_signature(const struct cx_site *at, const struct cx13_queue_init *init,
				      bool tx);
void cx13_verify_queue_init(const struct cx_site *at, const struct cx13_queue_init *init, bool tx);
void cx13_verify_queue_config(const struct cx_site *at, const NET_PACKET_QUEUE_CONFIG *config);
/* A ring's header does not know its queue any more: the driver has written there. */
_Noreturn void cx13_bad_owner(const char *call, const void *owner);
void cx13_verify_packet_context(const struct cx_site *at,
				const NET_PACKET_CONTEXT_ATTRIBUTES *context);
void cx13_verify_packet_token(const struct cx_site *at, const struct cx13_queue *queue,
			      const void *token);
void cx13_verify_packet_extension(const struct cx_site *at, const NET_PACKET_EXTENSION *extension);
void cx13_verify_packet_extension_query(const struct cx_site *at,
					const NET_PACKET_EXTENSION_QUERY *query);

#endif
