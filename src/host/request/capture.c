/* SPDX-License-Identifier: MIT */
/*
 * "capture": the memory that an adapter's packets are copied into goes to the client, who reads it
 * by itself. It lasts as long as the connection. Answered at once.
 */
#include <stdio.h>
#include <string.h>

#include "host/request/request.h"
#include "host/request/show.h"

/* Is there anything at a point of this adapter? */
static bool has_point(const struct port *port, enum watch_point point)
{
	return point != WATCH_WIRE || (port->nic->device && port == &port->nic->first);
}

/* Return: what is wrong with "at", or NULL. */
static json_t *read_points(const struct request *r, const struct port *port, unsigned *points)
{
	json_t *at = json_object_get(r->json, "at"), *one;
	size_t i;

	*points = 0;
	for (enum watch_point p = 0; !at && p < WATCH_POINTS; p++)
		*points |= has_point(port, p) ? 1u << p : 0;
	if (at && (!json_is_array(at) || json_array_size(at) == 0))
		return control_error("\"at\" is a list of stack, ring and wire");
	json_array_foreach(at, i, one)
	{
		const char *name = json_string_value(one);
		enum watch_point p = 0;

		while (p < WATCH_POINTS && (!name || strcmp(name, watch_point_name(p)) != 0))
			p++;
		if (p == WATCH_POINTS)
			return control_error("\"at\": %.32s: stack, ring or wire is expected",
					     name ? name : "no text");
		if (!has_point(port, p))
			return control_error(
				"it has no hardware, and so no wire: stack and ring can be captured");
		*points |= 1u << p;
	}
	return NULL;
}

static void describe(const struct port *port, enum watch_point point, char *text, size_t room)
{
	if (point == WATCH_STACK)
		snprintf(text, room, "between %s and the adapter", port->stack->name);
	else if (point == WATCH_RING)
		snprintf(text, room, "the driver's packet rings");
	else
		snprintf(text, room, "between the device and %s", port->nic->wire->name);
}

static json_t *list_points(const struct port *port, unsigned points)
{
	json_t *list = json_array();
	char text[128];

	for (enum watch_point p = 0; p < WATCH_POINTS; p++) {
		if (!(points & 1u << p))
			continue;
		describe(port, p, text, sizeof(text));
		json_array_append_new(list, json_pack("{s:s,s:o}", "name", watch_point_name(p),
						      "description", show_text(text)));
	}
	return list;
}

static bool is_power_of_two(json_int_t size)
{
	return !(size & (size - 1));
}

/* Return: what is wrong with a size, or NULL. */
static json_t *read_sizes(const struct request *r, json_int_t *size, json_int_t *snap)
{
	json_t *error = request_number(r, "snaplen", WATCH_SNAP_MOST, snap);

	if (!error)
		error = request_number(r, "buffer", WATCH_SIZE_MOST, size);
	if (error)
		return error;
	if (!*snap)
		*snap = WATCH_SNAP_MOST;
	if (*size < WATCH_SIZE_LEAST || !is_power_of_two(*size))
		return control_error("\"buffer\" is a power of two, of %u bytes at least",
				     WATCH_SIZE_LEAST);
	return NULL;
}

static json_t *reply(struct port *port, unsigned points)
{
	struct nic *nic = port->nic;
	char name[64];

	show_name(nic, port, name);
	return json_pack("{s:b,s:o,s:o,s:o,s:o}", "ok", 1, "adapter", show_text(name), "driver",
			 show_text(nic->driver->name), "device",
			 nic->device ? json_string(nic->device->ops->name) : json_null(), "points",
			 list_points(port, points));
}

json_t *request_capture(const struct request *r)
{
	json_int_t size = WATCH_SIZE_NORMAL, snap = 0;
	json_t *error = NULL;
	struct port *port = request_port(r, &error);
	struct error why;
	unsigned points;
	int fd;

	if (!error)
		error = read_points(r, port, &points);
	if (!error)
		error = read_sizes(r, &size, &snap);
	if (!error && port->watcher)
		error = control_error("it is being captured already, by another netcx capture");
	if (error)
		return error;
	fd = watch_begin(&port->watch, points, (uint32_t)size, (uint32_t)snap, &why);
	if (fd < 0)
		return control_error("%s", why.text);
	port->watcher = r->client;
	control_attach(&r->host->control, r->client, fd);
	return reply(port, points);
}

void host_client_gone(void *context, uint64_t client)
{
	struct netcx_host *host = context;

	for (struct nic *nic = host->nics; nic; nic = nic->next) {
		pthread_mutex_lock(&nic->lock);
		for (struct port *p = &nic->first; p; p = p->next) {
			if (p->watcher != client)
				continue;
			watch_end(&p->watch);
			p->watcher = 0;
		}
		pthread_mutex_unlock(&nic->lock);
	}
}
