/* SPDX-License-Identifier: MIT */
/*
 * A driver writes where it must not: past a packet's buffer, in front of it, into one that it has
 * returned. The report names queue and packet, and how far off it was; with the address sanitizer
 * the access itself is reported.
 */
#include <errno.h>
#include <unistd.h>

#include "base/array.h"
#include "datapath/buffers.h"
#include "nt/guard.h"
#include "nt/thread.h"
#include "nt/violation.h"
#include "probe_stage.h"
#include "stage/child.h"

static const uint8_t plain[200] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xB5 };

/* What is written where, by which queue's callback. */
struct writing {
	BOOLEAN transmit;
	ULONG id;
	enum probe_place place;
	BOOLEAN from_end; /* at counts from behind the end of the fragment, else from its start */
	ssize_t at;
	size_t length;
};

static const struct writing *writing;
static UCHAR *kept; /* where a fragment was that has been returned since */

static NET_PACKET_FRAGMENT *first_fragment(PCNET_DATAPATH_DESCRIPTOR datapath)
{
	NET_RING_BUFFER *ring = NET_DATAPATH_DESCRIPTOR_GET_PACKET_RING_BUFFER(datapath);

	if (ring->BeginIndex == ring->EndIndex)
		return NULL;
	return NET_PACKET_GET_FRAGMENT(NetRingBufferGetPacketAtIndex(datapath, ring->BeginIndex),
				       datapath, 0);
}

static void write_there(enum probe_place place, PCNET_DATAPATH_DESCRIPTOR datapath,
			BOOLEAN transmit, ULONG id)
{
	NET_PACKET_FRAGMENT *fragment;

	if (transmit != writing->transmit || id != writing->id)
		return;
	fragment = place == PROBE_ADVANCES ? first_fragment(datapath) : NULL;
	if (fragment && !kept)
		kept = (UCHAR *)fragment->VirtualAddress +
		       (writing->from_end ? fragment->Capacity : fragment->Offset);
	if (place == writing->place && kept) {
		memset(kept + writing->at, 0x42, writing->length);
		kept = NULL;
	}
}

static void stage_it(const struct writing *w, size_t backfill, size_t queues)
{
	struct stage *s;

	writing = w;
	kept = NULL;
	probe_reset();
	probe.deed = write_there;
	probe.settings.backfill = backfill;
	probe.settings.rxQueues = queues;
	s = probe_stage(NULL);
	for (unsigned i = 1; i < 4; i++) {
		memory_edge_put(s->edge, plain, sizeof(plain), (struct frame_meta){ 0 });
		probe_await(i);
		probe_receive(plain, sizeof(plain), 0);
	}
	probe_stage_free(s);
}

static void writes(void *context)
{
	stage_it(context, 0, 0);
}

static void writes_with_backfill(void *context)
{
	stage_it(context, 64, 0);
}

static void writes_with_queues(void *context)
{
	stage_it(context, 0, PROBE_RX_QUEUES);
}

/* How far off, and of what: the words of both reports. */
static void is_named(void (*act)(void *context), const struct writing *w, const char *place,
		     const char *buffer)
{
	struct child_end *end = malloc(sizeof(*end));

	assert_non_null(end);
	child_run(end, act, (void *)w);
	if (nt_guard_poisons() ? !end->exit_code || !strstr(end->text, "use-after-poison")
			       : end->exit_code != NT_VIOLATION_EXIT_CODE)
		fail_msg("exit code %d, signal %d:\n%s", end->exit_code, end->signal, end->text);
	if (!strstr(end->text, "SPECIAL_POOL_DETECTED_MEMORY_CORRUPTION") ||
	    !strstr(end->text, place) || !strstr(end->text, buffer))
		fail_msg("\"%s\", \"%s\" is not in:\n%s", place, buffer, end->text);
	free(end);
}

static void is_fine(void (*act)(void *context), const struct writing *w)
{
	struct child_end *end = malloc(sizeof(*end));

	assert_non_null(end);
	child_run(end, act, (void *)w);
	if (end->exit_code)
		fail_msg("exit code %d, signal %d:\n%s", end->exit_code, end->signal, end->text);
	free(end);
}

#define TX TRUE, 0, PROBE_ADVANCES
#define RX FALSE, 0, PROBE_ADVANCES

