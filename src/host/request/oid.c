/* SPDX-License-Identifier: MIT */
/* OIDs by hand: what an administrator's tool, or another NDIS component, asks of an adapter. */
#include "cx/oid.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "host/oid_value.h"
#include "host/request/request.h"
#include "host/request/show.h"
#include "nt/status.h"

#define MOST_INPUT  4096
#define MOST_OUTPUT 65536

/* From the request to its completion, which may come on any thread. */
struct oid_job {
	struct cx_oid oid; /* first: the completion is given this one */
	struct netcx_host *host;
	struct port *port;
	uint64_t client;
	const char *type;
	enum oid_kind kind;
	char name[64];
	_Alignas(8) uint8_t buffer[];
};

static json_t *hex_of(const uint8_t *data, size_t length)
{
	char *text = malloc(2 * length + 1);
	json_t *hex;

	if (!text)
		return NULL;
	hex_put(text, data, length);
	hex = json_stringn(text, 2 * length);
	free(text);
	return hex;
}

static void add_output(json_t *reply, const struct oid_job *job)
{
	size_t length = job->oid.bytes_written;
	json_t *value;

	if (length > job->oid.output_length)
		length = job->oid.output_length;
	json_object_set_new(reply, "data", hex_of(job->buffer, length));
	value = oid_value(job->kind, job->buffer, length);
	if (value)
		json_object_set_new(reply, "value", value);
}

static void done(struct cx_oid *oid)
{
	struct oid_job *job = (struct oid_job *)oid;
	const struct oid_info *info = oid_by_number(oid->oid);
	char text[96];
	json_t *reply;

	reply = json_pack("{s:b,s:s,s:s,s:s?,s:I,s:b,s:s,s:I,s:i,s:i,s:i}", "ok", 1, "adapter",
			  job->name, "type", job->type, "oid", info->name, "number",
			  (json_int_t)oid->oid, "success", NT_SUCCESS(oid->status), "status",
			  status_text((uint32_t)oid->status, text, sizeof(text)), "status_number",
			  (json_int_t)(uint32_t)oid->status, "bytes_read", (int)oid->bytes_read,
			  "bytes_written", (int)oid->bytes_written, "bytes_needed",
			  (int)oid->bytes_needed);
	if (reply && NT_SUCCESS(oid->status) && oid->type != NdisRequestSetInformation)
		add_output(reply, job);
	host_reply(job->host, job->client, reply);
	free(job);
}

static void run_oid(void *context)
{
	struct oid_job *job = context;
	enum nic_state state = nic_state(job->port->nic);

	if (!job->port->ndis.adapter || state != NIC_RUNNING) {
		host_reply(job->host, job->client,
			   control_error("%s: the adapter is %s", job->name,
					 state != NIC_RUNNING ? nic_state_name(state)
							      : "not started"));
		free(job);
		return;
	}
	ndis_send_oid(&job->port->ndis, &job->oid);
}

/* What the request says, before there is room for the data. */
struct oid_words {
	const char *type, *data;
	NDIS_REQUEST_TYPE ndis;
	NDIS_OID oid;
	const struct oid_info *info;
	size_t input, output;
};

static json_t *read_type(struct oid_words *w)
{
	if (w->type && strcmp(w->type, "query") == 0)
		w->ndis = NdisRequestQueryInformation;
	else if (w->type && strcmp(w->type, "set") == 0)
		w->ndis = NdisRequestSetInformation;
	else if (w->type && strcmp(w->type, "method") == 0)
		w->ndis = NdisRequestMethod;
	else
		return control_error("\"type\" is query, set or method");
	return NULL;
}

static json_t *read_id(const struct request *r, struct oid_words *w)
{
	json_t *id = json_object_get(r->json, "oid");

	if (json_is_integer(id) && json_integer_value(id) >= 0 &&
	    json_integer_value(id) <= UINT32_MAX) {
		w->oid = (NDIS_OID)json_integer_value(id);
		w->info = oid_by_number(w->oid);
		return NULL;
	}
	if (!json_is_string(id))
		return control_error("\"oid\" is a name or a number");
	w->info = oid_by_name(json_string_value(id));
	if (!w->info)
		return control_error("%.60s: no OID of that name is known; 0x... takes any",
				     json_string_value(id));
	w->oid = w->info->oid;
	return NULL;
}

static json_t *read_data(const struct request *r, struct oid_words *w)
{
	json_t *data = json_object_get(r->json, "data");
	size_t length;

	w->data = json_is_string(data) ? json_string_value(data) : "";
	length = strlen(w->data);
	if (data && !json_is_string(data))
		return control_error("\"data\" is a string of hexadecimal digits");
	if (length % 2 || length / 2 > MOST_INPUT)
		return control_error("\"data\" has two digits a byte, %d bytes at most",
				     MOST_INPUT);
	for (size_t i = 0; i < length; i++) {
		if (hex_digit((uint8_t)w->data[i]) > 15)
			return control_error("\"data\" is a string of hexadecimal digits");
	}
	w->input = length / 2;
	if (w->ndis == NdisRequestQueryInformation && w->input)
		return control_error("a query has no data");
	return NULL;
}

static json_t *read_words(const struct request *r, struct oid_words *w)
{
	json_int_t length = -1;
	json_t *error;

	w->type = json_string_value(json_object_get(r->json, "type"));
	error = read_type(w);
	if (!error)
		error = read_id(r, w);
	if (!error)
		error = read_data(r, w);
	if (!error)
		error = request_number(r, "length", MOST_OUTPUT, &length);
	if (error)
		return error;
	w->output = length >= 0 ? (size_t)length : w->info->length;
	if (w->ndis == NdisRequestSetInformation)
		w->output = 0;
	return NULL;
}

json_t *request_oid(const struct request *r)
{
	struct oid_words w = { 0 };
	json_t *error = read_words(r, &w);
	struct port *port = error ? NULL : request_port(r, &error);
	size_t room = w.input > w.output ? w.input : w.output;
	struct oid_job *job;

	if (!port)
		return error;
	job = calloc(1, sizeof(*job) + room);
	if (job) {
		job->host = r->host;
		job->port = port;
		job->client = r->client;
		job->type = w.ndis == NdisRequestMethod           ? "method"
			    : w.ndis == NdisRequestSetInformation ? "set"
								  : "query";
		job->kind = w.info->kind;
		show_name(port->nic, port, job->name);
		for (size_t i = 0; i < w.input; i++)
			job->buffer[i] = (uint8_t)(hex_digit((uint8_t)w.data[2 * i]) << 4 |
						   hex_digit((uint8_t)w.data[2 * i + 1]));
		job->oid = (struct cx_oid){ .type = w.ndis,
					    .oid = w.oid,
					    .buffer = room ? job->buffer : NULL,
					    .input_length = (UINT)w.input,
					    .output_length = (UINT)w.output,
					    .done = done };
	}
	return request_post(r, port->nic, run_oid, job);
}
