/* SPDX-License-Identifier: MIT */
/*
 * wdmpci.h - a PCI function's configuration space as a driver reads it by BUS_INTERFACE_STANDARD.
 * Sources: PCI Local Bus Specification 3.0, chapter 6; PCI Bus Power Management Interface
 * Specification 1.2, chapter 3; PCI-X Addendum 2.0, 8.2; PCI Express Base Specification 3.0, 7.9
 * and on. Part of wdm.h.
 */
#ifndef NETCX_WDMPCI_H
#define NETCX_WDMPCI_H

#include <ntdef.h>

/* What GetBusData reads and SetBusData writes. */
#define PCI_WHICHSPACE_CONFIG 0x0
#define PCI_WHICHSPACE_ROM    0x52696350

#define PCI_TYPE0_ADDRESSES   6
#define PCI_TYPE1_ADDRESSES   2
#define PCI_TYPE2_ADDRESSES   5

/* Where a function is on its bus. */
typedef struct _PCI_SLOT_NUMBER {
	union {
		struct {
			ULONG DeviceNumber : 5;
			ULONG FunctionNumber : 3;
			ULONG Reserved : 24;
		} bits;
		ULONG AsULONG;
	} u;
} PCI_SLOT_NUMBER, *PPCI_SLOT_NUMBER;

/* ---- the header, as HeaderType has it: of a function, of a bridge to PCI, and to CardBus ---- */
struct _PCI_HEADER_TYPE_0 {
	ULONG BaseAddresses[PCI_TYPE0_ADDRESSES];
	ULONG CIS;
	USHORT SubVendorID;
	USHORT SubSystemID;
	ULONG ROMBaseAddress;
	UCHAR CapabilitiesPtr;
	UCHAR Reserved1[3];
	ULONG Reserved2;
	UCHAR InterruptLine;
	UCHAR InterruptPin;
	UCHAR MinimumGrant;
	UCHAR MaximumLatency;
};

struct _PCI_HEADER_TYPE_1 {
	ULONG BaseAddresses[PCI_TYPE1_ADDRESSES];
	UCHAR PrimaryBus;
	UCHAR SecondaryBus;
	UCHAR SubordinateBus;
	UCHAR SecondaryLatency;
	UCHAR IOBase;
	UCHAR IOLimit;
	USHORT SecondaryStatus;
	USHORT MemoryBase;
	USHORT MemoryLimit;
	USHORT PrefetchBase;
	USHORT PrefetchLimit;
	ULONG PrefetchBaseUpper32;
	ULONG PrefetchLimitUpper32;
	USHORT IOBaseUpper16;
	USHORT IOLimitUpper16;
	UCHAR CapabilitiesPtr;
	UCHAR Reserved1[3];
	ULONG ROMBaseAddress;
	UCHAR InterruptLine;
	UCHAR InterruptPin;
	USHORT BridgeControl;
};

struct _PCI_HEADER_TYPE_2 {
	ULONG SocketRegistersBaseAddress;
	UCHAR CapabilitiesPtr;
	UCHAR Reserved;
	USHORT SecondaryStatus;
	UCHAR PrimaryBus;
	UCHAR SecondaryBus;
	UCHAR SubordinateBus;
	UCHAR SecondaryLatency;
	struct {
		ULONG Base;
		ULONG Limit;
	} Range[PCI_TYPE2_ADDRESSES - 1];
	UCHAR InterruptLine;
	UCHAR InterruptPin;
	USHORT BridgeControl;
};

/* The members of two records, since the second has the first's as its own. */
#define NETCX_PCI_COMMON_HEADER                  \
	USHORT VendorID;                         \
	USHORT DeviceID;                         \
	USHORT Command;                          \
	USHORT Status;                           \
	UCHAR RevisionID;                        \
	UCHAR ProgIf;                            \
	UCHAR SubClass;                          \
	UCHAR BaseClass;                         \
	UCHAR CacheLineSize;                     \
	UCHAR LatencyTimer;                      \
	UCHAR HeaderType;                        \
	UCHAR BIST;                              \
	union {                                  \
		struct _PCI_HEADER_TYPE_0 type0; \
		struct _PCI_HEADER_TYPE_1 type1; \
		struct _PCI_HEADER_TYPE_2 type2; \
	} u;

