/* SPDX-License-Identifier: MIT */
/*
 * wdf.h - the driver framework: KMDF, or UMDF where UMDF_VERSION_MAJOR is set (parts/umdf.h). One
 * kind of object per header; this one brings them all.
 *
 * Functions are plain exported symbols under their public names; the hidden first argument and the
 * function table of the real framework have no counterpart.
 */
#ifndef NETCX_WDF_H
#define NETCX_WDF_H

#define WDFAPI /* by which netadaptercx.h knows that this header came first */

#include <parts/umdf.h>
#if NETCX_UMDF
#include <wudfwdm.h>
#else
#include <wdm.h>
#endif
#include <wdftypes.h>
#include <wdfassert.h>
#include <wdfobject.h>
#include <wdfsync.h>
#include <wdfdriver.h>
#include <wdfdevice.h>
#include <wdfhwaccess.h>
#include <parts/wdfpnppower.h>
#include <parts/wdfpowerpolicy.h>
#include <wdfresource.h>
#include <wdfinterrupt.h>
#include <wdfmemory.h>
#include <wdfregistry.h>
#include <wdfstring.h>
#include <wdfcollection.h>
#include <wdftimer.h>
#include <wdfworkitem.h>
#include <wdfrequest.h>
#if !NETCX_UMDF
#include <wdffdo.h>
#include <wdfdmaenabler.h>
#include <wdfcommonbuffer.h>
#endif

#endif
