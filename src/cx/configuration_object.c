/* SPDX-License-Identifier: MIT */
#include "cx/configuration_object.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf.h"
#include "cx/adapter.h"
#include "cx/configuration.h"
#include "nt/fault.h"
#include "wdf/memory.h"
#include "wdf/string.h"

NT_FAULT_NAMES("NetConfigurationQueryString", "NetConfigurationQueryMultiString",
	       "NetConfigurationQueryBinary", "NetConfigurationAssignUlong",
	       "NetConfigurationAssignBinary", "NetConfigurationAssignUnicodeString",
	       "NetConfigurationAssignMultiString");

/* Owned by its parent object; the key is the device's and outlives it. */
struct configuration {
	struct wdf_object object;
	struct nt_reg_key *key;
};

static const struct wdf_class configuration_class = {
	.name = "NETCONFIGURATION",
	.size = sizeof(struct configuration),
};

/* The registry's own limit is 255 characters of a key, 16383 of a value; no keyword is near it. */
#define VALUE_NAME_SIZE 768

/* The checks that every DDI on a handle begins with. */
static struct configuration *checked(const struct cx_site *at, void *handle)
{
	struct configuration *c = wdf_object_of(handle, &configuration_class, at->call);

	cx_verify_passive(at);
	return c;
}

/* Three bytes of UTF-8 are enough for each UTF-16 unit. */
static NTSTATUS name_in_utf8(PCUNICODE_STRING name, char utf8[VALUE_NAME_SIZE])
{
	const UNICODE_STRING given = name ? *name : (UNICODE_STRING){ 0 };
	size_t units = given.Length / sizeof(WCHAR);

	if (units == 0 || units > (VALUE_NAME_SIZE - 1) / 3 || !given.Buffer)
		return STATUS_OBJECT_NAME_INVALID;
	utf8_from_utf16(utf8, VALUE_NAME_SIZE, given.Buffer, units);
	return STATUS_SUCCESS;
}

static NTSTATUS open_key(struct wdf_object *parent, struct nt_reg_key *key,
			 PWDF_OBJECT_ATTRIBUTES attributes, void *handle)
{
	struct configuration *c;
	void *object;
	NTSTATUS status;

	if (!key)
		return STATUS_OBJECT_NAME_NOT_FOUND;
	status = wdf_object_create(&configuration_class, parent->driver, parent, attributes,
				   &object);
	if (!NT_SUCCESS(status))
		return status;
	c = object;
	c->key = key;
	*(void **)handle = c;
	return STATUS_SUCCESS;
}

NTSTATUS cx_configuration_open_adapter(const struct cx_site *at, struct cx_adapter *adapter,
				       PWDF_OBJECT_ATTRIBUTES attributes, void *handle)
{
	cx_verify_passive(at);
	if (NT_FAULT("NetAdapterOpenConfiguration"))
		return STATUS_INSUFFICIENT_RESOURCES;
	return open_key(&adapter->object, wdf_device_config(adapter->device)->software_key,
			attributes, handle);
}

NTSTATUS cx_configuration_open_device(const struct cx_site *at, WDFDEVICE device,
				      PWDF_OBJECT_ATTRIBUTES attributes, void *handle)
{
	struct wdf_device *wdf = wdf_device_of(device, at->call);
	const struct wdf_device_config *config = wdf_device_config(wdf);
	struct cx_site named = *at;

	named.object = config->name;
	cx_verify_passive(&named);
	if (NT_FAULT("NetDeviceOpenConfiguration"))
		return STATUS_INSUFFICIENT_RESOURCES;
	return open_key(wdf_device_object(wdf), config->software_key, attributes, handle);
}

NTSTATUS cx_configuration_open_sub(const struct cx_site *at, void *configuration,
				   PCUNICODE_STRING name, PWDF_OBJECT_ATTRIBUTES attributes,
				   void *handle)
{
	struct configuration *c = checked(at, configuration);
	char utf8[VALUE_NAME_SIZE];
	NTSTATUS status = name_in_utf8(name, utf8);

	if (!NT_SUCCESS(status))
		return status;
	if (NT_FAULT("NetConfigurationOpenSubConfiguration"))
		return STATUS_INSUFFICIENT_RESOURCES;
	return open_key(&c->object, nt_reg_subkey(c->key, utf8, false), attributes, handle);
}

