/* SPDX-License-Identifier: MIT */
#ifndef WDF_KEY_H
#define WDF_KEY_H

#include "nt/registry.h"
#include "wdf/private.h"

/* The longest name of a key or value that Windows takes, in UTF-8. */
#define WDF_KEY_NAME_SIZE 1024

struct wdf_key {
	struct wdf_object object;
	struct nt_reg_key *key;
};

struct wdf_key *wdf_key_of(WDFKEY handle, const char *call);

/* wdf_key_create() - a handle on @key (NULL: STATUS_OBJECT_NAME_NOT_FOUND) */
NTSTATUS wdf_key_create(struct wdf_driver *driver, struct nt_reg_key *key,
			PWDF_OBJECT_ATTRIBUTES attributes, WDFKEY *result, const char *call);

/* wdf_key_name() - a name in UTF-8. Return: STATUS_INVALID_PARAMETER for none or a broken one. */
NTSTATUS wdf_key_name(char name[WDF_KEY_NAME_SIZE], PCUNICODE_STRING string);

#endif
