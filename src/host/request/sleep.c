/* SPDX-License-Identifier: MIT */
/* {"op":"sleep"} and {"op":"wake"}: what wakes an adapter, and what it answers in its sleep. */
#include <stdlib.h>
#include <string.h>

#include "control/wake_text.h"
#include "host/request/device_job.h"

_Static_assert(NDIS_WAKE_BYTES == WAKE_TEXT_BYTES && NDIS_WAKE_ENTRIES == WAKE_TEXT_ENTRIES,
	       "what can be written can be asked for");

static json_t *read_pattern(const char *text, struct ndis_wake *wake)
{
	struct ndis_wake_pattern *to = &wake->patterns[wake->pattern_count++];
	struct wake_pattern pattern;
	struct error why;

	if (!wake_pattern_read(text, &pattern, &why))
		return control_error("pattern %.40s: %s", text, why.text);
	memcpy(to->bytes, pattern.bytes, sizeof(to->bytes));
	memcpy(to->mask, pattern.mask, sizeof(to->mask));
	to->length = pattern.length;
	return NULL;
}

static json_t *read_arp(const char *text, struct ndis_wake *wake)
{
	struct ndis_arp_offload *to = &wake->arp[wake->arp_count++];
	struct error why;

	return wake_arp_read(text, to->host, to->remote, &why)
		       ? NULL
		       : control_error("arp %.40s: %s", text, why.text);
}

static json_t *read_ns(const char *text, struct ndis_wake *wake)
{
	struct ndis_ns_offload *to = &wake->ns[wake->ns_count++];
	struct error why;

	return wake_ns_read(text, to->targets, &why)
		       ? NULL
		       : control_error("ns %.90s: %s", text, why.text);
}

/* A member that is a list of strings; absent: an empty one. */
static json_t *read_list(const struct request *r, const char *member,
			 json_t *(*read)(const char *text, struct ndis_wake *wake),
			 struct ndis_wake *wake)
{
	json_t *list = json_object_get(r->json, member), *item, *error;
	size_t i;

	if (list && !json_is_array(list))
		return control_error("\"%s\" is a list of strings", member);
	if (json_array_size(list) > NDIS_WAKE_ENTRIES)
		return control_error("\"%s\": %zu are too many, at most %d can be asked for",
				     member, json_array_size(list), NDIS_WAKE_ENTRIES);
	json_array_foreach(list, i, item)
	{
		if (!json_is_string(item))
			return control_error("\"%s\" is a list of strings", member);
		error = read(json_string_value(item), wake);
		if (error)
			return error;
	}
	return NULL;
}

/* What the filter lets through wakes a device that idles, and then patterns do not count. */
static json_t *check_filter(const struct ndis_wake *wake, bool idle)
{
	if (wake->filter && !idle)
		return control_error(
			"\"filter\" wakes a device that idles: it comes with \"idle\"");
	if (wake->filter && (wake->magic || wake->eapol || wake->pattern_count))
		return control_error(
			"\"filter\" wakes by every packet: it does not go with \"wake\", \"eapol\" and \"patterns\"");
	return NULL;
}

static json_t *read_wake(const struct request *r, bool *idle, struct ndis_wake *wake)
{
	const struct {
		const char *name;
		bool *value;
	} flags[] = {
		{ "idle", idle },
		{ "wake", &wake->magic },
		{ "eapol", &wake->eapol },
		{ "connect", &wake->connect },
		{ "disconnect", &wake->disconnect },
		{ "filter", &wake->filter },
	};
	json_t *error = NULL;

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]) && !error; i++)
		error = request_bool(r, flags[i].name, flags[i].value);
	if (!error)
		error = read_list(r, "patterns", read_pattern, wake);
	if (!error)
		error = read_list(r, "arp", read_arp, wake);
	if (!error)
		error = read_list(r, "ns", read_ns, wake);
	return error ? error : check_filter(wake, *idle);
}

struct sleep_job {
	struct device_job device;
	struct port *port;
	bool idle;
	struct ndis_wake wake;
};

static void run_sleep(void *context)
{
	struct sleep_job *job = context;
	struct nic *nic = job->device.nic;
	struct error why = { "" };
	NTSTATUS status = nic_sleep(nic, job->port, job->idle, &job->wake, &why);

	device_job_reply(&job->device, status, &why, nic_state_name(nic_state(nic)));
}

json_t *request_sleep(const struct request *r)
{
	json_t *error = NULL;
	struct port *port = request_port(r, &error);
	struct sleep_job *job;

	if (!port)
		return error;
	job = calloc(1, sizeof(*job));
	if (job) {
		device_job_init(&job->device, r, port);
		job->port = port;
		error = read_wake(r, &job->idle, &job->wake);
		if (error) {
			free(job);
			return error;
		}
	}
	return request_post(r, port->nic, run_sleep, job);
}

static void run_wake(void *context)
{
	struct device_job *job = context;
	struct error why = { "" };
	NTSTATUS status = nic_wake(job->nic, job->flag, &why);

	device_job_reply(job, status, &why, nic_state_name(nic_state(job->nic)));
}

json_t *request_wake(const struct request *r)
{
	bool triggered;
	json_t *error = request_bool(r, "triggered", &triggered);

	return error ? error : device_job_post(r, run_wake, triggered);
}
