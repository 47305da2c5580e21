/* SPDX-License-Identifier: MIT */
/* WDFCOLLECTION: objects in order, each with a reference. Callers serialise, as the pages ask. */
#include <stdlib.h>
#include <string.h>

#include "nt/export.h"
#include "nt/fault.h"
#include "wdf/private.h"

struct wdf_collection {
	struct wdf_object object;
	struct wdf_object **items;
	ULONG count, room;
};

static void dispose(struct wdf_object *object)
{
	struct wdf_collection *collection = (struct wdf_collection *)object;

	while (collection->count)
		wdf_object_dereference(collection->items[--collection->count]);
}

static void release(struct wdf_object *object)
{
	free(((struct wdf_collection *)object)->items);
}

const struct wdf_class wdf_collection_class = {
	.name = "WDFCOLLECTION",
	.size = sizeof(struct wdf_collection),
	.dispose = dispose,
	.release = release,
};

static struct wdf_collection *collection_of(WDFCOLLECTION handle, const char *call)
{
	wdf_check_irql(DISPATCH_LEVEL, call);
	return wdf_object_of(handle, &wdf_collection_class, call);
}

NETCX_EXPORT NTSTATUS WdfCollectionCreate(PWDF_OBJECT_ATTRIBUTES CollectionAttributes,
					  WDFCOLLECTION *Collection)
{
	static const char call[] = "WdfCollectionCreate";
	struct wdf_driver *driver = WDF_CREATOR(CollectionAttributes, call);

	wdf_check_irql(DISPATCH_LEVEL, call);
	wdf_check_pointer(Collection, "Collection", call);
	if (NT_FAULT("WdfCollectionCreate"))
		return STATUS_INSUFFICIENT_RESOURCES;
	return wdf_object_create(&wdf_collection_class, driver, wdf_driver_parent(driver),
				 CollectionAttributes, (void **)Collection);
}

NETCX_EXPORT ULONG WdfCollectionGetCount(WDFCOLLECTION Collection)
{
	return collection_of(Collection, "WdfCollectionGetCount")->count;
}

NETCX_EXPORT NTSTATUS WdfCollectionAdd(WDFCOLLECTION Collection, WDFOBJECT Object)
{
	static const char call[] = "WdfCollectionAdd";
	struct wdf_collection *collection = collection_of(Collection, call);
	struct wdf_object *object = wdf_object_any(Object, call);

	if (NT_FAULT("WdfCollectionAdd"))
		return STATUS_INSUFFICIENT_RESOURCES;
	if (collection->count == collection->room) {
		ULONG room = collection->room ? 2 * collection->room : 8;
		struct wdf_object **items =
			realloc(collection->items, room * sizeof(struct wdf_object *));

		if (!items)
			return STATUS_INSUFFICIENT_RESOURCES;
		collection->items = items;
		collection->room = room;
	}
	wdf_object_reference(object);
	collection->items[collection->count++] = object;
	return STATUS_SUCCESS;
}

static void remove_at(struct wdf_collection *collection, ULONG index)
{
	struct wdf_object *object = collection->items[index];

	collection->count--;
	memmove(collection->items + index, collection->items + index + 1,
		(collection->count - index) * sizeof(struct wdf_object *));
	wdf_object_dereference(object);
}

NETCX_EXPORT VOID WdfCollectionRemove(WDFCOLLECTION Collection, WDFOBJECT Item)
{
	static const char call[] = "WdfCollectionRemove";
	struct wdf_collection *collection = collection_of(Collection, call);

	wdf_object_any(Item, call);
	for (ULONG i = 0; i < collection->count; i++) {
		if (collection->items[i] != Item)
			continue;
		remove_at(collection, i);
		return;
	}
	wdf_violation(collection->object.driver->name, WDF_VERIFIER_FATAL, (uintptr_t)Item, call,
		      "What is removed is in the collection.", "%p is not in the collection.",
		      Item);
}

NETCX_EXPORT VOID WdfCollectionRemoveItem(WDFCOLLECTION Collection, ULONG Index)
{
	static const char call[] = "WdfCollectionRemoveItem";
	struct wdf_collection *collection = collection_of(Collection, call);

	if (Index >= collection->count)
		wdf_violation(collection->object.driver->name, WDF_VERIFIER_FATAL, Index, call,
			      "The index is below the collection's count.",
			      "Index is %u and the collection has %u items.", Index,
			      collection->count);
	remove_at(collection, Index);
}

NETCX_EXPORT WDFOBJECT WdfCollectionGetItem(WDFCOLLECTION Collection, ULONG Index)
{
	struct wdf_collection *collection = collection_of(Collection, "WdfCollectionGetItem");

	return Index < collection->count ? collection->items[Index] : NULL;
}

NETCX_EXPORT WDFOBJECT WdfCollectionGetFirstItem(WDFCOLLECTION Collection)
{
	struct wdf_collection *collection = collection_of(Collection, "WdfCollectionGetFirstItem");

	return collection->count ? collection->items[0] : NULL;
}

NETCX_EXPORT WDFOBJECT WdfCollectionGetLastItem(WDFCOLLECTION Collection)
{
	struct wdf_collection *collection = collection_of(Collection, "WdfCollectionGetLastItem");

	return collection->count ? collection->items[collection->count - 1] : NULL;
}
