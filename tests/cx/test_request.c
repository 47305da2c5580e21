/* SPDX-License-Identifier: MIT */
/*
 * OID requests: which handler of the driver's gets one, and how it ends. Compiled for 1.3 and, with
 * SHAPE_2, for the preview of 2.0: both do the same.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#ifdef SHAPE_2
#include "../cx2/recorder.h"
#define STAGE     stage_with(0)
#define OTHER_OID 0xff010009 /* the framework answers the look-ahead itself */
#else
#include "recorder.h"
#define STAGE     stage_with("recorder")
#define OTHER_OID OID_GEN_CURRENT_LOOKAHEAD
#endif

static struct stage *requests_stage(void)
{
	struct stage *s = STAGE;

	options->Requests = TRUE;
	stage_up(s);
	journal_forget(&s->journal);
	return s;
}

static struct cx_oid oid_of(NDIS_REQUEST_TYPE type, NDIS_OID oid, void *buffer, UINT input,
			    UINT output)
{
	return (struct cx_oid){ .type = type,
				.oid = oid,
				.buffer = buffer,
				.input_length = input,
				.output_length = output };
}

static void handler_by_oid(void **state)
{
	struct stage *s = requests_stage();
	ULONG value = 0xd;
	struct cx_oid set = oid_of(NdisRequestSetInformation, RECORDER_OID_SET, &value, 4, 0);
	struct cx_oid query = oid_of(NdisRequestQueryInformation, RECORDER_OID_QUERY, &value, 0, 4);

	assert_int_equal(cx_oid_call(s->adapter, &set), STATUS_SUCCESS);
	assert_int_equal(set.bytes_read, 4);
	assert_int_equal(cx_oid_call(s->adapter, &query), STATUS_SUCCESS);
	assert_int_equal(query.bytes_written, 4);
	assert_int_equal(value, 0x00112233);
	query.type = NdisRequestQueryStatistics;
	assert_int_equal(cx_oid_call(s->adapter, &query), STATUS_SUCCESS);
	journal_assert_calls(&s->journal, "SetFilter(d,4)", "QueryVendor(4)", "QueryVendor(4)",
			     NULL);
	stage_free(s);
}

/* Below a handler's minimum the driver is not called. */
static void short_buffers(void **state)
{
	struct stage *s = requests_stage();
	ULONG value = 0;
	struct cx_oid set = oid_of(NdisRequestSetInformation, RECORDER_OID_SET, &value, 3, 0);
	struct cx_oid query = oid_of(NdisRequestQueryInformation, RECORDER_OID_QUERY, NULL, 0, 0);
	struct cx_oid other =
		oid_of(NdisRequestQueryInformation, OID_GEN_DRIVER_VERSION, &value, 0, 4);

	assert_int_equal(cx_oid_call(s->adapter, &set), STATUS_NDIS_BUFFER_TOO_SHORT);
	assert_int_equal(set.bytes_needed, 4);
	assert_int_equal(cx_oid_call(s->adapter, &query), STATUS_NDIS_BUFFER_TOO_SHORT);
	assert_int_equal(journal_count(&s->journal, "Set*") + journal_count(&s->journal, "Query*"),
			 0);
	/* A driver may say a minimum for the other length, too. */
	set = oid_of(NdisRequestSetInformation, RECORDER_OID_BOTH, &value, 4, 1);
	assert_int_equal(cx_oid_call(s->adapter, &set), STATUS_NDIS_BUFFER_TOO_SHORT);
	assert_int_equal(set.bytes_needed, 2);
	set.output_length = 2;
	assert_int_equal(cx_oid_call(s->adapter, &set), STATUS_SUCCESS);
	journal_assert_calls(&s->journal, "SetFilter(0,4)", NULL);
	journal_forget(&s->journal);
	/* The default handler looks itself. */
	assert_int_equal(cx_oid_call(s->adapter, &other), STATUS_NDIS_INVALID_LENGTH);
	assert_int_equal(other.bytes_needed, 64);
	stage_free(s);
}

