/* SPDX-License-Identifier: MIT */
/*
 * What a coalescer does, written a second time as the rules are told, without regard to speed; it
 * shares no code with liblso. Exact units only.
 */
#ifndef NETCX_TESTS_LSO_MODEL_H
#define NETCX_TESTS_LSO_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MODEL_FLOWS  16
#define MODEL_FRAMES 256
#define MODEL_READY  1024

/* What came out: frames by number, and why. */
struct model_unit {
	uint32_t frames[MODEL_FRAMES];
	uint32_t count;
	int end; /* enum lso_end */
};

/* A frame taken to pieces, byte by byte. */
struct model_frame {
	int alone; /* enum lso_end; 0: it can be held */
	bool has_ip;
	bool has_ports;
	uint8_t key[80]; /* link-layer header, addresses, protocol, ports */
	size_t key_length;
	size_t address_at; /* in the key: from here to there it is the same with unknown ports */
	size_t address_end;
	bool four;
	bool tcp;
	unsigned int tos; /* with IPv6's flow label */
	unsigned int ttl;
	unsigned int id;
	unsigned int ip_flags;
	uint8_t between[512]; /* IPv6 extension headers */
	size_t between_length;
	uint32_t sequence;
	uint32_t ack;
	unsigned int flags;
	unsigned int window;
	unsigned int urgent;
	uint8_t options[40];
	size_t option_length;
	bool no_sum;
	bool bad_sum;
	size_t headers; /* of IP and above */
	size_t payload;
};

struct model_flow {
	bool used;
	uint64_t age;
	struct model_frame first;
	struct model_unit unit;
	size_t payload;
	uint32_t ids[MODEL_FRAMES];
};

struct model {
	bool rsc;
	bool ndis_id;
	uint32_t flows;
	uint32_t max_frames;
	uint32_t max_length;
	struct model_flow flow[MODEL_FLOWS];
	uint64_t clock;
	struct model_unit ready[MODEL_READY]; /* what came out and was not taken */
	uint32_t in;
	uint32_t out;
};

void model_frame(struct model *m, const uint8_t *frame, size_t length, uint32_t number);
void model_flush(struct model *m, uint32_t count);

/* model_next() - what comes out next, or NULL */
const struct model_unit *model_next(struct model *m);

#endif
