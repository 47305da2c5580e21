/* SPDX-License-Identifier: MIT */
/*
 * NETCONFIGURATION: an adapter's or device's keywords, read and written by its driver. All shapes
 * of API have the same; their DDIs hand on what the driver passed, and where it was called.
 */
#ifndef CX_CONFIGURATION_OBJECT_H
#define CX_CONFIGURATION_OBJECT_H

#include <ntddk.h>
#include <wdf.h>

#include "cx/types.h"
#include "cx/verifier.h"

struct cx_adapter;

/*
 * Each is checked as on Windows: PASSIVE_LEVEL, a handle of the right kind. A name that cannot be
 * one: STATUS_OBJECT_NAME_INVALID; a value that is not there: STATUS_OBJECT_NAME_NOT_FOUND; of
 * another type: STATUS_OBJECT_TYPE_MISMATCH; no memory: STATUS_INSUFFICIENT_RESOURCES. Attributes
 * are the driver's and may be NULL.
 *
 * cx_configuration_open_adapter(), cx_configuration_open_device() - the key of the device
 * @handle: gets the NETCONFIGURATION, a child of the adapter or the device unless @attributes name
 *          another parent
 */
NTSTATUS cx_configuration_open_adapter(const struct cx_site *at, struct cx_adapter *adapter,
				       PWDF_OBJECT_ATTRIBUTES attributes, void *handle);
NTSTATUS cx_configuration_open_device(const struct cx_site *at, WDFDEVICE device,
				      PWDF_OBJECT_ATTRIBUTES attributes, void *handle);

/* cx_configuration_open_sub() - a subkey that is there; closed with @configuration, or before */
NTSTATUS cx_configuration_open_sub(const struct cx_site *at, void *configuration,
				   PCUNICODE_STRING name, PWDF_OBJECT_ATTRIBUTES attributes,
				   void *handle);
void cx_configuration_close(const struct cx_site *at, void *configuration);

/*
 * cx_configuration_query_ulong() - a number
 * @flags: NET_CONFIGURATION_QUERY_ULONG_MAY_BE_STORED_AS_HEX_STRING (1): a REG_SZ is hexadecimal,
 *         not decimal; a REG_DWORD is itself either way
 * Return: STATUS_INVALID_PARAMETER: no number.
 */
NTSTATUS cx_configuration_query_ulong(const struct cx_site *at, void *configuration, ULONG flags,
				      PCUNICODE_STRING name, ULONG *value);

/*
 * cx_configuration_query_string(), _query_binary() - a REG_SZ as a new WDFSTRING, a REG_BINARY as a
 *     new WDFMEMORY; without a parent of its own it outlives the NETCONFIGURATION
 * cx_configuration_query_strings() - a REG_MULTI_SZ, as WDFSTRINGs added to @collection. On failure
 *     the strings added until then stay in it, and are the driver's.
 */
NTSTATUS cx_configuration_query_string(const struct cx_site *at, void *configuration,
				       PCUNICODE_STRING name, PWDF_OBJECT_ATTRIBUTES attributes,
				       WDFSTRING *string);
NTSTATUS cx_configuration_query_strings(const struct cx_site *at, void *configuration,
					PCUNICODE_STRING name, PWDF_OBJECT_ATTRIBUTES attributes,
					WDFCOLLECTION collection);
NTSTATUS cx_configuration_query_binary(const struct cx_site *at, void *configuration,
				       PCUNICODE_STRING name, PWDF_OBJECT_ATTRIBUTES attributes,
				       WDFMEMORY *memory);

/*
 * cx_configuration_query_address() - the keyword NetworkAddress
 * @result:  of the driver; only looked at for NULL
 * @address: set on success; its length is 0 when the keyword is empty
 * Return: STATUS_OBJECT_NAME_NOT_FOUND when nobody set one; STATUS_INVALID_PARAMETER: no address.
 */
NTSTATUS cx_configuration_query_address(const struct cx_site *at, void *configuration,
					const void *result, struct cx_address *address);

/* Writing: a REG_DWORD, a REG_BINARY, a REG_SZ, a collection's WDFSTRINGs as a REG_MULTI_SZ. */
NTSTATUS cx_configuration_assign_ulong(const struct cx_site *at, void *configuration,
				       PCUNICODE_STRING name, ULONG value);
NTSTATUS cx_configuration_assign_binary(const struct cx_site *at, void *configuration,
					PCUNICODE_STRING name, const void *data, ULONG length);
NTSTATUS cx_configuration_assign_string(const struct cx_site *at, void *configuration,
					PCUNICODE_STRING name, PCUNICODE_STRING value);
NTSTATUS cx_configuration_assign_strings(const struct cx_site *at, void *configuration,
					 PCUNICODE_STRING name, WDFCOLLECTION strings);

#endif
