/* SPDX-License-Identifier: MIT */
/* wdfcollection.h - ordered collections of objects; each entry holds a reference. Part of wdf.h. */
#ifndef NETCX_WDFCOLLECTION_H
#define NETCX_WDFCOLLECTION_H

#include <wdfobject.h>

EXTERN_C_START

NTSTATUS WdfCollectionCreate(PWDF_OBJECT_ATTRIBUTES CollectionAttributes,
			     WDFCOLLECTION *Collection);
ULONG WdfCollectionGetCount(WDFCOLLECTION Collection);
NTSTATUS WdfCollectionAdd(WDFCOLLECTION Collection, WDFOBJECT Object);
VOID WdfCollectionRemove(WDFCOLLECTION Collection, WDFOBJECT Item);
VOID WdfCollectionRemoveItem(WDFCOLLECTION Collection, ULONG Index);

/* Return: NULL when there is none. No reference is taken for the caller. */
WDFOBJECT WdfCollectionGetItem(WDFCOLLECTION Collection, ULONG Index);
WDFOBJECT WdfCollectionGetFirstItem(WDFCOLLECTION Collection);
WDFOBJECT WdfCollectionGetLastItem(WDFCOLLECTION Collection);

EXTERN_C_END

#endif
