/* SPDX-License-Identifier: MIT */
/* netrequest.h - one control request (OID). IRQL: <= DISPATCH_LEVEL. Part of netadaptercx.h. */
#ifndef NETCX_NETREQUEST_H
#define NETCX_NETREQUEST_H

#include <parts/netcxnames.h>
#include <netadaptercxtypes.h>
#include <ndis.h>

EXTERN_C_START

NDIS_OID NetRequestGetId(NETREQUEST Request);
NDIS_REQUEST_TYPE NetRequestGetType(NETREQUEST Request);
NETADAPTER NetRequestGetAdapter(NETREQUEST Request);
NDIS_PORT_NUMBER NetRequestGetPortNumber(NETREQUEST Request);
NDIS_NIC_SWITCH_ID NetRequestGetSwitchId(NETREQUEST Request);
NDIS_NIC_SWITCH_VPORT_ID NetRequestGetVPortId(NETREQUEST Request);
PNDIS_OID_REQUEST NetRequestWdmGetNdisOidRequest(NETREQUEST Request);
NTSTATUS NetRequestRetrieveInputOutputBuffer(NETREQUEST Request, UINT MininumInputLengthRequired,
					     UINT MininumOutputLengthRequired,
					     PVOID *InputOutputBuffer, PUINT InputBufferLength,
					     PUINT OutputBufferLength);

/* Exactly one of these ends a request; the status is not STATUS_PENDING. */
VOID NetRequestSetBytesNeeded(NETREQUEST Request, UINT BytesNeeded);
VOID NetRequestCompleteWithoutInformation(NETREQUEST Request, NTSTATUS CompletionStatus);
VOID NetRequestSetDataComplete(NETREQUEST Request, NTSTATUS CompletionStatus, UINT BytesRead);
VOID NetRequestQueryDataComplete(NETREQUEST Request, NTSTATUS CompletionStatus, UINT BytesWritten);
VOID NetRequestMethodComplete(NETREQUEST Request, NTSTATUS CompletionStatus, UINT BytesRead,
			      UINT BytesWritten);

EXTERN_C_END

#endif