/* No handler for a set in the sequential queue, none at all without queues. */
static void unhandled_is_not_supported(void **state)
{
	ULONG value = 0;
	struct cx_oid set = oid_of(NdisRequestSetInformation, OTHER_OID, &value, 4, 0);
	struct cx_oid method = oid_of(NdisRequestMethod, OTHER_OID, &value, 4, 4);
	struct cx_oid odd = oid_of(NdisRequestReset, OTHER_OID, &value, 4, 4);
	struct stage *s = requests_stage();

	assert_int_equal(cx_oid_call(s->adapter, &set), STATUS_NOT_SUPPORTED);
	assert_int_equal(cx_oid_call(s->adapter, &method), STATUS_NOT_SUPPORTED);
	assert_int_equal(cx_oid_call(s->adapter, &odd), STATUS_NOT_SUPPORTED);
	stage_free(s);

	s = STAGE;
	stage_up(s);
	assert_int_equal(cx_oid_call(s->adapter, &set), STATUS_NOT_SUPPORTED);
	set.direct = true;
	assert_int_equal(cx_oid_call(s->adapter, &set), STATUS_NOT_SUPPORTED);
	stage_free(s);
}

static void direct_goes_to_the_parallel_queue(void **state)
{
	struct stage *s = requests_stage();
	ULONG value[2] = { 0 };
	struct cx_oid method = oid_of(NdisRequestMethod, 0xff010203, value, 4, 8);
	struct cx_oid query = oid_of(NdisRequestQueryInformation, RECORDER_OID_QUERY, value, 0, 4);

	char text[64];

	method.direct = query.direct = true;
	assert_int_equal(cx_oid_call(s->adapter, &method), STATUS_SUCCESS);
	assert_int_equal(method.bytes_read, 4);
	assert_int_equal(method.bytes_written, 8);
	assert_int_equal(cx_oid_call(s->adapter, &query), STATUS_ACCESS_DENIED);
	snprintf(text, sizeof(text), "AnyParallel(0,%x,0,4)", RECORDER_OID_QUERY);
	journal_assert_calls(&s->journal, "AnyParallel(12,ff010203,4,8)", text, NULL);
	/* A type that no driver handles is not for its default of all either. */
	method.type = NdisRequestReset;
	assert_int_equal(cx_oid_call(s->adapter, &method), STATUS_NOT_SUPPORTED);
	assert_int_equal(journal_count(&s->journal, "AnyParallel*"), 2);
	stage_free(s);
}

static void only_while_started(void **state)
{
	struct stage *s = STAGE;
	ULONG value = 1;
	struct cx_oid set = oid_of(NdisRequestSetInformation, RECORDER_OID_SET, &value, 4, 0);

	options->Requests = TRUE;
	assert_int_equal(stage_load(s), STATUS_SUCCESS);
	assert_int_equal(cx_oid_call(s->adapter, &set), STATUS_NDIS_ADAPTER_NOT_READY);
	assert_int_equal(stage_start(s), STATUS_SUCCESS);
	assert_int_equal(cx_oid_call(s->adapter, &set), STATUS_SUCCESS);
	stage_stop(s);
	assert_int_equal(cx_oid_call(s->adapter, &set), STATUS_NDIS_ADAPTER_NOT_READY);
	/* The driver's queues stay with the adapter. */
	assert_int_equal(stage_start(s), STATUS_SUCCESS);
	assert_int_equal(cx_oid_call(s->adapter, &set), STATUS_SUCCESS);
	stage_free(s);
}

static void *send_many(void *argument)
{
	struct stage *s = argument;

	for (ULONG i = 0; i < 100; i++) {
		struct cx_oid set = oid_of(NdisRequestSetInformation, RECORDER_OID_SET, &i, 4, 0);

		assert_int_equal(cx_oid_call(s->adapter, &set), STATUS_SUCCESS);
	}
	return NULL;
}

