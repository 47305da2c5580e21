/* SPDX-License-Identifier: MIT */
/*
 * Our rtl8168 driver on its device model, where the moment matters: LSO packets that are still on
 * their way when the family has been switched off (lso-contract: the NDIS page on OID_TCP_OFFLOAD_
 * PARAMETERS wants them completed without being sent).
 */
#include <dlfcn.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "bench.h"

/* What went out on the wire. */
static struct {
	pthread_mutex_t lock;
	unsigned frames;
	size_t longest;
} sent = { .lock = PTHREAD_MUTEX_INITIALIZER };

static void wire_send(void *context, const struct device_frame *frames, int count)
{
	(void)context;
	pthread_mutex_lock(&sent.lock);
	for (int i = 0; i < count; i++) {
		size_t length = 0;

		for (int j = 0; j < frames[i].count; j++)
			length += frames[i].iov[j].iov_len;
		sent.longest = length > sent.longest ? length : sent.longest;
		sent.frames++;
	}
	pthread_mutex_unlock(&sent.lock);
}

static size_t wire_receive(void *context, const struct iovec *iov, int count,
			   struct device_gso *gso)
{
	(void)context;
	(void)iov;
	(void)count;
	(void)gso;
	return 0;
}

static const struct device_wire wire = { .send = wire_send, .receive = wire_receive };

static const uint8_t head4[] = { 2, 0, 0, 0, 0,  2, 2, 0, 0,  0, 0,    1,    8,  0, 0x45, 0, 0, 0,
				 0, 1, 0, 0, 64, 6, 0, 0, 10, 0, 0,    1,    10, 0, 0,    2, 4, 0,
				 8, 0, 0, 0, 0,  1, 0, 0, 0,  1, 0x50, 0x10, 2,  0, 0,    0, 0, 0 };
static const uint8_t head6[] = { 2, 0, 0, 0, 0, 2, 2,    0,    0,    0, 0, 1, 0x86, 0xDD, 0x60,
				 0, 0, 0, 0, 0, 6, 64,   0xFD, 0,    0, 0, 0, 0,    0,    0,
				 0, 0, 0, 0, 0, 0, 0,    1,    0xFD, 0, 0, 0, 0,    0,    0,
				 0, 0, 0, 0, 0, 0, 0,    0,    2,    4, 0, 8, 0,    0,    0,
				 0, 1, 0, 0, 0, 1, 0x50, 0x10, 2,    0, 0, 0, 0,    0 };

/* A super-packet of ten segments. */
static void send_super(struct bench *b, int family)
{
	static uint8_t frame[15000];
	size_t header = family == 4 ? sizeof(head4) : sizeof(head6);

	memset(frame, 0, sizeof(frame));
	memcpy(frame, family == 4 ? head4 : head6, header);
	bench_send(b, frame, header + 14000,
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
static unsigned settled(struct bench *b, uint64_t packets)
{
	struct dp_counters counters;
	unsigned frames;

	bench_wait_taken(b);
	for (int i = 0; i < 5000; i++) {
		dp_counters(b->dp, &counters);
		if (counters.tx_packets >= packets)
			break;
		usleep(1000);
	}
	assert_int_equal(counters.tx_packets, packets);
	usleep(50000);
	pthread_mutex_lock(&sent.lock);
	frames = sent.frames;
	pthread_mutex_unlock(&sent.lock);
	return frames;
}

/* The card negotiates when its driver starts; before, a packet has nowhere to go. */
static void wait_for_link(struct bench *b)
{
	for (int i = 0; i < 10000 && !cx_adapter_link_up(b->adapter, NULL, NULL); i++)
		usleep(1000);
	assert_true(cx_adapter_link_up(b->adapter, NULL, NULL));
}

static wdf_driver_entry *load(void **module)
{
	wdf_driver_entry *entry;

	*module = dlopen(RTL8168_DRIVER, RTLD_NOW | RTLD_LOCAL);
	if (!*module)
		fail_msg("%s", dlerror());
	*(void **)&entry = dlsym(*module, "DriverEntry");
	assert_non_null(entry);
	return entry;
}

static void late_lso_packets_are_not_sent(void **state)
{
	const struct cx_gso_caps lso = { .kinds = { CX_L3_ALL, CX_L4_ALL_TCP } };
	const uint64_t all = cx_tx_word(&(struct cx_offload_state){ .lso = lso });
	struct device_counters counters;
	struct bench *b;
	void *module;

	(void)state;
	b = bench_start_driver(load(&module), "rtl8168", &wire);
	wait_for_link(b);
	send_super(b, 4);
	send_super(b, 6);
	assert_int_equal(settled(b, 2), 20);

	bench_oid(b, 1, 2);
	/* As if they had been translated before the OID: the active bits of a moment ago. */
	atomic_fetch_or(&b->adapter->offload.tx, all);
	send_super(b, 4);
	send_super(b, 6);
	assert_int_equal(settled(b, 4), 30);

	bench_oid(b, 1, 1);
	atomic_fetch_or(&b->adapter->offload.tx, all);
	send_super(b, 4);
	send_super(b, 6);
	assert_int_equal(settled(b, 6), 30);

	bench_oid(b, 2, 2);
	send_super(b, 4);
	send_super(b, 6);
	assert_int_equal(settled(b, 8), 50);
	assert_int_equal(sent.longest, sizeof(head6) + 1400);
	device_counters(b->hardware, &counters);
	assert_int_equal(counters.tx_errors, 0);
	assert_int_equal(counters.tx_super_packets, 5);
	bench_stop(b);
	dlclose(module);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(late_lso_packets_are_not_sent),
	};

	return cmocka_run_group_tests_name("datapath: rtl8168", tests, NULL, NULL);
}
