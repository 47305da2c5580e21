/* SPDX-License-Identifier: MIT */
#pragma once

#define HABITS_MTU 1500

// The first 64 bytes of an RTL8168's registers, as far as this driver looks at them.
typedef struct _HABITS_REGISTERS {
	UCHAR Address[6];
	USHORT Reserved0;
	ULONG Multicast[2];
	UCHAR Reserved1[0x27];
	UCHAR Command;
	UCHAR Reserved2[4];
	USHORT InterruptMask;
	USHORT InterruptStatus;
	ULONG TransmitConfiguration;
} HABITS_REGISTERS;
C_ASSERT(FIELD_OFFSET(HABITS_REGISTERS, Command) == 0x37);
C_ASSERT(FIELD_OFFSET(HABITS_REGISTERS, InterruptMask) == 0x3C);
C_ASSERT(FIELD_OFFSET(HABITS_REGISTERS, TransmitConfiguration) == 0x40);

// A class with a constructor lives in a WDF context.
class HabitsCounter
{
      public:
	HabitsCounter() : _total(0), _most(0)
	{
	}

	__forceinline void Add(ULONG Packets)
	{
		_total += Packets;
		_most = max(_most, Packets);
	}

	ULONG64 Total() const
	{
		return _total;
	}

      private:
	ULONG64 _total;
	ULONG _most;
};

typedef struct _HABITS_ADAPTER {
	NETADAPTER NetAdapter;
	WDFDEVICE WdfDevice;
	volatile HABITS_REGISTERS *Registers;
	SIZE_T RegistersLength;
	volatile LONG Opened;
	ULONG ReceiveBuffers;
	ULONG PacketFilter;
	HABITS_FLAGS Flags;
	UCHAR Address[ETHERNET_ADDRESS_LENGTH];
	HabitsCounter Transmitted;
} HABITS_ADAPTER;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(HABITS_ADAPTER, HabitsGetAdapter);

typedef struct _HABITS_DEVICE {
	HABITS_ADAPTER *Adapter;
} HABITS_DEVICE;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(HABITS_DEVICE, HabitsGetDevice);

typedef struct _HABITS_QUEUE {
	HABITS_ADAPTER *Adapter;
	NET_DATAPATH_DESCRIPTOR const *Datapath;
	NET_PACKET_CONTEXT_TOKEN *Token;
} HABITS_QUEUE;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(HABITS_QUEUE, HabitsGetQueue);

typedef struct _HABITS_PACKET {
	ULONG Length;
} HABITS_PACKET;
NET_PACKET_DECLARE_CONTEXT_TYPE_WITH_NAME(HABITS_PACKET, HabitsGetPacket);

NTSTATUS HabitsInitialize(_In_ HABITS_ADAPTER *Adapter, _In_ WDFDEVICE Device,
			  _In_ NETADAPTER NetAdapter);
NTSTATUS HabitsReadConfiguration(_In_ HABITS_ADAPTER *Adapter);
NTSTATUS HabitsStart(_In_ HABITS_ADAPTER *Adapter);
NTSTATUS HabitsMapRegisters(_In_ HABITS_ADAPTER *Adapter, _In_ WDFCMRESLIST Resources);
VOID HabitsUnmapRegisters(_In_ HABITS_ADAPTER *Adapter);
NTSTATUS HabitsCreateRequestQueue(_In_ HABITS_ADAPTER *Adapter);
VOID HabitsCheckLanguage(VOID);
VOID HabitsCheckLibrary(VOID);

EVT_NET_ADAPTER_CREATE_TXQUEUE EvtAdapterCreateTxQueue;
EVT_NET_ADAPTER_CREATE_RXQUEUE EvtAdapterCreateRxQueue;
