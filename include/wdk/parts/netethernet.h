/* SPDX-License-Identifier: MIT */
/* netethernet.h - the Ethernet header (IEEE 802.3 clause 3). Part of netiodef.h. */
#ifndef NETCX_NETETHERNET_H
#define NETCX_NETETHERNET_H

#include <ntdef.h>

#define ETHERNET_ADDRESS_LENGTH 6

/* An address as bytes, or as its maker's and the device's halves. */
typedef union _DL_OUI {
	UINT8 Byte[3];
	__extension__ struct {
		UINT8 Group : 1;
		UINT8 Local : 1;
	};
} DL_OUI, *PDL_OUI;

typedef union _DL_EI48 {
	UINT8 Byte[3];
} DL_EI48, *PDL_EI48;

typedef union _DL_EUI48 {
	UINT8 Byte[ETHERNET_ADDRESS_LENGTH];
	__extension__ struct {
		DL_OUI Oui;
		DL_EI48 Ei48;
	};
} DL_EUI48, *PDL_EUI48;

typedef struct _ETHERNET_HEADER {
	DL_EUI48 Destination;
	DL_EUI48 Source;
	union {
		UINT16 Type; /* network order */
		UINT16 Length;
	};
} ETHERNET_HEADER, *PETHERNET_HEADER;
C_ASSERT(sizeof(ETHERNET_HEADER) == 14);

#endif
