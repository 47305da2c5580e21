/* SPDX-License-Identifier: MIT */
/* Events: always valid JSON, in order, never waiting; and their text form. */
#include <jansson.h>
#include <pthread.h>

#include "control/event_text.h"
#include "control/events.h"
#include "control/json_line.h"
#include "stage/random.h"
#include "test.h"

static struct events *make(void)
{
	struct events *events = calloc(1, sizeof(*events));

	assert_non_null(events);
	assert_int_equal(events_init(events, -1), 0);
	return events;
}

static void drop(struct events *events)
{
	events_destroy(events);
	free(events);
}

static json_t *next(struct events *events, uint64_t *cursor)
{
	char line[EVENT_SIZE];
	size_t n = events_get(events, cursor, line);
	json_t *json;

	if (n == 0)
		return NULL;
	assert_int_equal(n, strlen(line));
	assert_int_equal(line[n - 1], '\n');
	json = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
	if (!json)
		fail_msg("not JSON: %s", line);
	return json;
}

static void fields_have_their_types(void **state)
{
	struct events *events = make();
	uint64_t cursor = 0;
	json_t *e;

	EVENTS_PUT(events, NT_EVENT_CALLBACK, "Ethernet", "EvtNetAdapterOffloadSetLso",
		   NT_BOOL("ipv4", true), NT_UINT("maximum_offload_size", 64000),
		   NT_TEXT("why", "a \"b\"\n"), NT_STATUS("status", 0xC0000001),
		   NT_TEXT("name", "taken"));
	e = next(events, &cursor);
	assert_string_equal(json_string_value(json_object_get(e, "kind")), "callback");
	assert_string_equal(json_string_value(json_object_get(e, "adapter")), "Ethernet");
	assert_string_equal(json_string_value(json_object_get(e, "name")),
			    "EvtNetAdapterOffloadSetLso");
	assert_true(json_is_true(json_object_get(e, "ipv4")));
	assert_int_equal(json_integer_value(json_object_get(e, "maximum_offload_size")), 64000);
	assert_string_equal(json_string_value(json_object_get(e, "why")), "a \"b\"\n");
	assert_string_equal(json_string_value(json_object_get(e, "status")),
			    "STATUS_UNSUCCESSFUL (0xC0000001)");
	assert_int_equal(json_integer_value(json_object_get(e, "status_value")), 0xC0000001);
	assert_string_equal(json_string_value(json_object_get(e, "name_")), "taken");
	assert_true(json_is_real(json_object_get(e, "time_ms")));
	json_decref(e);
	assert_null(next(events, &cursor));
	drop(events);
}

static void any_text_gives_json(void **state)
{
	struct events *events = make();
	uint64_t cursor = 0;
	char *text = malloc(20000);
	struct random r = { 7 };

	for (int round = 0; round < 3000; round++) {
		size_t n = (size_t)(round * 7 % 19999);
		json_t *e;

		for (size_t i = 0; i < n; i++) {
			text[i] = (char)random_between(&r, 1, 255);
		}
		text[n] = '\0';
		EVENTS_PUT(events, NT_EVENT_LOG, round % 3 ? "x" : text, "Log",
			   NT_TEXT("text", text), NT_TEXT("again", text), NT_UINT("n", 1));
		e = next(events, &cursor);
		assert_string_equal(json_string_value(json_object_get(e, "kind")), "log");
		json_decref(e);
	}
	free(text);
	drop(events);
}

static void a_slow_reader_is_told_what_it_lost(void **state)
{
	struct events *events = make();
	uint64_t slow = 0, fast = 0;
	json_t *e;

	for (unsigned i = 0; i < EVENTS_KEPT + 10; i++) {
		EVENTS_PUT(events, NT_EVENT_LOG, "", "Log", NT_UINT("n", i));
		e = next(events, &fast);
		assert_int_equal(json_integer_value(json_object_get(e, "n")), i);
		json_decref(e);
	}
	e = next(events, &slow);
	assert_string_equal(json_string_value(json_object_get(e, "kind")), "dropped");
	assert_int_equal(json_integer_value(json_object_get(e, "count")), 10);
	json_decref(e);
	e = next(events, &slow);
	assert_int_equal(json_integer_value(json_object_get(e, "n")), 10);
	json_decref(e);
	drop(events);
}

static void *write_many(void *context)
{
	for (unsigned i = 0; i < 2000; i++)
		EVENTS_PUT(context, NT_EVENT_LOG, "", "Log", NT_UINT("n", i));
	return NULL;
}

static void writers_do_not_disturb_each_other(void **state)
{
	struct events *events = make();
	pthread_t threads[3];
	uint64_t cursor = 0;
	size_t seen = 0, lost = 0;
	json_t *e;

	for (int i = 0; i < 3; i++)
		pthread_create(&threads[i], NULL, write_many, events);
	while (seen + lost < 6000) {
		e = next(events, &cursor);
		if (!e)
			continue;
		if (json_object_get(e, "count"))
			lost += (size_t)json_integer_value(json_object_get(e, "count"));
		else
			seen++;
		json_decref(e);
	}
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(seen + lost, 6000);
	drop(events);
}

static void text_is_for_people(void **state)
{
	char text[512];

	event_text(
		"{\"time_ms\":12.345,\"kind\":\"callback\",\"adapter\":\"Ethernet\",\"name\":\"EvtDeviceD0Entry\",\"duration_us\":5,\"ok\":true,\"status\":\"STATUS_SUCCESS (0x00000000)\",\"status_value\":0}",
		false, text, sizeof(text));
	assert_string_equal(
		text,
		"   12.345 ms  Ethernet    callback    EvtDeviceD0Entry  duration_us=5  ok=yes  status=STATUS_SUCCESS (0x00000000)\n");
	/* What stands in quotation marks ends where they end. */
	event_text(
		"{\"name\":\"X\",\"kind\":\"log\",\"a\":\"say \\\"hi\\\"\",\"b\":\"C:\\\\x y\",\"c\":\"\",\"d\":\"Some words\",\"e\":\"q\\\"\"}",
		false, text, sizeof(text));
	assert_non_null(strstr(
		text,
		"  a=\"say \\\"hi\\\"\"  b=\"C:\\\\x y\"  c=\"\"  d=\"Some words\"  e=\"q\\\"\"\n"));
	event_text("{\"kind\":\"dropped\",\"count\":3}", false, text, sizeof(text));
	assert_non_null(strstr(text, "3 events were lost"));
	assert_int_equal(event_text("garbage", false, text, sizeof(text)), 0);
	assert_int_equal(event_text("[1]", false, text, sizeof(text)), 0);
	event_text("{\"name\":7,\"kind\":[],\"x\":{},\"y\":null,\"text\":\"a\\u001bb\"}", true,
		   text, sizeof(text));
	assert_null(strstr(text, "a\033"));
}

static void a_short_room_still_ends_the_line(void **state)
{
	char text[40];
	size_t n = event_text("{\"time_ms\":1,\"kind\":\"log\",\"name\":\"LongLongLongLong\"}",
			      false, text, sizeof(text));

	assert_true(n < sizeof(text));
	assert_int_equal(text[n - 1], '\n');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_have_their_types),
		cmocka_unit_test(any_text_gives_json),
		cmocka_unit_test(a_slow_reader_is_told_what_it_lost),
		cmocka_unit_test(writers_do_not_disturb_each_other),
		cmocka_unit_test(text_is_for_people),
		cmocka_unit_test(a_short_room_still_ends_the_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
