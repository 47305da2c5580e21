/* SPDX-License-Identifier: MIT */
#include "host/request/offload.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "host/request/show.h"
#include "ndis/offload.h"
#include "nt/status.h"
#include "wdf/driver.h"

/* ---- what is shown ---- */

static json_t *show_checksum(const struct cx_checksum_caps *c)
{
	return json_pack("{s:b,s:b,s:b,s:b,s:b}", "ipv4", cx_checksum_ipv4(c), "tcp_v4",
			 (c->tcp.l3 & CX_L3_IPV4) != 0, "tcp_v6", (c->tcp.l3 & CX_L3_IPV6) != 0,
			 "udp_v4", (c->udp.l3 & CX_L3_IPV4) != 0, "udp_v6",
			 (c->udp.l3 & CX_L3_IPV6) != 0);
}

/* Which headers transmit offloads take beyond the plain ones; limits of 0 are none. */
static json_t *show_headers(const struct cx_offload_state *s)
{
	unsigned l3 = s->tx_checksum.ipv4.l3 | s->tx_checksum.tcp.l3 | s->tx_checksum.udp.l3;
	unsigned gso_l3 = s->lso.kinds.l3 | s->uso.kinds.l3;

	return json_pack("{s:{s:b,s:b,s:b,s:i,s:i},s:{s:b,s:b,s:b,s:i}}", "tx_checksum",
			 "ipv4_options", (l3 & CX_L3_IPV4_OPTIONS) != 0, "ipv6_extensions",
			 (l3 & CX_L3_IPV6_EXTENSIONS) != 0, "tcp_options",
			 (s->tx_checksum.tcp.l4 & CX_L4_TCP_OPTIONS) != 0,
			 "layer3_header_offset_limit", (int)s->tx_checksum.l3_offset_limit,
			 "layer4_header_offset_limit", (int)s->tx_checksum.l4_offset_limit, "gso",
			 "ipv4_options", (gso_l3 & CX_L3_IPV4_OPTIONS) != 0, "ipv6_extensions",
			 (gso_l3 & CX_L3_IPV6_EXTENSIONS) != 0, "tcp_options",
			 (s->lso.kinds.l4 & CX_L4_TCP_OPTIONS) != 0, "layer4_header_offset_limit",
			 (int)s->lso.l4_offset_limit);
}

/* What the coarse names leave out. */
static void add_fine(json_t *set, const struct cx_offload_state *s)
{
	json_object_set_new(set, "tx_checksum", show_checksum(&s->tx_checksum));
	json_object_set_new(set, "rx_checksum", show_checksum(&s->rx_checksum));
	json_object_set_new(
		set, "uso",
		json_pack("{s:b,s:b,s:I,s:I}", "ipv4", cx_uso_ipv4(s), "ipv6", cx_uso_ipv6(s),
			  "maximum_offload_size", (json_int_t)s->uso.maximum_offload_size,
			  "minimum_segment_count", (json_int_t)s->uso.minimum_segment_count));
	json_object_set_new(set, "rsc",
			    json_pack("{s:b,s:b,s:b,s:b}", "ipv4", cx_rsc_ipv4(s), "ipv6",
				      cx_rsc_ipv6(s), "tcp_timestamps", s->rsc.timestamps, "udp",
				      cx_rsc_udp(s)));
	json_object_set_new(set, "ieee8021q",
			    json_pack("{s:b,s:b}", "priority",
				      (s->ieee8021q & CX_IEEE8021Q_PRIORITY) != 0, "vlan",
				      (s->ieee8021q & CX_IEEE8021Q_VLAN) != 0));
	json_object_set_new(set, "headers", show_headers(s));
}

json_t *show_state(const struct cx_offload_state *s, bool fine)
{
	json_t *set = json_pack(
		"{s:{s:b,s:b,s:b},s:{s:b,s:b,s:I,s:I}}", "checksum", "ipv4",
		cx_checksum_ipv4(&s->tx_checksum), "tcp", cx_checksum_tcp(&s->tx_checksum), "udp",
		cx_checksum_udp(&s->tx_checksum), "lso", "ipv4", cx_lso_ipv4(s), "ipv6",
		cx_lso_ipv6(s), "maximum_offload_size", (json_int_t)s->lso.maximum_offload_size,
		"minimum_segment_count", (json_int_t)s->lso.minimum_segment_count);

	if (set && fine)
		add_fine(set, s);
	return set;
}