static void from_many_threads(void **state)
{
	struct stage *s = requests_stage();
	pthread_t threads[4];

	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, send_many, s), 0);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(journal_count(&s->journal, "SetFilter*"), 400);
	stage_free(s);
}

/*
 * A driver that keeps a request: the next sequential one waits, a direct one does not, and a stop
 * aborts what waits and waits for what the driver has.
 */
struct held {
	struct stage *stage;
	pthread_t thread;
	struct cx_oid first, second;
	ULONG value;
	_Atomic int first_done, second_done;
	struct cx_request *request;
};

static struct held *holding;

static void hold(NETREQUESTQUEUE queue, NETREQUEST request, NDIS_OID oid, void *buffer, UINT length)
{
	holding->request = (struct cx_request *)request;
}

static void first_done(struct cx_oid *oid)
{
	((struct held *)oid->context)->first_done = 1;
}

static void second_done(struct cx_oid *oid)
{
	((struct held *)oid->context)->second_done = 1;
}

static void nothing(void *context)
{
}

static void *complete_later(void *argument)
{
	struct held *held = argument;
	struct timespec moment = { .tv_nsec = 50 * 1000 * 1000 };
	KIRQL old;

	nt_thread_enter(&held->stage->machine);
	nanosleep(&moment, NULL);
	assert_int_equal(held->first_done, 0);
	old = KfRaiseIrql(DISPATCH_LEVEL);
	NetRequestSetDataComplete((NETREQUEST)held->request, STATUS_SUCCESS, 4);
	KeLowerIrql(old);
	nt_thread_leave();
	return NULL;
}

static void stop_waits_for_the_driver(void **state)
{
	struct held held = { .stage = requests_stage() };
	struct stage *s = held.stage;

	holding = &held;
	s->adapter->requests.queues[CX_QUEUE_SEQUENTIAL]->defaults[CX_SET_DATA] =
		(cx_request_callback *)hold;
	held.first = oid_of(NdisRequestSetInformation, OTHER_OID, &held.value, 4, 0);
	held.second = held.first;
	held.first.done = first_done;
	held.second.done = second_done;
	held.first.context = held.second.context = &held;
	cx_oid_send(s->adapter, &held.first);
	cx_oid_send(s->adapter, &held.second);
	stage_call(s, nothing, NULL);
	assert_non_null(held.request);
	assert_int_equal(s->adapter->requests.pending, 2);
	assert_int_equal(pthread_create(&held.thread, NULL, complete_later, &held), 0);
	stage_stop(s);
	assert_int_equal(held.first_done, 1);
	assert_int_equal(held.first.status, STATUS_SUCCESS);
	assert_int_equal(held.second_done, 1);
	assert_int_equal(held.second.status, STATUS_NDIS_REQUEST_ABORTED);
	pthread_join(held.thread, NULL);
	stage_free(s);
}

