/* SPDX-License-Identifier: MIT */
#ifndef WDF_MEMORY_H
#define WDF_MEMORY_H

#include <wdf.h>

struct wdf_driver;

/*
 * wdf_memory_create() - a WDFMEMORY made for a driver by somebody else
 * @size: bytes, not 0; @buffer: gets the address, may be NULL
 */
NTSTATUS wdf_memory_create(struct wdf_driver *driver, PWDF_OBJECT_ATTRIBUTES attributes,
			   size_t size, WDFMEMORY *result, void **buffer);

#endif
