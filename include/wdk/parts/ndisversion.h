/* SPDX-License-Identifier: MIT */
/*
 * ndisversion.h - which NDIS a unit is for, as 100 times the major and the minor version:
 * NetAdapterCx 1.3 came with 6.82, and who wants another says NDISxxx_MINIPORT or the two numbers.
 * The host knows the newest. Structures end where the version's do; names that came with NDIS up
 * to 6.82 are always there. NetAdapterCx 2.x, all of it, brings ndis.h itself and has 6.85. Part of
 * ndis.h.
 */
#ifndef NETCX_NDISVERSION_H
#define NETCX_NDISVERSION_H

#ifdef NETCX_ADAPTER_2
#if defined(NDIS_MINIPORT_DRIVER) || defined(NDIS_WDF) || defined(NDIS60_MINIPORT) ||          \
	defined(NDIS61_MINIPORT) || defined(NDIS620_MINIPORT) || defined(NDIS630_MINIPORT) ||  \
	defined(NDIS640_MINIPORT) || defined(NDIS650_MINIPORT) || defined(NDIS651_MINIPORT) || \
	defined(NDIS660_MINIPORT) || defined(NDIS670_MINIPORT) || defined(NDIS680_MINIPORT) || \
	defined(NDIS681_MINIPORT) || defined(NDIS682_MINIPORT) || defined(NDIS683_MINIPORT) || \
	defined(NDIS684_MINIPORT) || defined(NDIS685_MINIPORT) || defined(NDIS686_MINIPORT) || \
	defined(NDIS687_MINIPORT) || defined(NDIS688_MINIPORT) || defined(NDIS689_MINIPORT)
#error NDIS_MINIPORT_DRIVER, NDIS_WDF and NDISxxx_MINIPORT: a driver for NetAdapterCx 2 defines none of them, netadaptercx.h does
#endif
#ifndef NETCX_HOST
#define NDIS685_MINIPORT     1
#define NDIS_MINIPORT_DRIVER 1
#define NDIS_WDF             1
#undef NDIS_WDM
#define NDIS_WDM 1
#endif
#endif

#if defined(NDIS_WRAPPER) || defined(NDIS689) || defined(NDIS689_MINIPORT) || defined(NETCX_HOST)
#define NETCX_NDIS_VERSION 689
#elif defined(NDIS688) || defined(NDIS688_MINIPORT)
#define NETCX_NDIS_VERSION 688
#elif defined(NDIS687) || defined(NDIS687_MINIPORT)
#define NETCX_NDIS_VERSION 687
#elif defined(NDIS686) || defined(NDIS686_MINIPORT)
#define NETCX_NDIS_VERSION 686
#elif defined(NDIS685) || defined(NDIS685_MINIPORT)
#define NETCX_NDIS_VERSION 685
#elif defined(NDIS684) || defined(NDIS684_MINIPORT)
#define NETCX_NDIS_VERSION 684
#elif defined(NDIS683) || defined(NDIS683_MINIPORT)
#define NETCX_NDIS_VERSION 683
#elif defined(NDIS682) || defined(NDIS682_MINIPORT)
#define NETCX_NDIS_VERSION 682
#elif defined(NDIS681) || defined(NDIS681_MINIPORT)
#define NETCX_NDIS_VERSION 681
#elif defined(NDIS680) || defined(NDIS680_MINIPORT)
#define NETCX_NDIS_VERSION 680
#elif defined(NDIS670) || defined(NDIS670_MINIPORT)
#define NETCX_NDIS_VERSION 670
#elif defined(NDIS660) || defined(NDIS660_MINIPORT)
#define NETCX_NDIS_VERSION 660
#elif defined(NDIS651) || defined(NDIS651_MINIPORT)
#define NETCX_NDIS_VERSION 651
#elif defined(NDIS650) || defined(NDIS650_MINIPORT)
#define NETCX_NDIS_VERSION 650
#elif defined(NDIS640) || defined(NDIS640_MINIPORT)
#define NETCX_NDIS_VERSION 640
#elif defined(NDIS630) || defined(NDIS630_MINIPORT)
#define NETCX_NDIS_VERSION 630
#elif defined(NDIS620) || defined(NDIS620_MINIPORT)
#define NETCX_NDIS_VERSION 620
#elif defined(NDIS61) || defined(NDIS61_MINIPORT)
#define NETCX_NDIS_VERSION 601
#elif defined(NDIS60) || defined(NDIS60_MINIPORT)
#define NETCX_NDIS_VERSION 600
#elif defined(NDIS_MINIPORT_MAJOR_VERSION) && defined(NDIS_MINIPORT_MINOR_VERSION)
#define NETCX_NDIS_VERSION (NDIS_MINIPORT_MAJOR_VERSION * 100 + NDIS_MINIPORT_MINOR_VERSION)
#else
#define NETCX_NDIS_VERSION 682
#endif

#define NDIS_SUPPORT_NDIS689 (NETCX_NDIS_VERSION >= 689)
#define NDIS_SUPPORT_NDIS688 (NETCX_NDIS_VERSION >= 688)
#define NDIS_SUPPORT_NDIS687 (NETCX_NDIS_VERSION >= 687)
#define NDIS_SUPPORT_NDIS686 (NETCX_NDIS_VERSION >= 686)
#define NDIS_SUPPORT_NDIS685 (NETCX_NDIS_VERSION >= 685)
#define NDIS_SUPPORT_NDIS684 (NETCX_NDIS_VERSION >= 684)
#define NDIS_SUPPORT_NDIS683 (NETCX_NDIS_VERSION >= 683)
#define NDIS_SUPPORT_NDIS682 (NETCX_NDIS_VERSION >= 682)
#define NDIS_SUPPORT_NDIS681 (NETCX_NDIS_VERSION >= 681)
#define NDIS_SUPPORT_NDIS680 (NETCX_NDIS_VERSION >= 680)
#define NDIS_SUPPORT_NDIS670 (NETCX_NDIS_VERSION >= 670)
#define NDIS_SUPPORT_NDIS660 (NETCX_NDIS_VERSION >= 660)
#define NDIS_SUPPORT_NDIS651 (NETCX_NDIS_VERSION >= 651)
#define NDIS_SUPPORT_NDIS650 (NETCX_NDIS_VERSION >= 650)
#define NDIS_SUPPORT_NDIS640 (NETCX_NDIS_VERSION >= 640)
#define NDIS_SUPPORT_NDIS630 (NETCX_NDIS_VERSION >= 630)
#define NDIS_SUPPORT_NDIS620 (NETCX_NDIS_VERSION >= 620)
#define NDIS_SUPPORT_NDIS61  (NETCX_NDIS_VERSION >= 601)
#define NDIS_SUPPORT_NDIS6   (NETCX_NDIS_VERSION >= 600)

#endif
