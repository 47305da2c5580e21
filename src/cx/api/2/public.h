/* SPDX-License-Identifier: MIT */
/* What a driver for 2.x includes, in the order that it has to, with all extensions. */
#ifndef CX_API_2_PUBLIC_H
#define CX_API_2_PUBLIC_H

/* clang-format off */
#include <ntddk.h>
#include <wdf.h>
#include <netadaptercx.h>
/* clang-format on */
#include <net/checksum.h>
#include <net/databuffer.h>
#include <net/gso.h>
#include <net/ieee8021q.h>
#include <net/logicaladdress.h>
#include <net/mdl.h>
#include <net/packethash.h>
#include <net/returncontext.h>
#include <net/rsc.h>
#include <net/virtualaddress.h>
#include <preview/netadapter.h>
#include <preview/netadapteroffload.h>
#include <preview/netrequestqueue.h>

#endif
