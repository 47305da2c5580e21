/* SPDX-License-Identifier: MIT */
/*
 * The rules for making packet queues of 2.x and for asking them, by their numbers of 2004 and 21H2;
 * and that whatever a driver writes to its rings ends in a report or in nothing.
 */
#include <dlfcn.h>
#include <stdatomic.h>
#include <unistd.h>

#include "rings_stage.h"
#include "stage/random.h"

static const unsigned minors[] = { 0, 1, 5 };

static struct rings *rings;

/* ---- a fault, in a child ---- */

struct fault {
	unsigned minor;
	enum rings_fault fault;
	BOOLEAN demux;
};

static void commit(void *context)
{
	const struct fault *f = context;
	struct stage *s = rings_open(f->minor, &rings);

	rings->fault = f->fault;
	rings->demux = f->demux;
	rings_up(s, NULL);
	stage_free(s);
}

/* @old, @new: numbers of 2004 and 21H2; @old 0: it cannot be broken there */
static void breaks(enum rings_fault fault, unsigned old, unsigned new, const char *rule,
		   const char *call, const char *text)
{
	for (size_t i = 0; i < sizeof(minors) / sizeof(minors[0]); i++) {
		struct fault f = { .minor = minors[i], .fault = fault };
		char number[96], where[96];

		if (!f.minor && !old)
			continue;
		snprintf(number, sizeof(number), "violation %u %s", f.minor ? new : old, rule);
		snprintf(where, sizeof(where), " in %s", call);
		child_violates(commit, &f, number, where, text, NULL);
	}
}

static void how_a_queue_is_made(void **state)
{
	breaks(RINGS_QUEUE_WITHOUT_CANCEL, 21, 22, "NetQueueInvalidConfiguration",
	       "NetRxQueueCreate", "EvtCancel is NULL.");
	breaks(RINGS_QUEUE_WITHOUT_ADVANCE, 21, 22, "NetQueueInvalidConfiguration",
	       "NetRxQueueCreate", "EvtAdvance is NULL.");
	breaks(RINGS_QUEUE_WITHOUT_NOTIFICATION, 21, 22, "NetQueueInvalidConfiguration",
	       "NetRxQueueCreate", "EvtSetNotificationEnabled is NULL.");
	breaks(RINGS_QUEUE_WITH_PARENT, 22, 23, "ParentObjectNotNull", "NetRxQueueCreate",
	       "ParentObject is");
	breaks(RINGS_QUEUE_TWICE, 23, 24, "QueueAlreadyCreated", "NetRxQueueCreate",
	       "Queue 0 has been made already.");
	breaks(RINGS_QUEUE_OF_NOTHING, 19, 20, "BadQueueInitContext", "NetRxQueueCreate",
	       "is no init object in use.");
	breaks(RINGS_QUEUE_LATE, 19, 20, "BadQueueInitContext", "NetRxQueueInitGetQueueId",
	       "is no init object in use.");
	breaks(RINGS_QUEUE_OF_THE_OTHER_KIND, 19, 20, "BadQueueInitContext", "NetTxQueueCreate",
	       "is the init object of a receive queue.");
	breaks(RINGS_QUEUE_AT_DISPATCH, 1, 1, "IrqlIsNotPassive", "NetRxQueueCreate",
	       "The IRQL is 2.");
}

/* 2004 ends there; from 21H2 on it is noted, and what the driver's version has is taken. */
static void a_queue_s_size_is_its_version_s(void **state)
{
	struct fault f = { .minor = 0, .fault = RINGS_QUEUE_SIZE };
	struct child_end end;

	child_violates(commit, &f, "violation 8 InvalidStructTypeSize", "in NetRxQueueCreate (",
		       "NET_PACKET_QUEUE_CONFIG.Size is 47, 48 is expected.", NULL);
	f.minor = 5;
	child_run(&end, commit, &f);
	assert_int_equal(end.exit_code, 0);
	assert_non_null(strstr(end.text, "violation 8 InvalidStructTypeSize"));
	assert_non_null(strstr(end.text, "NET_PACKET_QUEUE_CONFIG.Size is 55, 56 is expected."));
}

static void how_an_extension_is_asked_for(void **state)
{
	breaks(RINGS_QUERY_SIZE, 8, 8, "InvalidStructTypeSize", "NetRxQueueGetExtension",
	       "NET_EXTENSION_QUERY.Size is 23, 24 is expected.");
	breaks(RINGS_QUERY_WITHOUT_NAME, 26, 27, "InvalidNetExtensionName",
	       "NetRxQueueGetExtension", "Name is NULL.");
	breaks(RINGS_QUERY_EMPTY_NAME, 26, 27, "InvalidNetExtensionName", "NetRxQueueGetExtension",
	       "Name is empty.");
	breaks(RINGS_QUERY_VERSION_0, 27, 28, "InvalidNetExtensionVersion",
	       "NetRxQueueGetExtension", "Version is 0.");
	breaks(RINGS_QUERY_TYPE, 28, 29, "InvalidNetExtensionType", "NetRxQueueGetExtension",
	       "Type is 4.");
	breaks(RINGS_QUERY_OF_THE_OTHER_KIND, 43, 44, "InvalidQueueHandle",
	       "NetTxQueueGetExtension", "is receive queue 0.");
	breaks(RINGS_RINGS_OF_THE_OTHER_KIND, 43, 44, "InvalidQueueHandle",
	       "NetTxQueueGetRingCollection", "is receive queue 0.");
	breaks(RINGS_NOTIFY_THE_OTHER_KIND, 43, 44, "InvalidQueueHandle",
	       "NetTxQueueNotifyMoreCompletedPacketsAvailable", "is receive queue 0.");
}

