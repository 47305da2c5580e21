/* SPDX-License-Identifier: MIT */
/* What an administrator does to a device: its settings, restart, removal. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/request/device_job.h"
#include "host/request/show.h"
#include "nt/status.h"

void device_job_init(struct device_job *job, const struct request *r, struct port *port)
{
	job->host = r->host;
	job->nic = port->nic;
	job->client = r->client;
	show_name(port->nic, port, job->name);
}

json_t *device_job_post(const struct request *r, void (*run)(void *), bool flag)
{
	json_t *error = NULL;
	struct port *port = request_port(r, &error);
	struct device_job *job;

	if (!port)
		return error;
	job = calloc(1, sizeof(*job));
	if (job) {
		device_job_init(job, r, port);
		job->flag = flag;
	}
	return request_post(r, port->nic, run, job);
}

void device_job_reply(struct device_job *job, NTSTATUS status, const struct error *why,
		      const char *state)
{
	char text[96];

	if (NT_SUCCESS(status))
		host_reply(
			job->host, job->client,
			json_pack("{s:b,s:s,s:s}", "ok", 1, "adapter", job->name, "state", state));
	else
		host_reply(job->host, job->client,
			   control_error("%s: %s: %s", job->name, why->text,
					 status_text((uint32_t)status, text, sizeof(text))));
	free(job);
}

static void run_restart(void *context)
{
	struct device_job *job = context;
	struct error why = { "" };
	NTSTATUS status = nic_restart_by_user(job->nic, job->flag, &why);

	device_job_reply(job, status, &why, nic_state_name(nic_state(job->nic)));
}

json_t *request_restart(const struct request *r)
{
	bool rebalance;
	json_t *error = request_bool(r, "rebalance", &rebalance);

	return error ? error : device_job_post(r, run_restart, rebalance);
}

static void run_remove(void *context)
{
	struct device_job *job = context;
	enum nic_state state = nic_state(job->nic);
	bool surprise = job->flag;
	struct nic *nic = job->nic;
	struct error why = { "" };

	if (state != NIC_RUNNING && state != NIC_FAILED && state != NIC_ASLEEP) {
		error_set(&why, "the adapter is %s", nic_state_name(state));
		device_job_reply(job, STATUS_INVALID_DEVICE_STATE, &why, "");
		return;
	}
	nic_unplug(nic, surprise);
	device_job_reply(job, STATUS_SUCCESS, &why, "removed");
	/* The main thread frees the nic from here on. */
	nic_unplugged(nic);
}

json_t *request_remove(const struct request *r)
{
	bool surprise;
	json_t *error = request_bool(r, "surprise", &surprise);

	return error ? error : device_job_post(r, run_remove, surprise);
}

static void run_link(void *context)
{
	struct device_job *job = context;
	struct device *device = job->nic->device;
	struct error why = { "" };

	if (!device || !device_has_cable(device)) {
		error_set(&why, "it has no hardware with a cable (netcx run --device rtl8168)");
		device_job_reply(job, STATUS_NOT_SUPPORTED, &why, "");
		return;
	}
	device_set_link(device, job->flag);
	device_job_reply(job, STATUS_SUCCESS, &why, nic_state_name(nic_state(job->nic)));
}

json_t *request_link(const struct request *r)
{
	bool up;
	json_t *error = request_bool(r, "up", &up);

	return error ? error : device_job_post(r, run_link, up);
}

/* ---- settings ---- */

struct set_job {
	struct netcx_host *host;
	struct nic *nic;
	uint64_t client;
	bool clear; /* back to the default */
	char name[64];
	struct keyword_setting setting;
};

static void run_set(void *context)
{
	struct set_job *job = context;
	struct error why = { "" };
	char text[96];
	NTSTATUS status =
		nic_set(job->nic, job->setting.name, job->clear ? NULL : job->setting.value, &why);
	json_t *json;

	if (NT_SUCCESS(status)) {
		json = json_pack("{s:b,s:s,s:s}", "ok", 1, "adapter", job->name, "keyword",
				 job->setting.name);
		if (!job->clear)
			json_object_set_new(json, "value", json_string(job->setting.value));
		if (job->nic->settings[0])
			json_object_set_new(json, "file", json_string(job->nic->settings));
	} else {
		json = control_error("%s: %s: %s", job->name, why.text,
				     status_text((uint32_t)status, text, sizeof(text)));
	}
	host_reply(job->host, job->client, json);
	free(job);
}

/* The INF lists it, or gives it a value; without an INF nobody knows better. */
static bool inf_knows(const struct nic *nic, const char *keyword)
{
	enum nt_reg_type type;
	size_t length;

	return !nic->install.section || inf_find_keyword(&nic->install, keyword) ||
	       nt_reg_query(nic->software, keyword, &type, NULL, 0, &length) !=
		       STATUS_OBJECT_NAME_NOT_FOUND;
}

static json_t *read_setting(const struct request *r, const struct nic *nic, struct set_job *job)
{
	const char *keyword = json_string_value(json_object_get(r->json, "keyword"));
	json_t *value = json_object_get(r->json, "value");
	char text[KEYWORD_MAX_NAME + KEYWORD_MAX_VALUE + 8];
	struct error why;

	if (!keyword)
		return control_error("\"keyword\" names what is to be set");
	if (value && !json_is_null(value) && !json_is_string(value))
		return control_error("\"value\" is a string, or null for the default");
	job->clear = !value || json_is_null(value);
	if (snprintf(text, sizeof(text), "%s=%s", keyword,
		     job->clear ? "" : json_string_value(value)) >= (int)sizeof(text))
		return control_error("a keyword has at most %d characters, its value %d",
				     KEYWORD_MAX_NAME, KEYWORD_MAX_VALUE);
	if (strchr(keyword, '='))
		return control_error("%.60s: a keyword has no equals sign in its name", keyword);
	if (!keyword_split(text, &job->setting, &why) ||
	    (!job->clear && !nic_check_setting(nic, &job->setting, &why)))
		return control_error("%.80s: %s", keyword, why.text);
	if (job->clear || json_is_true(json_object_get(r->json, "force")) ||
	    inf_knows(nic, job->setting.name))
		return NULL;
	return control_error(
		"%.80s: the driver's INF does not know it; netcx show has those that it knows, --force sets it all the same",
		keyword);
}

json_t *request_set(const struct request *r)
{
	json_t *error = NULL;
	struct port *port = request_port(r, &error);
	struct set_job *job;

	if (!port)
		return error;
	job = calloc(1, sizeof(*job));
	if (job) {
		job->host = r->host;
		job->nic = port->nic;
		job->client = r->client;
		show_name(port->nic, port, job->name);
		error = read_setting(r, port->nic, job);
		if (error) {
			free(job);
			return error;
		}
	}
	return request_post(r, port->nic, run_set, job);
}
