/* SPDX-License-Identifier: MIT */
/*
 * netexecutioncontext.h - one thread for several queues, which the driver groups, and its tasks.
 * Part of netadaptercx.h, from 2.1 on.
 */
#ifndef NETCX_NETEXECUTIONCONTEXT_2_H
#define NETCX_NETEXECUTIONCONTEXT_2_H

#include <netadaptercxtypes.h>

#if NETCX_SINCE(1)

EXTERN_C_START

/* IRQL: <= DISPATCH_LEVEL. In front of and behind the queues' EvtAdvance of a round. */
typedef BOOLEAN EVT_NET_EXECUTION_CONTEXT_PRE_ADVANCE(_In_ NETEXECUTIONCONTEXT ExecutionContext);
typedef EVT_NET_EXECUTION_CONTEXT_PRE_ADVANCE *PFN_NET_EXECUTION_CONTEXT_PRE_ADVANCE;
typedef BOOLEAN EVT_NET_EXECUTION_CONTEXT_POST_ADVANCE(_In_ NETEXECUTIONCONTEXT ExecutionContext);
typedef EVT_NET_EXECUTION_CONTEXT_POST_ADVANCE *PFN_NET_EXECUTION_CONTEXT_POST_ADVANCE;

/* IRQL: <= DISPATCH_LEVEL */
typedef void EVT_NET_EXECUTION_CONTEXT_SET_NOTIFICATION_ENABLED(
	_In_ NETEXECUTIONCONTEXT ExecutionContext, _In_ BOOLEAN NotificationEnabled);
typedef EVT_NET_EXECUTION_CONTEXT_SET_NOTIFICATION_ENABLED
	*PFN_NET_EXECUTION_CONTEXT_SET_NOTIFICATION_ENABLED;

typedef struct _NET_EXECUTION_CONTEXT_CONFIG {
	ULONG Size;
	PFN_NET_EXECUTION_CONTEXT_PRE_ADVANCE EvtPreAdvance; /* optional, as is EvtPostAdvance */
	PFN_NET_EXECUTION_CONTEXT_POST_ADVANCE EvtPostAdvance;
	PFN_NET_EXECUTION_CONTEXT_SET_NOTIFICATION_ENABLED EvtSetNotificationEnabled;
} NET_EXECUTION_CONTEXT_CONFIG, *PNET_EXECUTION_CONTEXT_CONFIG;

FORCEINLINE void NET_EXECUTION_CONTEXT_CONFIG_INIT(
	NET_EXECUTION_CONTEXT_CONFIG *Config,
	PFN_NET_EXECUTION_CONTEXT_SET_NOTIFICATION_ENABLED EvtSetNotificationEnabled)
{
	WDF_STRUCT_INIT(Config, NET_EXECUTION_CONTEXT_CONFIG);
	Config->EvtSetNotificationEnabled = EvtSetNotificationEnabled;
}

/* A task runs on the context's thread between two rounds. PASSIVE_LEVEL */
typedef void EVT_NET_EXECUTION_CONTEXT_TASK(
	_In_ NETEXECUTIONCONTEXTTASK NetExecutionContextTaskHandle);
typedef EVT_NET_EXECUTION_CONTEXT_TASK *PFN_NET_EXECUTION_CONTEXT_TASK;

typedef struct _NET_EXECUTION_CONTEXT_TASK_CONFIG {
	ULONG Size;
	PFN_NET_EXECUTION_CONTEXT_TASK EvtTask;
} NET_EXECUTION_CONTEXT_TASK_CONFIG, *PNET_EXECUTION_CONTEXT_TASK_CONFIG;

FORCEINLINE void NET_EXECUTION_CONTEXT_TASK_CONFIG_INIT(
	NET_EXECUTION_CONTEXT_TASK_CONFIG *NetExecutionContextTaskConfig,
	PFN_NET_EXECUTION_CONTEXT_TASK EvtTask)
{
	WDF_STRUCT_INIT(NetExecutionContextTaskConfig, NET_EXECUTION_CONTEXT_TASK_CONFIG);
	NetExecutionContextTaskConfig->EvtTask = EvtTask;
}

/* PASSIVE_LEVEL. The device is its parent. */
NTSTATUS NetExecutionContextCreate(WDFDEVICE Device, const NET_EXECUTION_CONTEXT_CONFIG *Config,
				   WDF_OBJECT_ATTRIBUTES *ClientAttributes,
				   NETEXECUTIONCONTEXT *NetExecutionContextHandle)
	NETCX_SYMBOL(NetExecutionContextCreate);

/* There is work. Any IRQL */
void NetExecutionContextNotify(NETEXECUTIONCONTEXT ExecutionContext)
	NETCX_SYMBOL(NetExecutionContextNotify);

/* PASSIVE_LEVEL */
NTSTATUS NetExecutionContextTaskCreate(
	NETEXECUTIONCONTEXT NetExecutionContextHandle, WDF_OBJECT_ATTRIBUTES *ClientAttributes,
	NET_EXECUTION_CONTEXT_TASK_CONFIG *NetExecutionContextTaskConfig,
	NETEXECUTIONCONTEXTTASK *NetExecutionContextTaskHandle)
	NETCX_SYMBOL(NetExecutionContextTaskCreate);

/* Of a task that is not queued. IRQL: <= DISPATCH_LEVEL */
void NetExecutionContextTaskEnqueue(NETEXECUTIONCONTEXTTASK NetExecutionContextTaskHandle)
	NETCX_SYMBOL(NetExecutionContextTaskEnqueue);

/* PASSIVE_LEVEL */
void NetExecutionContextTaskWaitCompletion(NETEXECUTIONCONTEXTTASK NetExecutionContextTaskHandle)
	NETCX_SYMBOL(NetExecutionContextTaskWaitCompletion);

EXTERN_C_END

#endif

#endif
