/* SPDX-License-Identifier: MIT */
/*
 * The driver drivers/rtl8168 on a real machine, framework and device model; the test plays the
 * datapath and the wire, so that it decides what is posted and when a queue's callbacks run.
 */
#ifndef TESTS_RTL8168_BENCH_H
#define TESTS_RTL8168_BENCH_H

#include <netcx/lso.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cx/api/1.3/queue.h"
#include "cx/oid.h"
#include "device/nic.h"
#include "nt/registry.h"
#include "nt/worker.h"

#define BENCH_RING   512 /* elements of each ring */
#define BENCH_BUFFER 9216
#define BENCH_SENT   4096
#define BENCH_COMING 2048

struct bench_frame {
	uint8_t *bytes;
	size_t length;
};

struct bench {
	struct nt_machine machine;
	struct nt_worker *worker;
	struct nt_reg_key *software, *hardware, *parameters;
	struct cx_host host;
	void *module;
	struct device *card;
	struct wdf_driver *driver;
	struct wdf_device *device;
	struct cx_adapter *adapter;
	struct cx_queue *tx, *rx;
	pthread_mutex_t link_lock;
	pthread_cond_t link_changed;
	int link_changes;
	int tx_notifies, rx_notifies;

	uint8_t *arena; /* transmit data, one after the other */
	uint64_t arena_logical;
	size_t arena_used;
	uint32_t tx_fragments; /* end of the transmit fragment ring */
	uint8_t *buffers;      /* receive: BENCH_BUFFER bytes for each element */
	uint64_t buffers_logical;

	struct bench_frame sent[BENCH_SENT];
	int sent_count, sent_batches;
	struct bench_frame coming[BENCH_COMING];
	int coming_first, coming_last;
};

/* What a transmit packet is to carry. */
struct bench_offer {
	uint16_t mss;        /* of a large send, 0: none */
	bool layer3, layer4; /* checksums required */
	bool ignore;
	size_t piece; /* bytes per fragment, 0: all in one */
};

extern const uint8_t bench_mac[6];

struct bench *bench_new(void);
void bench_free(struct bench *b);
void bench_keyword(struct bench *b, const char *name, const char *value);

/* bench_start() - load, add, start; the queues' EvtStart has run when it succeeds. */
NTSTATUS bench_start(struct bench *b);
/*
 * bench_up() - that, a packet filter that takes directed, multicast and broadcast frames, and a
 * link. The card does nothing by itself any more when it returns.
 */
void bench_up(struct bench *b);

/* bench_await_link() - until the driver reports the link to be up */
void bench_await_link(struct bench *b);

/* bench_oid() - as NDIS sends it; @length: of the input, of a query the output's room. */
NTSTATUS bench_oid(struct bench *b, NDIS_REQUEST_TYPE type, NDIS_OID oid, void *data, UINT length);
void bench_stop(struct bench *b);

/* bench_lso() - OID_TCP_OFFLOAD_PARAMETERS; each 0 no change, 1 off, 2 on. */
void bench_lso(struct bench *b, UCHAR ipv4, UCHAR ipv6);
void bench_checksum(struct bench *b, UCHAR ipv4, UCHAR tcp, UCHAR udp);

/* bench_post() - a transmit packet at EndIndex; the frame is copied. */
void bench_post(struct bench *b, const uint8_t *frame, size_t length,
		const struct bench_offer *offer);
void bench_advance_tx(struct bench *b);

/* bench_supply() - post all free receive elements. bench_arrive() - a frame on the wire, copied. */
void bench_supply(struct bench *b);
void bench_arrive(struct bench *b, const uint8_t *frame, size_t length);
void bench_pump(struct bench *b);
void bench_advance_rx(struct bench *b);
void bench_arm(struct bench *b, struct cx_queue *queue);

NET_PACKET *bench_packet(struct cx_queue *queue, uint32_t index);
NET_PACKET_FRAGMENT *bench_fragment(struct cx_queue *queue, const NET_PACKET *packet);
const uint8_t *bench_received(struct bench *b, uint32_t index);
NET_PACKET_CHECKSUM *bench_rx_checksum(struct bench *b, uint32_t index);

/* bench_tcp(), bench_udp() - a frame to or from the card, its payload counting up; checksums final.
 */
size_t bench_tcp(uint8_t *frame, int version, size_t payload);
size_t bench_udp(uint8_t *frame, int version, size_t payload);

#endif
