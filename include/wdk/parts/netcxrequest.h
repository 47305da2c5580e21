/* SPDX-License-Identifier: MIT */
/*
 * netcxrequest.h - one control request (OID). 1.3 and the preview of 2.0 have the same. IRQL: <=
 * DISPATCH_LEVEL. Part of netrequest.h, which has set NETCX_SYMBOL and the handles.
 */
#ifndef NETCX_NETCXREQUEST_H
#define NETCX_NETCXREQUEST_H

#include <netadaptercxtypes.h>
#include <ndis.h>

EXTERN_C_START

NDIS_OID NetRequestGetId(NETREQUEST Request) NETCX_SYMBOL(NetRequestGetId);
NDIS_REQUEST_TYPE NetRequestGetType(NETREQUEST Request) NETCX_SYMBOL(NetRequestGetType);
NETADAPTER NetRequestGetAdapter(NETREQUEST Request) NETCX_SYMBOL(NetRequestGetAdapter);
NDIS_PORT_NUMBER NetRequestGetPortNumber(NETREQUEST Request) NETCX_SYMBOL(NetRequestGetPortNumber);
NDIS_NIC_SWITCH_ID NetRequestGetSwitchId(NETREQUEST Request) NETCX_SYMBOL(NetRequestGetSwitchId);
NDIS_NIC_SWITCH_VPORT_ID NetRequestGetVPortId(NETREQUEST Request)
	NETCX_SYMBOL(NetRequestGetVPortId);
PNDIS_OID_REQUEST NetRequestWdmGetNdisOidRequest(NETREQUEST Request)
	NETCX_SYMBOL(NetRequestWdmGetNdisOidRequest);
NTSTATUS NetRequestRetrieveInputOutputBuffer(NETREQUEST Request, UINT MininumInputLengthRequired,
					     UINT MininumOutputLengthRequired,
					     PVOID *InputOutputBuffer, PUINT InputBufferLength,
					     PUINT OutputBufferLength)
	NETCX_SYMBOL(NetRequestRetrieveInputOutputBuffer);

/* Exactly one of these ends a request; the status is not STATUS_PENDING. */
VOID NetRequestSetBytesNeeded(NETREQUEST Request, UINT BytesNeeded)
	NETCX_SYMBOL(NetRequestSetBytesNeeded);
VOID NetRequestCompleteWithoutInformation(NETREQUEST Request, NTSTATUS CompletionStatus)
	NETCX_SYMBOL(NetRequestCompleteWithoutInformation);
VOID NetRequestSetDataComplete(NETREQUEST Request, NTSTATUS CompletionStatus, UINT BytesRead)
	NETCX_SYMBOL(NetRequestSetDataComplete);
VOID NetRequestQueryDataComplete(NETREQUEST Request, NTSTATUS CompletionStatus, UINT BytesWritten)
	NETCX_SYMBOL(NetRequestQueryDataComplete);
VOID NetRequestMethodComplete(NETREQUEST Request, NTSTATUS CompletionStatus, UINT BytesRead,
			      UINT BytesWritten) NETCX_SYMBOL(NetRequestMethodComplete);

EXTERN_C_END

#endif
