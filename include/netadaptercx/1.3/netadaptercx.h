/* SPDX-License-Identifier: MIT */
/*
 * netadaptercx.h - NetAdapterCx 1.3 (Windows 10, version 1809), the network adapter class extension
 * to the driver framework. One topic per header; this one brings them all.
 */
#ifndef NETCX_NETADAPTERCX_1_3_H
#define NETCX_NETADAPTERCX_1_3_H

#if !defined(NETADAPTER_VERSION_MAJOR) && !defined(NETADAPTER_VERSION_MINOR)
#define NETADAPTER_VERSION_MAJOR 1
#define NETADAPTER_VERSION_MINOR 3
#elif NETADAPTER_VERSION_MAJOR != 1 || NETADAPTER_VERSION_MINOR != 3
#error NETADAPTER_VERSION_MAJOR and _MINOR: this build has NetAdapterCx 1.3 and no other version
#endif

#include <parts/umdf.h>
#if NETCX_UMDF
#error NetAdapterCx 1.3 has no user-mode drivers: they exist from 2.5 on
#endif

#include <wdf.h>
#include <ndis.h>

#include <parts/netcxnames.h>
#include <parts/netcxdriverapi.h>
#include <netadaptercxtypes.h>
#include <netdevice.h>
#include <netconfiguration.h>
#include <netpacket.h>
#include <netringbuffer.h>
#include <netdatapathdescriptor.h>
#include <netadapterpacket.h>
#include <netpacketqueue.h>
#include <nettxqueue.h>
#include <netrxqueue.h>
#include <parts/netadapterdatapath.h>
#include <parts/netadapterlink.h>
#include <netadapteroffload.h>
#include <parts/netadapterpower.h>
#include <netpowersettings.h>
#include <netreceivescaling.h>
#include <netrequest.h>
#include <netrequestqueue.h>
#include <netadapter.h>

#endif
