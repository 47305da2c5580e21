/* SPDX-License-Identifier: MIT */
/* Packet extensions of an adapter, as NetAdapterCx 1.3 exports them. */
#include "cx/api/1.3/adapter.h"
#include "cx/api/1.3/verifier.h"
#include "nt/export.h"
#include "nt/fault.h"

/*
 * NetAdapterRegisterPacketExtension (1.3) - make a packet extension known to the adapter
 * Return: STATUS_SUCCESS, STATUS_DUPLICATE_NAME, STATUS_INSUFFICIENT_RESOURCES.
 * IRQL: PASSIVE_LEVEL, before NetAdapterStart.
 */
NETCX_EXPORT NTSTATUS netcx_1_3_NetAdapterRegisterPacketExtension(
	NETADAPTER Adapter, const NET_PACKET_EXTENSION *ExtensionToRegister)
{
	struct cx_adapter *a = cx13_adapter_of(Adapter, CX_CALL);
	const struct cx_site *at = CX_SITE(a->name);
	struct cx_extension extension;

	cx_verify_passive(at);
	cx_verify_size(at, ExtensionToRegister, NET_PACKET_EXTENSION);
	cx13_verify_packet_extension(at, ExtensionToRegister);
	cx_verify_not_started(at, a);
	if (NT_FAULT("NetAdapterRegisterPacketExtension"))
		return STATUS_INSUFFICIENT_RESOURCES;
	extension = cx13_extension_of(ExtensionToRegister);
	return cx_extensions_add(&cx13_adapter(a)->extensions, &extension);
}

/*
 * NetAdapterQueryRegisteredPacketExtension (1.3) - is there one of this name and version
 * Return: STATUS_SUCCESS or STATUS_NOT_FOUND. IRQL: PASSIVE_LEVEL.
 */
NETCX_EXPORT NTSTATUS netcx_1_3_NetAdapterQueryRegisteredPacketExtension(
	NETADAPTER Adapter, const NET_PACKET_EXTENSION_QUERY *ExtensionToQuery)
{
	struct cx_adapter *a = cx13_adapter_of(Adapter, CX_CALL);
	const struct cx_site *at = CX_SITE(a->name);

	cx_verify_passive(at);
	cx_verify_size(at, ExtensionToQuery, NET_PACKET_EXTENSION_QUERY);
	cx13_verify_packet_extension_query(at, ExtensionToQuery);
	return cx_extensions_find(&cx13_adapter(a)->extensions, ExtensionToQuery->Name,
				  ExtensionToQuery->Version)
		       ? STATUS_SUCCESS
		       : STATUS_NOT_FOUND;
}
