/* SPDX-License-Identifier: MIT */
/* Typed contexts of objects. DDI pages WdfObjectAllocateContext, WDF_OBJECT_ATTRIBUTES. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nt/event.h"
#include "nt/export.h"
#include "nt/fault.h"
#include "nt/guard.h"
#include "nt/left_behind.h"
#include "wdf/private.h"

#define CONTEXT_MAGIC 0x74786357 /* "Wcxt" */

/* The data is aligned as pool is on 64-bit Windows. */
_Static_assert(sizeof(struct wdf_context) % 8 == 0, "contexts are aligned");
#define ALIGNMENT   16
#define HEADER_SIZE ((sizeof(struct wdf_context) + 15) & ~(size_t)15)

static void *data_of(struct wdf_context *context)
{
	return (char *)context + HEADER_SIZE;
}

static struct wdf_context *first_context(const struct wdf_object *object)
{
	return atomic_load_explicit(&object->contexts, memory_order_acquire);
}

static struct wdf_context *next_context(const struct wdf_context *context)
{
	return atomic_load_explicit(&context->next, memory_order_acquire);
}

/* Each file of a driver may have its own constant for a type: then name and size decide. */
static bool same_type(PCWDF_OBJECT_CONTEXT_TYPE_INFO a, PCWDF_OBJECT_CONTEXT_TYPE_INFO b)
{
	return a == b || (a && b && a->ContextSize == b->ContextSize &&
			  !strcmp(a->ContextName, b->ContextName));
}

static struct wdf_context *find(const struct wdf_object *object,
				PCWDF_OBJECT_CONTEXT_TYPE_INFO type)
{
	struct wdf_context *context;

	for (context = first_context(object); context; context = next_context(context))
		if (context->type == type)
			return context;
	for (context = first_context(object); context; context = next_context(context))
		if (same_type(context->type, type))
			return context;
	return NULL;
}

NTSTATUS wdf_attributes_check(PWDF_OBJECT_ATTRIBUTES attributes)
{
	PCWDF_OBJECT_CONTEXT_TYPE_INFO type;

	if (!attributes)
		return STATUS_SUCCESS;
	if (!wdf_size_ok(attributes->Size, sizeof(*attributes), "WDF_OBJECT_ATTRIBUTES",
			 "object attributes"))
		return STATUS_INFO_LENGTH_MISMATCH;
	type = attributes->ContextTypeInfo;
	if (type && type->Size != sizeof(*type))
		return STATUS_INFO_LENGTH_MISMATCH;
	if (type && !type->ContextName)
		return STATUS_OBJECT_NAME_INVALID;
	if (attributes->ContextSizeOverride &&
	    (!type || attributes->ContextSizeOverride < type->ContextSize))
		return STATUS_WDF_OBJECT_ATTRIBUTES_INVALID;
	if (attributes->ExecutionLevel < WdfExecutionLevelInheritFromParent ||
	    attributes->ExecutionLevel > WdfExecutionLevelDispatch)
		return STATUS_WDF_EXECUTION_LEVEL_INVALID;
	if (attributes->SynchronizationScope < WdfSynchronizationScopeInheritFromParent ||
	    attributes->SynchronizationScope > WdfSynchronizationScopeNone)
		return STATUS_WDF_SYNCHRONIZATION_SCOPE_INVALID;
	return STATUS_SUCCESS;
}

static struct wdf_context *create(struct wdf_object *object, PWDF_OBJECT_ATTRIBUTES attributes)
{
	PCWDF_OBJECT_CONTEXT_TYPE_INFO type = attributes->ContextTypeInfo;
	size_t size = attributes->ContextSizeOverride ? attributes->ContextSizeOverride
		      : type                          ? type->ContextSize
						      : 0;
	struct wdf_context *context;

	if (size > SIZE_MAX - HEADER_SIZE)
		return NULL;
	context = nt_guard_allocate(HEADER_SIZE + size, ALIGNMENT);
	if (!context)
		return NULL;
	memset(context, 0, HEADER_SIZE + size);
	context->magic = CONTEXT_MAGIC;
	context->object = object;
	context->type = type;
	context->size = size;
	context->cleanup = attributes->EvtCleanupCallback;
	context->destroy = attributes->EvtDestroyCallback;
	return context;
}

