/* SPDX-License-Identifier: MIT */
/* A driver from DriverEntry to its unload. DDI pages WdfDriverCreate, EvtDriverUnload. */
#include "wdf/driver.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <parts/netcxdriverapi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf.h"
#include "nt/contiguous.h"
#include "nt/crash.h"
#include "nt/event.h"
#include "nt/export.h"
#include "nt/fault.h"
#include "nt/fault_memory.h"
#include "nt/left_behind.h"
#include "nt/object.h"
#include "nt/pool.h"
#include "nt/statics.h"
#include "nt/worker.h"
#include "wdf/private.h"

const struct wdf_class wdf_driver_class = {
	.name = "WDFDRIVER",
	.size = sizeof(struct wdf_driver_object),
	.may_delete = wdf_object_refuse_delete,
};

static const void *module_of(const void *address)
{
	Dl_info info;

	return dladdr(address, &info) ? info.dli_fbase : NULL;
}

/* The loader has looked at it before; a driver that is part of the program itself has none. */
static void read_net_version(struct wdf_driver *driver)
{
	const struct netcx_driver_api *api;
	Dl_info info;
	void *handle;

	if (!dladdr((const void *)driver->entry, &info))
		return;
	handle = dlopen(info.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
	if (!handle)
		return;
	api = dlsym(handle, "netcx_driver_api");
	if (api && api->magic == NETCX_DRIVER_API_MAGIC) {
		driver->net_major = api->net_major;
		driver->net_minor = api->net_minor;
		driver->user_mode = api->size >= sizeof(*api) && api->umdf_major;
	}
	dlclose(handle);
}

void wdf_driver_net_version(const struct wdf_driver *driver, unsigned *major, unsigned *minor)
{
	*major = driver->net_major;
	*minor = driver->net_minor;
}

bool wdf_driver_is_user_mode(const struct wdf_driver *driver)
{
	return driver->user_mode;
}

static struct wdf_driver *driver_with(struct nt_machine *machine, const void *address)
{
	const void *module = module_of(address);
	struct wdf_driver *driver = machine->drivers;

	while (driver && (!module || driver->module != module))
		driver = driver->next;
	return driver;
}

/* A driver's function that ends in a call of ours may have left the stack: look further up. */
static struct wdf_driver *driver_on_stack(struct nt_machine *machine)
{
	void *addresses[32];
	int count = backtrace(addresses, RTL_NUMBER_OF(addresses));
	struct wdf_driver *driver = NULL;

	for (int i = 0; i < count && !driver; i++)
		driver = driver_with(machine, addresses[i]);
	return driver;
}

struct wdf_driver *wdf_driver_calling(const void *return_address, const char *call)
{
	struct nt_machine *machine = nt_machine();
	struct wdf_driver *driver = NULL;

	if (machine) {
		pthread_mutex_lock(&machine->drivers_lock);
		driver = machine->drivers;
		if (driver && driver->next) {
			driver = driver_with(machine, return_address);
			driver = driver ? driver : driver_on_stack(machine);
		}
		pthread_mutex_unlock(&machine->drivers_lock);
	}
	if (!driver)
		wdf_violation(NULL, WDF_VERIFIER_FATAL, (uintptr_t)return_address, call,
			      "The framework is called by drivers, on the machine's threads.",
			      "the caller at %p belongs to no loaded driver.", return_address);
	return driver;
}

static void enlist(struct wdf_driver *driver)
{
	pthread_mutex_lock(&driver->machine->drivers_lock);
	driver->next = driver->machine->drivers;
	driver->machine->drivers = driver;
	pthread_mutex_unlock(&driver->machine->drivers_lock);
}

static void delist(struct wdf_driver *driver)
{
	struct wdf_driver **at;

	pthread_mutex_lock(&driver->machine->drivers_lock);
	for (at = &driver->machine->drivers; *at != driver; at = &(*at)->next)
		;
	*at = driver->next;
	pthread_mutex_unlock(&driver->machine->drivers_lock);
}

/* A reference that was never given back keeps an object from its end: say so and end it. */
static void free_leaked(struct wdf_driver *driver)
{
	while (driver->live) {
		struct wdf_object *object = driver->live;

		nt_log(driver->name,
		       "object leak: %s %p still has %d reference%s at unload: a WdfObjectDereference is missing",
		       object->class->name, (void *)object, object->references,
		       object->references == 1 ? "" : "s");
		object->references = 1;
		wdf_object_dereference(object);
	}
}

/* What a DLL does when it is detached. A driver of kernel mode has nobody who would. */
static void end_statics(struct wdf_driver *driver)
{
	struct nt_callback callback;

	nt_callback_enter(&callback, driver->name, "destructors of static objects");
	nt_statics_end(driver->module);
	nt_callback_leave(&callback);
}

/* The end of a driver, however far it came. */
static void finish(struct wdf_driver *driver)
{
	if (driver->object)
		wdf_object_delete(&driver->object->object);
	nt_worker_destroy(driver->work_items);
	if (driver->user_mode)
		end_statics(driver);
	nt_object_end_module(driver->machine, driver->name, driver->module);
	nt_left_by_module(driver->machine, driver->name, driver->module);
	free_leaked(driver);
	wdf_object_empty_quarantine(driver);
	nt_pool_report(driver->machine, driver->name, driver->entry);
	nt_contiguous_report(driver->machine, driver->name, driver->entry);
	delist(driver);
	pthread_mutex_destroy(&driver->lock);
	free(driver);
}

static NTSTATUS run_entry(struct wdf_driver *driver)
{
	UNICODE_STRING path;
	struct nt_callback callback;
	NTSTATUS status;

	RtlInitUnicodeString(&path, driver->registry_path);
	nt_callback_begin(&callback, driver->name, "DriverEntry");
	status = NT_FAULT_CALLBACK("DriverEntry") ? STATUS_INSUFFICIENT_RESOURCES
						  : driver->entry(&driver->driver_object, &path);
	nt_callback_end_status(&callback, status);
	if (NT_SUCCESS(status) && !driver->object) {
		nt_log(driver->name,
		       "DriverEntry returned success without WdfDriverCreate: this is no framework driver");
		return STATUS_UNSUCCESSFUL;
	}
	return status;
}

NTSTATUS wdf_driver_load(struct nt_machine *machine, const char *name, wdf_driver_entry *entry,
			 struct nt_reg_key *parameters, struct wdf_driver **result)
{
	struct wdf_driver *driver = calloc(1, sizeof(*driver));
	char path[128];
	NTSTATUS status;

	*result = NULL;
	if (!driver)
		return STATUS_INSUFFICIENT_RESOURCES;
	snprintf(driver->name, sizeof(driver->name), "%s", name);
	snprintf(path, sizeof(path), "\\Registry\\Machine\\System\\CurrentControlSet\\Services\\%s",
		 driver->name);
	utf16_from_utf8(driver->registry_path, RTL_NUMBER_OF(driver->registry_path), path);
	driver->machine = machine;
	driver->entry = entry;
	driver->module = module_of((const void *)entry);
	read_net_version(driver);
	driver->parameters = parameters;
	driver->driver_object.driver = driver;
	pthread_mutex_init(&driver->lock, NULL);
	enlist(driver);
	nt_crash_watch_exits((const void *)entry);
	if (driver->user_mode && machine->faults)
		nt_fault_memory((const void *)entry);
	status = run_entry(driver);
	NT_EMIT(NT_EVENT_LIFECYCLE, driver->name,
		NT_SUCCESS(status) ? "DriverLoaded" : "DriverLoadFailed",
		NT_STATUS("status", status));
	if (!NT_SUCCESS(status)) {
		finish(driver);
		return status;
	}
	*result = driver;
	return STATUS_SUCCESS;
}

void wdf_driver_unload(struct wdf_driver *driver)
{
	char name[sizeof(driver->name)];
	struct nt_callback callback;

	if (!driver)
		return;
	if (driver->config.EvtDriverUnload) {
		nt_callback_begin(&callback, driver->name, "EvtDriverUnload");
		driver->config.EvtDriverUnload((WDFDRIVER)driver->object);
		nt_callback_end(&callback);
	}
	memcpy(name, driver->name, sizeof(name));
	finish(driver);
	NT_EMIT0(NT_EVENT_LIFECYCLE, name, "DriverUnloaded");
}

const char *wdf_driver_name(const struct wdf_driver *driver)
{
	return driver->name;
}

NETCX_EXPORT NTSTATUS WdfDriverCreate(PDRIVER_OBJECT DriverObject, PCUNICODE_STRING RegistryPath,
				      PWDF_OBJECT_ATTRIBUTES DriverAttributes,
				      PWDF_DRIVER_CONFIG DriverConfig, WDFDRIVER *Driver)
{
	static const char call[] = "WdfDriverCreate";
	struct wdf_driver *driver;
	NTSTATUS status;
	void *object;

	wdf_check_irql(PASSIVE_LEVEL, call);
	wdf_check_pointer(DriverObject, "DriverObject", call);
	wdf_check_pointer(RegistryPath, "RegistryPath", call);
	wdf_check_pointer(DriverConfig, "DriverConfig", call);
	driver = DriverObject->driver;
	if (!wdf_size_ok(DriverConfig->Size, sizeof(*DriverConfig), "WDF_DRIVER_CONFIG", call))
		return STATUS_INFO_LENGTH_MISMATCH;
	if (driver->object)
		return STATUS_OBJECT_NAME_COLLISION;
	if (DriverAttributes && DriverAttributes->ParentObject)
		return STATUS_WDF_PARENT_ASSIGNMENT_NOT_ALLOWED;
	/* A PnP driver has EvtDriverDeviceAdd, another says that it is none. */
	if (!DriverConfig->EvtDriverDeviceAdd &&
	    !(DriverConfig->DriverInitFlags & WdfDriverInitNonPnpDriver))
		return STATUS_INVALID_PARAMETER;
	if (NT_FAULT("WdfDriverCreate"))
		return STATUS_INSUFFICIENT_RESOURCES;
	status = wdf_object_create(&wdf_driver_class, driver, NULL, DriverAttributes, &object);
	if (!NT_SUCCESS(status))
		return status;
	driver->object = object;
	driver->config = *DriverConfig;
	if (Driver)
		*Driver = object;
	return STATUS_SUCCESS;
}

static struct wdf_driver *driver_of(WDFDRIVER handle, const char *call)
{
	struct wdf_object *object = wdf_object_of(handle, &wdf_driver_class, call);

	return object->driver;
}

NETCX_EXPORT WDFDRIVER WdfGetDriver(VOID)
{
	return (WDFDRIVER)WDF_CALLING_DRIVER("WdfGetDriver")->object;
}

NETCX_EXPORT PDRIVER_OBJECT WdfDriverWdmGetDriverObject(WDFDRIVER Driver)
{
	return &driver_of(Driver, "WdfDriverWdmGetDriverObject")->driver_object;
}

NETCX_EXPORT PWSTR WdfDriverGetRegistryPath(WDFDRIVER Driver)
{
	wdf_check_irql(PASSIVE_LEVEL, "WdfDriverGetRegistryPath");
	return driver_of(Driver, "WdfDriverGetRegistryPath")->registry_path;
}

/* What it points to is for a debugger of Windows; there is nothing here that one could read. */
NETCX_EXPORT PVOID WdfGetTriageInfo(VOID)
{
	return NULL;
}
