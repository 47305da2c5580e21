/* SPDX-License-Identifier: MIT */
/*
 * preview/netrequestqueue.h - queues of control requests (OIDs) of 2.0
 */
#ifndef NETCX_PREVIEW_NETREQUESTQUEUE_H
#define NETCX_PREVIEW_NETREQUESTQUEUE_H

#include <preview/netrequest.h>

#if NETCX_PREVIEW_2_0

#include <parts/netcxrequestqueue.h>

#endif

#endif
