/* SPDX-License-Identifier: MIT */
/*
 * WDFKEY: opening and closing. A driver reaches its Parameters key, its devices' keys and what lies
 * below. Access rights are not looked at: kernel callers pass every check on Windows as well.
 */
#include "wdf/key.h"

#include <string.h>
#include <strings.h>

#include "base/utf.h"
#include "nt/export.h"
#include "nt/fault.h"
#include "wdf/device_private.h"

NT_FAULT_NAMES("WdfDriverOpenParametersRegistryKey", "WdfDeviceOpenRegistryKey",
	       "WdfRegistryOpenKey", "WdfRegistryCreateKey");

const struct wdf_class wdf_key_class = {
	.name = "WDFKEY",
	.size = sizeof(struct wdf_key),
};

struct wdf_key *wdf_key_of(WDFKEY handle, const char *call)
{
	wdf_check_irql(PASSIVE_LEVEL, call);
	return wdf_object_of(handle, &wdf_key_class, call);
}

NTSTATUS wdf_key_name(char name[WDF_KEY_NAME_SIZE], PCUNICODE_STRING string)
{
	if (!string || !string->Buffer || !string->Length || string->Length & 1)
		return STATUS_INVALID_PARAMETER;
	utf8_from_utf16(name, WDF_KEY_NAME_SIZE, string->Buffer, string->Length / sizeof(WCHAR));
	return STATUS_SUCCESS;
}

NTSTATUS wdf_key_create(struct wdf_driver *driver, struct nt_reg_key *key,
			PWDF_OBJECT_ATTRIBUTES attributes, WDFKEY *result, const char *call)
{
	NTSTATUS status;
	void *object;

	wdf_check_pointer(result, "Key", call);
	if (!key)
		return STATUS_OBJECT_NAME_NOT_FOUND;
	status = wdf_object_create(&wdf_key_class, driver, wdf_driver_parent(driver), attributes,
				   &object);
	if (!NT_SUCCESS(status))
		return status;
	((struct wdf_key *)object)->key = key;
	*result = object;
	return STATUS_SUCCESS;
}

NETCX_EXPORT NTSTATUS WdfDriverOpenParametersRegistryKey(WDFDRIVER Driver,
							 ACCESS_MASK DesiredAccess,
							 PWDF_OBJECT_ATTRIBUTES KeyAttributes,
							 WDFKEY *Key)
{
	static const char call[] = "WdfDriverOpenParametersRegistryKey";
	struct wdf_object *object = wdf_object_of(Driver, &wdf_driver_class, call);

	wdf_check_irql(PASSIVE_LEVEL, call);
	if (nt_fault(call))
		return STATUS_INSUFFICIENT_RESOURCES;
	return wdf_key_create(object->driver, object->driver->parameters, KeyAttributes, Key, call);
}

NETCX_EXPORT NTSTATUS WdfDeviceOpenRegistryKey(WDFDEVICE Device, ULONG DeviceInstanceKeyType,
					       ACCESS_MASK DesiredAccess,
					       PWDF_OBJECT_ATTRIBUTES KeyAttributes, WDFKEY *Key)
{
	static const char call[] = "WdfDeviceOpenRegistryKey";
	struct wdf_device *device = wdf_device_of(Device, call);
	struct nt_reg_key *key;

	wdf_check_irql(PASSIVE_LEVEL, call);
	switch (DeviceInstanceKeyType) {
	case PLUGPLAY_REGKEY_DEVICE:
		key = device->setup.config.hardware_key;
		break;
	case PLUGPLAY_REGKEY_DRIVER:
		key = device->setup.config.software_key;
		break;
	default:
		return STATUS_INVALID_PARAMETER;
	}
	if (nt_fault(call))
		return STATUS_INSUFFICIENT_RESOURCES;
	return wdf_key_create(device->setup.driver, key, KeyAttributes, Key, call);
}

/* An absolute path leads only into the driver's own Parameters key. */
static const char *below_parameters(struct wdf_driver *driver, const char *path)
{
	char own[WDF_KEY_NAME_SIZE];
	size_t length;

	utf8_from_utf16(own, sizeof(own) - sizeof("\\Parameters"), driver->registry_path,
			RTL_NUMBER_OF(driver->registry_path));
	strcat(own, "\\Parameters");
	length = strlen(own);
	if (strncasecmp(path, own, length) || (path[length] && path[length] != '\\'))
		return NULL;
	return path + length + (path[length] == '\\');
}

