/* SPDX-License-Identifier: MIT */
/* What a driver of 2.x may get wrong and is told by a status: it records each, and goes on. */
#include "rules.h"

#if NETADAPTER_VERSION_MINOR == 0
#include <preview/netrequest.h>
#include <preview/netrequestqueue.h>
#endif

/* Their INIT function was not called. */
static WDF_OBJECT_ATTRIBUTES BadAttributes(void)
{
	WDF_OBJECT_ATTRIBUTES attributes;

	WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
	attributes.Size = 4;
	return attributes;
}

#if NETADAPTER_VERSION_MINOR == 0

static void MakeOwn(const RECORDER_PLACE *Place)
{
	WDF_OBJECT_ATTRIBUTES attributes = BadAttributes();
	NET_REQUEST_QUEUE_CONFIG config;
	NETREQUESTQUEUE queue = (NETREQUESTQUEUE)Place;

	NET_REQUEST_QUEUE_CONFIG_INIT_DEFAULT_SEQUENTIAL(&config, Place->Adapter);
	RecorderSay("RequestQueue=%08x",
		    (ULONG)NetRequestQueueCreate(&config, &attributes, &queue));
	NT_FRE_ASSERT(queue == NULL);
	/* It is not the adapter's queue of the kind. */
	RecorderSay("RequestQueue=%08x",
		    (ULONG)NetRequestQueueCreate(&config, WDF_NO_OBJECT_ATTRIBUTES, &queue));
}

#else

static void Arm(NETEXECUTIONCONTEXT ExecutionContext, BOOLEAN Enabled)
{
	UNREFERENCED_PARAMETER(ExecutionContext);
	UNREFERENCED_PARAMETER(Enabled);
}

static void Run(NETEXECUTIONCONTEXTTASK Task)
{
	UNREFERENCED_PARAMETER(Task);
}

static void MakeOwn(const RECORDER_PLACE *Place)
{
	WDF_OBJECT_ATTRIBUTES attributes = BadAttributes();
	NET_EXECUTION_CONTEXT_TASK_CONFIG task;
	NET_EXECUTION_CONTEXT_CONFIG config;
	NETEXECUTIONCONTEXTTASK made;
	NETEXECUTIONCONTEXT context;

	NET_EXECUTION_CONTEXT_CONFIG_INIT(&config, Arm);
	RecorderSay(
		"ExecutionContext=%08x",
		(ULONG)NetExecutionContextCreate(Place->Device, &config, &attributes, &context));
	if (!NT_SUCCESS(NetExecutionContextCreate(Place->Device, &config, WDF_NO_OBJECT_ATTRIBUTES,
						  &context)))
		return;
	NET_EXECUTION_CONTEXT_TASK_CONFIG_INIT(&task, Run);
	RecorderSay("Task=%08x",
		    (ULONG)NetExecutionContextTaskCreate(context, &attributes, &task, &made));
	WdfObjectDelete(context);
}

#endif

static void MakeBadly(const RECORDER_PLACE *Place)
{
	WDF_OBJECT_ATTRIBUTES attributes = BadAttributes();
	NETADAPTER_INIT *init = NetAdapterInitAllocate(Place->Device);
	NETCONFIGURATION configuration;
	NETADAPTER adapter;

	RecorderSay("Create=%08x", (ULONG)NetAdapterCreate(init, &attributes, &adapter));
	NetAdapterInitFree(init);
	RecorderSay("OpenAdapter=%08x", (ULONG)NetAdapterOpenConfiguration(
						Place->Adapter, &attributes, &configuration));
	RecorderSay("OpenDevice=%08x",
		    (ULONG)NetDeviceOpenConfiguration(Place->Device, &attributes, &configuration));
	RecorderSay("Start=%08x", (ULONG)NetAdapterStart(Place->Adapter));
	MakeOwn(Place);
}

static void Advance(NETPACKETQUEUE Queue)
{
	UNREFERENCED_PARAMETER(Queue);
}

static void Notify(NETPACKETQUEUE Queue, BOOLEAN Enabled)
{
	UNREFERENCED_PARAMETER(Queue);
	UNREFERENCED_PARAMETER(Enabled);
}

static void MakeTxBadly(const RECORDER_PLACE *Place)
{
	WDF_OBJECT_ATTRIBUTES attributes = BadAttributes();
	NET_PACKET_QUEUE_CONFIG config;
	NETPACKETQUEUE queue;

	NET_PACKET_QUEUE_CONFIG_INIT(&config, Advance, Notify, Advance);
	RecorderSay("TxQueue=%08x",
		    (ULONG)NetTxQueueCreate(Place->TxQueueInit, &attributes, &config, &queue));
}

static void MakeRxBadly(const RECORDER_PLACE *Place)
{
	WDF_OBJECT_ATTRIBUTES attributes = BadAttributes();
	NET_PACKET_QUEUE_CONFIG config;
	NETPACKETQUEUE queue;

	NET_PACKET_QUEUE_CONFIG_INIT(&config, Advance, Notify, Advance);
	RecorderSay("RxQueue=%08x",
		    (ULONG)NetRxQueueCreate(Place->RxQueueInit, &attributes, &config, &queue));
}

/* The device is going: what was never started does not start any more. */
static void StartLate(const RECORDER_PLACE *Place)
{
	NetAdapterStop(Place->Adapter);
	RecorderSay("StartLate=%08x", (ULONG)NetAdapterStart(Place->Adapter));
}

const RULE FailureRules[] = {
	{ "failures", PointPrepareHardware, MakeBadly },
	{ "failures", PointCreateTxQueue, MakeTxBadly },
	{ "failures", PointCreateRxQueue, MakeRxBadly },
	{ "failures", PointReleaseHardware, StartLate },
	{ NULL, PointStarted, NULL },
};
