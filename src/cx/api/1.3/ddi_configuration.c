/* SPDX-License-Identifier: MIT */
/* NETCONFIGURATION, as NetAdapterCx 1.3 exports it. Source: DDI pages of netconfiguration.h, 1809.
 */
#include <stdlib.h>
#include <string.h>

#include "cx/api/1.3/adapter.h"
#include "cx/api/1.3/verifier.h"
#include "cx/configuration.h"
#include "nt/export.h"
#include "wdf/memory.h"
#include "wdf/string.h"

/*
 * NetAdapterOpenConfiguration (1.3) - the adapter's keywords
 * @attributes: may be NULL; the parent is the adapter unless they name another
 * Return: STATUS_SUCCESS, STATUS_OBJECT_NAME_NOT_FOUND, STATUS_INSUFFICIENT_RESOURCES, or what is
 * wrong with the attributes. IRQL: PASSIVE_LEVEL.
 */
NETCX_EXPORT NTSTATUS netcx_1_3_NetAdapterOpenConfiguration(
	NETADAPTER Adapter, PWDF_OBJECT_ATTRIBUTES ConfigurationAttributes,
	NETCONFIGURATION *Configuration)
{
	struct cx_adapter *a = cx13_adapter_of(Adapter, CX_CALL);

	cx_verify_passive(CX_SITE(a->name));
	return cx_configuration_open(&a->object, wdf_device_config(a->device)->software_key,
				     ConfigurationAttributes,
				     (struct cx_configuration **)Configuration);
}

/* NetDeviceOpenConfiguration (1.3) - the device's; the same key as its default adapter's. */
NETCX_EXPORT NTSTATUS netcx_1_3_NetDeviceOpenConfiguration(
	WDFDEVICE Device, PWDF_OBJECT_ATTRIBUTES ConfigurationAttributes,
	NETCONFIGURATION *Configuration)
{
	struct wdf_device *device = wdf_device_of(Device, CX_CALL);
	const struct wdf_device_config *config = wdf_device_config(device);

	cx_verify_passive(CX_SITE(config->name));
	return cx_configuration_open(wdf_device_object(device), config->software_key,
				     ConfigurationAttributes,
				     (struct cx_configuration **)Configuration);
}

/* NetConfigurationClose (1.3) - and with it the sub-configurations opened through it. */
NETCX_EXPORT VOID netcx_1_3_NetConfigurationClose(NETCONFIGURATION Configuration)
{
	struct cx_configuration *c = cx_configuration_of(Configuration, CX_CALL);

	cx_verify_passive(CX_SITE(NULL));
	wdf_object_delete(&c->object);
}

/*
 * NetConfigurationOpenSubConfiguration (1.3) - a subkey that is there
 * Return: STATUS_OBJECT_NAME_NOT_FOUND when it is not.
 */
NETCX_EXPORT NTSTATUS netcx_1_3_NetConfigurationOpenSubConfiguration(
	NETCONFIGURATION Configuration, PCUNICODE_STRING SubConfigurationName,
	PWDF_OBJECT_ATTRIBUTES SubConfigurationAttributes, NETCONFIGURATION *SubConfiguration)
{
	struct cx_configuration *c = cx_configuration_of(Configuration, CX_CALL);
	char name[CX_VALUE_NAME_SIZE];
	NTSTATUS status;

	cx_verify_passive(CX_SITE(NULL));
	status = cx_configuration_name(SubConfigurationName, name);
	if (!NT_SUCCESS(status))
		return status;
	return cx_configuration_open(&c->object, nt_reg_subkey(c->key, name, false),
				     SubConfigurationAttributes,
				     (struct cx_configuration **)SubConfiguration);
}

/*
 * NetConfigurationQueryUlong (1.3) - a number
 * @Flags: NET_CONFIGURATION_QUERY_ULONG_MAY_BE_STORED_AS_HEX_STRING: a REG_SZ is hexadecimal, not
 *         decimal; a REG_DWORD is itself either way
 */
NETCX_EXPORT NTSTATUS netcx_1_3_NetConfigurationQueryUlong(
	NETCONFIGURATION Configuration, NET_CONFIGURATION_QUERY_ULONG_FLAGS Flags,
	PCUNICODE_STRING ValueName, PULONG Value)
{
	const struct cx_site *at = CX_SITE(NULL);
	struct cx_configuration *c = cx_configuration_of(Configuration, at->call);
	bool hex = Flags & NET_CONFIGURATION_QUERY_ULONG_MAY_BE_STORED_AS_HEX_STRING;
	char name[CX_VALUE_NAME_SIZE];
	NTSTATUS status;

	cx_verify_passive(at);
	if ((ULONG)Flags & ~(ULONG)NET_CONFIGURATION_QUERY_ULONG_MAY_BE_STORED_AS_HEX_STRING)
		cx_violation(at, CX_INVALID_QUERY_ULONG_FLAG, (ULONG)Flags, 0,
			     "Flags holds NET_CONFIGURATION_QUERY_ULONG_FLAGS only.",
			     "Flags is 0x%x.", (ULONG)Flags);
	status = cx_configuration_name(ValueName, name);
	return NT_SUCCESS(status) ? cx_configuration_number(c->key, name, hex ? 16 : 10, Value)
				  : status;
}

