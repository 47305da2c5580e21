/* SPDX-License-Identifier: MIT */
/*
 * Packet extensions: named data behind the NET_PACKET of each ring element. An adapter has a set of
 * those registered, a queue a set of those its elements carry.
 */
#ifndef CX_EXTENSION_H
#define CX_EXTENSION_H

#include <ntddk.h>
#include <stdbool.h>
#include <stddef.h>

/* Names that begin so are the framework's. */
#define CX_RESERVED_PREFIX NETCX_WIDE("ms_")

/*
 * The largest extension a driver may register. 1809 has a constant for it that is not published;
 * this one keeps an element far below what ElementStride (16 bits) can say.
 */
#define CX_EXTENSION_MAX_SIZE 256

struct cx_extension {
	PCWSTR name; /* in a set: a copy, owned by it */
	ULONG version;
	size_t alignment; /* bytes, a power of two */
	size_t size;      /* bytes */
	size_t offset;    /* in an element; set in a queue's set only */
};

/* Owned by the adapter or queue it is in; changed on the device's worker only. */
struct cx_extensions {
	struct cx_extension *items;
	size_t count;
};

/* cx_name_equal() - two UTF-16 strings, or (prefix) the beginning of @name */
bool cx_name_equal(PCWSTR name, PCWSTR other);
bool cx_name_has_prefix(PCWSTR name, PCWSTR prefix);

/*
 * cx_extensions_add() - add an extension, in order; its name is copied
 * Return: STATUS_SUCCESS, STATUS_DUPLICATE_NAME, STATUS_INSUFFICIENT_RESOURCES.
 */
NTSTATUS cx_extensions_add(struct cx_extensions *set, const struct cx_extension *extension);

/* cx_extensions_find() - by name and version; NULL: not in the set. */
const struct cx_extension *cx_extensions_find(const struct cx_extensions *set, PCWSTR name,
					      ULONG version);

/* cx_extensions_clear() - empty the set */
void cx_extensions_clear(struct cx_extensions *set);

#endif