void cx_configuration_close(const struct cx_site *at, void *configuration)
{
	wdf_object_delete(&checked(at, configuration)->object);
}

NTSTATUS cx_configuration_query_ulong(const struct cx_site *at, void *configuration, ULONG flags,
				      PCUNICODE_STRING name, ULONG *value)
{
	enum { HEX = 1 };
	struct configuration *c = checked(at, configuration);
	char utf8[VALUE_NAME_SIZE];
	NTSTATUS status;

	if (flags & ~(ULONG)HEX)
		cx_violation(at, CX_INVALID_QUERY_ULONG_FLAG, flags, 0,
			     "Flags holds NET_CONFIGURATION_QUERY_ULONG_FLAGS only.",
			     "Flags is 0x%x.", flags);
	status = name_in_utf8(name, utf8);
	if (NT_FAULT("NetConfigurationQueryUlong"))
		return STATUS_INSUFFICIENT_RESOURCES;
	return NT_SUCCESS(status)
		       ? cx_configuration_number(c->key, utf8, flags & HEX ? 16 : 10, value)
		       : status;
}

/* A value's data, freed by the caller. */
static NTSTATUS read_value(const char *call, const struct configuration *c, PCUNICODE_STRING name,
			   enum nt_reg_type type, void **data, size_t *length)
{
	char utf8[VALUE_NAME_SIZE];
	NTSTATUS status = name_in_utf8(name, utf8);

	if (nt_fault(call))
		return STATUS_INSUFFICIENT_RESOURCES;
	return NT_SUCCESS(status) ? cx_configuration_value(c->key, utf8, type, data, length)
				  : status;
}

static NTSTATUS write_value(const char *call, const struct configuration *c, PCUNICODE_STRING name,
			    enum nt_reg_type type, const void *data, size_t length)
{
	char utf8[VALUE_NAME_SIZE];
	NTSTATUS status = name_in_utf8(name, utf8);

	if (nt_fault(call))
		return STATUS_INSUFFICIENT_RESOURCES;
	return NT_SUCCESS(status) ? nt_reg_set(c->key, utf8, type, data, length) : status;
}

/*
 * Attributes of an object that a query makes: one without a parent of its own gets the adapter or
 * device, so that it outlives NetConfigurationClose.
 */
static WDF_OBJECT_ATTRIBUTES child_attributes(const WDF_OBJECT_ATTRIBUTES *given,
					      struct configuration *c)
{
	struct wdf_object *owner = &c->object;
	WDF_OBJECT_ATTRIBUTES attributes;

	if (given)
		attributes = *given;
	else
		WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
	if (attributes.ParentObject)
		return attributes;
	while (owner->class == &configuration_class)
		owner = owner->parent;
	attributes.ParentObject = (WDFOBJECT)owner;
	return attributes;
}

/* Up to the terminator, or @limit. */
static size_t units_of(const WCHAR *text, size_t limit)
{
	size_t units = 0;

	while (units < limit && text[units])
		units++;
	return units;
}

NTSTATUS cx_configuration_query_string(const struct cx_site *at, void *configuration,
				       PCUNICODE_STRING name, PWDF_OBJECT_ATTRIBUTES given,
				       WDFSTRING *string)
{
	struct configuration *c = checked(at, configuration);
	WDF_OBJECT_ATTRIBUTES attributes;
	void *data;
	size_t length;
	NTSTATUS status = read_value(at->call, c, name, NT_REG_SZ, &data, &length);

	if (!NT_SUCCESS(status))
		return status;
	attributes = child_attributes(given, c);
	status = wdf_string_create(c->object.driver, &attributes, data,
				   units_of(data, length / sizeof(WCHAR)), string);
	free(data);
	return status;
}

NTSTATUS cx_configuration_query_strings(const struct cx_site *at, void *configuration,
					PCUNICODE_STRING name, PWDF_OBJECT_ATTRIBUTES given,
					WDFCOLLECTION collection)
{
	struct configuration *c = checked(at, configuration);
	WDF_OBJECT_ATTRIBUTES attributes;
	size_t length, units, next = 0;
	void *data;
	NTSTATUS status = read_value(at->call, c, name, NT_REG_MULTI_SZ, &data, &length);

	if (!NT_SUCCESS(status))
		return status;
	attributes = child_attributes(given, c);
	units = length / sizeof(WCHAR);
	while (NT_SUCCESS(status) && next < units && ((WCHAR *)data)[next]) {
		const WCHAR *text = (WCHAR *)data + next;
		size_t count = units_of(text, units - next);
		WDFSTRING entry;

		status = wdf_string_create(c->object.driver, &attributes, text, count, &entry);
		if (NT_SUCCESS(status))
			status = WdfCollectionAdd(collection, entry);
		next += count + 1;
	}
	free(data);
	return status;
}