/* What the driver can ask of a request. */
static void look(NETREQUESTQUEUE queue, NETREQUEST request, NDIS_REQUEST_TYPE type, NDIS_OID oid,
		 void *buffer, UINT input, UINT output)
{
	UINT in, out;
	void *same;

	if (type != NdisRequestMethod) {
		NetRequestCompleteWithoutInformation(request, STATUS_ACCESS_DENIED);
		return;
	}
	assert_int_equal(NetRequestGetId(request), 0xff0a0b0c);
	assert_int_equal(NetRequestGetType(request), NdisRequestMethod);
	assert_int_equal(NetRequestGetPortNumber(request), 7);
	assert_int_equal(NetRequestGetSwitchId(request), 8);
	assert_int_equal(NetRequestGetVPortId(request), 9);
	assert_ptr_equal(NetRequestGetAdapter(request), NetRequestQueueGetAdapter(queue));
	assert_non_null(NetRequestWdmGetNdisOidRequest(request));
	assert_int_equal(NetRequestRetrieveInputOutputBuffer(request, 5, 0, &same, &in, &out),
			 STATUS_BUFFER_TOO_SMALL);
	assert_null(same);
	assert_int_equal(in, 0);
	assert_int_equal(out, 0);
	assert_int_equal(NetRequestRetrieveInputOutputBuffer(request, 0, 9, &same, NULL, NULL),
			 STATUS_BUFFER_TOO_SMALL);
	assert_int_equal(NetRequestRetrieveInputOutputBuffer(request, 4, 8, &same, &in, &out),
			 STATUS_SUCCESS);
	assert_ptr_equal(same, buffer);
	assert_int_equal(in, input);
	assert_int_equal(out, output);
	NetRequestMethodComplete(request, STATUS_SUCCESS, in, out);
}

static void request_tells_what_is_asked(void **state)
{
	struct stage *s = requests_stage();
	ULONG value[2];
	struct cx_oid method = oid_of(NdisRequestMethod, 0xff0a0b0c, value, 4, 8);

	s->adapter->requests.queues[CX_QUEUE_PARALLEL]->default_of_all =
		(cx_request_callback *)look;
	method.direct = true;
	method.port = 7;
	method.switch_id = 8;
	method.vport_id = 9;
	assert_int_equal(cx_oid_call(s->adapter, &method), STATUS_SUCCESS);
	assert_int_equal(method.bytes_written, 8);
	method.type = NdisRequestSetInformation;
	assert_int_equal(cx_oid_call(s->adapter, &method), STATUS_ACCESS_DENIED);
	assert_int_equal(method.bytes_read, 0);
	stage_free(s);
}

/* A method has a handler like the others; what has none goes to the default of its type. */
static void methods_and_defaults(void **state)
{
	struct stage *s = STAGE;
	UCHAR data[8] = { 0 };
	struct cx_oid method = oid_of(NdisRequestMethod, RECORDER_OID_METHOD, data, 4, 8);
	struct cx_oid other = oid_of(NdisRequestMethod, OTHER_OID, data, 2, 8);
	struct cx_oid set = oid_of(NdisRequestSetInformation, OTHER_OID, data, 4, 0);

	options->Requests = options->RequestDefaults = TRUE;
	stage_up(s);
	journal_forget(&s->journal);
	assert_int_equal(cx_oid_call(s->adapter, &method), STATUS_SUCCESS);
	assert_int_equal(method.bytes_read, 4);
	assert_int_equal(method.bytes_written, 8);
	assert_int_equal(data[7], 0x5a);
	method.input_length = 3;
	assert_int_equal(cx_oid_call(s->adapter, &method), STATUS_NDIS_BUFFER_TOO_SHORT);
	assert_int_equal(method.bytes_needed, 4);
	method.input_length = 4;
	method.output_length = 7;
	assert_int_equal(cx_oid_call(s->adapter, &method), STATUS_NDIS_BUFFER_TOO_SHORT);
	assert_int_equal(method.bytes_needed, 8);
	assert_int_equal(cx_oid_call(s->adapter, &other), STATUS_SUCCESS);
	assert_int_equal(other.bytes_read, 2);
	assert_int_equal(cx_oid_call(s->adapter, &set), STATUS_NDIS_REQUEST_ABORTED);
	assert_int_equal(journal_count(&s->journal, "Method(4,8)"), 1);
	assert_int_equal(journal_count(&s->journal, "DefaultMethod*"), 1);
	assert_int_equal(journal_count(&s->journal, "DefaultSet*"), 1);
	stage_free(s);
}