json_t *show_offloads(const struct port_status *status)
{
	const struct offload_picture *o = &status->offload;
	json_t *sets = json_pack("{s:o,s:o,s:o}", "hardware", show_state(&o->hardware, o->fine),
				 "default", show_state(&o->defaults, o->fine), "active",
				 show_state(&o->active, o->fine));

	if (!sets || !o->fine)
		return sets;
	json_object_set_new(sets, "offered", show_state(&o->capable, true));
	json_object_set_new(sets, "driver", show_state(&o->driver, true));
	json_object_set_new(sets, "paused", json_boolean(o->paused));
	return sets;
}

/* ---- what is asked for ---- */

struct offload_job {
	struct netcx_host *host;
	struct port *port;
	uint64_t client;
	char name[64];
	struct cx_offload_request request;
	const char *half;         /* a member that asks for one direction or family; NULL: none */
	enum cx_setting coalesce; /* ours, of which the driver knows nothing */
	bool driver;              /* it is told */
};

/* What one bit stands for cannot be taken apart. */
static json_t *refuse_half(const struct offload_job *job)
{
	const struct cx_adapter *cx = job->port->ndis.adapter;
	unsigned major = 0, minor = 0;

	if (!job->half || !cx || cx->offload.fallback)
		return NULL;
	wdf_driver_net_version(cx->object.driver, &major, &minor);
	return control_error(
		"%s: %s: a driver for NetAdapterCx %u.%u knows one setting for both directions and families of a checksum: use checksum_ipv4, checksum_tcp or checksum_udp",
		job->name, job->half, major, minor);
}

static json_t *refuse_coalesce(const struct offload_job *job)
{
	const struct edge *stack = job->port->stack;

	if (job->coalesce != CX_ON || stack->super_packets)
		return NULL;
	return control_error("%s: coalesce: %s takes no super-packets, only a TAP does", job->name,
			     stack->name);
}

static void set_coalesce(const struct offload_job *job)
{
	bool on = job->coalesce == CX_ON;
	struct nic *nic = job->port->nic;

	if (job->coalesce == CX_SAME)
		return;
	pthread_mutex_lock(&nic->lock);
	atomic_store(&nic->coalesce, on);
	if (job->port->dp)
		dp_set_coalesce(job->port->dp, on);
	pthread_mutex_unlock(&nic->lock);
}

/* What is active now; of an adapter that is started. */
static json_t *tell(const struct offload_job *job)
{
	const struct port *port = job->port;
	json_t *reply = json_pack("{s:b,s:s,s:b}", "ok", 1, "adapter", job->name, "coalesce",
				  show_coalesce(port));

	if (reply && port->ndis.adapter)
		json_object_set_new(reply, "active",
				    show_state(&port->ndis.adapter->offload.active,
					       port->ndis.adapter->offload.fallback));
	return reply;
}

static json_t *set_offloads(const struct offload_job *job)
{
	struct port *port = job->port;
	json_t *refused = refuse_half(job);
	struct error error;
	char text[96];
	NTSTATUS status = STATUS_SUCCESS;

	if (!refused)
		refused = refuse_coalesce(job);
	if (refused)
		return refused;
	if (job->driver)
		status = ndis_set_offloads(&port->ndis, &job->request, NDIS_FROM_ADMINISTRATOR,
					   &error);
	if (NT_SUCCESS(status)) {
		set_coalesce(job);
		return tell(job);
	}
	return control_error("%s: %s: %s", job->name, error.text,
			     status_text((uint32_t)status, text, sizeof(text)));
}

static void run_offload(void *context)
{
	struct offload_job *job = context;

	host_reply(job->host, job->client, set_offloads(job));
	free(job);
}

/* Return: NULL, or what is wrong with the setting. */
static json_t *read_setting(json_t *request, const char *key, enum cx_setting *setting)
{
	json_t *value = json_object_get(request, key);
	const char *text = json_string_value(value);

	if (!value || (text && strcmp(text, "same") == 0))
		return NULL;
	if (!text || (strcmp(text, "on") != 0 && strcmp(text, "off") != 0))
		return control_error("%s: on, off or same is expected", key);
	*setting = strcmp(text, "on") == 0 ? CX_ON : CX_OFF;
	return NULL;
}

