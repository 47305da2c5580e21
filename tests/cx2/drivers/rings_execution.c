/* SPDX-License-Identifier: MIT */
/* The rings driver's execution context, whose thread goes round both queues, and its task. */
#include "rings.h"

#if NETADAPTER_VERSION_MINOR >= 1

extern struct rings rings;

static void Note(enum rings_step step)
{
	pthread_mutex_lock(&rings.lock);
	if (rings.stepCount < RINGS_STEPS)
		rings.steps[rings.stepCount++] = step;
	if (!rings.thread)
		rings.thread = pthread_self();
	rings.strangers += !pthread_equal(rings.thread, pthread_self());
	pthread_mutex_unlock(&rings.lock);
}

static BOOLEAN PreAdvance(NETEXECUTIONCONTEXT ExecutionContext)
{
	Note(RINGS_PRE);
	pthread_mutex_lock(&rings.lock);
	rings.contextMatches = ExecutionContext == rings.context;
	pthread_mutex_unlock(&rings.lock);
	return TRUE;
}

static BOOLEAN PostAdvance(NETEXECUTIONCONTEXT ExecutionContext)
{
	UNREFERENCED_PARAMETER(ExecutionContext);
	Note(RINGS_POST);
	if (rings.inPost)
		rings.inPost();
	return TRUE;
}

static void SetNotificationEnabled(NETEXECUTIONCONTEXT ExecutionContext, BOOLEAN Enabled)
{
	UNREFERENCED_PARAMETER(ExecutionContext);
	Note(Enabled ? RINGS_ARMED : RINGS_DISARMED);
}

static void Task(NETEXECUTIONCONTEXTTASK TaskHandle)
{
	Note(RINGS_TASK);
	if (rings.inTaskToo)
		rings.inTaskToo();
	switch (rings.inTask) {
	case RINGS_ENQUEUE:
		rings.inTask = RINGS_NOTHING;
		NetExecutionContextTaskEnqueue(TaskHandle);
		break;
	case RINGS_WAIT:
		NetExecutionContextTaskWaitCompletion(TaskHandle);
		break;
	case RINGS_DELETE_TASK:
		WdfObjectDelete(TaskHandle);
		break;
	case RINGS_DELETE_CONTEXT:
		WdfObjectDelete(rings.context);
		break;
	default:
		break;
	}
	__atomic_fetch_add(&rings.tasksRun, 1, __ATOMIC_SEQ_CST);
}

static NTSTATUS CreateTask(WDF_OBJECT_ATTRIBUTES *attributes,
			   PFN_NET_EXECUTION_CONTEXT_TASK function)
{
	NET_EXECUTION_CONTEXT_TASK_CONFIG config;

	NET_EXECUTION_CONTEXT_TASK_CONFIG_INIT(&config, function);
	return NetExecutionContextTaskCreate(rings.context, attributes, &config, &rings.task);
}

NTSTATUS RingsCreateContext(WDFDEVICE device)
{
	NET_EXECUTION_CONTEXT_CONFIG config;
	WDF_OBJECT_ATTRIBUTES attributes;
	NTSTATUS status;

	NET_EXECUTION_CONTEXT_CONFIG_INIT(&config, SetNotificationEnabled);
	if (rings.around) {
		config.EvtPreAdvance = PreAdvance;
		config.EvtPostAdvance = PostAdvance;
	}
	WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
	if (rings.badContext == RINGS_NO_CALLBACK)
		config.EvtSetNotificationEnabled = NULL;
	if (rings.badContext == RINGS_BAD_SIZE)
		config.Size--;
	if (rings.badContext == RINGS_PARENT)
		attributes.ParentObject = device;
	status = NetExecutionContextCreate(device, &config, &attributes, &rings.context);
	if (!NT_SUCCESS(status))
		return status;
	attributes.ParentObject = rings.badContext == RINGS_TASK_PARENT ? (WDFOBJECT)device : NULL;
	return CreateTask(&attributes, rings.badContext == RINGS_TASK_NO_CALLBACK ? NULL : Task);
}

void RingsGroup(NET_PACKET_QUEUE_CONFIG *config, BOOLEAN transmit)
{
	NET_PACKET_QUEUE_CONFIG own = *config;

	if (transmit)
		NET_TX_QUEUE_CONFIG_INIT_EXECUTION_CONTEXT(config, rings.context, own.EvtAdvance);
	else
		NET_RX_QUEUE_CONFIG_INIT_EXECUTION_CONTEXT(config, rings.context, own.EvtAdvance,
							   own.EvtCancel);
	config->EvtStart = own.EvtStart;
	config->EvtStop = own.EvtStop;
}

void RingsNoteAdvance(BOOLEAN transmit)
{
	if (rings.grouped)
		Note(transmit ? RINGS_TX_ADVANCE : RINGS_RX_ADVANCE);
}

__attribute__((visibility("default"))) void rings_act(enum rings_act act)
{
	switch (act) {
	case RINGS_ENQUEUE:
		NetExecutionContextTaskEnqueue(rings.task);
		break;
	case RINGS_WAIT:
		NetExecutionContextTaskWaitCompletion(rings.task);
		break;
	case RINGS_NOTIFY:
		NetExecutionContextNotify(rings.context);
		break;
	case RINGS_DELETE_TASK:
		WdfObjectDelete(rings.task);
		break;
	case RINGS_DELETE_CONTEXT:
		WdfObjectDelete(rings.context);
		break;
	default:
		break;
	}
}

#endif
