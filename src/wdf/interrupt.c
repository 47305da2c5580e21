/* SPDX-License-Identifier: MIT */
/* WDFINTERRUPT: ISR at DIRQL under the interrupt's lock, DPC at DISPATCH_LEVEL. */
#include "nt/interrupt.h"

#include "nt/event.h"
#include "nt/export.h"
#include "nt/fault.h"
#include "nt/held_locks.h"
#include "nt/irql.h"
#include "nt/spinlock.h"
#include "wdf/device_private.h"
#include "wdf/lock.h"

struct wdf_interrupt {
	struct wdf_object object;
	struct wdf_device *device;
	struct wdf_interrupt *next; /* of the device's */
	WDF_INTERRUPT_CONFIG config;
	struct wdf_object *lock_object; /* the client's WDFSPINLOCK, referenced; or NULL */
	KSPIN_LOCK own_lock, *lock;
	KIRQL irql_before; /* the holder's, by WdfInterruptAcquireLock */
	bool connected;
	int resource;  /* which of the device's interrupts it has; -1: none yet */
	ULONG message; /* its number among the device's messages; 0 of a line */
	struct nt_dpc dpc;
};

static const char kind[] = "interrupt lock of WDFINTERRUPT";

static _Noreturn void taken_twice(struct wdf_interrupt *interrupt, const char *call)
{
	char text[384];

	wdf_violation(interrupt->object.driver->name, WDF_RECURSIVE_LOCK, (uintptr_t)interrupt,
		      call, "The interrupt lock is not recursive.",
		      "the %s, is held by the thread that asks for it.",
		      nt_held_text(interrupt->lock, kind, interrupt, text, sizeof(text)));
}

/* @where: in the driver; NULL: for a callback of it */
static void lock(struct wdf_interrupt *interrupt, const char *call, const void *where)
{
	if (nt_spin_held(interrupt->lock))
		taken_twice(interrupt, call);
	nt_spin_lock(interrupt->lock, call);
	nt_held_take(interrupt->lock, kind, interrupt, NT_DIRQL, where);
}

static void unlock(struct wdf_interrupt *interrupt, const char *call)
{
	nt_spin_unlock(interrupt->lock, call);
	nt_held_give(interrupt->lock);
}

static KIRQL raise_and_lock(struct wdf_interrupt *interrupt, const char *call, const void *where)
{
	KIRQL irql = nt_irql();

	if (irql < NT_DIRQL)
		nt_irql_raise(NT_DIRQL);
	lock(interrupt, call, where);
	return irql;
}

static void unlock_and_lower(struct wdf_interrupt *interrupt, KIRQL irql, const char *call)
{
	unlock(interrupt, call);
	nt_irql_drop(irql, call);
}

/* Called by the line or the message, at DIRQL. */
static BOOLEAN isr(void *context)
{
	struct wdf_interrupt *interrupt = context;
	struct nt_callback callback;
	BOOLEAN ours;

	lock(interrupt, "EvtInterruptIsr", NULL);
	nt_callback_enter(&callback, interrupt->device->name, "EvtInterruptIsr");
	ours = interrupt->config.EvtInterruptIsr((WDFINTERRUPT)interrupt, interrupt->message);
	nt_callback_leave(&callback);
	unlock(interrupt, "EvtInterruptIsr");
	return ours;
}

static void dpc(struct nt_dpc *dpc)
{
	struct wdf_interrupt *interrupt = CONTAINING_RECORD(dpc, struct wdf_interrupt, dpc);
	struct wdf_device *device = interrupt->device;
	bool serial = interrupt->config.AutomaticSerialization &&
		      device->scope == WdfSynchronizationScopeDevice;
	struct nt_callback callback;

	if (serial)
		nt_spin_lock(&device->serial_spin, "EvtInterruptDpc");
	nt_callback_enter(&callback, device->name, "EvtInterruptDpc");
	interrupt->config.EvtInterruptDpc((WDFINTERRUPT)interrupt, device);
	nt_callback_leave(&callback);
	if (serial)
		nt_spin_unlock(&device->serial_spin, "EvtInterruptDpc");
}