typedef struct _PCI_COMMON_HEADER {
	NETCX_PCI_COMMON_HEADER
} PCI_COMMON_HEADER, *PPCI_COMMON_HEADER;

#ifdef __cplusplus
typedef struct _PCI_COMMON_CONFIG : PCI_COMMON_HEADER {
	UCHAR DeviceSpecific[192];
} PCI_COMMON_CONFIG, *PPCI_COMMON_CONFIG;
#else
typedef struct _PCI_COMMON_CONFIG {
	NETCX_PCI_COMMON_HEADER
	UCHAR DeviceSpecific[192];
} PCI_COMMON_CONFIG, *PPCI_COMMON_CONFIG;
#endif

C_ASSERT(sizeof(PCI_COMMON_HEADER) == 64);
C_ASSERT(sizeof(PCI_COMMON_CONFIG) == 256);

#define PCI_COMMON_HDR_LENGTH      ((ULONG)sizeof(PCI_COMMON_HEADER))
#define PCI_EXTENDED_CONFIG_LENGTH 0x1000
#define PCI_MAX_DEVICES            32
#define PCI_MAX_FUNCTION           8
#define PCI_MAX_BRIDGE_NUMBER      0xFF
#define PCI_INVALID_VENDORID       0xFFFF

/* HeaderType */
#define PCI_MULTIFUNCTION       0x80
#define PCI_DEVICE_TYPE         0x00
#define PCI_BRIDGE_TYPE         0x01
#define PCI_CARDBUS_BRIDGE_TYPE 0x02
#define PCI_CONFIGURATION_TYPE(config) \
	(((PPCI_COMMON_CONFIG)(config))->HeaderType & ~PCI_MULTIFUNCTION)
#define PCI_MULTIFUNCTION_DEVICE(config) \
	((((PPCI_COMMON_CONFIG)(config))->HeaderType & PCI_MULTIFUNCTION) != 0)

/* Command */
#define PCI_ENABLE_IO_SPACE               0x0001
#define PCI_ENABLE_MEMORY_SPACE           0x0002
#define PCI_ENABLE_BUS_MASTER             0x0004
#define PCI_ENABLE_SPECIAL_CYCLES         0x0008
#define PCI_ENABLE_WRITE_AND_INVALIDATE   0x0010
#define PCI_ENABLE_VGA_COMPATIBLE_PALETTE 0x0020
#define PCI_ENABLE_PARITY                 0x0040
#define PCI_ENABLE_WAIT_CYCLE             0x0080
#define PCI_ENABLE_SERR                   0x0100
#define PCI_ENABLE_FAST_BACK_TO_BACK      0x0200
#define PCI_DISABLE_LEVEL_INTERRUPT       0x0400

/* Status */
#define PCI_STATUS_IMMEDIATE_READINESS   0x0001
#define PCI_STATUS_INTERRUPT_PENDING     0x0008
#define PCI_STATUS_CAPABILITIES_LIST     0x0010
#define PCI_STATUS_66MHZ_CAPABLE         0x0020
#define PCI_STATUS_UDF_SUPPORTED         0x0040
#define PCI_STATUS_FAST_BACK_TO_BACK     0x0080
#define PCI_STATUS_DATA_PARITY_DETECTED  0x0100
#define PCI_STATUS_DEVSEL                0x0600
#define PCI_STATUS_SIGNALED_TARGET_ABORT 0x0800
#define PCI_STATUS_RECEIVED_TARGET_ABORT 0x1000
#define PCI_STATUS_RECEIVED_MASTER_ABORT 0x2000
#define PCI_STATUS_SIGNALED_SYSTEM_ERROR 0x4000
#define PCI_STATUS_DETECTED_PARITY_ERROR 0x8000

/* BaseAddresses */
#define PCI_ADDRESS_IO_SPACE            0x00000001
#define PCI_ADDRESS_MEMORY_TYPE_MASK    0x00000006
#define PCI_ADDRESS_MEMORY_PREFETCHABLE 0x00000008
#define PCI_ADDRESS_IO_ADDRESS_MASK     0xfffffffc
#define PCI_ADDRESS_MEMORY_ADDRESS_MASK 0xfffffff0
#define PCI_ADDRESS_ROM_ADDRESS_MASK    0xfffff800
#define PCI_TYPE_32BIT                  0
#define PCI_TYPE_20BIT                  2
#define PCI_TYPE_64BIT                  4
#define PCI_ROMADDRESS_ENABLED          0x00000001

