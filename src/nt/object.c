/* SPDX-License-Identifier: MIT */
/* Handles and references of objects, and what a driver leaves of them. */
#include "nt/object.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "nt/export.h"
#include "nt/machine.h"
#include "nt/symbols.h"
#include "nt/thread.h"
#include "nt/violation.h"
#include "nt/wait.h"

/* A thread that has told its driver that it ends gets so long for its last instructions. */
#define LAST_WORDS_NS (500 * NS_PER_MS)

#define HANDLE_STEP   4u /* as on Windows: the two lowest bits of a handle are free */
#define FIRST_SLOTS   256u

struct slot {
	struct nt_object *object; /* NULL: free */
	ACCESS_MASK access;
};

struct nt_objects {
	pthread_mutex_t lock;
	pthread_cond_t over; /* a thread is */
	struct nt_object *first;
	struct slot *slots;
	size_t count,
		cursor; /* where to look for a free one: what was closed just now comes last */
};

static void end_thread(struct nt_object *object)
{
	free(((struct nt_thread_object *)object)->description);
}

const struct nt_object_type nt_thread_type = { .name = "thread", .end = end_thread };

static struct nt_thread_object *thread_of(struct nt_object *object)
{
	return (struct nt_thread_object *)object;
}

struct nt_objects *nt_objects_create(void)
{
	struct nt_objects *objects = calloc(1, sizeof(*objects));

	if (!objects)
		return NULL;
	pthread_mutex_init(&objects->lock, NULL);
	clock_condition_init(&objects->over);
	return objects;
}

struct nt_object *nt_object_add(const struct nt_object *like, size_t size)
{
	struct nt_machine *machine = nt_self.machine;
	struct nt_objects *objects = machine->objects;
	struct nt_object *object = malloc(size);

	if (!object)
		return NULL;
	memcpy(object, like, size);
	InitializeListHead(&object->header.WaitListHead);
	object->machine = machine;
	object->owned = true;
	pthread_mutex_lock(&objects->lock);
	object->next = objects->first;
	object->link = &objects->first;
	if (object->next)
		object->next->link = &object->next;
	objects->first = object;
	pthread_mutex_unlock(&objects->lock);
	return object;
}

/* Under the lock. */
static LONG_PTR count_of(const struct nt_object *object)
{
	return (LONG_PTR)object->references + object->handles + object->owned;
}

static void free_unless_used(struct nt_object *object)
{
	if (count_of(object))
		return;
	*object->link = object->next;
	if (object->next)
		object->next->link = object->link;
	if (object->type->end)
		object->type->end(object);
	free(object->name);
	free(object);
}

void nt_object_release(struct nt_object *object)
{
	struct nt_objects *objects = object->machine->objects;

	pthread_mutex_lock(&objects->lock);
	object->owned = false;
	free_unless_used(object);
	pthread_mutex_unlock(&objects->lock);
}

/* Under the lock. */
static bool grow(struct nt_objects *objects)
{
	size_t before = objects->count, count = before ? before * 2 : FIRST_SLOTS;
	struct slot *slots = realloc(objects->slots, count * sizeof(*slots));

	if (!slots)
		return false;
	for (size_t i = before; i < count; i++)
		slots[i] = (struct slot){ .object = NULL };
	objects->slots = slots;
	objects->count = count;
	objects->cursor = before;
	return true;
}

/* Under the lock. Return: NULL without memory. */
static struct slot *free_slot(struct nt_objects *objects)
{
	for (size_t i = 0; i < objects->count; i++) {
		size_t at = (objects->cursor + i) % objects->count;

		if (objects->slots[at].object)
			continue;
		objects->cursor = at + 1;
		return &objects->slots[at];
	}
	return grow(objects) ? &objects->slots[objects->cursor++] : NULL;
}

/* Under the lock. Return: NULL: no memory. */
static HANDLE open_slot(struct nt_objects *objects, struct nt_object *object, ULONG access)
{
	struct slot *slot = free_slot(objects);

	if (!slot)
		return NULL;
	*slot = (struct slot){ object, access };
	object->handles++;
	return (HANDLE)(((ULONG_PTR)(slot - objects->slots) + 1) * HANDLE_STEP);
}

HANDLE nt_object_open(struct nt_object *object, ULONG access)
{
	struct nt_objects *objects = object->machine->objects;
	HANDLE handle;

	pthread_mutex_lock(&objects->lock);
	handle = open_slot(objects, object, access);
	pthread_mutex_unlock(&objects->lock);
	return handle;
}

