/* SPDX-License-Identifier: MIT */
/* What NDIS and TCP/IP decide of receive scaling. */
#ifndef NDIS_SCALING_H
#define NDIS_SCALING_H

#include "cx/scaling.h"

/*
 * ndis_set_up_scaling() - the key and the table for an adapter whose queues run
 * @entries: of its indirection table; @queues: that take part, one at least
 */
void ndis_set_up_scaling(size_t entries, unsigned queues, struct cx_scaling_setup *setup);

#endif
