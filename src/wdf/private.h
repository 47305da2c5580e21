/* SPDX-License-Identifier: MIT */
/* Structs that several files of wdf/ share. */
#ifndef WDF_PRIVATE_H
#define WDF_PRIVATE_H

#include "nt/callback.h"
#include "wdf/check.h"
#include "wdf/device.h"
#include "wdf/driver.h"
#include "wdf/object.h"

/* Deleted objects whose handles are still recognised as stale. */
#define WDF_QUARANTINE 64

/* What DriverEntry gets. */
struct _DRIVER_OBJECT {
	struct wdf_driver *driver;
};

struct wdf_driver_object {
	struct wdf_object object;
};

/* Lives from wdf_driver_load() to wdf_driver_unload(); the WDFDRIVER is a part of that time. */
struct wdf_driver {
	char name[64];
	struct nt_machine *machine;
	struct wdf_driver *next; /* of the machine's */
	wdf_driver_entry *entry; /* an address in the driver's module */
	const void *module;
	unsigned net_major, net_minor; /* as its file says; 0.0: it does not */
	bool user_mode;                /* its file says UMDF */
	struct nt_reg_key *parameters;
	WDF_DRIVER_CONFIG config;
	WCHAR registry_path[128];
	struct _DRIVER_OBJECT driver_object;
	struct wdf_driver_object *object; /* NULL before WdfDriverCreate */
	pthread_mutex_t lock;             /* of the object tree, contexts and what follows */
	struct wdf_object *live;
	struct wdf_object *quarantine[WDF_QUARANTINE];
	unsigned quarantine_at;
	struct nt_worker *work_items; /* their thread, made with the first one */
};

/* One typed context, or a pair of callbacks without one; the data follows. */
struct wdf_context {
	uint32_t magic;
	struct wdf_object *object;
	_Atomic(struct wdf_context *) next;  /* in order of their making */
	PCWDF_OBJECT_CONTEXT_TYPE_INFO type; /* NULL: only callbacks */
	size_t size;
	PFN_WDF_OBJECT_CONTEXT_CLEANUP cleanup;
	PFN_WDF_OBJECT_CONTEXT_DESTROY destroy;
};

/* wdf_context_add() - append what @attributes (checked) ask for. @data may be NULL. */
NTSTATUS wdf_context_add(struct wdf_object *object, PWDF_OBJECT_ATTRIBUTES attributes, void **data);
NTSTATUS wdf_attributes_check(PWDF_OBJECT_ATTRIBUTES attributes);
void wdf_context_run_cleanup(struct wdf_object *object);
void wdf_context_run_destroy(struct wdf_object *object);
void wdf_context_free_all(struct wdf_object *object);

/* wdf_object_refuse_delete() - a may_delete for what the framework deletes itself */
void wdf_object_refuse_delete(struct wdf_object *object, const char *call);

/* wdf_object_empty_quarantine() - for the end of the driver: free what it holds */
void wdf_object_empty_quarantine(struct wdf_driver *driver);

/* For the body of a DDI: the driver that called it, and (of a new object) the one it belongs to. */
#define WDF_CALLING_DRIVER(call) wdf_driver_calling(__builtin_return_address(0), call)
#define WDF_CREATOR(attributes, call)                                           \
	((attributes) && (attributes)->Size == sizeof(WDF_OBJECT_ATTRIBUTES) && \
			 (attributes)->ParentObject                             \
		 ? wdf_object_any((attributes)->ParentObject, call)->driver     \
		 : WDF_CALLING_DRIVER(call))

static inline struct wdf_object *wdf_driver_parent(struct wdf_driver *driver)
{
	return driver->object ? &driver->object->object : NULL;
}

/* wdf_ancestor_device() - the device that @object is or descends from; NULL: none */
struct wdf_device *wdf_ancestor_device(struct wdf_object *object);

extern const struct wdf_class wdf_driver_class, wdf_device_class, wdf_interrupt_class,
	wdf_spinlock_class, wdf_waitlock_class, wdf_memory_class, wdf_dma_enabler_class,
	wdf_common_buffer_class, wdf_key_class, wdf_string_class, wdf_collection_class,
	wdf_timer_class, wdf_work_item_class, wdf_resources_class, wdf_plain_class;

#endif
