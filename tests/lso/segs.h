/* SPDX-License-Identifier: MIT */
/*
 * Frames of a receiving host for the tests: each field said, the rest usual. They share no code
 * with liblso.
 */
#ifndef NETCX_TESTS_LSO_SEGS_H
#define NETCX_TESTS_LSO_SEGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SEG_MAX 66000

enum { SEG_FIN = 1, SEG_SYN = 2, SEG_RST = 4, SEG_PSH = 8, SEG_ACK = 16 };
enum { SEG_URG = 32, SEG_ECE = 64, SEG_CWR = 128, SEG_AE = 256, SEG_RESERVED = 0x800 };

struct seg {
	int version;
	bool udp;
	uint16_t tag; /* 802.1Q TCI; 0: none */
	bool snap;
	uint8_t mac;    /* last byte of the source's */
	uint8_t to_mac; /* and of the destination's */
	uint8_t source; /* last byte of the address */
	uint16_t port;  /* source */
	/* IP */
	uint8_t tos;
	uint32_t flow_label;
	uint8_t ttl;
	uint16_t id;
	uint16_t fragment; /* flags and offset */
	bool ip_options;
	const uint8_t *extension; /* 8 bytes of IPv6 destination options, or NULL */
	int length_off;           /* added to the IP length */
	int udp_length_off;
	/* TCP */
	uint32_t sequence;
	uint32_t ack;
	uint16_t flags;
	uint16_t window;
	uint16_t urgent;
	uint8_t options[40];
	size_t option_length;
	/* both */
	size_t payload;
	uint8_t fill; /* bytes of payload count from it */
	size_t padding;
	uint16_t sum_off;    /* xor into the checksum */
	uint16_t ip_sum_off; /* the same of IPv4's */
	bool no_sum;         /* UDP: 0 */
	bool partial;        /* the seed */
};

/* seg_usual() - 10.0.0.1 to 10.0.0.2 (or fd00::), port 1000 to 2000, 100 bytes, ACK, DF */
struct seg seg_usual(int version, bool udp);

/* seg_make() - the frame. @to: SEG_MAX bytes. Return: its length */
size_t seg_make(const struct seg *s, uint8_t *to);

/* seg_stamp() - the timestamp option as it usually stands, behind two NOPs */
void seg_stamp(struct seg *s, uint32_t value, uint32_t echo);

#endif