static bool is_named(const struct nt_object *object, PCWSTR name)
{
	size_t i = 0;

	if (!object->name)
		return false;
	while (object->name[i] && object->name[i] == name[i])
		i++;
	return object->name[i] == name[i];
}

NTSTATUS nt_object_open_named(const struct nt_object_type *type, PCWSTR name, ULONG access,
			      HANDLE *handle)
{
	struct nt_objects *objects = nt_self.machine->objects;
	NTSTATUS status = STATUS_OBJECT_NAME_NOT_FOUND;
	struct nt_object *object;

	pthread_mutex_lock(&objects->lock);
	object = objects->first;
	while (object && !is_named(object, name))
		object = object->next;
	if (object && object->type != type)
		status = STATUS_OBJECT_TYPE_MISMATCH;
	else if (object)
		status = (*handle = open_slot(objects, object, access)) ? STATUS_SUCCESS
									: STATUS_NO_MEMORY;
	pthread_mutex_unlock(&objects->lock);
	return status;
}

/* Under the lock. Return: NULL: there is no such handle. */
static struct slot *slot_of(struct nt_objects *objects, HANDLE handle)
{
	ULONG_PTR number = (ULONG_PTR)handle;

	if (number % HANDLE_STEP || !number || number / HANDLE_STEP > objects->count ||
	    !objects->slots[number / HANDLE_STEP - 1].object)
		return NULL;
	return &objects->slots[number / HANDLE_STEP - 1];
}

NTSTATUS nt_object_by_handle(HANDLE handle, const struct nt_object_type *type,
			     struct nt_object **object)
{
	struct nt_objects *objects = nt_self.machine->objects;
	const struct slot *slot;
	NTSTATUS status;

	*object = NULL;
	pthread_mutex_lock(&objects->lock);
	slot = slot_of(objects, handle);
	status = !slot                                ? STATUS_INVALID_HANDLE
		 : type && slot->object->type != type ? STATUS_OBJECT_TYPE_MISMATCH
						      : STATUS_SUCCESS;
	if (NT_SUCCESS(status)) {
		*object = slot->object;
		slot->object->references++;
	}
	pthread_mutex_unlock(&objects->lock);
	return status;
}

void nt_object_put(struct nt_object *object)
{
	struct nt_objects *objects = object->machine->objects;

	pthread_mutex_lock(&objects->lock);
	object->references--;
	free_unless_used(object);
	pthread_mutex_unlock(&objects->lock);
}

const struct nt_object_type *nt_object_type_of(HANDLE handle)
{
	struct nt_objects *objects = nt_self.machine->objects;
	const struct nt_object_type *type;
	const struct slot *slot;

	pthread_mutex_lock(&objects->lock);
	slot = slot_of(objects, handle);
	type = slot ? slot->object->type : NULL;
	pthread_mutex_unlock(&objects->lock);
	return type;
}

bool nt_object_close(HANDLE handle)
{
	struct nt_objects *objects = nt_self.machine->objects;
	struct nt_object *object = NULL;
	struct slot *slot;

	pthread_mutex_lock(&objects->lock);
	slot = slot_of(objects, handle);
	if (slot) {
		object = slot->object;
		slot->object = NULL;
		object->handles--;
		free_unless_used(object);
	}
	pthread_mutex_unlock(&objects->lock);
	return slot;
}

void nt_object_each(struct nt_machine *machine, const struct nt_object_type *type,
		    void (*visit)(struct nt_object *object, void *context), void *context)
{
	struct nt_objects *objects = machine->objects;

	pthread_mutex_lock(&objects->lock);
	for (struct nt_object *object = objects->first; object; object = object->next)
		if (object->type == type)
			visit(object, context);
	pthread_mutex_unlock(&objects->lock);
}

void nt_object_thread_over(struct nt_thread_object *thread)
{
	struct nt_objects *objects = thread->object.machine->objects;

	thread->thread = NULL;
	nt_wait_signal_in(thread->object.machine, &thread->object.header);
	pthread_mutex_lock(&objects->lock);
	thread->object.owned = false;
	free_unless_used(&thread->object);
	pthread_cond_broadcast(&objects->over);
	pthread_mutex_unlock(&objects->lock);
}

static const void *module_of(const void *address)
{
	Dl_info info;

	return address && dladdr(address, &info) ? info.dli_fbase : NULL;
}

static bool is_of(const struct nt_object *object, const void *module)
{
	return object->maker && (!module || module_of(object->maker) == module);
}

/* Under the lock. @module: NULL: any */
static struct nt_object *first_of(struct nt_objects *objects, const void *module, bool running)
{
	struct nt_object *object = objects->first;