/* Up to the terminator, or @limit. */
static size_t units_of(const WCHAR *text, size_t limit)
{
	size_t units = 0;

	while (units < limit && text[units])
		units++;
	return units;
}

/* NetConfigurationQueryString (1.3) - a REG_SZ, as a new WDFSTRING. */
NETCX_EXPORT NTSTATUS netcx_1_3_NetConfigurationQueryString(NETCONFIGURATION Configuration,
							    PCUNICODE_STRING ValueName,
							    PWDF_OBJECT_ATTRIBUTES StringAttributes,
							    WDFSTRING *WdfString)
{
	struct cx_configuration *c = cx_configuration_of(Configuration, CX_CALL);
	WDF_OBJECT_ATTRIBUTES attributes;
	char name[CX_VALUE_NAME_SIZE];
	void *data;
	size_t length;
	NTSTATUS status;

	cx_verify_passive(CX_SITE(NULL));
	status = cx_configuration_name(ValueName, name);
	if (NT_SUCCESS(status))
		status = cx_configuration_value(c->key, name, NT_REG_SZ, &data, &length);
	if (!NT_SUCCESS(status))
		return status;
	cx_configuration_child_attributes(&attributes, StringAttributes, c);
	status = wdf_string_create(c->object.driver, &attributes, data,
				   units_of(data, length / sizeof(WCHAR)), WdfString);
	free(data);
	return status;
}

/*
 * NetConfigurationQueryMultiString (1.3) - a REG_MULTI_SZ, as WDFSTRINGs added to a collection
 * On failure the strings added until then stay in it, and are the driver's.
 */
NETCX_EXPORT NTSTATUS netcx_1_3_NetConfigurationQueryMultiString(
	NETCONFIGURATION Configuration, PCUNICODE_STRING ValueName,
	PWDF_OBJECT_ATTRIBUTES StringsAttributes, WDFCOLLECTION Collection)
{
	struct cx_configuration *c = cx_configuration_of(Configuration, CX_CALL);
	WDF_OBJECT_ATTRIBUTES attributes;
	char name[CX_VALUE_NAME_SIZE];
	size_t length, units, at = 0;
	void *data;
	NTSTATUS status;

	cx_verify_passive(CX_SITE(NULL));
	status = cx_configuration_name(ValueName, name);
	if (NT_SUCCESS(status))
		status = cx_configuration_value(c->key, name, NT_REG_MULTI_SZ, &data, &length);
	if (!NT_SUCCESS(status))
		return status;
	cx_configuration_child_attributes(&attributes, StringsAttributes, c);
	units = length / sizeof(WCHAR);
	while (NT_SUCCESS(status) && at < units && ((WCHAR *)data)[at]) {
		const WCHAR *text = (WCHAR *)data + at;
		size_t count = units_of(text, units - at);
		WDFSTRING entry;

		status = wdf_string_create(c->object.driver, &attributes, text, count, &entry);
		if (NT_SUCCESS(status))
			status = WdfCollectionAdd(Collection, entry);
		at += count + 1;
	}
	free(data);
	return status;
}

/* NetConfigurationQueryBinary (1.3) - a REG_BINARY, as a new WDFMEMORY. */
NETCX_EXPORT NTSTATUS netcx_1_3_NetConfigurationQueryBinary(NETCONFIGURATION Configuration,
							    PCUNICODE_STRING ValueName,
							    POOL_TYPE PoolType,
							    PWDF_OBJECT_ATTRIBUTES MemoryAttributes,
							    WDFMEMORY *WdfMemory)
{
	struct cx_configuration *c = cx_configuration_of(Configuration, CX_CALL);
	WDF_OBJECT_ATTRIBUTES attributes;
	char name[CX_VALUE_NAME_SIZE];
	void *data, *buffer;
	size_t length;
	NTSTATUS status;

	cx_verify_passive(CX_SITE(NULL));
	status = cx_configuration_name(ValueName, name);
	if (NT_SUCCESS(status))
		status = cx_configuration_value(c->key, name, NT_REG_BINARY, &data, &length);
	if (!NT_SUCCESS(status))
		return status;
	cx_configuration_child_attributes(&attributes, MemoryAttributes, c);
	status = wdf_memory_create(c->object.driver, &attributes, length ? length : 1, WdfMemory,
				   &buffer);
	if (NT_SUCCESS(status))
		memcpy(buffer, data, length);
	free(data);
	return status;
}

/*
 * NetConfigurationQueryLinkLayerAddress (1.3) - the keyword NetworkAddress
 * Return: STATUS_OBJECT_NAME_NOT_FOUND when nobody set one: the driver takes the permanent address.
 */
