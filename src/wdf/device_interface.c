/* SPDX-License-Identifier: MIT */
/*
 * Device interfaces: names under which programs open a device. No program of this system does, so
 * an interface is what a driver has registered, its state and its name, and an event when either is
 * made. What a driver makes of them is the same as on Windows.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf.h"
#include "nt/event.h"
#include "nt/export.h"
#include "nt/fault.h"
#include "wdf/device_private.h"
#include "wdf/string.h"

#define NAME_LENGTH 256 /* characters */

/* Its device's, which frees it; in the device's list under the driver's lock. */
struct wdf_device_interface {
	struct wdf_device_interface *next;
	GUID guid;
	bool enabled; /* as the driver wants it; while the device is started it is that */
	size_t reference_length; /* characters */
	WCHAR reference[];
};

void wdf_device_interfaces_free(struct wdf_device *device)
{
	while (device->interfaces) {
		struct wdf_device_interface *one = device->interfaces;

		device->interfaces = one->next;
		free(one);
	}
}

static void put_guid(char text[40], const GUID *g)
{
	snprintf(text, 40, "{%08x-%04x-%04x-%02x%02x-%02x%02x%02x%02x%02x%02x}", g->Data1, g->Data2,
		 g->Data3, g->Data4[0], g->Data4[1], g->Data4[2], g->Data4[3], g->Data4[4],
		 g->Data4[5], g->Data4[6], g->Data4[7]);
}

static void tell(struct wdf_device *device, const char *event, const GUID *guid, bool enabled)
{
	char text[40];

	put_guid(text, guid);
	NT_EMIT(NT_EVENT_LIFECYCLE, device->name, event, NT_TEXT("class", text),
		NT_BOOL("enabled", enabled));
}

static size_t length_of(PCUNICODE_STRING reference)
{
	return reference ? reference->Length / sizeof(WCHAR) : 0;
}

/* DDI page IoRegisterDeviceInterface: a reference string has no path separators. */
static bool valid_reference(PCUNICODE_STRING reference)
{
	for (size_t i = 0; i < length_of(reference); i++)
		if (reference->Buffer[i] == '\\' || reference->Buffer[i] == '/')
			return false;
	return true;
}

/* Two strings that are empty are the same as none. With the driver's lock held. */
static struct wdf_device_interface *find(struct wdf_device *device, const GUID *guid,
					 PCUNICODE_STRING reference)
{
	struct wdf_device_interface *one = device->interfaces;
	size_t length = length_of(reference);

	while (one &&
	       (memcmp(&one->guid, guid, sizeof(*guid)) != 0 || one->reference_length != length ||
		(length && memcmp(one->reference, reference->Buffer, length * sizeof(WCHAR)) != 0)))
		one = one->next;
	return one;
}

static struct wdf_device *check(WDFDEVICE handle, const GUID *guid, const char *call)
{
	struct wdf_device *device = wdf_device_of(handle, call);

	wdf_check_irql(PASSIVE_LEVEL, call);
	wdf_check_pointer(guid, "InterfaceClassGUID", call);
	return device;
}

NETCX_EXPORT NTSTATUS WdfDeviceCreateDeviceInterface(WDFDEVICE Device,
						     const GUID *InterfaceClassGUID,
						     PCUNICODE_STRING ReferenceString)
{
	struct wdf_device *device =
		check(Device, InterfaceClassGUID, "WdfDeviceCreateDeviceInterface");
	size_t length = length_of(ReferenceString);
	struct wdf_device_interface *one;

	if (!valid_reference(ReferenceString))
		return STATUS_INVALID_PARAMETER;
	if (NT_FAULT("WdfDeviceCreateDeviceInterface"))
		return STATUS_INSUFFICIENT_RESOURCES;
	one = calloc(1, sizeof(*one) + length * sizeof(WCHAR));
	if (!one)
		return STATUS_INSUFFICIENT_RESOURCES;
	one->guid = *InterfaceClassGUID;
	one->enabled = true;
	one->reference_length = length;
	if (length)
		memcpy(one->reference, ReferenceString->Buffer, length * sizeof(WCHAR));
	pthread_mutex_lock(&device->setup.driver->lock);
	one->next = device->interfaces;
	device->interfaces = one;
	pthread_mutex_unlock(&device->setup.driver->lock);
	tell(device, "DeviceInterfaceCreated", InterfaceClassGUID, true);
	return STATUS_SUCCESS;
}

