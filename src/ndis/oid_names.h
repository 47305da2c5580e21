/* SPDX-License-Identifier: MIT */
/* OIDs by name and number, and of what kind their data is. */
#ifndef NDIS_OID_NAMES_H
#define NDIS_OID_NAMES_H

#include <ndis.h>
#include <stddef.h>

enum oid_kind {
	OID_OTHER,    /* bytes */
	OID_OFFLOADS, /* NDIS_OFFLOAD */
	OID_NUMBER,   /* ULONG, or ULONG64 by its length */
	OID_HEX,      /* ULONG that reads better so */
	OID_TEXT,     /* ANSI string with its end */
	OID_ADDRESS,  /* MAC addresses, one after the other */
	OID_FILTER,   /* NDIS_PACKET_TYPE_* */
	OID_LIST,     /* of OIDs */
	OID_STATISTICS,
	OID_MODERATION,
};

struct oid_info {
	NDIS_OID oid;
	const char *name;
	enum oid_kind kind;
	size_t length; /* room that a query needs, at least */
};

/* oid_by_name() - "OID_GEN_STATISTICS", without case; "GEN_STATISTICS" too. NULL: unknown. */
const struct oid_info *oid_by_name(const char *name);

/* oid_by_number() - never NULL: an unknown one has no name. */
const struct oid_info *oid_by_number(NDIS_OID oid);

#endif
