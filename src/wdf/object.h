/* SPDX-License-Identifier: MIT */
/*
 * The KMDF object model: one header in front of every object that a driver holds a handle to -
 * type, parent and children, reference count, typed contexts, cleanup and destroy callbacks.
 * A handle is the object's address; every DDI checks it before use.
 */
#ifndef WDF_OBJECT_H
#define WDF_OBJECT_H

#include <pthread.h>
#include <wdf.h>

#include "nt/machine.h"

struct wdf_object;
struct wdf_driver;

/* What a type of object is; one static const per type, its address is the type. */
struct wdf_class {
	const char *name; /* "WDFDEVICE", "NETADAPTER": as the driver's source calls it */
	size_t size;      /* of the struct that embeds struct wdf_object first */
	/* dispose: our own work at deletion, after the client's cleanup callback; may be NULL. */
	void (*dispose)(struct wdf_object *object);
	/* release: before the memory goes, after the client's destroy callback; may be NULL. */
	void (*release)(struct wdf_object *object);
	/* may_delete: before WdfObjectDelete by the client; ends the driver if it must not. NULL:
	 * it may */
	void (*may_delete)(struct wdf_object *object, const char *call);
};

struct wdf_context; /* one typed context; wdf/context.c */

/*
 * Lives from wdf_object_create() until it was deleted (or its parent was) and the last reference
 * is gone. Zero-filled after the header at creation.
 */
struct wdf_object {
	_Atomic uint32_t magic;
	_Atomic int references;
	_Atomic int deleted;
	const struct wdf_class *class;
	struct wdf_driver *driver; /* whose object it is */
	struct wdf_object *parent;
	struct wdf_object *first_child, *last_child, *next_sibling, *prev_sibling;
	struct wdf_object *next_live, *prev_live; /* all of the driver's */
	_Atomic(struct wdf_context *) contexts;
};

/*
 * wdf_object_create() - make an object of a class
 * @parent:     NULL for a driver object; @attributes->ParentObject wins over it
 * @attributes: the client's, may be NULL: context type, callbacks, parent
 *
 * Return: STATUS_SUCCESS, STATUS_INSUFFICIENT_RESOURCES, STATUS_DELETE_PENDING (the parent's), for
 * bad attributes STATUS_INFO_LENGTH_MISMATCH, STATUS_OBJECT_NAME_INVALID or one of STATUS_WDF_*.
 */
NTSTATUS wdf_object_create(const struct wdf_class *class, struct wdf_driver *driver,
			   struct wdf_object *parent, PWDF_OBJECT_ATTRIBUTES attributes,
			   void **object);

/*
 * wdf_object_of() - the object behind a handle, checked
 * A NULL, stale or wrong-typed handle is a violation (WDF_VIOLATION 0x10D, code 0x4 on NULL, 0x5
 * otherwise) reported against @call.
 */
void *wdf_object_of(void *handle, const struct wdf_class *class, const char *call);

/* wdf_object_any() - the same for any class. */
struct wdf_object *wdf_object_any(void *handle, const char *call);

/*
 * wdf_object_delete() - as WdfObjectDelete: children first (their cleanup callbacks run before the
 * parent's), then this one; destroy callbacks and memory when the references are gone.
 */
void wdf_object_delete(struct wdf_object *object);

void wdf_object_reference(struct wdf_object *object);
void wdf_object_dereference(struct wdf_object *object);

#endif
