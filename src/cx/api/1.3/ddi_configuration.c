/* SPDX-License-Identifier: MIT */
/* NETCONFIGURATION, as NetAdapterCx 1.3 exports it. Source: DDI pages of netconfiguration.h, 1809.
 */
#include "cx/api/1.3/adapter.h"
#include "cx/api/1.3/verifier.h"
#include "cx/api/declared.h"
#include "cx/configuration_object.h"
#include "nt/export.h"

/*
 * NetAdapterOpenConfiguration (1.3) - the adapter's keywords
 * @ConfigurationAttributes: may be NULL; the parent is the adapter unless they name another
 * Return: STATUS_SUCCESS, STATUS_OBJECT_NAME_NOT_FOUND, STATUS_INSUFFICIENT_RESOURCES, or what is
 * wrong with the attributes. IRQL: PASSIVE_LEVEL.
 */
NETCX_EXPORT NTSTATUS netcx_1_3_NetAdapterOpenConfiguration(
	NETADAPTER Adapter, PWDF_OBJECT_ATTRIBUTES ConfigurationAttributes,
	NETCONFIGURATION *Configuration)
{
	struct cx_adapter *a = cx13_adapter_of(Adapter, CX_CALL);

	return cx_configuration_open_adapter(CX_SITE(a->name), a, ConfigurationAttributes,
					     Configuration);
}

/* NetDeviceOpenConfiguration (1.3) - the device's; the same key as its default adapter's. */
NETCX_EXPORT NTSTATUS netcx_1_3_NetDeviceOpenConfiguration(
	WDFDEVICE Device, PWDF_OBJECT_ATTRIBUTES ConfigurationAttributes,
	NETCONFIGURATION *Configuration)
{
	return cx_configuration_open_device(CX_SITE(NULL), Device, ConfigurationAttributes,
					    Configuration);
}

/* NetConfigurationClose (1.3) - and with it the sub-configurations opened through it. */
NETCX_EXPORT VOID netcx_1_3_NetConfigurationClose(NETCONFIGURATION Configuration)
{
	cx_configuration_close(CX_SITE(NULL), Configuration);
}

/* NetConfigurationOpenSubConfiguration (1.3) - a subkey that is there. */
NETCX_EXPORT NTSTATUS netcx_1_3_NetConfigurationOpenSubConfiguration(
	NETCONFIGURATION Configuration, PCUNICODE_STRING SubConfigurationName,
	PWDF_OBJECT_ATTRIBUTES SubConfigurationAttributes, NETCONFIGURATION *SubConfiguration)
{
	return cx_configuration_open_sub(CX_SITE(NULL), Configuration, SubConfigurationName,
					 SubConfigurationAttributes, SubConfiguration);
}

/* NetConfigurationQueryUlong (1.3) - a number, a REG_DWORD or a REG_SZ. */
NETCX_EXPORT NTSTATUS netcx_1_3_NetConfigurationQueryUlong(
	NETCONFIGURATION Configuration, NET_CONFIGURATION_QUERY_ULONG_FLAGS Flags,
	PCUNICODE_STRING ValueName, PULONG Value)
{
	return cx_configuration_query_ulong(CX_SITE(NULL), Configuration, (ULONG)Flags, ValueName,
					    Value);
}

/* NetConfigurationQueryString (1.3) - a REG_SZ, as a new WDFSTRING. */
NETCX_EXPORT NTSTATUS netcx_1_3_NetConfigurationQueryString(NETCONFIGURATION Configuration,
							    PCUNICODE_STRING ValueName,
							    PWDF_OBJECT_ATTRIBUTES StringAttributes,
							    WDFSTRING *WdfString)
{
	return cx_configuration_query_string(CX_SITE(NULL), Configuration, ValueName,
					     StringAttributes, WdfString);
}

