/* SPDX-License-Identifier: MIT */
/* The requests of control/protocol.h: "show" is answered at once, others by the adapter's worker.
 */
#include "host/request/request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "host/request/offload.h"
#include "host/request/show.h"

static bool has_name(struct nic *nic, const struct port *port, const char *name)
{
	char own[64];

	show_name(nic, port, own);
	return strcmp(own, name) == 0;
}

static bool has_tap(struct nic *nic, const struct port *port, const char *name)
{
	const char *edge = port->stack->name;

	return strncmp(edge, "tap:", 4) == 0 && strcmp(edge + 4, name) == 0;
}

/* What a name means: an adapter of it or, if there is none, one behind that network device. */
typedef bool called(struct nic *nic, const struct port *port, const char *name);

static called *meaning_of(struct netcx_host *host, const char *name)
{
	for (struct nic *nic = host->nics; nic && name; nic = nic->next) {
		for (struct port *p = port_next(nic, NULL); p; p = port_next(nic, p)) {
			if (has_name(nic, p, name))
				return has_name;
		}
	}
	return has_tap;
}

static json_t *show(struct netcx_host *host, const char *name)
{
	called *is_called = meaning_of(host, name);
	json_t *adapters = json_array();

	for (struct nic *nic = host->nics; nic; nic = nic->next) {
		for (struct port *p = port_next(nic, NULL); p; p = port_next(nic, p)) {
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

struct port *request_port(const struct request *r, json_t **error)
{
	struct netcx_host *host = r->host;
	const char *name = r->adapter;
	called *is_called = meaning_of(host, name);
	struct port *found = NULL;
	unsigned count = 0;

	for (struct nic *nic = host->nics; nic; nic = nic->next) {
		for (struct port *p = port_next(nic, NULL); p; p = port_next(nic, p)) {
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
	return control_error(phase == HOST_RUNNING ? "out of memory" : "the host is stopping");
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

static json_t *show_all(const struct request *r)
{
	return show(r->host, r->adapter);
}

static const struct {
	const char *op;
	json_t *(*run)(const struct request *r);
	bool early; /* also while the adapters come up; the others wait until they are */
} operations[] = {
	{ "show", show_all, true },
	{ "offload", request_offload, false },
	{ "oid", request_oid, false },
	{ "set", request_set, false },
	{ "restart", request_restart, false },
	{ "remove", request_remove, false },
	{ "sleep", request_sleep, false },
	{ "wake", request_wake, false },
	{ "link", request_link, false },
	{ "trace", request_trace, true },
	{ "capture", request_capture, false },
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
		if (strcmp(op, operations[i].op) != 0)
			continue;
		if (r.host->phase != HOST_STARTING || operations[i].early)
			return operations[i].run(&r);
		if (host_postpone(r.host, client, request))
			return NULL;
		return control_error("out of memory");
	}
	return control_error("no such op: %.64s", op);
}
