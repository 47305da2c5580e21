/* SPDX-License-Identifier: MIT */
/* The rule that every DDI begins with: its IRQL. One function per export of irql_list.h. */
#include "rules.h"

typedef struct _OBJECTS {
	WDFDEVICE Device;
	NETADAPTER Adapter;
	NETCONFIGURATION Configuration;
	NETPOWERSETTINGS Settings;
	NETREQUEST Request;
	NETREQUESTQUEUE RequestQueue;
	NETPACKETQUEUE TxQueue, RxQueue;
	PCNET_DATAPATH_DESCRIPTOR Descriptor;
} OBJECTS;

static OBJECTS Collect(const RECORDER_PLACE *Place)
{
	OBJECTS p = {
		.Device = Place->Device,
		.Adapter = Place->Adapter,
		.Settings = NetAdapterGetPowerSettings(Place->Adapter),
		.Request = Place->Request,
		.RequestQueue = (NETREQUESTQUEUE)RecorderOptions.RequestQueue,
		.TxQueue = (NETPACKETQUEUE)RecorderOptions.TxQueue,
		.RxQueue = (NETPACKETQUEUE)RecorderOptions.RxQueue,
	};

	p.Descriptor = NetTxQueueGetDatapathDescriptor(p.TxQueue);
	(void)NetAdapterOpenConfiguration(p.Adapter, WDF_NO_OBJECT_ATTRIBUTES, &p.Configuration);
	return p;
}

/* The names are macros: # and ## must see them before they are expanded. */
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
#define PASSIVE(name, call)  { "irql " #name, PointRequest, Irql##name },
#define DISPATCH(name, call) { "irql " #name, PointRequest, Irql##name },
#define HIGH(name, call)     { "irql " #name, PointRequest, Irql##name },
#include "irql_list.h"
	{ NULL, PointRequest, NULL },
};