static void past_the_end(void **state)
{
	static const char tx[] = "the buffer of packet 0 of transmit queue 0 (200 bytes)";
	static const char rx[] = "the buffer of packet 0 of receive queue 0 (2048 bytes)";

	(void)state;
	is_named(writes, &(struct writing){ RX, TRUE, 0, 1 }, "0 bytes behind the end of", rx);
	is_named(writes, &(struct writing){ RX, TRUE, 5, 1 }, "5 bytes behind the end of", rx);
	is_named(writes, &(struct writing){ RX, TRUE, 0, 8192 }, "0 bytes behind the end of", rx);
	is_named(writes, &(struct writing){ TX, TRUE, 0, 1 }, "0 bytes behind the end of", tx);
	is_named(writes, &(struct writing){ TX, TRUE, 1, 4 }, "1 byte behind the end of", tx);
	is_named(writes, &(struct writing){ TX, TRUE, 0, 70000 }, "0 bytes behind the end of", tx);
}

static void in_front(void **state)
{
	static const char tx[] = "the buffer of packet 0 of transmit queue 0 (200 bytes)";
	static const char rx[] = "the buffer of packet 0 of receive queue 0 (2048 bytes)";

	(void)state;
	is_named(writes, &(struct writing){ RX, FALSE, -1, 1 }, "1 byte in front of", rx);
	is_named(writes, &(struct writing){ RX, FALSE, -16, 16 }, "16 bytes in front of", rx);
	is_named(writes, &(struct writing){ TX, FALSE, -3, 3 }, "3 bytes in front of", tx);
	is_named(writes_with_backfill, &(struct writing){ TX, FALSE, -65, 1 },
		 "65 bytes in front of", tx);
}

/* All of a fragment, and the backfill that the driver asked for. */
static void what_is_the_drivers(void **state)
{
	(void)state;
	is_fine(writes, &(struct writing){ RX, FALSE, 0, 2048 });
	is_fine(writes, &(struct writing){ TX, FALSE, 0, 200 });
	is_fine(writes, &(struct writing){ TX, TRUE, -1, 1 });
	is_fine(writes_with_backfill, &(struct writing){ TX, FALSE, -64, 264 });
}

static void after_it_was_returned(void **state)
{
	(void)state;
	is_named(writes, &(struct writing){ TRUE, 0, PROBE_ARMS, FALSE, 0, 60 }, "byte 0 of",
		 "the buffer of packet 0 of transmit queue 0");
	is_named(writes, &(struct writing){ FALSE, 0, PROBE_STOPS, FALSE, 0, 1 }, "byte 0 of",
		 "the buffer of packet 0 of receive queue 0");
}

static void each_queue_is_told_from_others(void **state)
{
	(void)state;
	is_named(writes_with_queues, &(struct writing){ FALSE, 3, PROBE_ADVANCES, TRUE, 2, 3 },
		 "2 bytes behind the end of",
		 "the buffer of packet 0 of receive queue 3 (2048 bytes)");
}

/* A driver's sizes and alignments are told, and do not wrap round. */
static void numbers_that_cannot_be(void **state)
{
	static const struct {
		size_t size, backfill, alignment;
		const char *says;
	} cases[] = {
		{ SIZE_MAX, 0, 1, "no buffers of 18446744073709551615 bytes behind 0, with" },
		{ 1514, SIZE_MAX, 64, "no buffers of 1514 bytes behind 18446744073709551615" },
		{ DP_BUFFER_MAXIMUM + 1, 0, 1, "at most are 67108863 bytes" },
		{ 1514, 0, 8192,
		  "with an alignment of 8192: at most are 67108863 bytes, and 4096" },
		{ 1514, 0, (size_t)1 << 63, "with an alignment of 9223372036854775808" },
	};
	struct stage *s = probe_stage(NULL);
	struct cx_adapter adapter = { .name = "Ethernet" };
	struct cx_queue queue = { .adapter = &adapter, .kind = CX_QUEUE_RX };
	struct dp_buffers b;

	nt_thread_enter(&s->machine);
	for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
		assert_int_equal(dp_buffers_create(&b, &queue, &s->machine.dma, 16, cases[i].size,
						   cases[i].backfill, cases[i].alignment, NULL),
				 -EINVAL);
		assert_null(b.memory);
		assert_true(journal_tells(&s->journal, "receive queue 0: no buffers"));
		assert_true(journal_tells(&s->journal, cases[i].says));
	}
	assert_int_equal(dp_buffers_create(&b, &queue, &s->machine.dma, 16, 1514, 100, 4096, NULL),
			 0);
	for (uint32_t i = 0; i < 16; i++)
		assert_int_equal((uintptr_t)dp_buffer_data(&b, i) % 4096, 0);
	dp_buffers_destroy(&b, &s->machine.dma);
	nt_thread_leave();
	probe_stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(past_the_end),
		cmocka_unit_test(in_front),
		cmocka_unit_test(what_is_the_drivers),
		cmocka_unit_test(after_it_was_returned),
		cmocka_unit_test(each_queue_is_told_from_others),
		cmocka_unit_test(numbers_that_cannot_be),
	};

	return cmocka_run_group_tests_name("datapath: buffers", tests, NULL, NULL);
}
