/* SPDX-License-Identifier: MIT */
/*
 * The extensions of 2.x: what lies beside each packet, fragment and data buffer of a queue's rings.
 * Which of them a queue has follows from what its adapter has declared; a driver asks by name.
 */
#ifndef CX_API_2_EXTENSION_H
#define CX_API_2_EXTENSION_H

#include "cx/api/2/adapter.h"

/* Those that there can be, in the order in which they lie in an element. */
enum cx2_extension {
	CX2_CHECKSUM,
	CX2_GSO,
	CX2_LSO, /* of 2.0 */
	CX2_RSC,
	CX2_RSC_TIMESTAMP,
	CX2_IEEE8021Q,
	CX2_HASH,
	CX2_VIRTUAL_ADDRESS,
	CX2_LOGICAL_ADDRESS,
	CX2_RETURN_CONTEXT,
	CX2_DATA_BUFFER,
	CX2_BUFFER_VIRTUAL_ADDRESS, /* of the data buffer ring, by the fragments' names */
	CX2_BUFFER_LOGICAL_ADDRESS,
	CX2_EXTENSIONS
};

/* Where a queue's extensions lie: bytes from the element's first; 0: it has not got this one. */
struct cx2_layout {
	uint16_t offset[CX2_EXTENSIONS];
};

/*
 * cx2_lay_out() - the extensions of one kind of element
 * @size: bytes of the element itself
 * Return: the element's size with them, in bytes; CX2_STRIDE_MAX at most.
 */
size_t cx2_lay_out(struct cx2_layout *layout, const struct cx2_adapter *adapter,
		   enum cx_queue_kind kind, NET_EXTENSION_TYPE type, size_t size);

/* cx2_extension_find() - by what a driver asks for; CX2_EXTENSIONS: this adapter's drivers have
 * none */
enum cx2_extension cx2_extension_find(const struct cx2_adapter *adapter,
				      const NET_EXTENSION_QUERY *query);

/* cx2_extension_name() - "ms_packet_checksum", for reports */
const char *cx2_extension_name(enum cx2_extension extension);
size_t cx2_extension_size(enum cx2_extension extension); /* bytes */
NET_RING_TYPE cx2_extension_ring(enum cx2_extension extension);

/*
 * cx2_extension_lack() - why no driver of this version finds what was asked for on this side
 * Return: NULL: it could be there, and nothing was declared that has it.
 */
const char *cx2_extension_lack(const struct cx2_adapter *adapter, enum cx_queue_kind kind,
			       const NET_EXTENSION_QUERY *query);

/* cx2_extension_known() - is it the name of one of the framework's, whatever it is of? */
bool cx2_extension_known(PCWSTR name);

#endif
