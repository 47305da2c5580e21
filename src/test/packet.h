/* SPDX-License-Identifier: MIT */
/* Packets as a stack hands them down, by their shape. Shares no code with what judges them. */
#ifndef TEST_PACKET_H
#define TEST_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PACKET_HEADERS 512u
#define PACKET_PAYLOAD 65535u
#define PACKET_ROOM    (PACKET_HEADERS + PACKET_PAYLOAD)

#define PACKET_TCP     6u
#define PACKET_UDP     17u

#define TCP_FIN        0x01u
#define TCP_SYN        0x02u
#define TCP_RST        0x04u
#define TCP_PSH        0x08u
#define TCP_ACK        0x10u
#define TCP_URG        0x20u
#define TCP_ECE        0x40u
#define TCP_CWR        0x80u

/* All zero but version: TCP, no options, an ACK, no payload, nothing left to the hardware. */
struct packet_shape {
	int version;      /* 4 or 6 */
	uint8_t protocol; /* 0: TCP; others than TCP and UDP have no header of their own */
	bool tagged;      /* a VLAN tag */
	/* IPv4: words of options, 0 to 10; IPv6: 8-byte units of an extension header, 0 to 16 */
	unsigned ip_words;
	bool destination_options; /* the extension header is one, else hop-by-hop options */
	unsigned tcp_words;       /* of options, 0 to 10 */
	uint8_t flags;            /* of TCP, beside ACK */
	uint8_t tos;
	uint16_t ip_id;
	bool may_fragment; /* DF is off */
	uint16_t fragment; /* IPv4: MF and offset as in the header; the checksum is of nothing */
	uint32_t sequence, acknowledgement; /* the second 0: 0x01020304 */
	uint16_t window;                    /* 0: 0x7210 */
	uint32_t timestamp;                 /* with tcp_words of 3 and more; 0: 0x11223344 */
	uint16_t source_port;               /* 0: 40000 */
	uint16_t destination_port;          /* 0: 443 */
	const uint8_t *ip_from, *ip_to;     /* 4 or 16 bytes; NULL: those of documentation */
	size_t payload;
	uint32_t pattern; /* of the payload */
	uint16_t mss;     /* a super-packet */
	bool checksum;    /* left to the hardware: the field has the seed. Else it is right. */
};

struct packet {
	size_t length, l3, l4, payload; /* bytes; offsets */
	struct packet_shape shape;
	uint8_t bytes[PACKET_ROOM];
};

/* Who sends to whom. */
struct packet_addresses {
	uint8_t to[6], from[6];
};

/* packet_make() - with the checksum as the shape says; those of the IPv4 header are right */
void packet_make(struct packet *packet, const struct packet_addresses *addresses,
		 const struct packet_shape *shape);

/*
 * packet_set_checksums() - the transport checksum anew, after a change of the payload
 * packet_headers() - bytes of headers that a shape has
 */
void packet_set_checksums(struct packet *packet);
size_t packet_headers(const struct packet_shape *shape);

#endif