	while (object && (!is_of(object, module) ||
			  (running && (object->type != &nt_thread_type || !object->owned))))
		object = object->next;
	return object;
}

/* Under the lock. Return: a thread of the driver that runs on; NULL: there is none any more. */
static struct nt_object *await(struct nt_objects *objects, const void *module)
{
	uint64_t until = clock_ns() + LAST_WORDS_NS;
	struct nt_object *object;
	bool waited = true;

	while ((object = first_of(objects, module, true)) && waited)
		waited = clock_wait(&objects->over, &objects->lock, until);
	return object;
}

static _Noreturn void say_running(struct nt_object *object, const char *driver)
{
	nt_violation_say(
		0xCE, (uintptr_t)object, "DRIVER_UNLOADED_WITHOUT_CANCELLING_PENDING_OPERATIONS",
		"EvtDriverUnload", driver,
		"A driver waits for its threads (KeWaitForSingleObject on the thread, WaitForSingleObject on its handle) before it is unloaded.",
		"the %s is still running.", thread_of(object)->name);
}

/* Under the lock: all handles of it, and what references are left. */
static void forget(struct nt_objects *objects, struct nt_object *object)
{
	for (size_t i = 0; i < objects->count; i++)
		if (objects->slots[i].object == object)
			objects->slots[i].object = NULL;
	object->references = 0;
	object->handles = 0;
	object->owned = false;
	free_unless_used(object);
}

static void say_leak(struct nt_object *object, const char *driver)
{
	unsigned handles = object->handles, references = object->references;
	char where[256];

	if (object->type == &nt_thread_type && !thread_of(object)->win32) {
		nt_log(driver,
		       "object leak: %u handle%s (ZwClose) and %u reference%s (ObDereferenceObject) of the %s were not given back before unload",
		       handles, handles == 1 ? "" : "s", references, references == 1 ? "" : "s",
		       thread_of(object)->name);
		return;
	}
	if (object->type == &nt_thread_type) {
		nt_log(driver, "handle leak: %u handle%s of the %s, not closed before unload",
		       handles, handles == 1 ? "" : "s", thread_of(object)->name);
		return;
	}
	nt_symbol(object->maker, where, sizeof(where));
	nt_log(driver, "handle leak: %u handle%s of the %s made by %s, not closed before unload",
	       handles, handles == 1 ? "" : "s", object->type->name, where);
}

unsigned long nt_object_end_module(struct nt_machine *machine, const char *driver,
				   const void *in_module)
{
	struct nt_objects *objects = machine->objects;
	const void *module = module_of(in_module);
	unsigned long count = 0;
	struct nt_object *object;

	if (!module)
		return 0;
	pthread_mutex_lock(&objects->lock);
	object = await(objects, module);
	if (object) {
		pthread_mutex_unlock(&objects->lock);
		say_running(object, driver);
	}
	while ((object = first_of(objects, module, false))) {
		say_leak(object, driver);
		count += object->handles + object->references;
		forget(objects, object);
	}
	pthread_mutex_unlock(&objects->lock);
	return count;
}

void nt_objects_destroy(struct nt_objects *objects)
{
	if (!objects)
		return;
	pthread_mutex_lock(&objects->lock);
	await(objects, NULL);
	while (objects->first)
		forget(objects, objects->first);
	pthread_mutex_unlock(&objects->lock);
	free(objects->slots);
	pthread_cond_destroy(&objects->over);
	pthread_mutex_destroy(&objects->lock);
	free(objects);
}

/* What a type is made of nobody asks; two are told apart by their addresses. */
static char thread_type;
static POBJECT_TYPE thread_type_pointer = (POBJECT_TYPE)&thread_type;
NETCX_EXPORT POBJECT_TYPE *PsThreadType = &thread_type_pointer;

static void check_irql(KIRQL highest, const char *call)
{
	if (nt_self.irql > highest)
		nt_violation_say(0xA, nt_self.irql, "IRQL_NOT_LESS_OR_EQUAL", call, NULL,
				 highest == PASSIVE_LEVEL
					 ? "Handles are used and closed at PASSIVE_LEVEL."
					 : "Objects are referenced at DISPATCH_LEVEL or below.",
				 "it was called at IRQL %u.", nt_self.irql);
}

/* Under the lock. Bug check 0x18, when nothing of ours lies there (any longer). */
static bool is_object(const struct nt_objects *objects, const void *address)
{
	const struct nt_object *object = objects->first;

	while (object && object != address)
		object = object->next;
	return object;
}