static void set_state(WDFDEVICE handle, const GUID *guid, PCUNICODE_STRING reference, bool enabled,
		      const char *call)
{
	struct wdf_device *device = check(handle, guid, call);
	struct wdf_device_interface *one;
	bool changed = false;

	pthread_mutex_lock(&device->setup.driver->lock);
	one = find(device, guid, reference);
	if (one) {
		changed = one->enabled != enabled;
		one->enabled = enabled;
	}
	pthread_mutex_unlock(&device->setup.driver->lock);
	if (!one)
		nt_log(device->name, "%s: the driver has not created that interface", call);
	if (changed)
		tell(device, "DeviceInterfaceState", guid, enabled);
}

NETCX_EXPORT VOID WdfDeviceSetDeviceInterfaceState(WDFDEVICE Device, const GUID *InterfaceClassGUID,
						   PCUNICODE_STRING ReferenceString,
						   BOOLEAN IsInterfaceEnabled)
{
	set_state(Device, InterfaceClassGUID, ReferenceString, IsInterfaceEnabled,
		  "WdfDeviceSetDeviceInterfaceState");
}

/* KMDF 1.31: also before the device is started, when it comes into force with that. */
NETCX_EXPORT VOID WdfDeviceSetDeviceInterfaceStateEx(WDFDEVICE Device,
						     const GUID *InterfaceClassGUID,
						     PCUNICODE_STRING ReferenceString,
						     BOOLEAN IsInterfaceEnabled)
{
	set_state(Device, InterfaceClassGUID, ReferenceString, IsInterfaceEnabled,
		  "WdfDeviceSetDeviceInterfaceStateEx");
}

/* \??\NETCX#Ethernet#{guid}\reference. Return: its length in characters. */
static size_t put_name(WCHAR name[NAME_LENGTH], struct wdf_device *device, const GUID *guid,
		       PCUNICODE_STRING reference)
{
	size_t length, more = length_of(reference);
	char text[NAME_LENGTH], class[40];

	put_guid(class, guid);
	snprintf(text, sizeof(text), "\\??\\NETCX#%s#%s%s", device->name, class, more ? "\\" : "");
	length = utf16_from_utf8(name, NAME_LENGTH, text);
	if (more > NAME_LENGTH - length)
		more = NAME_LENGTH - length;
	if (more)
		memcpy(name + length, reference->Buffer, more * sizeof(WCHAR));
	return length + more;
}

NETCX_EXPORT NTSTATUS WdfDeviceRetrieveDeviceInterfaceString(WDFDEVICE Device,
							     const GUID *InterfaceClassGUID,
							     PCUNICODE_STRING ReferenceString,
							     WDFSTRING String)
{
	static const char call[] = "WdfDeviceRetrieveDeviceInterfaceString";
	struct wdf_device *device = check(Device, InterfaceClassGUID, call);
	struct wdf_string *string = wdf_object_of(String, &wdf_string_class, call);
	struct wdf_device_interface *one;
	WCHAR name[NAME_LENGTH];

	if (device->state == WDF_DEVICE_ADDED)
		return STATUS_INVALID_DEVICE_STATE;
	pthread_mutex_lock(&device->setup.driver->lock);
	one = find(device, InterfaceClassGUID, ReferenceString);
	pthread_mutex_unlock(&device->setup.driver->lock);
	if (!one)
		return STATUS_OBJECT_NAME_NOT_FOUND;
	if (NT_FAULT("WdfDeviceRetrieveDeviceInterfaceString"))
		return STATUS_INSUFFICIENT_RESOURCES;
	return wdf_string_set(string, name,
			      put_name(name, device, InterfaceClassGUID, ReferenceString));
}