NTSTATUS cx_configuration_query_binary(const struct cx_site *at, void *configuration,
				       PCUNICODE_STRING name, PWDF_OBJECT_ATTRIBUTES given,
				       WDFMEMORY *memory)
{
	struct configuration *c = checked(at, configuration);
	WDF_OBJECT_ATTRIBUTES attributes;
	void *data, *buffer;
	size_t length;
	NTSTATUS status = read_value(at->call, c, name, NT_REG_BINARY, &data, &length);

	if (!NT_SUCCESS(status))
		return status;
	attributes = child_attributes(given, c);
	status = wdf_memory_create(c->object.driver, &attributes, length ? length : 1, memory,
				   &buffer);
	if (NT_SUCCESS(status))
		memcpy(buffer, data, length);
	free(data);
	return status;
}

NTSTATUS cx_configuration_query_address(const struct cx_site *at, void *configuration,
					const void *result, struct cx_address *address)
{
	cx_verify_passive(at);
	cx_verify_not_null(at, configuration, "Configuration");
	cx_verify_not_null(at, result, "LinkLayerAddress");
	if (NT_FAULT("NetConfigurationQueryLinkLayerAddress"))
		return STATUS_INSUFFICIENT_RESOURCES;
	return cx_configuration_address(checked(at, configuration)->key, address);
}

NTSTATUS cx_configuration_assign_ulong(const struct cx_site *at, void *configuration,
				       PCUNICODE_STRING name, ULONG value)
{
	return write_value(at->call, checked(at, configuration), name, NT_REG_DWORD, &value,
			   sizeof(value));
}

NTSTATUS cx_configuration_assign_binary(const struct cx_site *at, void *configuration,
					PCUNICODE_STRING name, const void *data, ULONG length)
{
	return write_value(at->call, checked(at, configuration), name, NT_REG_BINARY, data, length);
}

/* Append a counted string and its terminator. Return: the new length, or 0 without memory. */
static size_t append(unsigned char **data, size_t length, UNICODE_STRING string)
{
	unsigned char *larger = realloc(*data, length + string.Length + sizeof(WCHAR));

	if (!larger)
		return 0;
	*data = larger;
	if (string.Length)
		memcpy(larger + length, string.Buffer, string.Length);
	memset(larger + length + string.Length, 0, sizeof(WCHAR));
	return length + string.Length + sizeof(WCHAR);
}

NTSTATUS cx_configuration_assign_string(const struct cx_site *at, void *configuration,
					PCUNICODE_STRING name, PCUNICODE_STRING value)
{
	struct configuration *c = checked(at, configuration);
	unsigned char *data = NULL;
	size_t length = append(&data, 0, *value);
	NTSTATUS status;

	if (!length)
		return STATUS_INSUFFICIENT_RESOURCES;
	status = write_value(at->call, c, name, NT_REG_SZ, data, length);
	free(data);
	return status;
}

NTSTATUS cx_configuration_assign_strings(const struct cx_site *at, void *configuration,
					 PCUNICODE_STRING name, WDFCOLLECTION strings)
{
	struct configuration *c = checked(at, configuration);
	ULONG count = WdfCollectionGetCount(strings);
	unsigned char *data = NULL;
	size_t length = 0;
	NTSTATUS status;

	/* One string more, the empty one, ends the list. */
	for (ULONG i = 0; i <= count; i++) {
		UNICODE_STRING string = { 0 };

		if (i < count)
			WdfStringGetUnicodeString((WDFSTRING)WdfCollectionGetItem(strings, i),
						  &string);
		length = append(&data, length, string);
		if (!length) {
			free(data);
			return STATUS_INSUFFICIENT_RESOURCES;
		}
	}
	status = write_value(at->call, c, name, NT_REG_MULTI_SZ, data, length);
	free(data);
	return status;
}
