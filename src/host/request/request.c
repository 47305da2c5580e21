/* SPDX-License-Identifier: MIT */
/* The requests of control/protocol.h: "show" is answered at once, others by the adapter's worker.
 */
#include "host/request/request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "host/request/show.h"
#include "ndis/offload.h"
#include "nt/status.h"

/* The port list only grows while the host runs, under the nic's lock. */
static struct port *next_port(struct nic *nic, struct port *port)
{
	pthread_mutex_lock(&nic->lock);
	port = port ? port->next : &nic->first;
	pthread_mutex_unlock(&nic->lock);
	return port;
}

/* By the adapter's name, or the network device's on its stack edge ("nic0" of "tap:nic0"). */
static bool is_called(struct nic *nic, const struct port *port, const char *name)
{
	const char *edge = port->stack->name;
	bool called;

	pthread_mutex_lock(&nic->lock);
	called = strcmp(show_name(nic, port), name) == 0;
	pthread_mutex_unlock(&nic->lock);
	return called || (strncmp(edge, "tap:", 4) == 0 && strcmp(edge + 4, name) == 0);
}

static json_t *show(struct netcx_host *host, const char *name)
{
	json_t *adapters = json_array();

	for (struct nic *nic = host->nics; nic; nic = nic->next) {
		for (struct port *p = next_port(nic, NULL); p; p = next_port(nic, p)) {
			if (!name || is_called(nic, p, name))
				json_array_append_new(adapters, show_port(nic, p));
		}
	}
	if (name && json_array_size(adapters) == 0) {
		json_decref(adapters);
		return control_error("there is no adapter \"%.64s\"", name);
	}
	return json_pack("{s:b,s:I,s:s,s:o}", "ok", 1, "pid", (json_int_t)getpid(), "version",
			 netcx_version(), "adapters", adapters);
}

struct offload_job {
	struct netcx_host *host;
	struct port *port;
	uint64_t client;
	struct cx_offload_request request;
};

static void run_offload(void *context)
{
	struct offload_job *job = context;
	struct port *port = job->port;
	struct error error;
	char text[96];
	NTSTATUS status;
	json_t *reply;

	status = ndis_set_offloads(&port->ndis, &job->request, NDIS_FROM_ADMINISTRATOR, &error);
	if (NT_SUCCESS(status))
		reply = json_pack("{s:b,s:s,s:o}", "ok", 1, "adapter", show_name(port->nic, port),
				  "active", show_state(&port->ndis.adapter->offload.active));
	else
		reply = control_error("%s: %s: %s", show_name(port->nic, port), error.text,
				      status_text((uint32_t)status, text, sizeof(text)));
	host_reply(job->host, job->client, reply);
	free(job);
}

/* Return: NULL, or what is wrong with the setting. */
static json_t *read_setting(json_t *request, const char *key, enum cx_setting *setting)
{
	json_t *value = json_object_get(request, key);
	const char *text = json_string_value(value);

	*setting = CX_SAME;
	if (!value || (text && strcmp(text, "same") == 0))
		return NULL;
	if (!text || (strcmp(text, "on") != 0 && strcmp(text, "off") != 0))
		return control_error("%s: on, off or same is expected", key);
	*setting = strcmp(text, "on") == 0 ? CX_ON : CX_OFF;
	return NULL;
}

/* Both directions and, of LSO for IPv4, both versions: an administrator means the whole of it. */
static json_t *read_settings(json_t *json, struct cx_offload_request *r)
{
	enum cx_setting lso_v4, lso_v6, ip, tcp, udp;
	json_t *error = read_setting(json, "lso_v4", &lso_v4);

	if (!error)
		error = read_setting(json, "lso_v6", &lso_v6);
	if (!error)
		error = read_setting(json, "checksum_ipv4", &ip);
	if (!error)
		error = read_setting(json, "checksum_tcp", &tcp);
	if (!error)
		error = read_setting(json, "checksum_udp", &udp);
	if (error)
		return error;
	*r = (struct cx_offload_request){ .lso_v1_ipv4 = lso_v4,
					  .lso_v2_ipv4 = lso_v4,
					  .lso_v2_ipv6 = lso_v6,
					  .ipv4_checksum = { ip, ip },
					  .tcp_ipv4_checksum = { tcp, tcp },
					  .tcp_ipv6_checksum = { tcp, tcp },
					  .udp_ipv4_checksum = { udp, udp },
					  .udp_ipv6_checksum = { udp, udp } };
	return NULL;
}