/* "A\B\C" below @key; *made tells whether the last one is new. NULL: not there, or no memory. */
static struct nt_reg_key *walk(struct nt_reg_key *key, char *path, bool create, bool *made)
{
	char *rest = path, *name;

	*made = false;
	while (key && (name = strsep(&rest, "\\"))) {
		struct nt_reg_key *next = *name ? nt_reg_subkey(key, name, false) : key;

		*made = !next;
		key = next || !create ? next : nt_reg_subkey(key, name, true);
	}
	return key;
}

static NTSTATUS open_key(struct wdf_driver *driver, WDFKEY parent, PCUNICODE_STRING name,
			 PWDF_OBJECT_ATTRIBUTES attributes, bool create, ULONG *disposition,
			 WDFKEY *result, const char *call)
{
	struct nt_reg_key *from = parent ? wdf_key_of(parent, call)->key : driver->parameters;
	char path[WDF_KEY_NAME_SIZE], *below = path;
	NTSTATUS status;
	bool made;

	wdf_check_irql(PASSIVE_LEVEL, call);
	wdf_check_pointer(result, "Key", call);
	status = wdf_key_name(path, name);
	if (!NT_SUCCESS(status))
		return status;
	if (!parent) {
		const char *rest = below_parameters(driver, path);

		if (!rest)
			return STATUS_OBJECT_NAME_NOT_FOUND;
		below = path + (rest - path);
	}
	if (nt_fault(call))
		return STATUS_INSUFFICIENT_RESOURCES;
	from = walk(from, below, create, &made);
	if (create && !from)
		return STATUS_INSUFFICIENT_RESOURCES;
	if (disposition)
		*disposition = made ? 1 : 2; /* REG_CREATED_NEW_KEY, REG_OPENED_EXISTING_KEY */
	return wdf_key_create(driver, from, attributes, result, call);
}

NETCX_EXPORT NTSTATUS WdfRegistryOpenKey(WDFKEY ParentKey, PCUNICODE_STRING KeyName,
					 ACCESS_MASK DesiredAccess,
					 PWDF_OBJECT_ATTRIBUTES KeyAttributes, WDFKEY *Key)
{
	static const char call[] = "WdfRegistryOpenKey";

	return open_key(WDF_CALLING_DRIVER(call), ParentKey, KeyName, KeyAttributes, false, NULL,
			Key, call);
}

NETCX_EXPORT NTSTATUS WdfRegistryCreateKey(WDFKEY ParentKey, PCUNICODE_STRING KeyName,
					   ACCESS_MASK DesiredAccess, ULONG CreateOptions,
					   PULONG CreateDisposition,
					   PWDF_OBJECT_ATTRIBUTES KeyAttributes, WDFKEY *Key)
{
	static const char call[] = "WdfRegistryCreateKey";

	return open_key(WDF_CALLING_DRIVER(call), ParentKey, KeyName, KeyAttributes, true,
			CreateDisposition, Key, call);
}

NETCX_EXPORT VOID WdfRegistryClose(WDFKEY Key)
{
	wdf_object_delete(&wdf_key_of(Key, "WdfRegistryClose")->object);
}

/* Keys of the host outlive the driver that looks at them. */
NETCX_EXPORT NTSTATUS WdfRegistryRemoveKey(WDFKEY Key)
{
	struct wdf_key *key = wdf_key_of(Key, "WdfRegistryRemoveKey");

	wdf_object_delete(&key->object);
	return STATUS_ACCESS_DENIED;
}

NETCX_EXPORT NTSTATUS WdfRegistryRemoveValue(WDFKEY Key, PCUNICODE_STRING ValueName)
{
	struct wdf_key *key = wdf_key_of(Key, "WdfRegistryRemoveValue");
	char name[WDF_KEY_NAME_SIZE];
	NTSTATUS status = wdf_key_name(name, ValueName);

	return NT_SUCCESS(status) ? nt_reg_delete(key->key, name) : status;
}
