/* SPDX-License-Identifier: MIT */
/* ntddndis.h - the part of NDIS that is data: identifiers, offload structures, statistics. */
#ifndef NETCX_NTDDNDIS_H
#define NETCX_NTDDNDIS_H
#include <ifdef.h>
#include <parts/ndisobject.h>
#include <parts/ndisoid.h>
#include <parts/ndisoffload.h>
#include <parts/ndisstatistics.h>
#endif
