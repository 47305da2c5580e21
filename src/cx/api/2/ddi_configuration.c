/* SPDX-License-Identifier: MIT */
/* NETCONFIGURATION, as NetAdapterCx 2.x exports it. Source: DDI pages of netconfiguration.h. */
#include <string.h>

#include "cx/api/2/adapter.h"
#include "cx/api/2/verifier.h"
#include "cx/configuration_object.h"
#include "nt/export.h"

/*
 * NetAdapterOpenConfiguration (2.0) - the adapter's keywords
 * @ConfigurationAttributes: may be NULL; the parent is the adapter unless they name another
 * Return: STATUS_SUCCESS, STATUS_OBJECT_NAME_NOT_FOUND, STATUS_INSUFFICIENT_RESOURCES, or what is
 * wrong with the attributes. IRQL: PASSIVE_LEVEL.
 */
NETCX_EXPORT NTSTATUS netcx_2_NetAdapterOpenConfiguration(
	NETADAPTER Adapter, WDF_OBJECT_ATTRIBUTES *ConfigurationAttributes,
	NETCONFIGURATION *Configuration)
{
	struct cx_adapter *a = cx2_adapter_of(Adapter, CX_CALL);

	return cx_configuration_open_adapter(CX_SITE(a->name), a, ConfigurationAttributes,
					     Configuration);
}

/* NetDeviceOpenConfiguration (2.0) - the device's; the same key as its default adapter's. */
NETCX_EXPORT NTSTATUS
netcx_2_NetDeviceOpenConfiguration(WDFDEVICE Device, WDF_OBJECT_ATTRIBUTES *ConfigurationAttributes,
				   NETCONFIGURATION *Configuration)
{
	return cx_configuration_open_device(CX_SITE(NULL), Device, ConfigurationAttributes,
					    Configuration);
}

/* NetConfigurationClose (2.0) - and with it the sub-configurations opened through it. */
NETCX_EXPORT void netcx_2_NetConfigurationClose(NETCONFIGURATION Configuration)
{
	cx_configuration_close(CX_SITE(NULL), Configuration);
}

/* NetConfigurationOpenSubConfiguration (2.0) - a subkey that is there. */
NETCX_EXPORT NTSTATUS netcx_2_NetConfigurationOpenSubConfiguration(
	NETCONFIGURATION Configuration, PCUNICODE_STRING SubConfigurationName,
	WDF_OBJECT_ATTRIBUTES *SubConfigurationAttributes, NETCONFIGURATION *SubConfiguration)
{
	return cx_configuration_open_sub(CX_SITE(NULL), Configuration, SubConfigurationName,
					 SubConfigurationAttributes, SubConfiguration);
}

/* NetConfigurationQueryUlong (2.0) - a number, a REG_DWORD or a REG_SZ. */
NETCX_EXPORT NTSTATUS netcx_2_NetConfigurationQueryUlong(NETCONFIGURATION Configuration,
							 NET_CONFIGURATION_QUERY_ULONG_FLAGS Flags,
							 PCUNICODE_STRING ValueName, ULONG *Value)
{
	return cx_configuration_query_ulong(CX_SITE(NULL), Configuration, (ULONG)Flags, ValueName,
					    Value);
}

/* NetConfigurationQueryString (2.0) - a REG_SZ, as a new WDFSTRING. */
NETCX_EXPORT NTSTATUS netcx_2_NetConfigurationQueryString(NETCONFIGURATION Configuration,
							  PCUNICODE_STRING ValueName,
							  WDF_OBJECT_ATTRIBUTES *StringAttributes,
							  WDFSTRING *WdfString)
{
	return cx_configuration_query_string(CX_SITE(NULL), Configuration, ValueName,
					     StringAttributes, WdfString);
}

/* NetConfigurationQueryMultiString (2.0) - a REG_MULTI_SZ, as WDFSTRINGs added to a collection. */
NETCX_EXPORT NTSTATUS netcx_2_NetConfigurationQueryMultiString(
	NETCONFIGURATION Configuration, PCUNICODE_STRING ValueName,
	WDF_OBJECT_ATTRIBUTES *StringsAttributes, WDFCOLLECTION Collection)
{
	return cx_configuration_query_strings(CX_SITE(NULL), Configuration, ValueName,
					      StringsAttributes, Collection);
}

/* NetConfigurationQueryBinary (2.0) - a REG_BINARY, as a new WDFMEMORY: one pool for all types. */
NETCX_EXPORT NTSTATUS netcx_2_NetConfigurationQueryBinary(NETCONFIGURATION Configuration,
							  PCUNICODE_STRING ValueName,
							  POOL_TYPE PoolType,
							  WDF_OBJECT_ATTRIBUTES *MemoryAttributes,
							  WDFMEMORY *Memory)
{
	return cx_configuration_query_binary(CX_SITE(NULL), Configuration, ValueName,
					     MemoryAttributes, Memory);
}

/*
 * NetConfigurationQueryLinkLayerAddress (2.0) - the keyword NetworkAddress
 * Return: STATUS_OBJECT_NAME_NOT_FOUND when nobody set one: the driver takes the permanent address.
 */
NETCX_EXPORT NTSTATUS netcx_2_NetConfigurationQueryLinkLayerAddress(
	NETCONFIGURATION Configuration, NET_ADAPTER_LINK_LAYER_ADDRESS *LinkLayerAddress)
{
	const struct cx_site *at = CX_SITE(NULL);
	struct cx_address address = { 0 };
	NTSTATUS status;

	status = cx_configuration_query_address(at, Configuration, LinkLayerAddress, &address);
	if (!NT_SUCCESS(status))
		return status;
	if (!address.length)
		return STATUS_INVALID_PARAMETER;
	LinkLayerAddress->Length = address.length;
	memcpy(LinkLayerAddress->Address, address.bytes, sizeof(LinkLayerAddress->Address));
	return status;
}

/* NetConfigurationAssignUlong (2.0) - write a REG_DWORD. */
NETCX_EXPORT NTSTATUS netcx_2_NetConfigurationAssignUlong(NETCONFIGURATION Configuration,
							  PCUNICODE_STRING ValueName, ULONG Value)
{
	return cx_configuration_assign_ulong(CX_SITE(NULL), Configuration, ValueName, Value);
}

/* NetConfigurationAssignBinary (2.0) - write a REG_BINARY. */
NETCX_EXPORT NTSTATUS netcx_2_NetConfigurationAssignBinary(NETCONFIGURATION Configuration,
							   PCUNICODE_STRING ValueName, void *Buffer,
							   ULONG BufferLength)
{
	return cx_configuration_assign_binary(CX_SITE(NULL), Configuration, ValueName, Buffer,
					      BufferLength);
}

/* NetConfigurationAssignUnicodeString (2.0) - write a REG_SZ. */
NETCX_EXPORT NTSTATUS netcx_2_NetConfigurationAssignUnicodeString(NETCONFIGURATION Configuration,
								  PCUNICODE_STRING ValueName,
								  PCUNICODE_STRING Value)
{
	return cx_configuration_assign_string(CX_SITE(NULL), Configuration, ValueName, Value);
}

/* NetConfigurationAssignMultiString (2.0) - write a collection's WDFSTRINGs as a REG_MULTI_SZ. */
NETCX_EXPORT NTSTATUS netcx_2_NetConfigurationAssignMultiString(NETCONFIGURATION Configuration,
								PCUNICODE_STRING ValueName,
								WDFCOLLECTION Collection)
{
	return cx_configuration_assign_strings(CX_SITE(NULL), Configuration, ValueName, Collection);
}
