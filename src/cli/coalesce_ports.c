/* SPDX-License-Identifier: MIT */
#include "cli/coalesce_ports.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "capture/link.h"

#define LONGEST       65535u /* bytes of an IP packet */
#define ETHERNET      14u    /* bytes of its header */
#define ROOM_IN_FRONT 512u   /* of a unit, for a link header; a longer one is left alone */
#define LINK_ROOM     64u    /* bytes in front of it that a snap length is to leave */

/* An interface of the input. */
struct coalesce_port {
	struct coalesce_port *next;
	uint32_t number;
	struct lso_coalescer *coalescer;
	void *memory;
};

/* A packet that is kept, with all that it refers to. */
struct kept {
	struct capture_packet packet;
	struct capture_interface interface;
	struct capture_block block;
	struct capture_link link;
	bool other; /* than Ethernet: its header stands in for the link's */
	uint8_t ethernet[ETHERNET];
	uint8_t bytes[];
};

static struct kept *keep(const struct capture_packet *packet)
{
	size_t block = packet->block ? packet->block->length : 0;
	struct kept *k = malloc(sizeof(*k) + packet->captured + block);

	if (!k)
		return NULL;
	k->packet = *packet;
	k->interface = *packet->interface;
	k->packet.interface = &k->interface;
	k->packet.bytes = k->bytes;
	memcpy(k->bytes, packet->bytes, packet->captured);
	if (packet->block) {
		k->block = *packet->block;
		k->block.bytes = k->bytes + packet->captured;
		memcpy(k->bytes + packet->captured, packet->block->bytes, block);
		if (k->block.options)
			k->block.options =
				k->block.bytes + (packet->block->options - packet->block->bytes);
		k->packet.block = &k->block;
	}
	return k;
}

static void write_packet(struct coalesce_ports *p, const struct capture_packet *packet)
{
	p->counts.written++;
	if (!p->failed && !p->write(p->context, packet))
		p->failed = errno ? errno : EIO;
}

/*
 * write_unit() - several frames as one, with what is known of the first, its link header among it.
 * That leaves room for the one of Ethernet that stood for it.
 */
static void write_unit(struct coalesce_ports *p, const struct lso_unit *unit)
{
	const struct kept *first = unit->cookies[0];
	struct capture_packet packet = first->packet;
	size_t skip = first->other ? ETHERNET : 0;
	uint8_t *to = p->room + ROOM_IN_FRONT - skip;
	size_t length = 0;

	for (int i = 0; i < unit->count; i++) {
		memcpy(to + length, unit->iov[i].iov_base, unit->iov[i].iov_len);
		length += unit->iov[i].iov_len;
	}
	to += skip;
	length -= skip;
	if (skip) {
		to -= first->link.offset;
		memcpy(to, first->bytes, first->link.offset);
		capture_link_resize(to, &first->link, length);
		capture_link_without_fcs(to, &first->link);
		length += first->link.offset;
	}
	packet.bytes = to;
	packet.captured = packet.length = (uint32_t)length;
	packet.fcs = 0;
	packet.changed = true;
	write_packet(p, &packet);
}

static void came_out(void *context, const struct lso_unit *unit)
{
	struct coalesce_ports *p = context;
	struct coalesce_counts *counts = &p->counts;

	if (unit->frames == 1) {
		counts->alone[unit->end]++;
		write_packet(p, &((const struct kept *)unit->cookies[0])->packet);
	} else {
		counts->units++;
		counts->joined += unit->frames;
		counts->inexact += !unit->exact;
		counts->ends[unit->end]++;
		write_unit(p, unit);
	}
	for (uint32_t i = 0; i < unit->frames; i++)
		free(unit->cookies[i]);
}

/* make_port() - Return: NULL without memory */
static struct coalesce_port *make_port(struct coalesce_ports *p,
				       const struct capture_interface *interface)
{
	struct coalesce_port *port = calloc(1, sizeof(*port));
	struct lso_coalesce_options options = p->options;
	size_t size;

	options.size = sizeof(options);
	options.emit = came_out;
	options.context = p;
	/* What is longer than the snap length would be cut off by readers. */
	if (interface->snap > LINK_ROOM && interface->snap < LONGEST + LINK_ROOM)
		options.max_length = interface->snap - LINK_ROOM;
	size = lso_coalesce_size(&options);
	if (port)
		port->memory = aligned_alloc(64, size);
	if (!port || lso_coalesce_begin(&port->coalescer, port->memory, size, &options)) {
		free(port);
		return NULL;
	}
	port->number = interface->number;
	port->next = p->first;
	p->first = port;
	return port;
}

