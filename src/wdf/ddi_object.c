/* SPDX-License-Identifier: MIT */
/* WdfObject*: what a driver may do with any object. */
#include "nt/export.h"
#include "nt/fault.h"
#include "wdf/private.h"

const struct wdf_class wdf_plain_class = {
	.name = "WDFOBJECT",
	.size = sizeof(struct wdf_object),
};

NETCX_EXPORT NTSTATUS WdfObjectCreate(PWDF_OBJECT_ATTRIBUTES Attributes, WDFOBJECT *Object)
{
	static const char call[] = "WdfObjectCreate";
	struct wdf_driver *driver = WDF_CREATOR(Attributes, call);

	wdf_check_irql(DISPATCH_LEVEL, call);
	wdf_check_pointer(Object, "Object", call);
	if (NT_FAULT("WdfObjectCreate"))
		return STATUS_INSUFFICIENT_RESOURCES;
	return wdf_object_create(&wdf_plain_class, driver, wdf_driver_parent(driver), Attributes,
				 Object);
}

NETCX_EXPORT VOID WdfObjectDelete(WDFOBJECT Object)
{
	static const char call[] = "WdfObjectDelete";
	struct wdf_object *object = wdf_object_any(Object, call);

	wdf_check_irql(DISPATCH_LEVEL, call);
	if (object->class->may_delete)
		object->class->may_delete(object, call);
	if (object->deleted)
		wdf_violation(object->driver->name, WDF_OBJECT_DELETION, (uintptr_t)object, call,
			      "An object is deleted once; what is left of it are references.",
			      "%p, a %s, is being deleted already.", Object, object->class->name);
	wdf_object_delete(object);
}

NETCX_EXPORT VOID WdfObjectReferenceActual(WDFOBJECT Handle, PVOID Tag, LONG Line, PCSTR File)
{
	wdf_object_reference(wdf_object_any(Handle, "WdfObjectReference"));
}

NETCX_EXPORT VOID WdfObjectDereferenceActual(WDFOBJECT Handle, PVOID Tag, LONG Line, PCSTR File)
{
	static const char call[] = "WdfObjectDereference";
	struct wdf_object *object = wdf_object_any(Handle, call);

	if (object->references == 1 && !object->deleted)
		wdf_violation(
			object->driver->name, WDF_OBJECT_DELETION, (uintptr_t)object, call,
			"A driver gives back the references it took; an object ends by WdfObjectDelete or with its parent.",
			"%p, a %s, has no reference left but the framework's own (%s:%d).", Handle,
			object->class->name, File ? File : "?", Line);
	wdf_object_dereference(object);
}