static void check_object(struct nt_objects *objects, const void *address, bool referenced,
			 const char *call)
{
	const struct nt_object *object = address;

	if (is_object(objects, address) && (!referenced || object->references))
		return;
	pthread_mutex_unlock(&objects->lock);
	nt_violation_say(
		0x18, (uintptr_t)address, "REFERENCE_BY_POINTER", call, NULL,
		"An object is referenced while somebody has a reference, and dereferenced once for each.",
		"%p is no object, or nobody had a reference of it.", address);
}

static LONG_PTR reference(void *address, int difference, const char *call)
{
	struct nt_objects *objects = nt_self.machine->objects;
	struct nt_object *object = address;
	LONG_PTR now;

	check_irql(DISPATCH_LEVEL, call);
	pthread_mutex_lock(&objects->lock);
	check_object(objects, address, difference < 0, call);
	object->references += (unsigned)difference;
	now = count_of(object);
	free_unless_used(object);
	pthread_mutex_unlock(&objects->lock);
	return now;
}

NETCX_EXPORT LONG_PTR ObfReferenceObject(PVOID Object)
{
	return reference(Object, 1, "ObReferenceObject");
}

NETCX_EXPORT LONG_PTR ObfDereferenceObject(PVOID Object)
{
	return reference(Object, -1, "ObDereferenceObject");
}

NETCX_EXPORT VOID ObDereferenceObjectDeferDelete(PVOID Object)
{
	reference(Object, -1, "ObDereferenceObjectDeferDelete");
}

static bool is_thread_type(POBJECT_TYPE type)
{
	return !type || type == *PsThreadType;
}

NETCX_EXPORT NTSTATUS ObReferenceObjectByPointer(PVOID Object, ACCESS_MASK DesiredAccess,
						 POBJECT_TYPE ObjectType,
						 KPROCESSOR_MODE AccessMode)
{
	if (!is_thread_type(ObjectType))
		return STATUS_OBJECT_TYPE_MISMATCH;
	reference(Object, 1, "ObReferenceObjectByPointer");
	return STATUS_SUCCESS;
}

/* Under the lock. */
static NTSTATUS reference_slot(struct nt_objects *objects, HANDLE handle, ACCESS_MASK access,
			       POBJECT_TYPE type, struct slot *found)
{
	const struct slot *slot = slot_of(objects, handle);

	if (!slot)
		return STATUS_INVALID_HANDLE;
	if (!is_thread_type(type) || (type && slot->object->type != &nt_thread_type))
		return STATUS_OBJECT_TYPE_MISMATCH;
	*found = *slot;
	found->object->references++;
	return STATUS_SUCCESS;
}

static NTSTATUS reference_current(POBJECT_TYPE type, struct slot *found)
{
	if (!is_thread_type(type))
		return STATUS_OBJECT_TYPE_MISMATCH;
	*found = (struct slot){ &nt_thread_current()->object, THREAD_ALL_ACCESS };
	reference(found->object, 1, "ObReferenceObjectByHandle");
	return STATUS_SUCCESS;
}

/* DDI page: access is looked at for a caller's of user mode, of whom there is none here. */
NETCX_EXPORT NTSTATUS ObReferenceObjectByHandle(HANDLE Handle, ACCESS_MASK DesiredAccess,
						POBJECT_TYPE ObjectType, KPROCESSOR_MODE AccessMode,
						PVOID *Object,
						POBJECT_HANDLE_INFORMATION HandleInformation)
{
	struct nt_objects *objects = nt_self.machine->objects;
	struct slot found = { .object = NULL };
	NTSTATUS status;

	check_irql(PASSIVE_LEVEL, "ObReferenceObjectByHandle");
	if (Handle == NtCurrentThread()) {
		status = reference_current(ObjectType, &found);
	} else {
		pthread_mutex_lock(&objects->lock);
		status = reference_slot(objects, Handle, DesiredAccess, ObjectType, &found);
		pthread_mutex_unlock(&objects->lock);
	}
	*Object = found.object;
	if (NT_SUCCESS(status) && HandleInformation)
		*HandleInformation = (OBJECT_HANDLE_INFORMATION){ .GrantedAccess = found.access };
	return status;
}

NETCX_EXPORT NTSTATUS ZwClose(HANDLE Handle)
{
	check_irql(PASSIVE_LEVEL, "ZwClose");
	if (!nt_object_close(Handle))
		nt_violation_say(0x93, (uintptr_t)Handle, "INVALID_KERNEL_HANDLE", "ZwClose", NULL,
				 "A handle is closed once.",
				 "%p is no handle: it was closed already, or never opened.",
				 (void *)Handle);
	return STATUS_SUCCESS;
}
