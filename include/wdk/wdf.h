/* SPDX-License-Identifier: MIT */
/*
 * wdf.h - the kernel-mode driver framework. One kind of object per header; this one brings them
 * all.
 *
 * Functions are plain exported symbols under their public names; the hidden first argument and the
 * function table of the real framework have no counterpart.
 */
#ifndef NETCX_WDF_H
#define NETCX_WDF_H

#define WDFAPI /* by which netadaptercx.h knows that this header came first */

#include <wdm.h>
#include <wdftypes.h>
#include <wdfassert.h>
#include <wdfobject.h>
#include <wdfsync.h>
#include <wdfdriver.h>
#include <wdfdevice.h>
#include <parts/wdfpnppower.h>
#include <parts/wdfpowerpolicy.h>
#include <wdfresource.h>
#include <wdffdo.h>
#include <wdfinterrupt.h>
#include <wdfmemory.h>
#include <wdfdmaenabler.h>
#include <wdfcommonbuffer.h>
#include <wdfregistry.h>
#include <wdfstring.h>
#include <wdfcollection.h>
#include <wdftimer.h>
#include <wdfworkitem.h>

#endif