/* NetAdapterInitSetNetRequestAttributes: a context with each, that goes with it. */
static void each_request_has_its_context(void **state)
{
	struct stage *s = requests_stage();
	ULONG value = 0, before = options->RequestsGone;
	struct cx_oid set = oid_of(NdisRequestSetInformation, RECORDER_OID_SET, &value, 4, 0);
	struct cx_oid query = oid_of(NdisRequestQueryInformation, RECORDER_OID_QUERY, &value, 0, 4);

	assert_int_equal(cx_oid_call(s->adapter, &set), STATUS_SUCCESS);
	assert_int_equal(cx_oid_call(s->adapter, &query), STATUS_SUCCESS);
	assert_int_equal(options->RequestsGone, before + 2);
	stage_free(s);
}

#ifdef SHAPE_2
/* 2004 answers these in the driver's place, whatever handlers it has. */
static void what_the_framework_answers_is_not_the_drivers(void **state)
{
	struct stage *s = requests_stage();
	ULONG value = 1;
	struct cx_oid query = oid_of(NdisRequestQueryInformation, OID_GEN_VENDOR_ID, &value, 0, 4);
	struct cx_oid set =
		oid_of(NdisRequestSetInformation, OID_GEN_CURRENT_LOOKAHEAD, &value, 4, 0);
	struct cx_oid filter =
		oid_of(NdisRequestSetInformation, OID_GEN_CURRENT_PACKET_FILTER, &value, 4, 0);
	struct cx_oid power = oid_of(NdisRequestSetInformation, OID_PM_PARAMETERS, &value, 4, 0);

	assert_int_equal(cx_oid_call(s->adapter, &query), STATUS_SUCCESS);
	assert_int_equal(value, 0xFFFFFF); /* of a vendor without a number */
	assert_int_equal(cx_oid_call(s->adapter, &set), STATUS_SUCCESS);
	assert_int_equal(cx_oid_call(s->adapter, &filter), STATUS_NOT_SUPPORTED);
	assert_int_equal(cx_oid_call(s->adapter, &power), STATUS_NOT_SUPPORTED);
	query.direct = true;
	assert_int_equal(cx_oid_call(s->adapter, &query), STATUS_SUCCESS);
	assert_int_equal(journal_count(&s->journal, "*Query*"), 0);
	assert_int_equal(journal_count(&s->journal, "AnyParallel*"), 0);
	stage_free(s);
}
#else
/* A media class extension sees each request first and lets it go on, or ends it. */
static void extension_sees_requests_first(void **state)
{
	struct stage *s = STAGE;
	ULONG value = 5;
	struct cx_oid set = oid_of(NdisRequestSetInformation, RECORDER_OID_SET, &value, 4, 0);
	struct cx_oid query = oid_of(NdisRequestQueryInformation, RECORDER_OID_QUERY, &value, 0, 4);

	options->Requests = options->Preprocess = TRUE;
	stage_up(s);
	journal_forget(&s->journal);
	assert_int_equal(cx_oid_call(s->adapter, &set), STATUS_SUCCESS);
	assert_int_equal(cx_oid_call(s->adapter, &query), STATUS_ACCESS_DENIED);
	journal_assert_calls(&s->journal, "PreProcess(1010e)", "SetFilter(5,4)",
			     "PreProcess(1010c)", NULL);
	stage_free(s);
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(handler_by_oid),
		cmocka_unit_test(short_buffers),
		cmocka_unit_test(unhandled_is_not_supported),
		cmocka_unit_test(direct_goes_to_the_parallel_queue),
		cmocka_unit_test(only_while_started),
		cmocka_unit_test(from_many_threads),
		cmocka_unit_test(stop_waits_for_the_driver),
		cmocka_unit_test(request_tells_what_is_asked),
		cmocka_unit_test(methods_and_defaults),
		cmocka_unit_test(each_request_has_its_context),
#ifdef SHAPE_2
		cmocka_unit_test(what_the_framework_answers_is_not_the_drivers),
#else
		cmocka_unit_test(extension_sees_requests_first),
#endif
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