/* BaseClass, and SubClass of a network controller */
#define PCI_CLASS_NETWORK_CTLR         0x02
#define PCI_CLASS_BRIDGE_DEV           0x06
#define PCI_SUBCLASS_NET_ETHERNET_CTLR 0x00
#define PCI_SUBCLASS_NET_OTHER         0x80

/* ---- capabilities: a list that begins at CapabilitiesPtr and ends with Next 0 ---- */
typedef struct _PCI_CAPABILITIES_HEADER {
	UCHAR CapabilityID;
	UCHAR Next; /* offset in the configuration space */
} PCI_CAPABILITIES_HEADER, *PPCI_CAPABILITIES_HEADER;

#define PCI_CAPABILITY_ID_POWER_MANAGEMENT  0x01
#define PCI_CAPABILITY_ID_AGP               0x02
#define PCI_CAPABILITY_ID_VPD               0x03
#define PCI_CAPABILITY_ID_SLOT_ID           0x04
#define PCI_CAPABILITY_ID_MSI               0x05
#define PCI_CAPABILITY_ID_CPCI_HOTSWAP      0x06
#define PCI_CAPABILITY_ID_PCIX              0x07
#define PCI_CAPABILITY_ID_HYPERTRANSPORT    0x08
#define PCI_CAPABILITY_ID_VENDOR_SPECIFIC   0x09
#define PCI_CAPABILITY_ID_DEBUG_PORT        0x0A
#define PCI_CAPABILITY_ID_CPCI_RES_CTRL     0x0B
#define PCI_CAPABILITY_ID_SHPC              0x0C
#define PCI_CAPABILITY_ID_P2P_SSID          0x0D
#define PCI_CAPABILITY_ID_AGP_TARGET        0x0E
#define PCI_CAPABILITY_ID_SECURE            0x0F
#define PCI_CAPABILITY_ID_PCI_EXPRESS       0x10
#define PCI_CAPABILITY_ID_MSIX              0x11
#define PCI_CAPABILITY_ID_SATA_CONFIG       0x12
#define PCI_CAPABILITY_ID_ADVANCED_FEATURES 0x13
#define PCI_CAPABILITY_ID_FPB               0x15

/* Power management */
typedef struct _PCI_PMC {
	UCHAR Version : 3;
	UCHAR PMEClock : 1;
	UCHAR Rsvd1 : 1;
	UCHAR DeviceSpecificInitialization : 1;
	UCHAR Rsvd2 : 2;
	struct _PM_SUPPORT {
		UCHAR Rsvd2 : 1;
		UCHAR D1 : 1;
		UCHAR D2 : 1;
		UCHAR PMED0 : 1;
		UCHAR PMED1 : 1;
		UCHAR PMED2 : 1;
		UCHAR PMED3Hot : 1;
		UCHAR PMED3Cold : 1;
	} Support;
} PCI_PMC, *PPCI_PMC;

typedef struct _PCI_PMCSR {
	USHORT PowerState : 2;
	USHORT Rsvd1 : 1;
	USHORT NoSoftReset : 1;
	USHORT Rsvd2 : 4;
	USHORT PMEEnable : 1;
	USHORT DataSelect : 4;
	USHORT DataScale : 2;
	USHORT PMEStatus : 1;
} PCI_PMCSR, *PPCI_PMCSR;

typedef struct _PCI_PMCSR_BSE {
	UCHAR Rsvd1 : 6;
	UCHAR D3HotSupportsStopClock : 1;
	UCHAR BusPowerClockControlEnabled : 1;
} PCI_PMCSR_BSE, *PPCI_PMCSR_BSE;

typedef struct _PCI_PM_CAPABILITY {
	PCI_CAPABILITIES_HEADER Header;
	union {
		PCI_PMC Capabilities;
		USHORT AsUSHORT;
	} PMC;
	union {
		PCI_PMCSR ControlStatus;
		USHORT AsUSHORT;
	} PMCSR;
	union {
		PCI_PMCSR_BSE BridgeSupport;
		UCHAR AsUCHAR;
	} PMCSR_BSE;
	UCHAR Data;
} PCI_PM_CAPABILITY, *PPCI_PM_CAPABILITY;

