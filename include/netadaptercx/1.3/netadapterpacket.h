/* SPDX-License-Identifier: MIT */
/*
 * netadapterpacket.h - packets of a queue: walking and returning them, extensions, and the driver's
 * own context in each. Part of netadaptercx.h.
 */
#ifndef NETCX_NETADAPTERPACKET_H
#define NETCX_NETADAPTERPACKET_H

#include <parts/netcxnames.h>
#include <netadaptercxtypes.h>
#include <netdatapathdescriptor.h>

/* ---- walking the packet ring ---- */
FORCEINLINE NET_PACKET *NetRingBufferGetPacketAtIndex(PCNET_DATAPATH_DESCRIPTOR Descriptor,
						      UINT32 Index)
{
	return (NET_PACKET *)NetRingBufferGetElementAtIndex(
		NET_DATAPATH_DESCRIPTOR_GET_PACKET_RING_BUFFER(Descriptor), Index);
}

/* Return: the packet at NextIndex, or NULL when the driver has seen all it owns. */
FORCEINLINE NET_PACKET *NetRingBufferGetNextPacket(PCNET_DATAPATH_DESCRIPTOR Descriptor)
{
	const NET_RING_BUFFER *ring = NET_DATAPATH_DESCRIPTOR_GET_PACKET_RING_BUFFER(Descriptor);

	if (ring->NextIndex == ring->EndIndex)
		return NULL;
	return NetRingBufferGetPacketAtIndex(Descriptor, ring->NextIndex);
}

/* Return: the same packet, with NextIndex behind it; NULL when there was none. */
FORCEINLINE NET_PACKET *NetRingBufferAdvanceNextPacket(PCNET_DATAPATH_DESCRIPTOR Descriptor)
{
	NET_RING_BUFFER *ring = NET_DATAPATH_DESCRIPTOR_GET_PACKET_RING_BUFFER(Descriptor);
	NET_PACKET *packet = NetRingBufferGetNextPacket(Descriptor);

	if (packet)
		ring->NextIndex = NetRingBufferIncrementIndex(ring, ring->NextIndex);
	return packet;
}

/* ---- returning packets ---- */
FORCEINLINE VOID NetRingBufferReturnAllPackets(PCNET_DATAPATH_DESCRIPTOR Descriptor)
{
	NET_RING_BUFFER *ring = NET_DATAPATH_DESCRIPTOR_GET_PACKET_RING_BUFFER(Descriptor);

	ring->NextIndex = ring->EndIndex;
	ring->BeginIndex = ring->EndIndex;
}

/* Returns from BeginIndex on, while Completed is set, not past EndIndex, at most BatchSize packets.
 */
FORCEINLINE VOID NetRingBufferReturnCompletedPacketsThroughIndex(
	PCNET_DATAPATH_DESCRIPTOR Descriptor, UINT32 EndIndex, ULONG BatchSize)
{
	NET_RING_BUFFER *ring = NET_DATAPATH_DESCRIPTOR_GET_PACKET_RING_BUFFER(Descriptor);

	while (ring->BeginIndex != EndIndex && BatchSize > 0 &&
	       NetRingBufferGetPacketAtIndex(Descriptor, ring->BeginIndex)->Completed) {
		ring->BeginIndex = NetRingBufferIncrementIndex(ring, ring->BeginIndex);
		BatchSize--;
	}
}

FORCEINLINE VOID NetRingBufferReturnCompletedPackets(PCNET_DATAPATH_DESCRIPTOR Descriptor,
						     ULONG BatchSize)
{
	NetRingBufferReturnCompletedPacketsThroughIndex(
		Descriptor, NET_DATAPATH_DESCRIPTOR_GET_PACKET_RING_BUFFER(Descriptor)->NextIndex,
		BatchSize);
}

/* ---- extensions ---- */
#define NET_PACKET_EXTENSION_INVALID_OFFSET ((SIZE_T)-1)

typedef struct _NET_PACKET_EXTENSION {
	ULONG Size;
	PCWSTR Name;
	ULONG Version;
	ULONG Alignment;      /* bytes less one, FILE_LONG_ALIGNMENT for example */
	SIZE_T ExtensionSize; /* bytes */
} NET_PACKET_EXTENSION, *PNET_PACKET_EXTENSION;

FORCEINLINE VOID NET_PACKET_EXTENSION_INIT(PNET_PACKET_EXTENSION Extension, PCWSTR Name,
					   ULONG Version, SIZE_T ExtensionSize, ULONG Alignment)
{
	WDF_STRUCT_INIT(Extension, NET_PACKET_EXTENSION);
	Extension->Name = Name;
	Extension->Version = Version;
	Extension->ExtensionSize = ExtensionSize;
	Extension->Alignment = Alignment;
}

typedef struct _NET_PACKET_EXTENSION_QUERY {
	ULONG Size;
	PCWSTR Name;
	ULONG Version;
} NET_PACKET_EXTENSION_QUERY, *PNET_PACKET_EXTENSION_QUERY;

