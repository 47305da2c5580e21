/* SPDX-License-Identifier: MIT */
/* Execution contexts and their tasks, as NetAdapterCx 2.1 to 2.5 export them. */
#include "cx/api/2/execution.h"
#include "cx/api/2/verifier.h"
#include "nt/export.h"
#include "nt/fault.h"

static void verify_config(const struct cx_site *at, const NET_EXECUTION_CONTEXT_CONFIG *config)
{
	if (!config->EvtSetNotificationEnabled)
		cx_violation(at, CX_INVALID_EXECUTION_CONTEXT_CONFIG, 0, 0,
			     "EvtSetNotificationEnabled is required.",
			     "EvtSetNotificationEnabled is NULL.");
}

/*
 * NetExecutionContextCreate (2.1) - a thread for packet queues that are made with it
 * @Config:           copied
 * @ClientAttributes: may be NULL; ParentObject must be: the device is
 * Return: STATUS_SUCCESS, STATUS_INSUFFICIENT_RESOURCES. IRQL: PASSIVE_LEVEL.
 */
NETCX_EXPORT NTSTATUS netcx_2_NetExecutionContextCreate(WDFDEVICE Device,
							const NET_EXECUTION_CONTEXT_CONFIG *Config,
							WDF_OBJECT_ATTRIBUTES *ClientAttributes,
							NETEXECUTIONCONTEXT *ExecutionContext)
{
	struct cx_device *device = cx2_device_of(Device, CX_CALL);
	const struct cx_site *at = CX_SITE(device->name);
	NET_EXECUTION_CONTEXT_CONFIG config;
	struct cx2_execution *execution;
	NTSTATUS status;

	cx_verify_passive(at);
	cx_verify_size(at, Config, NET_EXECUTION_CONTEXT_CONFIG);
	config = *Config; /* what is checked is what counts */
	verify_config(at, &config);
	cx_verify_parent_is_null(at, ClientAttributes);
	*ExecutionContext = NULL;
	if (NT_FAULT("NetExecutionContextCreate"))
		return STATUS_INSUFFICIENT_RESOURCES;
	status = cx2_execution_make(device, wdf_device_object(wdf_device_of(Device, CX_CALL)),
				    &config, ClientAttributes, &execution);
	if (NT_SUCCESS(status))
		*ExecutionContext = (NETEXECUTIONCONTEXT)&execution->object;
	return status;
}

/* NetExecutionContextNotify (2.1) - there is work for its queues. Any IRQL. */
NETCX_EXPORT VOID netcx_2_NetExecutionContextNotify(NETEXECUTIONCONTEXT ExecutionContext)
{
	cx_execution_notify(&cx2_execution_of(ExecutionContext, CX_CALL)->core);
}

/*
 * NetExecutionContextTaskCreate (2.1) - work for the context's thread
 * @ClientAttributes: may be NULL; ParentObject must be: the context is
 * Return: STATUS_SUCCESS, STATUS_INSUFFICIENT_RESOURCES. IRQL: PASSIVE_LEVEL.
 */
NETCX_EXPORT NTSTATUS netcx_2_NetExecutionContextTaskCreate(
	NETEXECUTIONCONTEXT ExecutionContext, WDF_OBJECT_ATTRIBUTES *ClientAttributes,
	NET_EXECUTION_CONTEXT_TASK_CONFIG *Config, NETEXECUTIONCONTEXTTASK *Task)
{
	struct cx2_execution *execution = cx2_execution_of(ExecutionContext, CX_CALL);
	const struct cx_site *at = CX_SITE(execution->device->name);
	PFN_NET_EXECUTION_CONTEXT_TASK function;
	struct cx2_task *task;
	NTSTATUS status;

	cx_verify_passive(at);
	cx_verify_not_null(at, Config, "NetExecutionContextTaskConfig");
	function = *(PFN_NET_EXECUTION_CONTEXT_TASK volatile *)&Config->EvtTask;
	cx_verify_not_null(at, (const void *)function, "EvtTask");
	cx_verify_parent_is_null(at, ClientAttributes);
	*Task = NULL;
	if (NT_FAULT("NetExecutionContextTaskCreate"))
		return STATUS_INSUFFICIENT_RESOURCES;
	status = cx2_task_make(execution, function, ClientAttributes, &task);
	if (NT_SUCCESS(status))
		*Task = (NETEXECUTIONCONTEXTTASK)&task->object;
	return status;
}

/* NetExecutionContextTaskEnqueue (2.1) - run it once, between two rounds. <= DISPATCH_LEVEL. */
NETCX_EXPORT VOID netcx_2_NetExecutionContextTaskEnqueue(NETEXECUTIONCONTEXTTASK Task)
{
	struct cx2_task *task = cx2_task_of(Task, CX_CALL);
	const struct cx_site *at = CX_SITE(task->execution->device->name);

	cx_verify_dispatch(at);
	if (!cx2_task_enqueue(task))
		cx_violation(at, CX_INVALID_EXECUTION_CONTEXT_TASK, (uintptr_t)task, 0,
			     "A task is queued again once its callback has begun, not before.",
			     "%p is a task that is queued.", (void *)task);
}

/*
 * NetExecutionContextTaskWaitCompletion (2.1) - until it has run; one that was never queued has
 * Not on the context's own thread, which would have to run it. IRQL: PASSIVE_LEVEL.
 */
NETCX_EXPORT VOID netcx_2_NetExecutionContextTaskWaitCompletion(NETEXECUTIONCONTEXTTASK Task)
{
	struct cx2_task *task = cx2_task_of(Task, CX_CALL);

	cx_verify_passive(CX_SITE(task->execution->device->name));
	wdf_object_reference(&task->object);
	cx2_task_await(task, CX_CALL);
	wdf_object_dereference(&task->object);
}