/* Both directions and, of LSO for IPv4, both versions: an administrator means the whole of it. */
static json_t *read_coarse(json_t *json, struct cx_offload_request *r)
{
	enum cx_setting lso_v4 = CX_SAME, ip = CX_SAME, tcp = CX_SAME, udp = CX_SAME;
	json_t *error = read_setting(json, "lso_v4", &lso_v4);

	if (!error)
		error = read_setting(json, "lso_v6", &r->lso_v2_ipv6);
	if (!error)
		error = read_setting(json, "checksum_ipv4", &ip);
	if (!error)
		error = read_setting(json, "checksum_tcp", &tcp);
	if (!error)
		error = read_setting(json, "checksum_udp", &udp);
	r->lso_v1_ipv4 = r->lso_v2_ipv4 = lso_v4;
	r->ipv4_checksum = (struct cx_checksum_setting){ ip, ip };
	r->tcp_ipv4_checksum = r->tcp_ipv6_checksum = (struct cx_checksum_setting){ tcp, tcp };
	r->udp_ipv4_checksum = r->udp_ipv6_checksum = (struct cx_checksum_setting){ udp, udp };
	return error;
}

/* One each; they go before those that mean several. */
static json_t *read_fine(json_t *json, struct cx_offload_request *r, const char **half)
{
	const struct {
		const char *member;
		enum cx_setting *setting;
		bool half;
	} members[] = {
		{ "uso_v4", &r->uso_ipv4, false },
		{ "uso_v6", &r->uso_ipv6, false },
		{ "rsc_v4", &r->rsc_ipv4, false },
		{ "rsc_v6", &r->rsc_ipv6, false },
		{ "udp_rsc", &r->udp_rsc, false },
		{ "tx_checksum_ipv4", &r->ipv4_checksum.tx, true },
		{ "tx_checksum_tcp_v4", &r->tcp_ipv4_checksum.tx, true },
		{ "tx_checksum_tcp_v6", &r->tcp_ipv6_checksum.tx, true },
		{ "tx_checksum_udp_v4", &r->udp_ipv4_checksum.tx, true },
		{ "tx_checksum_udp_v6", &r->udp_ipv6_checksum.tx, true },
		{ "rx_checksum_ipv4", &r->ipv4_checksum.rx, true },
		{ "rx_checksum_tcp_v4", &r->tcp_ipv4_checksum.rx, true },
		{ "rx_checksum_tcp_v6", &r->tcp_ipv6_checksum.rx, true },
		{ "rx_checksum_udp_v4", &r->udp_ipv4_checksum.rx, true },
		{ "rx_checksum_udp_v6", &r->udp_ipv6_checksum.rx, true },
	};

	for (size_t i = 0; i < ARRAY_COUNT(members); i++) {
		json_t *error = read_setting(json, members[i].member, members[i].setting);

		if (error)
			return error;
		if (members[i].half && json_object_get(json, members[i].member) && !*half)
			*half = members[i].member;
	}
	return NULL;
}

/* A request about coalescing alone is none of the driver's. */
static bool asks_driver(json_t *json, const struct offload_job *job)
{
	size_t ours = json_object_get(json, "adapter") ? 3 : 2; /* "op", "coalesce" */

	return job->coalesce == CX_SAME || json_object_size(json) > ours;
}

json_t *request_offload(const struct request *r)
{
	struct offload_job read = { .host = r->host, .client = r->client }, *job;
	json_t *error = read_coarse(r->json, &read.request);

	if (!error)
		error = read_fine(r->json, &read.request, &read.half);
	if (!error)
		error = read_setting(r->json, "coalesce", &read.coalesce);
	read.driver = asks_driver(r->json, &read);
	if (!error)
		read.port = request_port(r, &error);
	if (!read.port)
		return error;
	job = malloc(sizeof(*job));
	if (job) {
		*job = read;
		show_name(job->port->nic, job->port, job->name);
	}
	return request_post(r, read.port->nic, run_offload, job);
}
