/* SPDX-License-Identifier: MIT */
/* ntddndis.h - the part of NDIS that is data: identifiers, offload structures, statistics. */
#ifndef NETCX_NTDDNDIS_H
#define NETCX_NTDDNDIS_H
#include <ifdef.h>
#include <ndisobject.h>
#include <ndisoid.h>
#include <ndisoffload.h>
#include <ndisstatistics.h>
#endif