NTSTATUS wdf_context_add(struct wdf_object *object, PWDF_OBJECT_ATTRIBUTES attributes, void **data)
{
	struct wdf_context *context, *present = NULL;
	_Atomic(struct wdf_context *) *end;

	if (!attributes || (!attributes->ContextTypeInfo && !attributes->EvtCleanupCallback &&
			    !attributes->EvtDestroyCallback))
		return STATUS_SUCCESS;
	context = create(object, attributes);
	if (!context)
		return STATUS_INSUFFICIENT_RESOURCES;
	pthread_mutex_lock(&object->driver->lock);
	if (context->type)
		present = find(object, context->type);
	if (!present) {
		for (end = &object->contexts; *end; end = &(*end)->next)
			;
		atomic_store_explicit(end, context, memory_order_release);
	}
	pthread_mutex_unlock(&object->driver->lock);
	if (present)
		nt_guard_free(context, HEADER_SIZE + context->size, ALIGNMENT,
			      "WdfObjectAllocateContext", "context");
	if (data)
		*data = data_of(present ? present : context);
	return present ? STATUS_OBJECT_NAME_EXISTS : STATUS_SUCCESS;
}

void wdf_context_run_cleanup(struct wdf_object *object)
{
	struct nt_callback callback;

	for (struct wdf_context *c = first_context(object); c; c = next_context(c)) {
		if (!c->cleanup)
			continue;
		nt_callback_begin(&callback, object->driver->name, "EvtCleanupCallback");
		c->cleanup(object);
		nt_callback_end(&callback);
	}
}

void wdf_context_run_destroy(struct wdf_object *object)
{
	struct nt_callback callback;

	for (struct wdf_context *c = first_context(object); c; c = next_context(c)) {
		if (!c->destroy)
			continue;
		nt_callback_begin(&callback, object->driver->name, "EvtDestroyCallback");
		c->destroy(object);
		nt_callback_end(&callback);
	}
}

void wdf_context_free_all(struct wdf_object *object)
{
	char what[64];

	snprintf(what, sizeof(what), "context of a %s", object->class->name);
	for (struct wdf_context *c = object->contexts, *next; c; c = next) {
		next = c->next;
		nt_left_in_memory(data_of(c), c->size, "the end of an object", what);
		c->magic = 0;
		nt_guard_free(c, HEADER_SIZE + c->size, ALIGNMENT, "the end of an object", what);
	}
	object->contexts = NULL;
}

NETCX_EXPORT PVOID WdfObjectGetTypedContextWorker(WDFOBJECT Handle,
						  PCWDF_OBJECT_CONTEXT_TYPE_INFO TypeInfo)
{
	struct wdf_object *object = wdf_object_any(Handle, "WdfObjectGetTypedContext");
	struct wdf_context *context = first_context(object);

	/* Nearly always the first one: per-packet code comes here. */
	if (context && context->type == TypeInfo)
		return data_of(context);
	context = find(object, TypeInfo);
	return context ? data_of(context) : NULL;
}

NETCX_EXPORT NTSTATUS WdfObjectAllocateContext(WDFOBJECT Handle, PWDF_OBJECT_ATTRIBUTES Attributes,
					       PVOID *Context)
{
	static const char call[] = "WdfObjectAllocateContext";
	struct wdf_object *object = wdf_object_any(Handle, call);
	NTSTATUS status;
	void *data = NULL;

	wdf_check_irql(DISPATCH_LEVEL, call);
	wdf_check_pointer(Attributes, "Attributes", call);
	status = wdf_attributes_check(Attributes);
	if (!NT_SUCCESS(status))
		return status;
	if (!Attributes->ContextTypeInfo)
		return STATUS_OBJECT_NAME_INVALID;
	if (Attributes->ParentObject)
		return STATUS_WDF_PARENT_ASSIGNMENT_NOT_ALLOWED;
	if (object->deleted)
		return STATUS_DELETE_PENDING;
	if (NT_FAULT("WdfObjectAllocateContext"))
		return STATUS_INSUFFICIENT_RESOURCES;
	status = wdf_context_add(object, Attributes, &data);
	if (Context)
		*Context = data;
	return status;
}

NETCX_EXPORT WDFOBJECT WdfObjectContextGetObject(PVOID Context)
{
	static const char call[] = "WdfObjectContextGetObject";
	struct wdf_context *context;

	wdf_check_pointer(Context, "Context", call);
	context = (struct wdf_context *)((char *)Context - HEADER_SIZE);
	if (context->magic != CONTEXT_MAGIC)
		wdf_violation(
			NULL, WDF_INVALID_HANDLE, (uintptr_t)Context, call,
			"What a context accessor returned is passed, not an address inside it.",
			"%p is no object's context.", Context);
	return context->object;
}
