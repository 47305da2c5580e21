/* SPDX-License-Identifier: MIT */
/* wdmio.h - drivers, devices and the hardware resources given to them. Part of wdm.h. */
#ifndef NETCX_WDMIO_H
#define NETCX_WDMIO_H

#include <ntdef.h>
#include <parts/umdf.h>
#include <parts/wdmke.h>
#include <parts/wdmex.h>

/* Both are the system's own: a driver passes the pointers on. */
typedef struct _DRIVER_OBJECT DRIVER_OBJECT, *PDRIVER_OBJECT;
#if !NETCX_UMDF
typedef struct _DEVICE_OBJECT DEVICE_OBJECT, *PDEVICE_OBJECT;
typedef struct _IRP IRP, *PIRP;
typedef struct _KINTERRUPT KINTERRUPT, *PKINTERRUPT;
#endif

typedef NTSTATUS DRIVER_INITIALIZE(_In_ struct _DRIVER_OBJECT *DriverObject,
				   _In_ PUNICODE_STRING RegistryPath);
typedef DRIVER_INITIALIZE *PDRIVER_INITIALIZE;

/* What the loader looks for, however the driver's symbols are hidden otherwise. */
EXTERN_C __attribute__((visibility("default"))) DRIVER_INITIALIZE DriverEntry;

/* Kinds of hardware resource: CM_PARTIAL_RESOURCE_DESCRIPTOR.Type */
#define CmResourceTypeNull           0
#define CmResourceTypePort           1
#define CmResourceTypeInterrupt      2
#define CmResourceTypeMemory         3
#define CmResourceTypeDma            4
#define CmResourceTypeDeviceSpecific 5
#define CmResourceTypeBusNumber      6
#define CmResourceTypeMemoryLarge    7
#define CmResourceTypeConfigData     128
#define CmResourceTypeDevicePrivate  129

/* CM_PARTIAL_RESOURCE_DESCRIPTOR.ShareDisposition */
typedef enum _CM_SHARE_DISPOSITION NETCX_INT_ENUM {
	CmResourceShareUndetermined,
	CmResourceShareDeviceExclusive,
	CmResourceShareDriverExclusive,
	CmResourceShareShared
} CM_SHARE_DISPOSITION;

/* CM_PARTIAL_RESOURCE_DESCRIPTOR.Flags, for memory and for interrupts */
#define CM_RESOURCE_MEMORY_READ_WRITE         0x0000
#define CM_RESOURCE_MEMORY_READ_ONLY          0x0001
#define CM_RESOURCE_MEMORY_WRITE_ONLY         0x0002
#define CM_RESOURCE_MEMORY_PREFETCHABLE       0x0004
#define CM_RESOURCE_MEMORY_BAR                0x0080
#define CM_RESOURCE_PORT_MEMORY               0x0000
#define CM_RESOURCE_PORT_IO                   0x0001
#define CM_RESOURCE_PORT_10_BIT_DECODE        0x0004
#define CM_RESOURCE_PORT_12_BIT_DECODE        0x0008
#define CM_RESOURCE_PORT_16_BIT_DECODE        0x0010
#define CM_RESOURCE_PORT_POSITIVE_DECODE      0x0020
#define CM_RESOURCE_PORT_PASSIVE_DECODE       0x0040
#define CM_RESOURCE_PORT_WINDOW_DECODE        0x0080
#define CM_RESOURCE_PORT_BAR                  0x0100
#define CM_RESOURCE_INTERRUPT_LEVEL_SENSITIVE 0x0000
#define CM_RESOURCE_INTERRUPT_LATCHED         0x0001
#define CM_RESOURCE_INTERRUPT_MESSAGE         0x0002

/* A driver that knows of processor groups says so before it includes anything. */
#ifdef NT_PROCESSOR_GROUPS
#define NETCX_INTERRUPT_GROUP Group
#define NETCX_INTERRUPT_LEVEL \
	USHORT Level;         \
	USHORT Group;
#else
#define NETCX_INTERRUPT_GROUP Reserved
#define NETCX_INTERRUPT_LEVEL ULONG Level;
#endif