NETCX_EXPORT NTSTATUS netcx_1_3_NetConfigurationQueryLinkLayerAddress(
	NETCONFIGURATION Configuration, NET_ADAPTER_LINK_LAYER_ADDRESS *LinkLayerAddress)
{
	const struct cx_site *at = CX_SITE(NULL);
	struct cx_configuration *c;
	struct cx_address address = { 0 };
	NTSTATUS status;

	cx_verify_passive(at);
	cx_verify_not_null(at, Configuration, "Configuration");
	cx_verify_not_null(at, LinkLayerAddress, "LinkLayerAddress");
	c = cx_configuration_of(Configuration, at->call);
	status = cx_configuration_address(c->key, &address);
	if (NT_SUCCESS(status))
		cx13_put_address(LinkLayerAddress, &address);
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
	struct cx_configuration *c = cx_configuration_of(Configuration, CX_CALL);
	char name[CX_VALUE_NAME_SIZE];
	NTSTATUS status;

	cx_verify_passive(CX_SITE(NULL));
	status = cx_configuration_name(ValueName, name);
	return NT_SUCCESS(status) ? nt_reg_set(c->key, name, NT_REG_DWORD, &Value, sizeof(Value))
				  : status;
}

/* NetConfigurationAssignBinary (1.3) - write a REG_BINARY. */
NETCX_EXPORT NTSTATUS netcx_1_3_NetConfigurationAssignBinary(NETCONFIGURATION Configuration,
							     PCUNICODE_STRING ValueName,
							     PVOID Buffer, ULONG BufferLength)
{
	struct cx_configuration *c = cx_configuration_of(Configuration, CX_CALL);
	char name[CX_VALUE_NAME_SIZE];
	NTSTATUS status;

	cx_verify_passive(CX_SITE(NULL));
	status = cx_configuration_name(ValueName, name);
	return NT_SUCCESS(status) ? nt_reg_set(c->key, name, NT_REG_BINARY, Buffer, BufferLength)
				  : status;
}

/* Append a counted string and its terminator. Return: the new length, or 0 without memory. */
static size_t append(unsigned char **data, size_t length, PCUNICODE_STRING string)
{
	unsigned char *larger = realloc(*data, length + string->Length + sizeof(WCHAR));

	if (!larger)
		return 0;
	*data = larger;
	if (string->Length)
		memcpy(larger + length, string->Buffer, string->Length);
	memset(larger + length + string->Length, 0, sizeof(WCHAR));
	return length + string->Length + sizeof(WCHAR);
}

/* NetConfigurationAssignUnicodeString (1.3) - write a REG_SZ. */
NETCX_EXPORT NTSTATUS netcx_1_3_NetConfigurationAssignUnicodeString(NETCONFIGURATION Configuration,
								    PCUNICODE_STRING ValueName,
								    PCUNICODE_STRING Value)
{
	struct cx_configuration *c = cx_configuration_of(Configuration, CX_CALL);
	char name[CX_VALUE_NAME_SIZE];
	unsigned char *data = NULL;
	size_t length;
	NTSTATUS status;

	cx_verify_passive(CX_SITE(NULL));
	status = cx_configuration_name(ValueName, name);
	if (!NT_SUCCESS(status))
		return status;
	length = append(&data, 0, Value);
	status = length ? nt_reg_set(c->key, name, NT_REG_SZ, data, length)
			: STATUS_INSUFFICIENT_RESOURCES;
	free(data);
	return status;
}

/* NetConfigurationAssignMultiString (1.3) - write a collection's WDFSTRINGs as a REG_MULTI_SZ. */
NETCX_EXPORT NTSTATUS netcx_1_3_NetConfigurationAssignMultiString(NETCONFIGURATION Configuration,
								  PCUNICODE_STRING ValueName,
								  WDFCOLLECTION StringsCollection)
{
	struct cx_configuration *c = cx_configuration_of(Configuration, CX_CALL);
	UNICODE_STRING string = { 0 };
	char name[CX_VALUE_NAME_SIZE];
	unsigned char *data = NULL;
	size_t length = 0;
	ULONG count;
	NTSTATUS status;

	cx_verify_passive(CX_SITE(NULL));
	status = cx_configuration_name(ValueName, name);
	if (!NT_SUCCESS(status))
		return status;
	count = WdfCollectionGetCount(StringsCollection);
	/* One string more, the empty one, ends the list. */
	for (ULONG i = 0; i <= count; i++) {
		if (i < count)
			WdfStringGetUnicodeString(
				(WDFSTRING)WdfCollectionGetItem(StringsCollection, i), &string);
		else
			string = (UNICODE_STRING){ 0 };
		length = append(&data, length, &string);
		if (!length) {
			free(data);
			return STATUS_INSUFFICIENT_RESOURCES;
		}
	}
	status = nt_reg_set(c->key, name, NT_REG_MULTI_SZ, data, length);
	free(data);
	return status;
}