static struct nt_interrupt *source_of(const struct wdf_interrupt *interrupt)
{
	return &interrupt->device->setup.config.interrupts[interrupt->resource];
}

static NTSTATUS enable(struct wdf_interrupt *interrupt)
{
	struct wdf_device *device = interrupt->device;
	struct nt_callback callback;
	NTSTATUS status = STATUS_SUCCESS;

	if (interrupt->config.EvtInterruptEnable) {
		KIRQL irql = raise_and_lock(interrupt, "EvtInterruptEnable", NULL);

		nt_callback_begin(&callback, device->name, "EvtInterruptEnable");
		status = NT_FAULT_CALLBACK("EvtInterruptEnable")
				 ? STATUS_INSUFFICIENT_RESOURCES
				 : interrupt->config.EvtInterruptEnable((WDFINTERRUPT)interrupt,
									(WDFDEVICE)device);
		nt_callback_end_status(&callback, status);
		unlock_and_lower(interrupt, irql, "EvtInterruptEnable");
		if (!NT_SUCCESS(status))
			wdf_device_blame(device, "EvtInterruptEnable");
	}
	if (NT_SUCCESS(status)) {
		interrupt->connected = true;
		nt_interrupt_connect(source_of(interrupt), isr, interrupt);
	}
	return status;
}

/*
 * Disconnected first, so nothing is delivered once EvtInterruptDisable has begun; what was queued
 * before has run when this returns.
 */
static void disable(struct wdf_interrupt *interrupt)
{
	struct wdf_device *device = interrupt->device;
	struct nt_callback callback;

	nt_interrupt_connect(source_of(interrupt), NULL, NULL);
	interrupt->connected = false;
	if (interrupt->config.EvtInterruptDisable) {
		KIRQL irql = raise_and_lock(interrupt, "EvtInterruptDisable", NULL);

		nt_callback_begin(&callback, device->name, "EvtInterruptDisable");
		nt_callback_end_status(
			&callback, interrupt->config.EvtInterruptDisable((WDFINTERRUPT)interrupt,
									 (WDFDEVICE)device));
		unlock_and_lower(interrupt, irql, "EvtInterruptDisable");
	}
	nt_dpc_flush();
}

/* @resource: of the device's interrupts; -1: it stays without */
static void assign(struct wdf_interrupt *interrupt, int resource)
{
	const struct nt_interrupt *all = interrupt->device->setup.config.interrupts;

	interrupt->resource = resource;
	interrupt->message = 0;
	if (resource < 0 || all[resource].kind != NT_INTERRUPT_MESSAGE)
		return;
	for (int i = 0; i < resource; i++)
		interrupt->message += all[i].kind == NT_INTERRUPT_MESSAGE;
}

static bool is_taken(const struct wdf_device *device, int resource)
{
	for (const struct wdf_interrupt *i = device->interrupts; i; i = i->next)
		if (i->resource == resource)
			return true;
	return false;
}

/*
 * Objects made in EvtDriverDeviceAdd get the device's interrupts in the order of both. When there
 * are more objects than interrupts, the last ones stay unconnected.
 */
static void assign_in_order(struct wdf_device *device)
{
	int count = (int)device->setup.config.interrupt_count, next = 0;

	for (struct wdf_interrupt *i = device->interrupts; i; i = i->next) {
		if (i->resource >= 0)
			continue;
		while (next < count && is_taken(device, next))
			next++;
		if (next == count)
			return;
		assign(i, next);
	}
}

