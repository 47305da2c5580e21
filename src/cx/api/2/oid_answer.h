/* SPDX-License-Identifier: MIT */
/*
 * Queries that 2004 and 21H2 answer in the driver's place, which never sees them, whatever queues
 * it has.
 */
#ifndef CX_API_2_OID_ANSWER_H
#define CX_API_2_OID_ANSWER_H

#include "cx/api/2/adapter.h"

/* cx2_answer_query() - Return: false: it is none of these. On the adapter's worker. */
bool cx2_answer_query(struct cx2_adapter *adapter, struct cx_oid *oid);

#endif
