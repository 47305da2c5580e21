/* SPDX-License-Identifier: MIT */
/* The object tree: making, referencing, deleting. Documentation: "Framework Object Life Cycle". */
#include "wdf/object.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "wdf/private.h"

#define OBJECT_MAGIC 0x6a624f57 /* "WObj" */
#define STALE_MAGIC  0x64616544 /* "Dead" */

/* No object lies in the first pages, off its alignment or beyond what user space can address. */
static bool plausible(const void *handle)
{
	uintptr_t address = (uintptr_t)handle;

	return address >= 0x10000 && !(address & 15) && !(address >> 47);
}

static _Noreturn void bad_handle(void *handle, const struct wdf_class *class, const char *call)
{
	const struct wdf_object *object = handle;
	const char *wanted = class ? class->name : "WDFOBJECT";

	if (!handle)
		wdf_violation(NULL, WDF_PARAMETER_NULL, 0, call, "A handle is required.",
			      "the %s handle is NULL.", wanted);
	if (!plausible(handle))
		wdf_violation(NULL, WDF_INVALID_HANDLE, (uintptr_t)handle, call,
			      "Handles are passed as the framework gave them.",
			      "%p is no %s handle.", handle, wanted);
	if (object->magic == STALE_MAGIC)
		wdf_violation(NULL, WDF_INVALID_HANDLE, (uintptr_t)handle, call,
			      "A handle is not used after its object was deleted.",
			      "%p was a %s that has been deleted.", handle, object->class->name);
	if (object->magic != OBJECT_MAGIC)
		wdf_violation(NULL, WDF_INVALID_HANDLE, (uintptr_t)handle, call,
			      "Handles are passed as the framework gave them.",
			      "%p is no %s handle.", handle, wanted);
	/* Two class extensions' objects, or one's of two versions, can have the same name. */
	if (strcmp(object->class->name, wanted) == 0)
		wdf_violation(object->driver->name, WDF_INVALID_HANDLE, (uintptr_t)handle, call,
			      "A driver keeps to one version of an API.",
			      "%p is a %s of another version of its API.", handle, wanted);
	wdf_violation(object->driver->name, WDF_INVALID_HANDLE, (uintptr_t)handle, call,
		      "A handle of the right type is passed.", "%p is a %s, and a %s is needed.",
		      handle, object->class->name, wanted);
}

void *wdf_object_of(void *handle, const struct wdf_class *class, const char *call)
{
	struct wdf_object *object = handle;

	if (!plausible(handle) || object->magic != OBJECT_MAGIC || object->class != class)
		bad_handle(handle, class, call);
	return object;
}

struct wdf_object *wdf_object_any(void *handle, const char *call)
{
	struct wdf_object *object = handle;

	if (!plausible(handle) || object->magic != OBJECT_MAGIC)
		bad_handle(handle, NULL, call);
	return object;
}

/* With the driver's lock held. Return: false when the parent is being deleted. */
static bool link_to_parent(struct wdf_object *object, struct wdf_object *parent)
{
	if (!parent)
		return true;
	if (parent->deleted)
		return false;
	object->parent = parent;
	object->prev_sibling = parent->last_child;
	if (parent->last_child)
		parent->last_child->next_sibling = object;
	else
		parent->first_child = object;
	parent->last_child = object;
	return true;
}

static void unlink_from_parent(struct wdf_object *object)
{
	struct wdf_object *parent = object->parent;

	if (!parent)
		return;
	if (object->prev_sibling)
		object->prev_sibling->next_sibling = object->next_sibling;
	else
		parent->first_child = object->next_sibling;
	if (object->next_sibling)
		object->next_sibling->prev_sibling = object->prev_sibling;
	else
		parent->last_child = object->prev_sibling;
	object->parent = object->next_sibling = object->prev_sibling = NULL;
}

static void link_live(struct wdf_object *object)
{
	object->next_live = object->driver->live;
	if (object->next_live)
		object->next_live->prev_live = object;
	object->driver->live = object;
}

static void unlink_live(struct wdf_object *object)
{
	if (object->prev_live)
		object->prev_live->next_live = object->next_live;
	else
		object->driver->live = object->next_live;
	if (object->next_live)
		object->next_live->prev_live = object->prev_live;
}

static void free_unborn(struct wdf_object *object)
{
	wdf_context_free_all(object);
	object->magic = 0;
	free(object);
}

