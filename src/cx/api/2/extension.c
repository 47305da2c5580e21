/* SPDX-License-Identifier: MIT */
/* Source: docs of net/...types.h; 21H2 for which are there when, and on which side. */
#include "cx/api/2/extension.h"

#include <net/lso.h>
#include <net/wifi/exemptionactiontypes.h>

#include "base/array.h"
#include "cx/extension.h"

#define TX 1u
#define RX 2u

struct type {
	PCWSTR name;
	const char *plain;
	NET_EXTENSION_TYPE of;
	uint8_t size, alignment; /* bytes */
	unsigned sides;          /* that ask for it: TX, RX */
	bool (*registered)(const struct cx2_adapter *adapter);
};

static bool checksum(const struct cx2_adapter *a)
{
	return a->offload.checksum_declared || a->offload.tx_checksum_declared ||
	       a->offload.rx_checksum_declared;
}

static bool gso(const struct cx2_adapter *a)
{
	return a->offload.gso_declared;
}

/* 21H2 puts it into each packet ring of its oldest clients, whose headers have it. */
static bool lso(const struct cx2_adapter *a)
{
	return a->minor == 0;
}

static bool rsc(const struct cx2_adapter *a)
{
	return a->offload.rsc_declared;
}

static bool rsc_timestamp(const struct cx2_adapter *a)
{
	return a->offload.rsc_declared && a->core.offload.hardware.rsc.timestamps;
}

static bool ieee8021q(const struct cx2_adapter *a)
{
	return a->core.offload.hardware.ieee8021q;
}

static bool hash(const struct cx2_adapter *a)
{
	return a->scaling.Size && a->minor > 1;
}

static bool always(const struct cx2_adapter *a)
{
	return true;
}

/* One of the two is enough for both. */
static bool dma(const struct cx2_adapter *a)
{
	return a->dma_declared;
}

static bool driver_buffers(const struct cx2_adapter *a)
{
	return a->core.rx.driver_buffers;
}

static bool data_buffers(const struct cx2_adapter *a)
{
	return a->core.rx.driver_attaches;
}

#define TYPE(stem, text, kind, structure, side, when)                                         \
	{                                                                                     \
		.name = stem##_NAME, .plain = (text), .of = NetExtensionType##kind,           \
		.size = sizeof(structure), .alignment = _Alignof(structure), .sides = (side), \
		.registered = (when),                                                         \
	}

static const struct type types[CX2_EXTENSIONS] = {
	[CX2_CHECKSUM] = TYPE(NET_PACKET_EXTENSION_CHECKSUM, "ms_packet_checksum", Packet,
			      NET_PACKET_CHECKSUM, TX | RX, checksum),
	[CX2_GSO] =
		TYPE(NET_PACKET_EXTENSION_GSO, "ms_packet_gso", Packet, NET_PACKET_GSO, TX, gso),
	[CX2_LSO] = TYPE(NET_PACKET_EXTENSION_LSO, "ms_packet_lso", Packet, NET_PACKET_GSO, TX | RX,
			 lso),
	[CX2_RSC] =
		TYPE(NET_PACKET_EXTENSION_RSC, "ms_packet_rsc", Packet, NET_PACKET_RSC, RX, rsc),
	[CX2_RSC_TIMESTAMP] = TYPE(NET_PACKET_EXTENSION_RSC_TIMESTAMP, "ms_packet_rsc_timestamp",
				   Packet, NET_PACKET_RSC_TIMESTAMP, RX, rsc_timestamp),
	[CX2_IEEE8021Q] = TYPE(NET_PACKET_EXTENSION_IEEE8021Q, "ms_packet_ieee8021q", Packet,
			       NET_PACKET_IEEE8021Q, TX | RX, ieee8021q),
	[CX2_HASH] = TYPE(NET_PACKET_EXTENSION_HASH, "ms_packet_hash", Packet, NET_PACKET_HASH, RX,
			  hash),
	[CX2_VIRTUAL_ADDRESS] =
		TYPE(NET_FRAGMENT_EXTENSION_VIRTUAL_ADDRESS, "ms_fragment_virtualaddress", Fragment,
		     NET_FRAGMENT_VIRTUAL_ADDRESS, TX | RX, always),
	[CX2_LOGICAL_ADDRESS] =
		TYPE(NET_FRAGMENT_EXTENSION_LOGICAL_ADDRESS, "ms_fragment_logicaladdress", Fragment,
		     NET_FRAGMENT_LOGICAL_ADDRESS, TX | RX, dma),
	[CX2_RETURN_CONTEXT] =
		TYPE(NET_FRAGMENT_EXTENSION_RETURN_CONTEXT, "ms_fragment_returncontext", Fragment,
		     NET_FRAGMENT_RETURN_CONTEXT, RX, driver_buffers),
	[CX2_DATA_BUFFER] = TYPE(NET_FRAGMENT_EXTENSION_DATA_BUFFER, "ms_fragment_databuffer",
				 Fragment, NET_FRAGMENT_DATA_BUFFER, RX, data_buffers),
	[CX2_BUFFER_VIRTUAL_ADDRESS] =
		TYPE(NET_FRAGMENT_EXTENSION_VIRTUAL_ADDRESS, "ms_fragment_virtualaddress", Buffer,
		     NET_FRAGMENT_VIRTUAL_ADDRESS, RX, data_buffers),
	[CX2_BUFFER_LOGICAL_ADDRESS] =
		TYPE(NET_FRAGMENT_EXTENSION_LOGICAL_ADDRESS, "ms_fragment_logicaladdress", Buffer,
		     NET_FRAGMENT_LOGICAL_ADDRESS, RX, data_buffers),
};

