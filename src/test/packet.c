/* SPDX-License-Identifier: MIT */
#include "test/packet.h"

#include <string.h>

#include "test/sum.h"

#define ETHERNET  14u
#define TAG       4u
#define IPV4      20u
#define IPV6      40u
#define TCP       20u
#define UDP       8u
#define DF        0x4000u
#define NO_OPTION 1u /* of IPv4 and of TCP: one byte that says nothing */
#define PADN      1u /* IPv6: an option of N + 2 bytes */

static uint8_t protocol_of(const struct packet_shape *shape)
{
	return shape->protocol ? shape->protocol : PACKET_TCP;
}

static size_t ip_bytes(const struct packet_shape *shape)
{
	return shape->version == 4 ? IPV4 + 4 * shape->ip_words : IPV6 + 8 * shape->ip_words;
}

static size_t transport_bytes(const struct packet_shape *shape)
{
	switch (protocol_of(shape)) {
	case PACKET_TCP:
		return TCP + 4 * shape->tcp_words;
	case PACKET_UDP:
		return UDP;
	default:
		return 0;
	}
}

size_t packet_headers(const struct packet_shape *shape)
{
	return ETHERNET + (shape->tagged ? TAG : 0) + ip_bytes(shape) + transport_bytes(shape);
}

static void put_link(struct packet *packet, const struct packet_addresses *addresses)
{
	uint8_t *at = packet->bytes;

	memcpy(at, addresses->to, 6);
	memcpy(at + 6, addresses->from, 6);
	at += 12;
	if (packet->shape.tagged) {
		put16(at, 0x8100);
		put16(at + 2, 3u << 13 | 100);
		at += TAG;
	}
	put16(at, packet->shape.version == 4 ? 0x0800 : 0x86DD);
}

static void put_ipv4(struct packet *packet)
{
	const struct packet_shape *shape = &packet->shape;
	uint8_t *ip = packet->bytes + packet->l3;
	size_t bytes = ip_bytes(shape);

	ip[0] = (uint8_t)(0x40 | bytes / 4);
	ip[1] = shape->tos;
	/* A super-packet of more than 64 KB says nothing. */
	put16(ip + 2,
	      packet->length - packet->l3 > 65535 ? 0 : (uint32_t)(packet->length - packet->l3));
	put16(ip + 4, shape->ip_id);
	put16(ip + 6, (shape->may_fragment || shape->fragment ? 0 : DF) | shape->fragment);
	ip[8] = 64;
	ip[9] = protocol_of(shape);
	memcpy(ip + 12, shape->ip_from ? shape->ip_from : (const uint8_t[]){ 192, 0, 2, 1 }, 4);
	memcpy(ip + 16, shape->ip_to ? shape->ip_to : (const uint8_t[]){ 198, 51, 100, 7 }, 4);
	memset(ip + IPV4, NO_OPTION, bytes - IPV4);
	put16(ip + 10, 0);
	put16(ip + 10, (uint16_t)~sum_fold(sum_bytes(0, ip, bytes)));
}

static void put_ipv6(struct packet *packet)
{
	static const uint8_t addresses[32] = { 0x20, 0x01, 0x0D, 0xB8, [15] = 1,
					       0x20, 0x01, 0x0D, 0xB8, [31] = 7 };
	const struct packet_shape *shape = &packet->shape;
	uint8_t *ip = packet->bytes + packet->l3, *extension = ip + IPV6;
	size_t bytes = 8 * shape->ip_words;

	put32(ip, 6u << 28 | (uint32_t)shape->tos << 20 | 0xABCDE);
	put16(ip + 4, packet->length - packet->l3 - IPV6 > 65535
			      ? 0
			      : (uint32_t)(packet->length - packet->l3 - IPV6));
	ip[6] = protocol_of(shape);
	ip[7] = 64;
	memcpy(ip + 8, addresses, sizeof(addresses));
	if (shape->ip_from)
		memcpy(ip + 8, shape->ip_from, 16);
	if (shape->ip_to)
		memcpy(ip + 24, shape->ip_to, 16);
	if (!bytes)
		return;
	ip[6] = shape->destination_options ? 60 : 0;
	memset(extension, 0, bytes);
	extension[0] = protocol_of(shape);
	extension[1] = (uint8_t)(shape->ip_words - 1);
	extension[2] = PADN;
	extension[3] = (uint8_t)(bytes - 4);
}

