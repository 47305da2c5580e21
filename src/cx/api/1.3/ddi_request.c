/* SPDX-License-Identifier: MIT */
/*
 * NETREQUEST and NETREQUESTQUEUE of NetAdapterCx 1.3. Source: DDI pages of netrequest.h and
 * netrequestqueue.h, 1809.
 */
#include "cx/api/1.3/adapter.h"
#include "cx/api/1.3/verifier.h"
#include "nt/callback.h"
#include "nt/export.h"

#define REQUEST_DDI(name)      netcx_1_3_##name
#define request_adapter_of     cx13_adapter_of
#define request_adapter_handle cx13_adapter_handle
#include "cx/api/ddi_request.h"

static void preprocess(struct cx_adapter *a, struct cx_request *request)
{
	struct nt_callback frame;

	nt_callback_enter(&frame, a->name, "EvtNetAdapterPreProcessNetRequest");
	cx13_adapter(a)->preprocess(cx13_adapter_handle(a), (NETREQUEST)request);
	nt_callback_leave(&frame);
}

void cx13_preprocess_requests(struct cx13_adapter *a,
			      PFN_NET_ADAPTER_PRE_PROCESS_NET_REQUEST callback)
{
	a->preprocess = callback;
	a->core.requests.preprocess = callback ? preprocess : NULL;
}

/* NetAdapterDispatchPreprocessedNetRequest (1.3) - an extension lets a request go on to the queues.
 */
NETCX_EXPORT VOID netcx_1_3_NetAdapterDispatchPreprocessedNetRequest(NETADAPTER Adapter,
								     NETREQUEST Request)
{
	const struct cx_site *at = CX_SITE(NULL);

	cx_verify_passive(at);
	cx_verify_not_null(at, Adapter, "Adapter");
	cx_verify_not_null(at, Request, "Request");
	cx13_adapter_of(Adapter, at->call);
	cx_request_dispatch(cx_request_of(at, Request));
}