size_t cx2_lay_out(struct cx2_layout *layout, const struct cx2_adapter *adapter,
		   enum cx_queue_kind kind, NET_EXTENSION_TYPE type, size_t size)
{
	unsigned side = kind == CX_QUEUE_TX ? TX : RX;

	for (unsigned i = 0; i < CX2_EXTENSIONS; i++) {
		const struct type *t = &types[i];

		if (t->of != type || !(t->sides & side) || !t->registered(adapter))
			continue;
		size = (size + t->alignment - 1) & ~((size_t)t->alignment - 1);
		layout->offset[i] = (uint16_t)size;
		size += t->size;
	}
	return size;
}

/* The newest version of an extension. UDP's part of RSC came with 2.5. */
static ULONG newest(const struct cx2_adapter *adapter, enum cx2_extension extension)
{
	return extension == CX2_RSC && adapter->minor >= 5 ? 2 : 1;
}

enum cx2_extension cx2_extension_find(const struct cx2_adapter *adapter,
				      const NET_EXTENSION_QUERY *query)
{
	for (unsigned i = 0; i < CX2_EXTENSIONS; i++) {
		if (types[i].of == query->Type && query->Version >= 1 &&
		    query->Version <= newest(adapter, i) &&
		    cx_name_equal(types[i].name, query->Name))
			return i;
	}
	return CX2_EXTENSIONS;
}

const char *cx2_extension_name(enum cx2_extension extension)
{
	return types[extension].plain;
}

size_t cx2_extension_size(enum cx2_extension extension)
{
	return types[extension].size;
}

NET_RING_TYPE cx2_extension_ring(enum cx2_extension extension)
{
	switch (types[extension].of) {
	case NetExtensionTypePacket:
		return NetRingTypePacket;
	case NetExtensionTypeFragment:
		return NetRingTypeFragment;
	default:
		return NetRingTypeDataBuffer;
	}
}

/* Of packets with a link layer that is not ours, and of memory that the framework never lends. */
static const PCWSTR others[] = {
	NET_PACKET_EXTENSION_WIFI_EXEMPTION_ACTION_NAME,
	NET_FRAGMENT_EXTENSION_MDL_NAME,
};

bool cx2_extension_known(PCWSTR name)
{
	for (unsigned i = 0; i < CX2_EXTENSIONS; i++)
		if (cx_name_equal(types[i].name, name))
			return true;
	for (size_t i = 0; i < ARRAY_COUNT(others); i++)
		if (cx_name_equal(others[i], name))
			return true;
	return false;
}

const char *cx2_extension_lack(const struct cx2_adapter *adapter, enum cx_queue_kind kind,
			       const NET_EXTENSION_QUERY *query)
{
	unsigned side = kind == CX_QUEUE_TX ? TX : RX;
	const char *lack = cx2_extension_known(query->Name) ? "is of another kind of element"
							    : "is none of NetAdapterCx";

	for (unsigned i = 0; i < CX2_EXTENSIONS; i++) {
		if (types[i].of != query->Type || !cx_name_equal(types[i].name, query->Name))
			continue;
		if (query->Version > newest(adapter, i))
			return "has no such version for this version of NetAdapterCx";
		if (i == CX2_HASH && adapter->minor < 2)
			return "is there from NetAdapterCx 2.2 on";
		lack = types[i].sides & side ? NULL : "is the other direction's";
	}
	for (size_t i = 0; i < ARRAY_COUNT(others); i++)
		if (cx_name_equal(others[i], query->Name))
			lack = NULL;
	return lack;
}