C_ASSERT(sizeof(PCI_PM_CAPABILITY) == 8);

/* PCI-X */
typedef struct {
	PCI_CAPABILITIES_HEADER Header;
	union {
		struct {
			USHORT DataParityErrorRecoveryEnable : 1;
			USHORT EnableRelaxedOrdering : 1;
			USHORT MaxMemoryReadByteCount : 2;
			USHORT MaxOutstandingSplitTransactions : 3;
			USHORT Reserved : 9;
		} bits;
		USHORT AsUSHORT;
	} Command;
	union {
		struct {
			ULONG FunctionNumber : 3;
			ULONG DeviceNumber : 5;
			ULONG BusNumber : 8;
			ULONG Device64Bit : 1;
			ULONG Capable133MHz : 1;
			ULONG SplitCompletionDiscarded : 1;
			ULONG UnexpectedSplitCompletion : 1;
			ULONG DeviceComplexity : 1;
			ULONG DesignedMaxMemoryReadByteCount : 2;
			ULONG DesignedMaxOutstandingSplitTransactions : 3;
			ULONG DesignedMaxCumulativeReadSize : 3;
			ULONG ReceivedSplitCompletionErrorMessage : 1;
			ULONG CapablePCIX266 : 1;
			ULONG CapablePCIX533 : 1;
		} bits;
		ULONG AsULONG;
	} Status;
} PCI_X_CAPABILITY, *PPCI_X_CAPABILITY;

/* ---- extended capabilities: a list from offset 0x100 on, of functions on PCI Express ---- */
typedef struct _PCI_EXPRESS_ENHANCED_CAPABILITY_HEADER {
	USHORT CapabilityID;
	USHORT Version : 4;
	USHORT Next : 12;
} PCI_EXPRESS_ENHANCED_CAPABILITY_HEADER, *PPCI_EXPRESS_ENHANCED_CAPABILITY_HEADER;

#define PCI_EXPRESS_ADVANCED_ERROR_REPORTING_CAP_ID      0x0001
#define PCI_EXPRESS_VIRTUAL_CHANNEL_CAP_ID               0x0002
#define PCI_EXPRESS_DEVICE_SERIAL_NUMBER_CAP_ID          0x0003
#define PCI_EXPRESS_POWER_BUDGETING_CAP_ID               0x0004
#define PCI_EXPRESS_VENDOR_SPECIFIC_CAP_ID               0x000B
#define PCI_EXPRESS_ACCESS_CONTROL_SERVICES_CAP_ID       0x000D
#define PCI_EXPRESS_ARI_CAP_ID                           0x000E
#define PCI_EXPRESS_ATS_CAP_ID                           0x000F
#define PCI_EXPRESS_SINGLE_ROOT_IO_VIRTUALIZATION_CAP_ID 0x0010
#define PCI_EXPRESS_LTR_CAP_ID                           0x0018
#define PCI_EXPRESS_L1_PM_SS_CAP_ID                      0x001E
#define PCI_EXPRESS_PTM_CAP_ID                           0x001F

typedef struct _PCI_EXPRESS_VENDOR_SPECIFIC_CAPABILITY {
	PCI_EXPRESS_ENHANCED_CAPABILITY_HEADER Header;
	USHORT VsecId;
	USHORT VsecRev : 4;
	USHORT VsecLength : 12;
} PCI_EXPRESS_VENDOR_SPECIFIC_CAPABILITY, *PPCI_EXPRESS_VENDOR_SPECIFIC_CAPABILITY;

typedef struct _PCI_EXPRESS_SERIAL_NUMBER_CAPABILITY {
	PCI_EXPRESS_ENHANCED_CAPABILITY_HEADER Header;
	ULONG LowSerialNumber;
	ULONG HighSerialNumber;
} PCI_EXPRESS_SERIAL_NUMBER_CAPABILITY, *PPCI_EXPRESS_SERIAL_NUMBER_CAPABILITY;

#endif
