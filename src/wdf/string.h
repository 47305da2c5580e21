/* SPDX-License-Identifier: MIT */
#ifndef WDF_STRING_H
#define WDF_STRING_H

#include "wdf/private.h"

/* Its text is terminated, so Buffer can be printed. */
struct wdf_string {
	struct wdf_object object;
	UNICODE_STRING text;
};

/* wdf_string_set() - copy @units characters; wdf_string_create() - into a new object */
NTSTATUS wdf_string_set(struct wdf_string *string, const WCHAR *text, size_t units);
NTSTATUS wdf_string_create(struct wdf_driver *driver, PWDF_OBJECT_ATTRIBUTES attributes,
			   const WCHAR *text, size_t units, WDFSTRING *result);

#endif