NTSTATUS wdf_interrupts_enable(struct wdf_device *device)
{
	NTSTATUS status = STATUS_SUCCESS;

	if (device->no_interrupts)
		return STATUS_SUCCESS;
	assign_in_order(device);
	for (struct wdf_interrupt *i = device->interrupts; i && NT_SUCCESS(status); i = i->next)
		if (i->resource >= 0)
			status = enable(i);
	if (!NT_SUCCESS(status))
		wdf_interrupts_disable(device);
	return status;
}

void wdf_interrupts_disable(struct wdf_device *device)
{
	for (struct wdf_interrupt *i = device->interrupts; i; i = i->next)
		if (i->connected)
			disable(i);
}

/* With the device, or when made in EvtDevicePrepareHardware by the client. */
static void dispose(struct wdf_object *object)
{
	struct wdf_interrupt *interrupt = (struct wdf_interrupt *)object, **at;

	if (interrupt->connected)
		disable(interrupt);
	nt_dpc_flush();
	pthread_mutex_lock(&object->driver->lock);
	for (at = &interrupt->device->interrupts; *at && *at != interrupt; at = &(*at)->next)
		;
	if (*at)
		*at = interrupt->next;
	pthread_mutex_unlock(&object->driver->lock);
}

static void release(struct wdf_object *object)
{
	struct wdf_interrupt *interrupt = (struct wdf_interrupt *)object;

	if (interrupt->lock_object)
		wdf_object_dereference(interrupt->lock_object);
	else
		wdf_check_released(object, interrupt->lock, kind);
}

/* Its end waits for its DPCs. */
static void may_delete(struct wdf_object *object, const char *call)
{
	wdf_check_irql(PASSIVE_LEVEL, call);
}

const struct wdf_class wdf_interrupt_class = {
	.name = "WDFINTERRUPT",
	.size = sizeof(struct wdf_interrupt),
	.dispose = dispose,
	.release = release,
	.may_delete = may_delete,
};

static NTSTATUS check_config(struct wdf_device *device, const WDF_INTERRUPT_CONFIG *config,
			     const char *call)
{
	bool resources = config->InterruptRaw || config->InterruptTranslated;

	if (!wdf_size_ok(config->Size, sizeof(*config), "WDF_INTERRUPT_CONFIG", call))
		return STATUS_INFO_LENGTH_MISMATCH;
	if (wdf_driver_is_user_mode(device->setup.driver)) {
		nt_log(device->name,
		       "%s: a user-mode driver has no interrupts here: its device is one of software",
		       call);
		return STATUS_NOT_SUPPORTED;
	}
	if (!config->EvtInterruptIsr || (config->EvtInterruptDpc && config->EvtInterruptWorkItem))
		return STATUS_INVALID_PARAMETER;
	if (config->PassiveHandling || config->WaitLock || config->EvtInterruptWorkItem) {
		nt_log(device->name,
		       "%s: passive-level interrupts and interrupt work items are not offered: the line is serviced at DIRQL",
		       call);
		return STATUS_NOT_SUPPORTED;
	}
	if (config->AutomaticSerialization && wdf_device_is_passive(device))
		return STATUS_WDF_INCOMPATIBLE_EXECUTION_LEVEL;
	/* DDI page: descriptors go with EvtDevicePrepareHardware, where they are needed. */
	if (device->preparing != resources)
		return device->preparing ? STATUS_INVALID_PARAMETER : STATUS_INVALID_DEVICE_STATE;
	if (resources &&
	    (wdf_resources_interrupt(device->raw, config->InterruptRaw) < 0 ||
	     wdf_resources_interrupt(device->translated, config->InterruptTranslated) < 0))
		return STATUS_INVALID_PARAMETER;
	if (!resources && device->state != WDF_DEVICE_ADDED)
		return STATUS_INVALID_DEVICE_STATE;
	return STATUS_SUCCESS;
}

static void append(struct wdf_device *device, struct wdf_interrupt *interrupt)
{
	struct wdf_interrupt **end;

	pthread_mutex_lock(&device->setup.driver->lock);
	for (end = &device->interrupts; *end; end = &(*end)->next)
		;
	*end = interrupt;
	pthread_mutex_unlock(&device->setup.driver->lock);
}

