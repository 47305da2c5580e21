/* SPDX-License-Identifier: MIT */
/* Values of a WDFKEY. DDI pages WdfRegistryQuery*, WdfRegistryAssign*. */
#include <stdlib.h>
#include <string.h>

#include "nt/export.h"
#include "nt/fault.h"
#include "wdf/key.h"
#include "wdf/string.h"

NT_FAULT_NAMES("WdfRegistryQueryULong", "WdfRegistryQueryString", "WdfRegistryQueryMultiString",
	       "WdfRegistryQueryValue", "WdfRegistryQueryUnicodeString", "WdfRegistryAssignULong",
	       "WdfRegistryAssignUnicodeString", "WdfRegistryAssignString",
	       "WdfRegistryAssignValue");

/* A value's data with room for a terminator behind it; *data is freed by the caller. */
static NTSTATUS fetch(WDFKEY handle, PCUNICODE_STRING value_name, enum nt_reg_type *type,
		      void **data, size_t *length, const char *call)
{
	struct wdf_key *key = wdf_key_of(handle, call);
	char name[WDF_KEY_NAME_SIZE];
	NTSTATUS status = wdf_key_name(name, value_name);

	*data = NULL;
	*length = 0;
	if (!NT_SUCCESS(status))
		return status;
	if (nt_fault(call))
		return STATUS_INSUFFICIENT_RESOURCES;
	do {
		/* It may grow between the question for its length and the one for its data. */
		free(*data);
		*data = calloc(1, *length + 2 * sizeof(WCHAR));
		if (!*data)
			return STATUS_INSUFFICIENT_RESOURCES;
		status = nt_reg_query(key->key, name, type, *data, *length, length);
	} while (status == STATUS_BUFFER_OVERFLOW);
	if (!NT_SUCCESS(status)) {
		free(*data);
		*data = NULL;
	}
	return status;
}

static size_t units_of(const WCHAR *text, size_t length)
{
	size_t units = 0;

	while (units < length / sizeof(WCHAR) && text[units])
		units++;
	return units;
}

static bool is_text(enum nt_reg_type type)
{
	return type == NT_REG_SZ || type == NT_REG_EXPAND_SZ;
}

NETCX_EXPORT NTSTATUS WdfRegistryQueryULong(WDFKEY Key, PCUNICODE_STRING ValueName, PULONG Value)
{
	static const char call[] = "WdfRegistryQueryULong";
	enum nt_reg_type type;
	size_t length;
	NTSTATUS status;
	void *data;

	wdf_check_pointer(Value, "Value", call);
	status = fetch(Key, ValueName, &type, &data, &length, call);
	if (!NT_SUCCESS(status))
		return status;
	if (type != NT_REG_DWORD || length != sizeof(*Value))
		status = STATUS_OBJECT_TYPE_MISMATCH;
	else
		memcpy(Value, data, sizeof(*Value));
	free(data);
	return status;
}

/* @ValueByteLength gets the value's length, also when @Value is NULL or too small for it. */
NETCX_EXPORT NTSTATUS WdfRegistryQueryUnicodeString(WDFKEY Key, PCUNICODE_STRING ValueName,
						    PUSHORT ValueByteLength, PUNICODE_STRING Value)
{
	static const char call[] = "WdfRegistryQueryUnicodeString";
	enum nt_reg_type type;
	size_t length, text;
	NTSTATUS status;
	void *data;

	status = fetch(Key, ValueName, &type, &data, &length, call);
	if (!NT_SUCCESS(status))
		return status;
	text = units_of(data, length) * sizeof(WCHAR);
	if (!is_text(type) || length > MAXUSHORT)
		status = STATUS_OBJECT_TYPE_MISMATCH;
	else if (Value && Value->MaximumLength < text)
		status = STATUS_BUFFER_OVERFLOW;
	if (ValueByteLength && status != STATUS_OBJECT_TYPE_MISMATCH)
		*ValueByteLength = (USHORT)length;
	if (NT_SUCCESS(status) && Value) {
		const UNICODE_STRING source = { (USHORT)text, (USHORT)text, data };

		RtlCopyUnicodeString(Value, &source);
	}
	free(data);
	return status;
}

NETCX_EXPORT NTSTATUS WdfRegistryQueryString(WDFKEY Key, PCUNICODE_STRING ValueName,
					     WDFSTRING String)
{
	static const char call[] = "WdfRegistryQueryString";
	struct wdf_string *string = wdf_object_of(String, &wdf_string_class, call);
	enum nt_reg_type type;
	size_t length;
	NTSTATUS status;
	void *data;

	status = fetch(Key, ValueName, &type, &data, &length, call);
	if (!NT_SUCCESS(status))
		return status;
	status = is_text(type) ? wdf_string_set(string, data, units_of(data, length))
			       : STATUS_OBJECT_TYPE_MISMATCH;
	free(data);
	return status;
}