/* One resource. Packed to 4 bytes: the address is not aligned as elsewhere. */
#pragma pack(push, 4)
typedef struct _CM_PARTIAL_RESOURCE_DESCRIPTOR {
	UCHAR Type;
	UCHAR ShareDisposition;
	USHORT Flags;
	union {
		struct {
			PHYSICAL_ADDRESS Start;
			ULONG Length;
		} Generic;
		struct {
			PHYSICAL_ADDRESS Start;
			ULONG Length;
		} Port;
		struct {
			NETCX_INTERRUPT_LEVEL
			ULONG Vector;
			KAFFINITY Affinity;
		} Interrupt;
		struct { /* Flags have CM_RESOURCE_INTERRUPT_MESSAGE */
			union {
				struct {
					USHORT NETCX_INTERRUPT_GROUP;
					USHORT MessageCount;
					ULONG Vector;
					KAFFINITY Affinity;
				} Raw;
				struct {
					NETCX_INTERRUPT_LEVEL
					ULONG Vector;
					KAFFINITY Affinity;
				} Translated;
			};
		} MessageInterrupt;
		struct {
			PHYSICAL_ADDRESS Start;
			ULONG Length;
		} Memory;
		struct {
			ULONG Channel;
			ULONG Port;
			ULONG Reserved1;
		} Dma;
		struct {
			ULONG Channel;
			ULONG RequestLine;
			UCHAR TransferWidth;
			UCHAR Reserved1;
			UCHAR Reserved2;
			UCHAR Reserved3;
		} DmaV3;
		struct {
			ULONG Data[3];
		} DevicePrivate;
		struct {
			ULONG Start;
			ULONG Length;
			ULONG Reserved;
		} BusNumber;
		struct {
			ULONG DataSize;
			ULONG Reserved1;
			ULONG Reserved2;
		} DeviceSpecificData;
		struct {
			PHYSICAL_ADDRESS Start;
			ULONG Length40;
		} Memory40;
		struct {
			PHYSICAL_ADDRESS Start;
			ULONG Length48;
		} Memory48;
		struct {
			PHYSICAL_ADDRESS Start;
			ULONG Length64;
		} Memory64;
		struct {
			UCHAR Class;
			UCHAR Type;
			UCHAR Reserved1;
			UCHAR Reserved2;
			ULONG IdLowPart;
			ULONG IdHighPart;
		} Connection;
	} u;
} CM_PARTIAL_RESOURCE_DESCRIPTOR, *PCM_PARTIAL_RESOURCE_DESCRIPTOR;
#pragma pack(pop)
C_ASSERT(sizeof(CM_PARTIAL_RESOURCE_DESCRIPTOR) == 20);

/* WdfDeviceSetAlignmentRequirement, common buffers: alignment in bytes, less one */
#define FILE_BYTE_ALIGNMENT          0x00000000
#define FILE_WORD_ALIGNMENT          0x00000001
#define FILE_LONG_ALIGNMENT          0x00000003
#define FILE_QUAD_ALIGNMENT          0x00000007
#define FILE_OCTA_ALIGNMENT          0x0000000f
#define FILE_32_BYTE_ALIGNMENT       0x0000001f
#define FILE_64_BYTE_ALIGNMENT       0x0000003f
#define FILE_128_BYTE_ALIGNMENT      0x0000007f
#define FILE_256_BYTE_ALIGNMENT      0x000000ff
#define FILE_512_BYTE_ALIGNMENT      0x000001ff

#define FILE_DEVICE_UNKNOWN          0x00000022
#define FILE_DEVICE_PHYSICAL_NETCARD 0x00000017
#define FILE_DEVICE_NETWORK          0x00000012
#define FILE_DEVICE_SECURE_OPEN      0x00000100

#define KEY_QUERY_VALUE              0x0001
#define KEY_SET_VALUE                0x0002
#define KEY_CREATE_SUB_KEY           0x0004
#define KEY_ENUMERATE_SUB_KEYS       0x0008
#define KEY_READ                     0x00020019
#define KEY_WRITE                    0x00020006
#define KEY_ALL_ACCESS               0x000F003F
#define GENERIC_READ                 0x80000000U
#define GENERIC_WRITE                0x40000000

/* A code of a device control request, and what is in it. */
#define CTL_CODE(type, function, method, access) \
	(((type) << 16) | ((access) << 14) | ((function) << 2) | (method))
#define METHOD_FROM_CTL_CODE(code)      ((ULONG)((code)&3))
#define DEVICE_TYPE_FROM_CTL_CODE(code) (((ULONG)((code)&0xffff0000)) >> 16)
#define METHOD_BUFFERED                 0
#define METHOD_IN_DIRECT                1
#define METHOD_OUT_DIRECT               2
#define METHOD_NEITHER                  3
#define FILE_ANY_ACCESS                 0
#define FILE_SPECIAL_ACCESS             FILE_ANY_ACCESS
#define FILE_READ_ACCESS                1
#define FILE_WRITE_ACCESS               2

/* How much sooner a thread runs that was waited for. */
#define IO_NO_INCREMENT         0
#define IO_NETWORK_INCREMENT    2

#define PLUGPLAY_REGKEY_DEVICE  1
#define PLUGPLAY_REGKEY_DRIVER  2

#define REG_OPTION_NON_VOLATILE 0x00000000
#define REG_OPTION_VOLATILE     0x00000001
#define REG_NONE                0U
#define REG_SZ                  1U
#define REG_EXPAND_SZ           2U
#define REG_BINARY              3U
#define REG_DWORD               4U
#define REG_MULTI_SZ            7U
#define REG_QWORD               11U

#endif