/* NetConfigurationQueryMultiString (1.3) - a REG_MULTI_SZ, as WDFSTRINGs added to a collection. */
NETCX_EXPORT NTSTATUS netcx_1_3_NetConfigurationQueryMultiString(
	NETCONFIGURATION Configuration, PCUNICODE_STRING ValueName,
	PWDF_OBJECT_ATTRIBUTES StringsAttributes, WDFCOLLECTION Collection)
{
	return cx_configuration_query_strings(CX_SITE(NULL), Configuration, ValueName,
					      StringsAttributes, Collection);
}

/* NetConfigurationQueryBinary (1.3) - a REG_BINARY, as a new WDFMEMORY: one pool for all types. */
NETCX_EXPORT NTSTATUS netcx_1_3_NetConfigurationQueryBinary(NETCONFIGURATION Configuration,
							    PCUNICODE_STRING ValueName,
							    POOL_TYPE PoolType,
							    PWDF_OBJECT_ATTRIBUTES MemoryAttributes,
							    WDFMEMORY *WdfMemory)
{
	return cx_configuration_query_binary(CX_SITE(NULL), Configuration, ValueName,
					     MemoryAttributes, WdfMemory);
}

/*
 * NetConfigurationQueryLinkLayerAddress (1.3) - the keyword NetworkAddress
 * Return: STATUS_OBJECT_NAME_NOT_FOUND when nobody set one: the driver takes the permanent address.
 */
NETCX_EXPORT NTSTATUS netcx_1_3_NetConfigurationQueryLinkLayerAddress(
	NETCONFIGURATION Configuration, NET_ADAPTER_LINK_LAYER_ADDRESS *LinkLayerAddress)
{
	const struct cx_site *at = CX_SITE(NULL);
	struct cx_address address = { 0 };
	NTSTATUS status;

	status = cx_configuration_query_address(at, Configuration, LinkLayerAddress, &address);
	if (NT_SUCCESS(status))
		cx_put_address(LinkLayerAddress, &address);
	if (NT_SUCCESS(status) && !address.length) {
		cx_soft_violation(at, CX_QUERY_NETWORK_ADDRESS_INVALID_PARAMETER, 0, 0,
				  "The keyword NetworkAddress holds an address or is absent.",
				  "NetworkAddress is empty.");
		return STATUS_INVALID_PARAMETER;
	}
	return status;
}

/* NetConfigurationAssignUlong (1.3) - write a REG_DWORD. */
NETCX_EXPORT NTSTATUS netcx_1_3_NetConfigurationAssignUlong(NETCONFIGURATION Configuration,
							    PCUNICODE_STRING ValueName, ULONG Value)
{
	return cx_configuration_assign_ulong(CX_SITE(NULL), Configuration, ValueName, Value);
}

/* NetConfigurationAssignBinary (1.3) - write a REG_BINARY. */
NETCX_EXPORT NTSTATUS netcx_1_3_NetConfigurationAssignBinary(NETCONFIGURATION Configuration,
							     PCUNICODE_STRING ValueName,
							     PVOID Buffer, ULONG BufferLength)
{
	return cx_configuration_assign_binary(CX_SITE(NULL), Configuration, ValueName, Buffer,
					      BufferLength);
}

/* NetConfigurationAssignUnicodeString (1.3) - write a REG_SZ. */
NETCX_EXPORT NTSTATUS netcx_1_3_NetConfigurationAssignUnicodeString(NETCONFIGURATION Configuration,
								    PCUNICODE_STRING ValueName,
								    PCUNICODE_STRING Value)
{
	return cx_configuration_assign_string(CX_SITE(NULL), Configuration, ValueName, Value);
}

/* NetConfigurationAssignMultiString (1.3) - write a collection's WDFSTRINGs as a REG_MULTI_SZ. */
NETCX_EXPORT NTSTATUS netcx_1_3_NetConfigurationAssignMultiString(NETCONFIGURATION Configuration,
								  PCUNICODE_STRING ValueName,
								  WDFCOLLECTION StringsCollection)
{
	return cx_configuration_assign_strings(CX_SITE(NULL), Configuration, ValueName,
					       StringsCollection);
}
