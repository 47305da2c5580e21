/* SPDX-License-Identifier: MIT */
/* Rules of OID requests and their queues. */
#include "rules.h"

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
	    NET_REQUEST_QUEUE_CONFIG_ADD_SET_DATA_HANDLER(&config, OID_GEN_VENDOR_ID, NULL, 0))
CONFIG_RULE(RequestQueueAllocation, config.AddHandlerError.AllocationFailed = 1)
CONFIG_RULE(RequestQueueOtherError, config.AddHandlerError.AdapterNull = 1)

static void CompletePending(const RECORDER_PLACE *Place)
{
	NetRequestSetDataComplete(Place->Request, STATUS_PENDING, 0);
}

static void CompleteWithoutPending(const RECORDER_PLACE *Place)
{
	NetRequestCompleteWithoutInformation(Place->Request, STATUS_PENDING);
}

static void CompleteAsQuery(const RECORDER_PLACE *Place)
{
	NetRequestQueryDataComplete(Place->Request, STATUS_SUCCESS, 0);
}

static void CompleteAsMethod(const RECORDER_PLACE *Place)
{
	NetRequestMethodComplete(Place->Request, STATUS_SUCCESS, 0, 0);
}

static void CompleteTwice(const RECORDER_PLACE *Place)
{
	NetRequestSetDataComplete(Place->Request, STATUS_SUCCESS, 0);
}

static void DeleteRequest(const RECORDER_PLACE *Place)
{
	WdfObjectDelete(Place->Request);
}

static void RequestAtDirql(const RECORDER_PLACE *Place)
{
	KIRQL irql;

	KeRaiseIrql(3, &irql);
	(void)NetRequestGetId(Place->Request);
	KeLowerIrql(irql);
}

const RULE RequestRules[] = {
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
	{ "complete-query", PointRequest, CompleteAsQuery },
	{ "complete-method", PointRequest, CompleteAsMethod },
	{ "complete-twice", PointRequest, CompleteTwice },
	{ "delete-request", PointRequest, DeleteRequest },
	{ "request-dirql", PointRequest, RequestAtDirql },
	{ NULL, PointStarted, NULL },
};
