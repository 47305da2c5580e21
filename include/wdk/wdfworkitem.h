/* SPDX-License-Identifier: MIT */
/* wdfworkitem.h - work items: a function run at PASSIVE_LEVEL. Part of wdf.h. */
#ifndef NETCX_WDFWORKITEM_H
#define NETCX_WDFWORKITEM_H

#include <wdfobject.h>

typedef VOID EVT_WDF_WORKITEM(_In_ WDFWORKITEM WorkItem);
typedef EVT_WDF_WORKITEM *PFN_WDF_WORKITEM;

typedef struct _WDF_WORKITEM_CONFIG {
	ULONG Size;
	PFN_WDF_WORKITEM EvtWorkItemFunc;
	BOOLEAN AutomaticSerialization;
} WDF_WORKITEM_CONFIG, *PWDF_WORKITEM_CONFIG;

FORCEINLINE VOID WDF_WORKITEM_CONFIG_INIT(PWDF_WORKITEM_CONFIG Config,
					  PFN_WDF_WORKITEM EvtWorkItemFunc)
{
	WDF_STRUCT_INIT(Config, WDF_WORKITEM_CONFIG);
	Config->EvtWorkItemFunc = EvtWorkItemFunc;
	Config->AutomaticSerialization = TRUE;
}

EXTERN_C_START

NTSTATUS WdfWorkItemCreate(PWDF_WORKITEM_CONFIG Config, PWDF_OBJECT_ATTRIBUTES Attributes,
			   WDFWORKITEM *WorkItem);

/* Queued once however often it is asked for before it runs. */
VOID WdfWorkItemEnqueue(WDFWORKITEM WorkItem);
VOID WdfWorkItemFlush(WDFWORKITEM WorkItem);
WDFOBJECT WdfWorkItemGetParentObject(WDFWORKITEM WorkItem);

EXTERN_C_END

#endif