NTSTATUS wdf_object_create(const struct wdf_class *class, struct wdf_driver *driver,
			   struct wdf_object *parent, PWDF_OBJECT_ATTRIBUTES given, void **result)
{
	WDF_OBJECT_ATTRIBUTES attributes = { 0 }; /* what is checked is what counts */
	struct wdf_object *object;
	NTSTATUS status;
	bool linked;

	if (given) {
		attributes = *given;
		status = wdf_attributes_check(&attributes);
		if (!NT_SUCCESS(status))
			return status;
	}
	if (attributes.ParentObject)
		parent = wdf_object_any(attributes.ParentObject, "object creation (ParentObject)");
	if (parent)
		driver = parent->driver;
	object = calloc(1, class->size);
	if (!object)
		return STATUS_INSUFFICIENT_RESOURCES;
	object->magic = OBJECT_MAGIC;
	object->references = 1;
	object->class = class;
	object->driver = driver;
	status = wdf_context_add(object, &attributes, NULL);
	if (!NT_SUCCESS(status)) {
		free_unborn(object);
		return status;
	}
	pthread_mutex_lock(&driver->lock);
	linked = link_to_parent(object, parent);
	if (linked)
		link_live(object);
	pthread_mutex_unlock(&driver->lock);
	if (!linked) {
		free_unborn(object);
		return STATUS_DELETE_PENDING;
	}
	*result = object;
	return STATUS_SUCCESS;
}

/* The oldest child that nobody else deletes, marked deleted and off the tree. */
static struct wdf_object *take_child(struct wdf_object *parent)
{
	struct wdf_object *child;

	pthread_mutex_lock(&parent->driver->lock);
	child = parent->first_child;
	if (child) {
		child->deleted = 1;
		unlink_from_parent(child);
	}
	pthread_mutex_unlock(&parent->driver->lock);
	return child;
}

/* Cleanup, children before their parent; @dead collects the objects in that order. */
static void clean_up(struct wdf_object *object, struct wdf_object ***dead)
{
	struct wdf_object *child;

	while ((child = take_child(object)))
		clean_up(child, dead);
	wdf_context_run_cleanup(object);
	if (object->class->dispose)
		object->class->dispose(object);
	**dead = object;
	*dead = &object->next_sibling;
}

void wdf_object_delete(struct wdf_object *object)
{
	struct wdf_object *first = NULL, **end = &first;
	bool mine;

	pthread_mutex_lock(&object->driver->lock);
	mine = !atomic_exchange(&object->deleted, 1);
	if (mine)
		unlink_from_parent(object);
	pthread_mutex_unlock(&object->driver->lock);
	if (!mine)
		return;
	clean_up(object, &end);
	while (first) {
		struct wdf_object *next = first->next_sibling;

		first->next_sibling = NULL;
		wdf_object_dereference(first);
		first = next;
	}
}

void wdf_object_reference(struct wdf_object *object)
{
	object->references++;
}

/* The header stays for a while, so that a stale handle is told from garbage. */
static void bury(struct wdf_object *object)
{
	struct wdf_driver *driver = object->driver;
	struct wdf_object *oldest;

	pthread_mutex_lock(&driver->lock);
	unlink_live(object);
	oldest = driver->quarantine[driver->quarantine_at];
	driver->quarantine[driver->quarantine_at] = object;
	driver->quarantine_at = (driver->quarantine_at + 1) % WDF_QUARANTINE;
	object->magic = STALE_MAGIC;
	pthread_mutex_unlock(&driver->lock);
	free(oldest);
}

void wdf_object_dereference(struct wdf_object *object)
{
	if (atomic_fetch_sub(&object->references, 1) != 1)
		return;
	wdf_context_run_destroy(object);
	if (object->class->release)
		object->class->release(object);
	wdf_context_free_all(object);
	bury(object);
}

void wdf_object_empty_quarantine(struct wdf_driver *driver)
{
	for (unsigned i = 0; i < WDF_QUARANTINE; i++) {
		free(driver->quarantine[i]);
		driver->quarantine[i] = NULL;
	}
}

void wdf_object_refuse_delete(struct wdf_object *object, const char *call)
{
	wdf_violation(object->driver->name, WDF_OBJECT_DELETION, (uintptr_t)object, call,
		      "The framework deletes this object itself.",
		      "%p is a %s, which a driver cannot delete.", (void *)object,
		      object->class->name);
}
