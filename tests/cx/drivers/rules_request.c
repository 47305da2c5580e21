/* SPDX-License-Identifier: MIT */
/* Rules of OID requests and their queues, compiled for 1.3 and for the preview of 2.0. */
#if NETADAPTER_VERSION_MAJOR == 2
#include "../../cx2/drivers/rules.h"
/* It needs what the recorder's headers have. */
#include <preview/netrequest.h>
#include <preview/netrequestqueue.h>
#else
#include "rules.h"
#endif

#define CONFIG_RULE(name, statement)                                                            \
	static void name(const RECORDER_PLACE *Place)                                           \
	{                                                                                       \
		NET_REQUEST_QUEUE_CONFIG config;                                                \
                                                                                                \
		NET_REQUEST_QUEUE_CONFIG_INIT_DEFAULT_SEQUENTIAL(&config, Place->Adapter);      \
		statement;                                                                      \
		RecorderSay(                                                                    \
			"RequestQueueCreate=%08x",                                              \
			(ULONG)NetRequestQueueCreate(&config, WDF_NO_OBJECT_ATTRIBUTES, NULL)); \
	}
CONFIG_RULE(RequestQueueSize, config.Size = 1)
CONFIG_RULE(RequestQueueNoAdapter, config.Adapter = NULL)
CONFIG_RULE(RequestQueueSetHandler, config.SizeOfSetDataHandler = 7)
CONFIG_RULE(RequestQueueQueryHandler, config.SizeOfQueryDataHandler = 8)
CONFIG_RULE(RequestQueueMethodHandler, config.SizeOfMethodHandler = 9)
CONFIG_RULE(RequestQueueType, config.Type = (NET_REQUEST_QUEUE_TYPE)9)
CONFIG_RULE(RequestQueueTwice, (void)0)
/* Told, and the driver gets a status. */
CONFIG_RULE(RequestQueueHandlerNull,
	    NET_REQUEST_QUEUE_CONFIG_ADD_SET_DATA_HANDLER(&config, RECORDER_OID_QUERY, NULL, 0))
CONFIG_RULE(RequestQueueAllocation, config.AddHandlerError.AllocationFailed = 1)
CONFIG_RULE(RequestQueueOtherError, config.AddHandlerError.AdapterNull = 1)

static void AttributesNull(const RECORDER_PLACE *Place)
{
	NetAdapterInitSetNetRequestAttributes(NetAdapterInitAllocate(Place->Device), NULL);
}

static void AttributesInitNull(const RECORDER_PLACE *Place)
{
	WDF_OBJECT_ATTRIBUTES attributes;

	UNREFERENCED_PARAMETER(Place);
	WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
	NetAdapterInitSetNetRequestAttributes(NULL, &attributes);
}

static void AttributesLate(const RECORDER_PLACE *Place)
{
	WDF_OBJECT_ATTRIBUTES attributes;
	NETADAPTER adapter;
	NETADAPTER_INIT *init = NetAdapterInitAllocate(Place->Device);

	WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
	(void)NetAdapterCreate(init, WDF_NO_OBJECT_ATTRIBUTES, &adapter);
	NetAdapterInitSetNetRequestAttributes(init, &attributes);
}

static void CompletePending(const RECORDER_PLACE *Place)
{
	NetRequestSetDataComplete((NETREQUEST)Place->Request, STATUS_PENDING, 0);
}

static void CompleteWithoutPending(const RECORDER_PLACE *Place)
{
	NetRequestCompleteWithoutInformation((NETREQUEST)Place->Request, STATUS_PENDING);
}

static void CompleteAsQuery(const RECORDER_PLACE *Place)
{
	NetRequestQueryDataComplete((NETREQUEST)Place->Request, STATUS_SUCCESS, 0);
}

static void CompleteAsSet(const RECORDER_PLACE *Place)
{
	NetRequestSetDataComplete((NETREQUEST)Place->Request, STATUS_SUCCESS, 0);
}

static void CompleteAsMethod(const RECORDER_PLACE *Place)
{
	NetRequestMethodComplete((NETREQUEST)Place->Request, STATUS_SUCCESS, 0, 0);
}

static void CompleteTwice(const RECORDER_PLACE *Place)
{
	NetRequestSetDataComplete((NETREQUEST)Place->Request, STATUS_SUCCESS, 0);
}

static void DeleteRequest(const RECORDER_PLACE *Place)
{
	WdfObjectDelete((NETREQUEST)Place->Request);
}

/* The same rule for each call that ends a request. */
static void CompleteQueryPending(const RECORDER_PLACE *Place)
{
	NetRequestQueryDataComplete((NETREQUEST)Place->Request, STATUS_PENDING, 0);
}

static void CompleteMethodPending(const RECORDER_PLACE *Place)
{
	NetRequestMethodComplete((NETREQUEST)Place->Request, STATUS_PENDING, 0, 0);
}

static void RequestAtDirql(const RECORDER_PLACE *Place)
{
	KIRQL irql;

	KeRaiseIrql(3, &irql);
	(void)NetRequestGetId((NETREQUEST)Place->Request);
	KeLowerIrql(irql);
}

#if NETADAPTER_VERSION_MAJOR == 1
/* A type that reaches no queue reaches an extension. */
static void BytesNeeded(const RECORDER_PLACE *Place)
{
	NetRequestSetBytesNeeded(Place->Request, 4);
}
#endif

const RULE RequestRules[] = {
#if NETADAPTER_VERSION_MAJOR == 1
	{ "bytes-needed", PointPreprocess, BytesNeeded },
#endif
	{ "request-attributes-null", PointPrepareHardware, AttributesNull },
	{ "request-attributes-init-null", PointPrepareHardware, AttributesInitNull },
	{ "request-attributes-late", PointPrepareHardware, AttributesLate },
	{ "request-queue-size", PointBeforeStart, RequestQueueSize },
	{ "request-queue-adapter", PointBeforeStart, RequestQueueNoAdapter },
	{ "request-queue-set", PointBeforeStart, RequestQueueSetHandler },
	{ "request-queue-query", PointBeforeStart, RequestQueueQueryHandler },
	{ "request-queue-method", PointBeforeStart, RequestQueueMethodHandler },
	{ "request-queue-type", PointBeforeStart, RequestQueueType },
	{ "request-queue-twice", PointBeforeStart, RequestQueueTwice },
	{ "request-queue-handler-null", PointBeforeStart, RequestQueueHandlerNull },
	{ "request-queue-allocation", PointBeforeStart, RequestQueueAllocation },
	{ "request-queue-other-error", PointBeforeStart, RequestQueueOtherError },
	{ "complete-pending", PointRequest, CompletePending },
	{ "complete-without-pending", PointRequest, CompleteWithoutPending },
	{ "complete-query-pending", PointRequest, CompleteQueryPending },
	{ "complete-method-pending", PointRequest, CompleteMethodPending },
	{ "complete-set", PointQueryRequest, CompleteAsSet },
	{ "complete-query", PointRequest, CompleteAsQuery },
	{ "complete-method", PointRequest, CompleteAsMethod },
	{ "complete-twice", PointRequest, CompleteTwice },
	{ "delete-request", PointRequest, DeleteRequest },
	{ "request-dirql", PointRequest, RequestAtDirql },
	{ NULL, PointStarted, NULL },
};