NETCX_EXPORT NTSTATUS WdfInterruptCreate(WDFDEVICE Device, PWDF_INTERRUPT_CONFIG Configuration,
					 PWDF_OBJECT_ATTRIBUTES Attributes, WDFINTERRUPT *Interrupt)
{
	static const char call[] = "WdfInterruptCreate";
	struct wdf_device *device = wdf_device_of(Device, call);
	struct wdf_interrupt *interrupt;
	NTSTATUS status;
	void *object;

	wdf_check_irql(PASSIVE_LEVEL, call);
	wdf_check_pointer(Configuration, "Configuration", call);
	wdf_check_pointer(Interrupt, "Interrupt", call);
	if (Attributes && Attributes->ParentObject)
		return STATUS_WDF_PARENT_ASSIGNMENT_NOT_ALLOWED;
	status = check_config(device, Configuration, call);
	if (!NT_SUCCESS(status))
		return status;
	if (NT_FAULT("WdfInterruptCreate"))
		return STATUS_INSUFFICIENT_RESOURCES;
	status = wdf_object_create(&wdf_interrupt_class, device->setup.driver, &device->object,
				   Attributes, &object);
	if (!NT_SUCCESS(status))
		return status;
	interrupt = object;
	interrupt->device = device;
	interrupt->config = *Configuration;
	assign(interrupt,
	       wdf_resources_interrupt(device->translated, Configuration->InterruptTranslated));
	interrupt->dpc.run = dpc;
	interrupt->lock = &interrupt->own_lock;
	if (Configuration->SpinLock) {
		interrupt->lock = wdf_spin_lock_of(Configuration->SpinLock, call);
		interrupt->lock_object = wdf_object_any(Configuration->SpinLock, call);
		wdf_object_reference(interrupt->lock_object);
	}
	append(device, interrupt);
	*Interrupt = object;
	return STATUS_SUCCESS;
}

static struct wdf_interrupt *interrupt_of(WDFINTERRUPT handle, const char *call)
{
	return wdf_object_of(handle, &wdf_interrupt_class, call);
}

NETCX_EXPORT BOOLEAN WdfInterruptQueueDpcForIsr(WDFINTERRUPT Interrupt)
{
	static const char call[] = "WdfInterruptQueueDpcForIsr";
	struct wdf_interrupt *interrupt = interrupt_of(Interrupt, call);

	if (!interrupt->config.EvtInterruptDpc)
		wdf_violation(interrupt->object.driver->name, WDF_VERIFIER_FATAL, 0, call,
			      "A DPC is queued for an interrupt that has EvtInterruptDpc.",
			      "EvtInterruptDpc was not given to WdfInterruptCreate.");
	return nt_dpc_queue(&interrupt->dpc);
}

NETCX_EXPORT BOOLEAN WdfInterruptQueueWorkItemForIsr(WDFINTERRUPT Interrupt)
{
	static const char call[] = "WdfInterruptQueueWorkItemForIsr";
	struct wdf_interrupt *interrupt = interrupt_of(Interrupt, call);

	wdf_violation(interrupt->object.driver->name, WDF_VERIFIER_FATAL, 0, call,
		      "A work item is queued for an interrupt that has EvtInterruptWorkItem.",
		      "EvtInterruptWorkItem was not given to WdfInterruptCreate.");
}

NETCX_EXPORT VOID WdfInterruptAcquireLock(WDFINTERRUPT Interrupt)
{
	static const char call[] = "WdfInterruptAcquireLock";
	struct wdf_interrupt *interrupt = interrupt_of(Interrupt, call);
	KIRQL irql = raise_and_lock(interrupt, call, __builtin_return_address(0));

	interrupt->irql_before = irql;
}

