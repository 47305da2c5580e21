/* SPDX-License-Identifier: MIT */
/* Handles and references of thread objects, and what a driver leaves of them. */
#include "nt/object.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>

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

struct slot {
	struct nt_thread_object *object; /* NULL: free */
	ACCESS_MASK access;
};

struct nt_objects {
	pthread_mutex_t lock;
	pthread_cond_t over; /* a thread is */
	struct nt_thread_object *first;
	struct slot *slots;
	size_t count;
};

struct nt_objects *nt_objects_create(void)
{
	struct nt_objects *objects = calloc(1, sizeof(*objects));

	if (!objects)
		return NULL;
	pthread_mutex_init(&objects->lock, NULL);
	clock_condition_init(&objects->over);
	return objects;
}

struct nt_thread_object *nt_object_add(struct nt_machine *machine,
				       const struct nt_thread_object *like)
{
	struct nt_objects *objects = machine->objects;
	struct nt_thread_object *object = malloc(sizeof(*object));

	if (!object)
		return NULL;
	*object = *like;
	nt_wait_init(&object->header, NT_WAIT_THREAD, false);
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
static LONG_PTR count_of(const struct nt_thread_object *object)
{
	return (LONG_PTR)object->references + object->handles + object->owned;
}

static void free_unless_used(struct nt_thread_object *object)
{
	if (count_of(object))
		return;
	*object->link = object->next;
	if (object->next)
		object->next->link = object->link;
	free(object);
}

void nt_object_release(struct nt_thread_object *object)
{
	struct nt_objects *objects = object->machine->objects;

	pthread_mutex_lock(&objects->lock);
	object->owned = false;
	free_unless_used(object);
	pthread_mutex_unlock(&objects->lock);
}

/* Under the lock. Return: NULL without memory. */
static struct slot *free_slot(struct nt_objects *objects)
{
	size_t before = objects->count, count = before + 16;
	struct slot *slots;

	for (size_t i = 0; i < objects->count; i++)
		if (!objects->slots[i].object)
			return &objects->slots[i];
	slots = realloc(objects->slots, count * sizeof(*slots));
	if (!slots)
		return NULL;
	for (size_t i = before; i < count; i++)
		slots[i] = (struct slot){ .object = NULL };
	objects->slots = slots;
	objects->count = count;
	return &slots[before];
}

HANDLE nt_object_open(struct nt_thread_object *object, ULONG access)
{
	struct nt_objects *objects = object->machine->objects;
	HANDLE handle = NULL;
	struct slot *slot;

	pthread_mutex_lock(&objects->lock);
	slot = free_slot(objects);
	if (slot) {
		*slot = (struct slot){ object, access };
		object->handles++;
		handle = (HANDLE)(((ULONG_PTR)(slot - objects->slots) + 1) * HANDLE_STEP);
	}
	pthread_mutex_unlock(&objects->lock);
	return handle;
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

void nt_object_thread_over(struct nt_thread_object *object)
{
	struct nt_objects *objects = object->machine->objects;

	object->thread = NULL;
	nt_wait_signal(&object->header);
	pthread_mutex_lock(&objects->lock);
	object->owned = false;
	free_unless_used(object);
	pthread_cond_broadcast(&objects->over);
	pthread_mutex_unlock(&objects->lock);
}

static const void *module_of(const void *address)
{
	Dl_info info;

	return address && dladdr(address, &info) ? info.dli_fbase : NULL;
}

/* Under the lock. @module: NULL: any */
static struct nt_thread_object *first_of(struct nt_objects *objects, const void *module,
					 bool running)
{
	struct nt_thread_object *object = objects->first;

	while (object && (!object->start || (running && !object->owned) ||
			  (module && module_of((const void *)object->start) != module)))
		object = object->next;
	return object;
}

/* Under the lock. Return: a system thread that runs on; NULL: there is none any more. */
static struct nt_thread_object *await(struct nt_objects *objects, const void *module)
{
	uint64_t until = clock_ns() + LAST_WORDS_NS;
	struct nt_thread_object *object;
	bool waited = true;

	while ((object = first_of(objects, module, true)) && waited)
		waited = clock_wait(&objects->over, &objects->lock, until);
	return object;
}

static _Noreturn void say_running(const struct nt_thread_object *object, const char *driver)
{
	nt_violation_say(
		0xCE, (uintptr_t)object, "DRIVER_UNLOADED_WITHOUT_CANCELLING_PENDING_OPERATIONS",
		"EvtDriverUnload", driver,
		"A driver waits for its system threads (KeWaitForSingleObject on the thread) before it is unloaded.",
		"the %s is still running.", object->name);
}

/* Under the lock: all handles of it, and what references are left. */
static void forget(struct nt_objects *objects, struct nt_thread_object *object)
{
	for (size_t i = 0; i < objects->count; i++)
		if (objects->slots[i].object == object)
			objects->slots[i].object = NULL;
	object->references = 0;
	object->handles = 0;
	object->owned = false;
	free_unless_used(object);
}

unsigned long nt_object_end_module(struct nt_machine *machine, const char *driver,
				   const void *in_module)
{
	struct nt_objects *objects = machine->objects;
	const void *module = module_of(in_module);
	struct nt_thread_object *object;
	unsigned long count = 0;

	if (!module)
		return 0;
	pthread_mutex_lock(&objects->lock);
	object = await(objects, module);
	if (object) {
		pthread_mutex_unlock(&objects->lock);
		say_running(object, driver);
	}
	while ((object = first_of(objects, module, false))) {
		unsigned handles = object->handles, references = object->references;

		nt_log(driver,
		       "object leak: %u handle%s (ZwClose) and %u reference%s (ObDereferenceObject) of the %s were not given back before unload",
		       handles, handles == 1 ? "" : "s", references, references == 1 ? "" : "s",
		       object->name);
		count += handles + references;
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
	const struct nt_thread_object *object = objects->first;

	while (object && object != address)
		object = object->next;
	return object;
}

static void check_object(struct nt_objects *objects, const void *address, bool referenced,
			 const char *call)
{
	const struct nt_thread_object *object = address;

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
	struct nt_thread_object *object = address;
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
	if (!is_thread_type(type))
		return STATUS_OBJECT_TYPE_MISMATCH;
	*found = *slot;
	found->object->references++;
	return STATUS_SUCCESS;
}

static NTSTATUS reference_current(POBJECT_TYPE type, struct slot *found)
{
	if (!is_thread_type(type))
		return STATUS_OBJECT_TYPE_MISMATCH;
	*found =
		(struct slot){ (struct nt_thread_object *)KeGetCurrentThread(), THREAD_ALL_ACCESS };
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
	struct nt_objects *objects = nt_self.machine->objects;
	struct slot *slot;

	check_irql(PASSIVE_LEVEL, "ZwClose");
	pthread_mutex_lock(&objects->lock);
	slot = slot_of(objects, Handle);
	if (slot) {
		slot->object->handles--;
		free_unless_used(slot->object);
		slot->object = NULL;
	}
	pthread_mutex_unlock(&objects->lock);
	if (!slot)
		nt_violation_say(0x93, (uintptr_t)Handle, "INVALID_KERNEL_HANDLE", "ZwClose", NULL,
				 "A handle is closed once.",
				 "%p is no handle: it was closed already, or never opened.",
				 (void *)Handle);
	return STATUS_SUCCESS;
}
