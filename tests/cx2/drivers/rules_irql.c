/* SPDX-License-Identifier: MIT */
/* The rule that every DDI begins with: its IRQL. One function per export of irql_list.h. */
#include "rules.h"

#if NETADAPTER_VERSION_MINOR == 0
#include <preview/netadapter.h>
#include <preview/netadapteroffload.h>
#include <preview/netrequest.h>
#include <preview/netrequestqueue.h>
#endif

#if NETADAPTER_VERSION_MINOR == 0 || NETADAPTER_VERSION_MINOR == 5

typedef struct _OBJECTS {
	WDFDEVICE Device;
	NETADAPTER Adapter;
	NETCONFIGURATION Configuration;
	NETPACKETQUEUE TxQueue, RxQueue;
#if NETADAPTER_VERSION_MINOR == 0
	NETREQUEST Request;
	NETREQUESTQUEUE RequestQueue;
#else
	NETEXECUTIONCONTEXT ExecutionContext;
	NETEXECUTIONCONTEXTTASK Task;
#endif
} OBJECTS;

#if NETADAPTER_VERSION_MINOR == 0
#define POINT PointRequest

static void CollectOwn(const RECORDER_PLACE *Place, OBJECTS *Objects)
{
	Objects->Request = (NETREQUEST)Place->Request;
	Objects->RequestQueue = (NETREQUESTQUEUE)RecorderOptions.RequestQueue;
}
#else
#define POINT PointReceiveFilter

static EVT_NET_EXECUTION_CONTEXT_SET_NOTIFICATION_ENABLED Arm;
static EVT_NET_EXECUTION_CONTEXT_TASK Run;

static void Arm(NETEXECUTIONCONTEXT ExecutionContext, BOOLEAN Enabled)
{
	UNREFERENCED_PARAMETER(ExecutionContext);
	UNREFERENCED_PARAMETER(Enabled);
}

static void Run(NETEXECUTIONCONTEXTTASK Task)
{
	UNREFERENCED_PARAMETER(Task);
}

static void CollectOwn(const RECORDER_PLACE *Place, OBJECTS *Objects)
{
	NET_EXECUTION_CONTEXT_CONFIG config;
	NET_EXECUTION_CONTEXT_TASK_CONFIG task;

	NET_EXECUTION_CONTEXT_CONFIG_INIT(&config, Arm);
	(void)NetExecutionContextCreate(Place->Device, &config, WDF_NO_OBJECT_ATTRIBUTES,
					&Objects->ExecutionContext);
	NET_EXECUTION_CONTEXT_TASK_CONFIG_INIT(&task, Run);
	(void)NetExecutionContextTaskCreate(Objects->ExecutionContext, WDF_NO_OBJECT_ATTRIBUTES,
					    &task, &Objects->Task);
}
#endif

static OBJECTS Collect(const RECORDER_PLACE *Place)
{
	OBJECTS p = {
		.Device = Place->Device,
		.Adapter = Place->Adapter,
		.TxQueue = (NETPACKETQUEUE)RecorderOptions.TxQueue[0],
		.RxQueue = (NETPACKETQUEUE)RecorderOptions.RxQueue[0],
	};

	CollectOwn(Place, &p);
	(void)NetAdapterOpenConfiguration(p.Adapter, WDF_NO_OBJECT_ATTRIBUTES, &p.Configuration);
	return p;
}

#if NETADAPTER_VERSION_MINOR == 0
#define PASSIVE_20  PASSIVE
#define DISPATCH_20 DISPATCH
#define PASSIVE_25(name, call)
#define DISPATCH_25(name, call)
#define HIGH_25(name, call)
#define EXTENSION_25(name, call)
#else
#define PASSIVE_20(name, call)
#define DISPATCH_20(name, call)
#define PASSIVE_25   PASSIVE
#define DISPATCH_25  DISPATCH
#define HIGH_25      HIGH
#define EXTENSION_25 PASSIVE
#endif

/* A name is all that # and ## must see of a macro. */
#define AT(level, function, call)                         \
	static void function(const RECORDER_PLACE *Place) \
	{                                                 \
		OBJECTS p = Collect(Place);               \
		KIRQL irql;                               \
                                                          \
		KeRaiseIrql(level, &irql);                \
		call;                                     \
		KeLowerIrql(irql);                        \
		(void)p;                                  \
	}
#define PASSIVE(name, call)  AT(DISPATCH_LEVEL, Irql##name, call)
#define DISPATCH(name, call) AT(DISPATCH_LEVEL + 1, Irql##name, call)
#define HIGH(name, call)     AT(HIGH_LEVEL, Irql##name, call)
#include "irql_list.h"
#undef PASSIVE
#undef DISPATCH
#undef HIGH

const RULE IrqlRules[] = {
#define PASSIVE(name, call)  { "irql " #name, POINT, Irql##name },
#define DISPATCH(name, call) { "irql " #name, POINT, Irql##name },
#define HIGH(name, call)     { "irql " #name, POINT, Irql##name },
#include "irql_list.h"
	{ NULL, POINT, NULL },
};

#else

const RULE IrqlRules[] = {
	{ NULL, PointStarted, NULL },
};

#endif