struct port *request_port(const struct request *r, json_t **error)
{
	struct netcx_host *host = r->host;
	const char *name = r->adapter;
	struct port *found = NULL;
	unsigned count = 0;

	for (struct nic *nic = host->nics; nic; nic = nic->next) {
		for (struct port *p = next_port(nic, NULL); p; p = next_port(nic, p)) {
			if (name && !is_called(nic, p, name))
				continue;
			found = p;
			count++;
		}
	}
	if (count == 1)
		return found;
	*error = count == 0 ? control_error("there is no adapter \"%.64s\"", name ? name : "")
			    : control_error("there are %u adapters: name one", count);
	return NULL;
}

json_t *request_post(const struct request *r, struct nic *nic, void (*run)(void *job), void *job)
{
	enum host_phase phase = r->host->phase;

	if (job && phase == HOST_RUNNING && nt_worker_post(nic->worker, run, job) == 0)
		return NULL;
	free(job);
	if (phase != HOST_RUNNING)
		return control_error("the host is %s",
				     phase == HOST_STARTING ? "still starting" : "stopping");
	return control_error("out of memory");
}

json_t *request_number(const struct request *r, const char *member, json_int_t most,
		       json_int_t *number)
{
	json_t *value = json_object_get(r->json, member);

	if (!value)
		return NULL;
	*number = json_integer_value(value);
	if (!json_is_integer(value) || *number < 0 || *number > most)
		return control_error("\"%s\" is a number from 0 to %lld", member, (long long)most);
	return NULL;
}

json_t *request_bool(const struct request *r, const char *member, bool *flag)
{
	json_t *value = json_object_get(r->json, member);

	*flag = json_is_true(value);
	return value && !json_is_boolean(value) ? control_error("\"%s\" is true or false", member)
						: NULL;
}

static json_t *offload(const struct request *r)
{
	struct cx_offload_request settings;
	json_t *error = read_settings(r->json, &settings);
	struct port *port = error ? NULL : request_port(r, &error);
	struct offload_job *job;

	if (!port)
		return error;
	job = malloc(sizeof(*job));
	if (job)
		*job = (struct offload_job){ r->host, port, r->client, settings };
	return request_post(r, port->nic, run_offload, job);
}

static json_t *show_all(const struct request *r)
{
	return show(r->host, r->adapter);
}

static const struct {
	const char *op;
	json_t *(*run)(const struct request *r);
} operations[] = {
	{ "show", show_all },       { "offload", offload },         { "oid", request_oid },
	{ "set", request_set },     { "restart", request_restart }, { "remove", request_remove },
	{ "sleep", request_sleep }, { "wake", request_wake },
};

json_t *host_request(void *context, uint64_t client, json_t *request)
{
	const char *op = json_string_value(json_object_get(request, "op"));
	json_t *adapter = json_object_get(request, "adapter");
	struct request r = { context, client, request, json_string_value(adapter) };

	if (!op)
		return control_error("a request has an \"op\": show, set, restart ...");
	if (adapter && !json_is_null(adapter) && !r.adapter)
		return control_error("\"adapter\" is a name");
	for (size_t i = 0; i < ARRAY_COUNT(operations); i++) {
		if (strcmp(op, operations[i].op) == 0)
			return operations[i].run(&r);
	}
	return control_error("no such op: %.64s", op);
}
