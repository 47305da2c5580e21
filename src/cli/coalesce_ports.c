/* SPDX-License-Identifier: MIT */
#include "cli/coalesce_ports.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "capture/link.h"

#define LONGEST   65535u /* bytes of an IP packet */
#define LINK_ROOM 64u    /* bytes in front of it that a snap length is to leave */

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

/* write_unit() - several frames as one, with what is known of the first */
static void write_unit(struct coalesce_ports *p, const struct lso_unit *unit)
{
	struct capture_packet packet = ((const struct kept *)unit->cookies[0])->packet;
	size_t length = 0;

	for (int i = 0; i < unit->count; i++) {
		memcpy(p->room + length, unit->iov[i].iov_base, unit->iov[i].iov_len);
		length += unit->iov[i].iov_len;
	}
	packet.bytes = p->room;
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

bool coalesce_packet(struct coalesce_ports *p, const struct capture_packet *packet)
{
	struct coalesce_port *port;
	struct iovec frame;
	struct kept *k;

	p->counts.packets++;
	if (packet->interface->link != CAPTURE_ETHERNET) {
		p->counts.untouched++;
		write_packet(p, packet);
		return p->failed ? fail(p->failed) : true;
	}
	if (!p->room)
		p->room = malloc(LONGEST + LSO_MAX_HEADERS);
	port = port_of(p, packet->interface);
	k = p->room && port ? keep(packet) : NULL;
	if (!k)
		return fail(ENOMEM);
	frame.iov_base = k->bytes;
	frame.iov_len = packet->captured;
	/* A frame check sequence that is known of is no padding. */
	if (packet->captured == packet->length && packet->fcs < packet->length)
		frame.iov_len -= packet->fcs;
	lso_coalesce_expire(port->coalescer, nanoseconds(packet));
	lso_coalesce_frame(port->coalescer, &frame, 1,
			   p->trust ? LSO_FRAME_TRUSTED : LSO_FRAME_VERIFY, k);
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
