/* SPDX-License-Identifier: MIT */
/* WDFSTRING: a copy of a counted string. */
#include "wdf/string.h"

#include <stdlib.h>
#include <string.h>

#include "nt/export.h"
#include "nt/fault.h"

static void release(struct wdf_object *object)
{
	free(((struct wdf_string *)object)->text.Buffer);
}

const struct wdf_class wdf_string_class = {
	.name = "WDFSTRING",
	.size = sizeof(struct wdf_string),
	.release = release,
};

NTSTATUS wdf_string_set(struct wdf_string *string, const WCHAR *text, size_t units)
{
	WCHAR *copy;

	if (units > UNICODE_STRING_MAX_CHARS - 1)
		return STATUS_INVALID_PARAMETER;
	copy = malloc((units + 1) * sizeof(*copy));
	if (!copy)
		return STATUS_INSUFFICIENT_RESOURCES;
	if (units)
		memcpy(copy, text, units * sizeof(*copy));
	copy[units] = 0;
	free(string->text.Buffer);
	string->text.Buffer = copy;
	string->text.Length = (USHORT)(units * sizeof(*copy));
	string->text.MaximumLength = (USHORT)(string->text.Length + sizeof(*copy));
	return STATUS_SUCCESS;
}

NTSTATUS wdf_string_create(struct wdf_driver *driver, PWDF_OBJECT_ATTRIBUTES attributes,
			   const WCHAR *text, size_t units, WDFSTRING *result)
{
	NTSTATUS status;
	void *object;

	status = wdf_object_create(&wdf_string_class, driver, wdf_driver_parent(driver), attributes,
				   &object);
	if (!NT_SUCCESS(status))
		return status;
	status = wdf_string_set(object, text, units);
	if (!NT_SUCCESS(status))
		wdf_object_delete(object);
	else
		*result = object;
	return status;
}

NETCX_EXPORT NTSTATUS WdfStringCreate(PCUNICODE_STRING UnicodeString,
				      PWDF_OBJECT_ATTRIBUTES StringAttributes, WDFSTRING *String)
{
	static const char call[] = "WdfStringCreate";
	struct wdf_driver *driver = WDF_CREATOR(StringAttributes, call);

	wdf_check_irql(PASSIVE_LEVEL, call);
	wdf_check_pointer(String, "String", call);
	if (UnicodeString &&
	    (UnicodeString->Length & 1 || (UnicodeString->Length && !UnicodeString->Buffer)))
		return STATUS_INVALID_PARAMETER;
	if (NT_FAULT("WdfStringCreate"))
		return STATUS_INSUFFICIENT_RESOURCES;
	if (!UnicodeString)
		return wdf_string_create(driver, StringAttributes, NULL, 0, String);
	return wdf_string_create(driver, StringAttributes, UnicodeString->Buffer,
				 UnicodeString->Length / sizeof(WCHAR), String);
}

NETCX_EXPORT VOID WdfStringGetUnicodeString(WDFSTRING String, PUNICODE_STRING UnicodeString)
{
	static const char call[] = "WdfStringGetUnicodeString";
	struct wdf_string *string = wdf_object_of(String, &wdf_string_class, call);

	wdf_check_irql(PASSIVE_LEVEL, call);
	wdf_check_pointer(UnicodeString, "UnicodeString", call);
	*UnicodeString = string->text;
}
