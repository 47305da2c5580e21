/* SPDX-License-Identifier: MIT */
/*
 * Our rtl8168 driver on its device model, where the moment matters: LSO packets that are still on
 * their way when the family has been switched off. The page OID_TCP_OFFLOAD_PARAMETERS wants them
 * completed without being sent.
 */
#include <dirent.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "stage/processors.h"
#include "stage/stage.h"

static const uint8_t head4[] = { 2, 0, 0, 0, 0,  2, 2, 0, 0,  0, 0,    1,    8,  0, 0x45, 0, 0, 0,
				 0, 1, 0, 0, 64, 6, 0, 0, 10, 0, 0,    1,    10, 0, 0,    2, 4, 0,
				 8, 0, 0, 0, 0,  1, 0, 0, 0,  1, 0x50, 0x10, 2,  0, 0,    0, 0, 0 };
static const uint8_t head6[] = { 2, 0, 0, 0, 0, 2, 2,    0,    0,    0, 0, 1, 0x86, 0xDD, 0x60,
				 0, 0, 0, 0, 0, 6, 64,   0xFD, 0,    0, 0, 0, 0,    0,    0,
				 0, 0, 0, 0, 0, 0, 0,    1,    0xFD, 0, 0, 0, 0,    0,    0,
				 0, 0, 0, 0, 0, 0, 0,    0,    2,    4, 0, 8, 0,    0,    0,
				 0, 1, 0, 0, 0, 1, 0x50, 0x10, 2,    0, 0, 0, 0,    0 };

/* A super-packet of ten segments. */
static void send_super(struct stage *s, int family)
{
	static uint8_t frame[15000];
	size_t header = family == 4 ? sizeof(head4) : sizeof(head6);

	memset(frame, 0, sizeof(frame));
	memcpy(frame, family == 4 ? head4 : head6, header);
	memory_edge_put(s->edge, frame, header + 14000,
			(struct frame_meta){ .mss = 1400,
					     .needs_checksum = true,
					     .layout = { .l2_type = LSO_L2_ETHERNET,
							 .ip_version = (uint8_t)family,
							 .l4_protocol = 6,
							 .l3_offset = 14,
							 .l4_offset = (uint16_t)(header - 20),
							 .payload_offset = (uint16_t)header } });
}

/* Until the driver has returned @packets; what the wire had by then. */
static unsigned settled(struct stage *s, uint64_t packets)
{
	struct dp_counters counters;

	frame_store_await_taken(&s->edge->in);
	for (int i = 0; i < 5000; i++) {
		dp_counters(s->dp, &counters);
		if (counters.tx_packets >= packets)
			break;
		usleep(1000);
	}
	assert_int_equal(counters.tx_packets, packets);
	usleep(50000);
	return frame_store_count(&s->wire->sent);
}

/* The card negotiates when its driver starts; before, a packet has nowhere to go. */
static struct stage *linked(void)
{
	static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 1 };
	struct stage *s = stage_new_module("rtl8168", RTL8168_DRIVER);

	stage_use_card(s, "rtl8168", mac);
	/* A driver of 2.x has no LSO without them. */
	stage_keyword(s, "*LsoV2IPv4", "1");
	stage_keyword(s, "*LsoV2IPv6", "1");
	stage_keyword(s, "*RSS", "0");
	stage_use_datapath(s, NULL);
	stage_up(s);
	stage_await_link(s);
	return s;
}

static size_t longest_sent(struct stage *s)
{
	size_t longest = 0;

	for (unsigned i = 0; i < frame_store_count(&s->wire->sent); i++)
		if (s->wire->sent.frames[i].length > longest)
			longest = s->wire->sent.frames[i].length;
	return longest;
}

static void late_lso_packets_are_not_sent(void **state)
{
	const struct cx_gso_caps lso = { .kinds = { CX_L3_ALL, CX_L4_ALL_TCP } };
	const uint64_t all = cx_tx_word(&(struct cx_offload_state){ .lso = lso });
	struct device_counters counters;
	struct stage *s = linked();

	send_super(s, 4);
	send_super(s, 6);
	assert_int_equal(settled(s, 2), 20);

	stage_set_lso(s, 1, 2);
	/* As if they had been translated before the OID: the active bits of a moment ago. */
	atomic_fetch_or(&s->adapter->offload.tx, all);
	send_super(s, 4);
	send_super(s, 6);
	assert_int_equal(settled(s, 4), 30);

	stage_set_lso(s, 1, 1);
	atomic_fetch_or(&s->adapter->offload.tx, all);
	send_super(s, 4);
	send_super(s, 6);
	assert_int_equal(settled(s, 6), 30);

	stage_set_lso(s, 2, 2);
	send_super(s, 4);
	send_super(s, 6);
	assert_int_equal(settled(s, 8), 50);
	assert_int_equal(longest_sent(s), sizeof(head6) + 1400);
	device_counters(s->card, &counters);
	assert_int_equal(counters.tx_errors, 0);
	assert_int_equal(counters.tx_super_packets, 5);
	stage_free(s);
}

static unsigned threads_named(const char *start)
{
	DIR *tasks = opendir("/proc/self/task");
	unsigned count = 0;
	char path[300], name[16] = "";

	assert_non_null(tasks);
	for (struct dirent *task; (task = readdir(tasks));) {
		FILE *file;

		snprintf(path, sizeof(path), "/proc/self/task/%s/comm", task->d_name);
		file = *task->d_name == '.' ? NULL : fopen(path, "r");
		if (!file)
			continue;
		count += fgets(name, sizeof(name), file) && !strncmp(name, start, strlen(start));
		fclose(file);
	}
	closedir(tasks);
	return count;
}

/* More than the rings hold, so that the driver has to be told of what is done. */
static void one_processor_has_one_thread(void **state)
{
	enum { FRAMES = 1500 };
	uint8_t frame[60] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x88, 0xB5 };
	cpu_set_t before;
	struct stage *s;

	processors_one(&before);
	s = linked();
	assert_int_equal(threads_named("netcx-queues"), 1);
	assert_int_equal(threads_named("netcx-tx") + threads_named("netcx-rx"), 0);
	for (int i = 0; i < FRAMES; i++)
		memory_edge_put(s->edge, frame, sizeof(frame), (struct frame_meta){ 0 });
	frame_store_await(&s->wire->sent, FRAMES);
	stage_stop(s);
	assert_int_equal(threads_named("netcx-queues"), 0);
	stage_free(s);
	processors_back(&before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(late_lso_packets_are_not_sent),
		cmocka_unit_test(one_processor_has_one_thread),
	};

	return cmocka_run_group_tests_name("datapath: rtl8168", tests, NULL, NULL);
}
