/* SPDX-License-Identifier: MIT */
/*
 * ndisversion.h - which NDIS a unit is for: NetAdapterCx 1.3 came with NDIS 6.82, and a miniport
 * driver says NDISxxx_MINIPORT or the two numbers. The host knows what came later, too. Part of
 * ndis.h.
 */
#ifndef NETCX_NDISVERSION_H
#define NETCX_NDISVERSION_H

#if defined(NETCX_HOST) || defined(NDIS_WRAPPER) || defined(NDIS683) ||               \
	defined(NDIS683_MINIPORT) || defined(NDIS684) || defined(NDIS684_MINIPORT) || \
	defined(NDIS685) || defined(NDIS685_MINIPORT) || defined(NDIS686) ||          \
	defined(NDIS686_MINIPORT) || defined(NDIS687) || defined(NDIS687_MINIPORT)
#define NDIS_SUPPORT_NDIS683 1
#elif defined(NDIS_MINIPORT_MAJOR_VERSION) && defined(NDIS_MINIPORT_MINOR_VERSION)
#if NDIS_MINIPORT_MAJOR_VERSION == 6 && NDIS_MINIPORT_MINOR_VERSION >= 83
#define NDIS_SUPPORT_NDIS683 1
#endif
#endif
#ifndef NDIS_SUPPORT_NDIS683
#define NDIS_SUPPORT_NDIS683 0
#endif
#define NDIS_SUPPORT_NDIS682 1
#define NDIS_SUPPORT_NDIS681 1
#define NDIS_SUPPORT_NDIS680 1
#define NDIS_SUPPORT_NDIS670 1
#define NDIS_SUPPORT_NDIS660 1
#define NDIS_SUPPORT_NDIS651 1
#define NDIS_SUPPORT_NDIS650 1
#define NDIS_SUPPORT_NDIS640 1
#define NDIS_SUPPORT_NDIS630 1
#define NDIS_SUPPORT_NDIS620 1
#define NDIS_SUPPORT_NDIS61  1
#define NDIS_SUPPORT_NDIS6   1

#endif