static _Noreturn void not_held(struct wdf_interrupt *interrupt, const char *call)
{
	char text[384];

	wdf_violation(
		interrupt->object.driver->name, WDF_INVALID_LOCK_OPERATION, (uintptr_t)interrupt,
		call,
		"The lock is released by the thread that acquired it, with WdfInterruptAcquireLock.",
		"this thread has not acquired the %s.",
		nt_held_text(interrupt->lock, kind, interrupt, text, sizeof(text)));
}

NETCX_EXPORT VOID WdfInterruptReleaseLock(WDFINTERRUPT Interrupt)
{
	static const char call[] = "WdfInterruptReleaseLock";
	struct wdf_interrupt *interrupt = interrupt_of(Interrupt, call);

	if (!nt_spin_held(interrupt->lock) || nt_held_by_framework(interrupt->lock))
		not_held(interrupt, call);
	unlock_and_lower(interrupt, interrupt->irql_before, call);
}

NETCX_EXPORT BOOLEAN WdfInterruptSynchronize(WDFINTERRUPT Interrupt,
					     PFN_WDF_INTERRUPT_SYNCHRONIZE Callback,
					     WDFCONTEXT Context)
{
	static const char call[] = "WdfInterruptSynchronize";
	struct wdf_interrupt *interrupt = interrupt_of(Interrupt, call);
	struct nt_callback callback;
	BOOLEAN result;
	KIRQL irql;

	wdf_check_pointer((const void *)Callback, "Callback", call);
	irql = raise_and_lock(interrupt, call, NULL);
	nt_callback_enter(&callback, interrupt->device->name, "EvtInterruptSynchronize");
	result = Callback(Interrupt, Context);
	nt_callback_leave(&callback);
	unlock_and_lower(interrupt, irql, call);
	return result;
}

NETCX_EXPORT VOID WdfInterruptEnable(WDFINTERRUPT Interrupt)
{
	static const char call[] = "WdfInterruptEnable";
	struct wdf_interrupt *interrupt = interrupt_of(Interrupt, call);

	wdf_check_irql(PASSIVE_LEVEL, call);
	if (interrupt->resource >= 0 && !interrupt->connected)
		enable(interrupt);
}

NETCX_EXPORT VOID WdfInterruptDisable(WDFINTERRUPT Interrupt)
{
	static const char call[] = "WdfInterruptDisable";
	struct wdf_interrupt *interrupt = interrupt_of(Interrupt, call);

	wdf_check_irql(PASSIVE_LEVEL, call);
	if (interrupt->connected)
		disable(interrupt);
}

NETCX_EXPORT WDFDEVICE WdfInterruptGetDevice(WDFINTERRUPT Interrupt)
{
	return (WDFDEVICE)interrupt_of(Interrupt, "WdfInterruptGetDevice")->device;
}

NETCX_EXPORT VOID WdfInterruptGetInfo(WDFINTERRUPT Interrupt, PWDF_INTERRUPT_INFO Info)
{
	static const char call[] = "WdfInterruptGetInfo";
	struct wdf_interrupt *interrupt = interrupt_of(Interrupt, call);

	wdf_check_pointer(Info, "Info", call);
	wdf_check_size(Info->Size, sizeof(*Info), "WDF_INTERRUPT_INFO", call);
	WDF_INTERRUPT_INFO_INIT(Info);
	if (interrupt->resource < 0)
		return;
	Info->TargetProcessorSet = ~(KAFFINITY)0;
	Info->Vector = wdf_vector((unsigned)interrupt->resource);
	Info->Irql = NT_DIRQL;
	if (source_of(interrupt)->kind == NT_INTERRUPT_MESSAGE) {
		Info->Mode = Latched;
		Info->MessageSignaled = TRUE;
		Info->MessageNumber = interrupt->message;
		Info->ShareDisposition = CmResourceShareDeviceExclusive;
		return;
	}
	Info->Mode = LevelSensitive;
	Info->Polarity = WdfInterruptActiveLow;
	Info->ShareDisposition = CmResourceShareShared;
}
