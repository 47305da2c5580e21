/* SPDX-License-Identifier: MIT */
/*
 * netadaptercx.h - NetAdapterCx 2.0 (Windows 10, version 2004) to 2.5 (Windows 11, version 24H2),
 * the network adapter class extension to the driver framework. The extensions of packets and
 * fragments (net/checksum.h, net/gso.h, ...) are the driver's to include.
 */
#ifndef NETCX_NETADAPTERCX_2_H
#define NETCX_NETADAPTERCX_2_H

#ifndef WDFAPI
#error netadaptercx.h comes after wdf.h
#endif
#ifdef NETCX_ADAPTER_2
#error NETCX_ADAPTER_2 is what netadaptercx.h says to its own headers; a driver does not define it
#endif

#include <parts/netcxversion.h>

/* Of user mode's own headers none has it; the alignment of what drivers of both kinds share. */
#ifndef PAGE_SIZE
#define PAGE_SIZE 0x1000
#endif

#define NETCX_ADAPTER_2
#include <ndis.h>
#include <net/extension.h>
#include <net/fragment.h>
#include <net/packet.h>
#include <net/ring.h>
#include <net/ringcollection.h>
#undef NETCX_ADAPTER_2

#include <parts/netcxdriverapi.h>
#include <netadaptercxtypes.h>
#include <netfuncenum.h>
#include <netadapterpacket.h>
#include <nettxqueue.h>
#include <netrxqueue.h>
#include <netdevice.h>
#include <netadapter.h>
#include <netpoweroffload.h>
#include <netpoweroffloadlist.h>
#include <netwakesource.h>
#include <netwakesourcelist.h>
#include <netconfiguration.h>
#if NETCX_SINCE(1)
#include <netadapteroffload.h>
#include <netadaptertxdemux.h>
#include <netexecutioncontext.h>
#endif

#endif
