/* SPDX-License-Identifier: MIT */
/* NETCONFIGURATION: an adapter's keywords, read and written by its driver. */
#ifndef CX_CONFIGURATION_H
#define CX_CONFIGURATION_H

#include "cx/types.h"
#include "nt/registry.h"
#include "wdf/object.h"

/* Owned by its parent object; the key is the device's and outlives it. */
struct cx_configuration {
	struct wdf_object object;
	struct nt_reg_key *key;
};

/*
 * cx_configuration_open() - a handle on a registry key
 * @key: NULL when there is none: STATUS_OBJECT_NAME_NOT_FOUND
 */
NTSTATUS cx_configuration_open(struct wdf_object *parent, struct nt_reg_key *key,
			       PWDF_OBJECT_ATTRIBUTES attributes,
			       struct cx_configuration **configuration);

/* cx_configuration_of() - the object behind a driver's handle, checked. */
struct cx_configuration *cx_configuration_of(void *handle, const char *call);

/*
 * cx_configuration_number() - a number that stands in a key
 * A REG_DWORD, or a REG_SZ in @base 10 or 16 (with or without 0x). Spaces around it are allowed.
 * Return: STATUS_SUCCESS; STATUS_OBJECT_NAME_NOT_FOUND; STATUS_OBJECT_TYPE_MISMATCH (another type);
 * STATUS_INVALID_PARAMETER (no number, or above 32 bits: a typing error must not read as 0).
 */
NTSTATUS cx_configuration_number(struct nt_reg_key *key, const char *name, unsigned base,
				 ULONG *value);
/* The same in base 10, as an INF writes keywords. */
NTSTATUS cx_configuration_keyword(struct nt_reg_key *key, const char *name, ULONG *value);

/* The value's name in UTF-8. Return: STATUS_OBJECT_NAME_INVALID when it cannot be one. */
#define CX_VALUE_NAME_SIZE 768
NTSTATUS cx_configuration_name(PCUNICODE_STRING name, char *utf8);

/*
 * cx_configuration_value() - a value's data in memory of its own
 * @data: freed by the caller; two zero bytes follow the @length bytes
 * Return: STATUS_SUCCESS, STATUS_OBJECT_NAME_NOT_FOUND, STATUS_OBJECT_TYPE_MISMATCH,
 * STATUS_INSUFFICIENT_RESOURCES.
 */
NTSTATUS cx_configuration_value(struct nt_reg_key *key, const char *name, enum nt_reg_type type,
				void **data, size_t *length);

/*
 * cx_configuration_address() - the keyword NetworkAddress: hex digits, "-" or ":" between bytes
 * Return: as above; STATUS_INVALID_PARAMETER when it is none. An empty one has length 0.
 */
NTSTATUS cx_configuration_address(struct nt_reg_key *key, struct cx_address *address);

/*
 * cx_configuration_child_attributes() - of an object that a query makes
 * @given: the driver's, may be NULL; an object without a parent of its own gets the adapter or
 *         device, so that it outlives NetConfigurationClose
 */
void cx_configuration_child_attributes(WDF_OBJECT_ATTRIBUTES *attributes,
				       const WDF_OBJECT_ATTRIBUTES *given,
				       struct cx_configuration *configuration);

#endif
