/* SPDX-License-Identifier: MIT */
/* Values of a driver's key: keywords as the framework and NETCONFIGURATION read them. */
#ifndef CX_CONFIGURATION_H
#define CX_CONFIGURATION_H

#include "cx/types.h"
#include "nt/registry.h"

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

#endif