static struct coalesce_port *port_of(struct coalesce_ports *p,
				     const struct capture_interface *interface)
{
	struct coalesce_port *port = p->first;

	while (port && port->number != interface->number)
		port = port->next;
	return port ? port : make_port(p, interface);
}

static uint64_t nanoseconds(const struct capture_packet *packet)
{
	const struct capture_time time = capture_time(packet);

	return time.seconds < 0 ? 0 : (uint64_t)time.seconds * 1000000000u + time.nanoseconds;
}

/* fail() - Return: false */
static bool fail(int number)
{
	errno = number;
	return false;
}

/*
 * stand_in() - an Ethernet header for another link's, with addresses that tell all links apart that
 * differ in more than their length field
 */
static void stand_in(struct kept *k, uint16_t type)
{
	const struct capture_link *link = &k->link;
	uint64_t hash = 0xcbf29ce484222325u;

	for (size_t i = 0; i < link->offset; i++) {
		bool length = link->length_at && (i == link->length_at || i == link->length_at + 1);

		hash = (hash ^ (length ? 0 : k->bytes[i])) * 0x100000001b3u;
	}
	memset(k->ethernet, 0, sizeof(k->ethernet));
	memcpy(k->ethernet, &hash, sizeof(hash));
	k->ethernet[ETHERNET - 4] = (uint8_t)(link->offset >> 8);
	k->ethernet[ETHERNET - 3] = (uint8_t)link->offset;
	k->ethernet[ETHERNET - 2] = (uint8_t)(type >> 8);
	k->ethernet[ETHERNET - 1] = (uint8_t)type;
}

/* find_ip() - Return: whether there is IP in Ethernet or behind another link header */
static bool find_ip(struct kept *k)
{
	const struct capture_packet *packet = &k->packet;
	uint16_t type;

	memset(&k->link, 0, sizeof(k->link));
	k->other = k->interface.link != CAPTURE_ETHERNET;
	if (!k->other)
		return true;
	if (!capture_link_is_known(k->interface.link) ||
	    !capture_link_find(k->interface.link, k->bytes, packet->captured, &k->link))
		return false;
	if (k->link.ethernet || k->link.offset > ROOM_IN_FRONT ||
	    k->link.offset >= packet->captured)
		return false;
	type = k->link.ethertype;
	if (type == CAPTURE_NO_ETHERTYPE)
		type = k->bytes[k->link.offset] >> 4 == 4 ? 0x0800 : 0x86dd;
	stand_in(k, type);
	return true;
}

/* frame_of() - as the coalescer sees it. Return: pieces of @iov */
static int frame_of(struct kept *k, struct iovec iov[2])
{
	const struct capture_packet *packet = &k->packet;
	size_t length = packet->captured - k->link.offset;
	uint32_t fcs = packet->fcs;

	/* A frame check sequence that is known of is no padding. */
	if (k->link.fcs_at && k->bytes[k->link.fcs_at] & 0x10)
		fcs = 4;
	if (packet->captured == packet->length && fcs < length)
		length -= fcs;
	iov[0] = (struct iovec){ k->ethernet, ETHERNET };
	iov[1] = (struct iovec){ k->bytes + k->link.offset, length };
	if (k->other)
		return 2;
	iov[0] = iov[1];
	return 1;
}

bool coalesce_packet(struct coalesce_ports *p, const struct capture_packet *packet)
{
	struct coalesce_port *port;
	struct iovec iov[2];
	struct kept *k;
	int count;

	p->counts.packets++;
	if (!p->room)
		p->room = malloc(ROOM_IN_FRONT + LONGEST + LSO_MAX_HEADERS);
	port = port_of(p, packet->interface);
	k = p->room && port ? keep(packet) : NULL;
	if (!k)
		return fail(ENOMEM);
	if (find_ip(k)) {
		count = frame_of(k, iov);
		lso_coalesce_expire(port->coalescer, nanoseconds(packet));
		lso_coalesce_frame(port->coalescer, iov, count,
				   p->trust ? LSO_FRAME_TRUSTED : LSO_FRAME_VERIFY, k);
	} else {
		p->counts.untouched++;
		write_packet(p, packet);
		free(k);
	}
	return p->failed ? fail(p->failed) : true;
}

bool coalesce_flush(struct coalesce_ports *p)
{
	for (struct coalesce_port *port = p->first; port; port = port->next)
		lso_coalesce_flush(port->coalescer, UINT32_MAX);
	return p->failed ? fail(p->failed) : true;
}

void coalesce_forget(struct coalesce_ports *p)
{
	while (p->first) {
		struct coalesce_port *port = p->first;

		p->first = port->next;
		free(port->memory);
		free(port);
	}
	free(p->room);
	p->room = NULL;
}