static void put_tcp(struct packet *packet)
{
	const struct packet_shape *shape = &packet->shape;
	uint8_t *tcp = packet->bytes + packet->l4;
	size_t bytes = transport_bytes(shape);

	put16(tcp, shape->source_port ? shape->source_port : 40000);
	put16(tcp + 2, shape->destination_port ? shape->destination_port : 443);
	put32(tcp + 4, shape->sequence);
	put32(tcp + 8, shape->acknowledgement ? shape->acknowledgement : 0x01020304);
	tcp[12] = (uint8_t)(bytes / 4 << 4);
	tcp[13] = TCP_ACK | shape->flags;
	put16(tcp + 14, shape->window ? shape->window : 0x7210);
	put16(tcp + 16, 0);
	put16(tcp + 18, 0);
	memset(tcp + TCP, NO_OPTION, bytes - TCP);
	/* Three words and more begin as senders do: two bytes of nothing, then time stamps. */
	if (shape->tcp_words >= 3) {
		tcp[TCP + 2] = 8;
		tcp[TCP + 3] = 10;
		put32(tcp + TCP + 4, shape->timestamp ? shape->timestamp : 0x11223344);
		put32(tcp + TCP + 8, 0x55667788);
	}
}

static void put_udp(struct packet *packet)
{
	uint8_t *udp = packet->bytes + packet->l4;

	put16(udp, packet->shape.source_port ? packet->shape.source_port : 40000);
	put16(udp + 2, packet->shape.destination_port ? packet->shape.destination_port : 4433);
	put16(udp + 4, (uint32_t)(packet->length - packet->l4));
	put16(udp + 6, 0);
}

/* No two places of it that are a segment apart look alike. */
static void put_payload(struct packet *packet)
{
	uint8_t *at = packet->bytes + packet->payload;

	for (size_t i = 0; i < packet->shape.payload; i++)
		at[i] = (uint8_t)((packet->shape.pattern + i) * 2654435761u >> 23);
}

void packet_set_checksums(struct packet *packet)
{
	uint8_t protocol = protocol_of(&packet->shape);
	uint8_t *l4 = packet->bytes + packet->l4;
	uint8_t *field = l4 + (protocol == PACKET_TCP ? 16 : 6);
	size_t length = packet->length - packet->l4;
	uint64_t sum = sum_pseudo(packet->bytes + packet->l3, protocol, length);

	if (!transport_bytes(&packet->shape) || packet->shape.fragment)
		return;
	put16(field, 0);
	if (packet->shape.checksum || packet->shape.mss) {
		put16(field, sum_fold(sum));
		return;
	}
	put16(field, (uint16_t)~sum_fold(sum_bytes(sum, l4, length)));
	if (protocol == PACKET_UDP && !get16(field))
		put16(field, 0xFFFF);
}

void packet_make(struct packet *packet, const struct packet_addresses *addresses,
		 const struct packet_shape *shape)
{
	packet->shape = *shape;
	packet->l3 = ETHERNET + (shape->tagged ? TAG : 0);
	packet->l4 = packet->l3 + ip_bytes(shape);
	packet->payload = packet->l4 + transport_bytes(shape);
	packet->length = packet->payload + shape->payload;
	put_link(packet, addresses);
	if (shape->version == 4)
		put_ipv4(packet);
	else
		put_ipv6(packet);
	if (protocol_of(shape) == PACKET_TCP)
		put_tcp(packet);
	else if (protocol_of(shape) == PACKET_UDP)
		put_udp(packet);
	put_payload(packet);
	packet_set_checksums(packet);
}