static void a_name_of_the_framework_s_is_one_that_it_has(void **state)
{
	struct child_end end;

	for (size_t i = 0; i < sizeof(minors) / sizeof(minors[0]); i++) {
		struct fault f = { .minor = minors[i], .fault = RINGS_QUERY_RESERVED_NAME };

		child_run(&end, commit, &f);
		assert_int_equal(end.exit_code, 0);
		assert_non_null(strstr(end.text, f.minor ? "violation 27 InvalidNetExtensionName"
							 : "violation 26 InvalidNetExtensionName"));
	}
}

/* Nothing is broken by it, and the driver finds Enabled FALSE: an event says why. */
static void what_no_queue_has_is_told(void **state)
{
	static const struct {
		unsigned minor;
		enum rings_fault fault;
		const char *says;
	} cases[] = {
		{ 5, RINGS_QUERY_UNKNOWN_NAME, "\"packet_checksum\" is none of NetAdapterCx" },
		{ 5, RINGS_QUERY_NEWER_VERSION,
		  "has no such version for this version of NetAdapterCx" },
		{ 5, RINGS_QUERY_OTHER_ELEMENT,
		  "\"ms_packet_checksum\" is of another kind of element (Version 1, Type 2)" },
		{ 5, RINGS_QUERY_OTHER_DIRECTION, "\"ms_packet_gso\" is the other direction's" },
		{ 1, RINGS_QUERY_HASH, "\"ms_packet_hash\" is there from NetAdapterCx 2.2 on" },
		{ 2, RINGS_QUERY_HASH, NULL },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct stage *s = rings_open(cases[i].minor, &rings);

		rings->fault = cases[i].fault;
		rings_up(s, NULL);
		assert_int_equal(journal_tells(&s->journal, "Enabled is FALSE"),
				 cases[i].says != NULL);
		if (cases[i].says)
			assert_true(journal_tells(&s->journal, cases[i].says));
		stage_free(s);
	}
}

static void priorities_are_asked_for_of_who_has_them(void **state)
{
	struct fault f = { .minor = 5, .fault = RINGS_ASKS_PRIORITY };

	child_violates(commit, &f, "violation 87 DemuxNotPresent", "in NetTxQueueGetDemux8021p (",
		       NULL);
	f.demux = TRUE;
	commit(&f);
}

/* ---- whatever is written ---- */

struct damage {
	struct random random;
	enum rings_buffers buffers;
	atomic_uint calls; /* of both queues' threads */
	unsigned at;
};

static struct damage damage;

/* Less NextIndex and Scratch, which the driver follows itself. */
#define HEADER offsetof(NET_RING, NextIndex)

/*
 * Some bytes somewhere in a ring's memory. Not where the driver would follow them: its own indices,
 * and the addresses of the buffers that it fills.
 */
static void spoil(struct rings_event *event)
{
	unsigned char *memory;
	NET_RING *ring;
	unsigned which;
	size_t elements;

	if (event->place != RINGS_ADVANCED || damage.calls++ != damage.at)
		return;
	which = random_below(&damage.random, 3);
	ring = event->rings->Rings[which] ? event->rings->Rings[which] : event->rings->Rings[0];
	memory = (unsigned char *)ring;
	elements = (size_t)ring->ElementStride * ring->NumberOfElements;
	if (!event->transmit && which)
		elements = 0;
	for (unsigned i = random_below(&damage.random, 8) + 1; i; i--) {
		size_t at = random_below(&damage.random, HEADER);

		if (elements && random_below(&damage.random, 2))
			at = offsetof(NET_RING, Buffer) +
			     random_below(&damage.random, (uint32_t)elements);
		memory[at] = (unsigned char)random_next(&damage.random);
	}
}

static void run_damaged(void *context)
{
	static const uint8_t frame[200] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xB5 };
	struct stage *s = rings_open(5, &rings);

	damage = *(struct damage *)context;
	rings->deed = spoil;
	rings->buffers = damage.buffers;
	rings_up(s, NULL);
	for (unsigned i = 0; i < 40; i++) {
		rings_send(s, rings, frame, sizeof(frame), i + 1);
		rings_receive(rings, frame, sizeof(frame));
	}
	stage_stop(s);
	stage_start(s);
	stage_free(s);
}

static void whatever_is_written_is_reported_or_nothing(void **state)
{
	unsigned reported = 0;

	for (unsigned i = 0; i < 150; i++) {
		struct damage d = { .random = { i + 1 }, .buffers = i % 3, .at = i % 37 };
		struct child_end end;

		child_run(&end, run_damaged, &d);
		if (end.exit_code != 0 && end.exit_code != 158)
			fail_msg("seed %u: exit code %d, signal %d:\n%s", i + 1, end.exit_code,
				 end.signal, end.text);
		reported += end.exit_code == 158;
	}
	assert_true(reported > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(how_a_queue_is_made),
		cmocka_unit_test(a_queue_s_size_is_its_version_s),
		cmocka_unit_test(how_an_extension_is_asked_for),
		cmocka_unit_test(a_name_of_the_framework_s_is_one_that_it_has),
		cmocka_unit_test(what_no_queue_has_is_told),
		cmocka_unit_test(priorities_are_asked_for_of_who_has_them),
		cmocka_unit_test(whatever_is_written_is_reported_or_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