/* One WDFSTRING for each text, added to the collection; on failure those added are taken out. */
static NTSTATUS add_strings(struct wdf_driver *driver, const WCHAR *at, size_t length,
			    PWDF_OBJECT_ATTRIBUTES attributes, WDFCOLLECTION collection)
{
	NTSTATUS status = STATUS_SUCCESS;
	ULONG before = WdfCollectionGetCount(collection);
	size_t units;

	while (NT_SUCCESS(status) && (units = units_of(at, length))) {
		WDFSTRING string;

		status = wdf_string_create(driver, attributes, at, units, &string);
		if (NT_SUCCESS(status))
			status = WdfCollectionAdd(collection, string);
		length -=
			(units + 1) * sizeof(WCHAR) < length ? (units + 1) * sizeof(WCHAR) : length;
		at += units + 1;
	}
	while (!NT_SUCCESS(status) && WdfCollectionGetCount(collection) > before) {
		WDFOBJECT string = WdfCollectionGetLastItem(collection);

		WdfCollectionRemoveItem(collection, WdfCollectionGetCount(collection) - 1);
		wdf_object_delete(string);
	}
	return status;
}

NETCX_EXPORT NTSTATUS WdfRegistryQueryMultiString(WDFKEY Key, PCUNICODE_STRING ValueName,
						  PWDF_OBJECT_ATTRIBUTES StringsAttributes,
						  WDFCOLLECTION Collection)
{
	static const char call[] = "WdfRegistryQueryMultiString";
	struct wdf_key *key = wdf_key_of(Key, call);
	enum nt_reg_type type;
	size_t length;
	NTSTATUS status;
	void *data;

	wdf_object_of(Collection, &wdf_collection_class, call);
	status = fetch(Key, ValueName, &type, &data, &length, call);
	if (!NT_SUCCESS(status))
		return status;
	status = type == NT_REG_MULTI_SZ ? add_strings(key->object.driver, data, length,
						       StringsAttributes, Collection)
					 : STATUS_OBJECT_TYPE_MISMATCH;
	free(data);
	return status;
}

NETCX_EXPORT NTSTATUS WdfRegistryQueryValue(WDFKEY Key, PCUNICODE_STRING ValueName,
					    ULONG ValueLength, PVOID Value,
					    PULONG ValueLengthQueried, PULONG ValueType)
{
	static const char call[] = "WdfRegistryQueryValue";
	enum nt_reg_type type;
	size_t length;
	NTSTATUS status;
	void *data;

	status = fetch(Key, ValueName, &type, &data, &length, call);
	if (!NT_SUCCESS(status))
		return status;
	if (ValueLengthQueried)
		*ValueLengthQueried = (ULONG)length;
	if (ValueType)
		*ValueType = (ULONG)type;
	if (Value && ValueLength < length)
		status = STATUS_BUFFER_OVERFLOW;
	else if (Value)
		memcpy(Value, data, length);
	else if (length)
		status = STATUS_BUFFER_OVERFLOW;
	free(data);
	return status;
}

static NTSTATUS assign(WDFKEY handle, PCUNICODE_STRING value_name, ULONG type, const void *data,
		       size_t length, const char *call)
{
	struct wdf_key *key = wdf_key_of(handle, call);
	char name[WDF_KEY_NAME_SIZE];
	NTSTATUS status = wdf_key_name(name, value_name);

	if (!NT_SUCCESS(status))
		return status;
	if (nt_fault(call))
		return STATUS_INSUFFICIENT_RESOURCES;
	return nt_reg_set(key->key, name, (enum nt_reg_type)type, data, length);
}

NETCX_EXPORT NTSTATUS WdfRegistryAssignULong(WDFKEY Key, PCUNICODE_STRING ValueName, ULONG Value)
{
	return assign(Key, ValueName, REG_DWORD, &Value, sizeof(Value), "WdfRegistryAssignULong");
}

/* Stored with its terminator, as readers of REG_SZ expect. */
NETCX_EXPORT NTSTATUS WdfRegistryAssignUnicodeString(WDFKEY Key, PCUNICODE_STRING ValueName,
						     PCUNICODE_STRING Value)
{
	static const char call[] = "WdfRegistryAssignUnicodeString";
	NTSTATUS status;
	WCHAR *text;

	wdf_check_pointer(Value, "Value", call);
	text = calloc(1, (size_t)Value->Length + sizeof(*text));
	if (!text)
		return STATUS_INSUFFICIENT_RESOURCES;
	if (Value->Length)
		memcpy(text, Value->Buffer, Value->Length);
	status = assign(Key, ValueName, REG_SZ, text, (size_t)Value->Length + sizeof(*text), call);
	free(text);
	return status;
}

NETCX_EXPORT NTSTATUS WdfRegistryAssignString(WDFKEY Key, PCUNICODE_STRING ValueName,
					      WDFSTRING String)
{
	static const char call[] = "WdfRegistryAssignString";
	struct wdf_string *string = wdf_object_of(String, &wdf_string_class, call);

	return assign(Key, ValueName, REG_SZ, string->text.Buffer, string->text.MaximumLength,
		      call);
}

NETCX_EXPORT NTSTATUS WdfRegistryAssignValue(WDFKEY Key, PCUNICODE_STRING ValueName,
					     ULONG ValueType, ULONG ValueLength, PVOID Value)
{
	static const char call[] = "WdfRegistryAssignValue";

	if (ValueLength)
		wdf_check_pointer(Value, "Value", call);
	return assign(Key, ValueName, ValueType, Value, ValueLength, call);
}