FORCEINLINE VOID NET_PACKET_EXTENSION_QUERY_INIT(PNET_PACKET_EXTENSION_QUERY Query, PCWSTR Name,
						 ULONG Version)
{
	WDF_STRUCT_INIT(Query, NET_PACKET_EXTENSION_QUERY);
	Query->Name = Name;
	Query->Version = Version;
}

/* ---- the driver's context in each packet of a queue ---- */
typedef struct _NET_CONTEXT_TYPE_INFO {
	ULONG Size;
	PCSTR ContextName;
	SIZE_T ContextSize;
	const struct _NET_CONTEXT_TYPE_INFO *UniqueType;
} NET_CONTEXT_TYPE_INFO, *PNET_CONTEXT_TYPE_INFO;
typedef const NET_CONTEXT_TYPE_INFO CNET_CONTEXT_TYPE_INFO, *PCNET_CONTEXT_TYPE_INFO;

typedef struct _NET_PACKET_CONTEXT_TOKEN NET_PACKET_CONTEXT_TOKEN, *PNET_PACKET_CONTEXT_TOKEN;

typedef struct _NET_PACKET_CONTEXT_ATTRIBUTES {
	ULONG Size;
	SIZE_T ContextSizeOverride; /* 0, or at least the type's size */
	PCNET_CONTEXT_TYPE_INFO ContextTypeInfo;
} NET_PACKET_CONTEXT_ATTRIBUTES, *PNET_PACKET_CONTEXT_ATTRIBUTES;

EXTERN_C_START

/* IRQL: <= DISPATCH_LEVEL */
PVOID NetPacketGetTypedContext(PCNET_DATAPATH_DESCRIPTOR Descriptor, NET_PACKET *NetPacket,
			       PCNET_CONTEXT_TYPE_INFO TypeInfo);
PVOID NetPacketGetContextFromToken(PCNET_DATAPATH_DESCRIPTOR Descriptor, NET_PACKET *NetPacket,
				   PNET_PACKET_CONTEXT_TOKEN Token);

EXTERN_C_END

/* Drivers ask for it with WDF_GET_CONTEXT_TYPE_INFO, too: one name for both. */
#define NET_CONTEXT_TYPE_INFO_NAME(type)       WDF_TYPE_NAME_TO_TYPE_INFO(type)
#define NET_GET_CONTEXT_TYPE_INFO(type)        (&NET_CONTEXT_TYPE_INFO_NAME(type))
#define NET_PACKET_GET_CONTEXT_TYPE_INFO(type) NET_GET_CONTEXT_TYPE_INFO(type)

/* function(Descriptor, NetPacket) by type, and function##FromToken, which is faster */
#define NET_PACKET_DECLARE_CASTING_FUNCTION(type, casting_function)                        \
	__attribute__((unused)) static inline type *casting_function(                      \
		PCNET_DATAPATH_DESCRIPTOR Descriptor, NET_PACKET *NetPacket)               \
	{                                                                                  \
		return (type *)NetPacketGetTypedContext(Descriptor, NetPacket,             \
							NET_GET_CONTEXT_TYPE_INFO(type));  \
	}                                                                                  \
	__attribute__((unused)) static inline type *casting_function##FromToken(           \
		PCNET_DATAPATH_DESCRIPTOR Descriptor, NET_PACKET *NetPacket,               \
		PNET_PACKET_CONTEXT_TOKEN Token)                                           \
	{                                                                                  \
		return (type *)NetPacketGetContextFromToken(Descriptor, NetPacket, Token); \
	}

#define NET_PACKET_DECLARE_CONTEXT_TYPE_WITH_NAME(type, casting_function)     \
	EXTERN_C const NET_CONTEXT_TYPE_INFO NET_CONTEXT_TYPE_INFO_NAME(type) \
		__attribute__((weak, visibility("hidden")));                  \
	const NET_CONTEXT_TYPE_INFO NET_CONTEXT_TYPE_INFO_NAME(               \
		type) = { sizeof(NET_CONTEXT_TYPE_INFO), #type, sizeof(type), \
			  &NET_CONTEXT_TYPE_INFO_NAME(type) };                \
	NET_PACKET_DECLARE_CASTING_FUNCTION(type, casting_function)
#define NET_PACKET_DECLARE_CONTEXT_TYPE(type) \
	NET_PACKET_DECLARE_CONTEXT_TYPE_WITH_NAME(type, NetPacketGet_##type)

#define NET_PACKET_CONTEXT_ATTRIBUTES_INIT_TYPE(attributes, type)                \
	do {                                                                     \
		WDF_STRUCT_INIT(attributes, NET_PACKET_CONTEXT_ATTRIBUTES);      \
		(attributes)->ContextTypeInfo = NET_GET_CONTEXT_TYPE_INFO(type); \
	} while (0)

#endif
