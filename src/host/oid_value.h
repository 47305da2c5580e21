/* SPDX-License-Identifier: MIT */
/* What an OID's data says, for people. */
#ifndef HOST_OID_VALUE_H
#define HOST_OID_VALUE_H

#include <jansson.h>

#include "ndis/oid_names.h"

/*
 * oid_value() - data as JSON
 * @length: in bytes
 * Return: NULL when it is not known what it says.
 */
json_t *oid_value(enum oid_kind kind, const void *data, size_t length);

/* offload_value() - the same for an NDIS_OFFLOAD; what is off has sizes of 0 */
json_t *offload_value(const void *data, size_t length);

#endif
