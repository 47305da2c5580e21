/* SPDX-License-Identifier: MIT */
/* The requests of control.h: "show" is answered at once, "offload" by the adapter's worker. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "host/show.h"
#include "host/status.h"

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
			if (name == NULL || is_called(nic, p, name))
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
	struct offload_request request;
};

static void run_offload(void *context)
{
	struct offload_job *job = context;
	struct port *port = job->port;
	char error[160] = "", text[96];
	NTSTATUS status;
	json_t *reply;

	status = offload_change(port, &job->request, false, error, sizeof(error));
	if (NT_SUCCESS(status))
		reply = json_pack("{s:b,s:s,s:o}", "ok", 1, "adapter", show_name(port->nic, port),
				  "active", show_state(&port->cx->offload.active));
	else
		reply = control_error("%s: %s: %s", show_name(port->nic, port), error,
				      status_text((uint32_t)status, text, sizeof(text)));
	host_reply(job->host, job->client, reply);
	free(job);
}

/* Return: NULL, or what is wrong with the setting. */
static json_t *read_setting(json_t *request, const char *key, enum offload_setting *setting)
{
	json_t *value = json_object_get(request, key);
	const char *text = json_string_value(value);

	*setting = OFFLOAD_SAME;
	if (value == NULL || (text && strcmp(text, "same") == 0))
		return NULL;
	if (text == NULL || (strcmp(text, "on") != 0 && strcmp(text, "off") != 0))
		return control_error("%s: on, off or same is expected", key);
	*setting = strcmp(text, "on") == 0 ? OFFLOAD_ON : OFFLOAD_OFF;
	return NULL;
}

static json_t *read_settings(json_t *request, struct offload_request *r)
{
	json_t *error = read_setting(request, "lso_v4", &r->lso_v4);

	if (error == NULL)
		error = read_setting(request, "lso_v6", &r->lso_v6);
	if (error == NULL)
		error = read_setting(request, "checksum_ipv4", &r->checksum_ipv4);
	if (error == NULL)
		error = read_setting(request, "checksum_tcp", &r->checksum_tcp);
	if (error == NULL)
		error = read_setting(request, "checksum_udp", &r->checksum_udp);
	return error;
}

/* The adapter of that name, or the only one. NULL with *error set. */
static struct port *find_port(struct netcx_host *host, const char *name, json_t **error)
{
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

static json_t *offload(struct netcx_host *host, uint64_t client, json_t *request, const char *name)
{
	struct offload_job *job;
	struct offload_request settings;
	json_t *error = read_settings(request, &settings);
	struct port *port = error ? NULL : find_port(host, name, &error);

	if (port == NULL)
		return error;
	if (host->phase != HOST_RUNNING)
		return control_error("the host is %s",
				     host->phase == HOST_STARTING ? "still starting" : "stopping");
	job = malloc(sizeof(*job));
	if (job == NULL)
		return control_error("out of memory");
	*job = (struct offload_job){ host, port, client, settings };
	if (nt_worker_post(port->nic->worker, run_offload, job) != 0) {
		free(job);
		return control_error("out of memory");
	}
	return NULL;
}

json_t *host_request(void *context, uint64_t client, json_t *request)
{
	const char *op = json_string_value(json_object_get(request, "op"));
	json_t *adapter = json_object_get(request, "adapter");
	const char *name = json_string_value(adapter);

	if (op == NULL)
		return control_error("a request has an \"op\": show, offload or events");
	if (adapter && !json_is_null(adapter) && name == NULL)
		return control_error("\"adapter\" is a name");
	if (strcmp(op, "show") == 0)
		return show(context, name);
	if (strcmp(op, "offload") == 0)
		return offload(context, client, request, name);
	return control_error("no such op: %.64s", op);
}
