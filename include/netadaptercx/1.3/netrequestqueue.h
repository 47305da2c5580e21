/* SPDX-License-Identifier: MIT */
/* netrequestqueue.h - queues of control requests (OIDs). Part of netadaptercx.h. */
#ifndef NETCX_NETREQUESTQUEUE_H
#define NETCX_NETREQUESTQUEUE_H

#include <netrequest.h>
#include <parts/netcxrequestqueue.h>

#endif
