/* SPDX-License-Identifier: MIT */
/* NetAdapterCx 1.3, as the core speaks to its drivers. */
#include "cx/client.h"

#include "cx/api/1.3/adapter.h"
#include "cx/api/1.3/offload.h"

const struct cx_client cx13_client = {
	.major = 1,
	.minor = 3,
	.default_offloads = cx13_default_offloads,
	.merge_offloads = cx13_merge_offloads,
	.set_offloads = cx13_set_offloads,
};
