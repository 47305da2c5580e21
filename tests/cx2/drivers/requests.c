/* SPDX-License-Identifier: MIT */
/* The driver "recorder" has no requests in a version without them: see tests/cx/drivers/requests.c.
 */
#include "rules.h"

NTSTATUS RecorderCreateRequestQueues(NETADAPTER Adapter)
{
	UNREFERENCED_PARAMETER(Adapter);
	return STATUS_NOT_SUPPORTED;
}

const RULE RequestRules[] = {
	{ NULL, PointStarted, NULL },
};
