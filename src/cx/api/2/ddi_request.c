/* SPDX-License-Identifier: MIT */
/*
 * NETREQUEST and NETREQUESTQUEUE of the preview of NetAdapterCx 2.0. Source: DDI pages of
 * netrequest.h and netrequestqueue.h.
 */
#include "cx/api/2/adapter.h"
#include "cx/api/2/adapter_init.h"
#include "cx/api/2/verifier.h"
#include "nt/export.h"

/* NetAdapterInitSetNetRequestAttributes (2.0) - context and callbacks of each NETREQUEST. IRQL:
 * PASSIVE_LEVEL. */
NETCX_EXPORT void netcx_2_NetAdapterInitSetNetRequestAttributes(
	NETADAPTER_INIT *AdapterInit, WDF_OBJECT_ATTRIBUTES *NetRequestAttributes)
{
	const struct cx_site *at = CX_SITE(NULL);

	cx_verify_passive(at);
	cx_verify_not_null(at, AdapterInit, "AdapterInit");
	cx_verify_not_null(at, NetRequestAttributes, "NetRequestAttributes");
	cx_set_request_attributes(at, &cx2_adapter_init_of(AdapterInit, at)->core,
				  NetRequestAttributes);
}

#define REQUEST_DDI(name)      netcx_2_##name
#define request_adapter_of     cx2_adapter_of
#define request_adapter_handle cx2_adapter_handle
#include "cx/api/ddi_request.h"
