/* SPDX-License-Identifier: MIT */
#include "stage.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

#include "cx/oid.h"
#include "host/hardware.h"

#define PATIENCE_S 30

struct stage *stage_new(const char *name, wdf_driver_entry *entry)
{
	struct stage *s = calloc(1, sizeof(*s));

	assert_non_null(s);
	s->driver_name = name;
	s->entry = entry;
	s->ring = 64;
	s->ops = stage_default_ops;
	s->host = (struct cx_host){ .ops = &s->ops, .context = s };
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->link_changed, NULL);
	journal_init(&s->journal);
	assert_int_equal(nt_machine_init(&s->machine), 0);
	s->machine.sink = journal_sink(&s->journal);
	s->worker = nt_worker_create(&s->machine, "worker");
	assert_non_null(s->worker);
	s->software_key = nt_reg_create();
	s->hardware_key = nt_reg_create();
	s->parameters = nt_reg_create();
	return s;
}

struct stage *stage_new_module(const char *name, const char *path)
{
	void *module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	struct stage *s;

	if (!module)
		fail_msg("%s", dlerror());
	s = stage_new(name, NULL);
	s->module = module;
	*(void **)&s->entry = dlsym(module, "DriverEntry");
	assert_non_null(s->entry);
	return s;
}

void stage_enter(struct stage *s)
{
	nt_thread_enter(&s->machine);
	s->entered = true;
}

static struct device_wire make_wire(struct stage *s)
{
	s->wire = malloc(sizeof(*s->wire));
	assert_non_null(s->wire);
	memory_wire_init(s->wire);
	return memory_wire_connector(s->wire);
}

void stage_use_card(struct stage *s, const char *model, const uint8_t mac[6])
{
	struct device_wire connector = make_wire(s);

	s->card = device_create(&s->machine, model, mac, &connector);
	assert_non_null(s->card);
}

void stage_use_model(struct stage *s, const struct device_ops *ops, const uint8_t mac[6])
{
	struct device_wire connector = make_wire(s);

	s->card = device_plug(&s->machine, ops, mac, &connector);
	assert_non_null(s->card);
}

static void destroy_datapath(struct stage *s)
{
	if (!s->dp)
		return;
	dp_destroy(s->dp);
	memory_edge_destroy(s->edge);
	free(s->edge);
}

static void destroy_card(struct stage *s)
{
	if (!s->card)
		return;
	device_destroy(s->card);
	memory_wire_destroy(s->wire);
	free(s->wire);
}

void stage_free(struct stage *s)
{
	stage_remove(s);
	destroy_datapath(s);
	nt_worker_destroy(s->worker);
	destroy_card(s);
	nt_reg_destroy(s->software_key);
	nt_reg_destroy(s->hardware_key);
	nt_reg_destroy(s->parameters);
	if (s->entered)
		nt_thread_leave();
	nt_machine_destroy(&s->machine);
	journal_destroy(&s->journal);
	pthread_cond_destroy(&s->link_changed);
	pthread_mutex_destroy(&s->lock);
	if (s->module)
		dlclose(s->module);
	free(s);
}

void stage_keyword(struct stage *s, const char *name, const char *value)
{
	if (value)
		assert_int_equal(nt_reg_set_string(s->software_key, name, value), STATUS_SUCCESS);
	else
		nt_reg_delete(s->software_key, name);
}

void stage_call(struct stage *s, void (*work)(void *), void *context)
{
	nt_worker_call(s->worker, work, context);
}

/* What runs on the worker, and how it ended. */
struct step {
	struct stage *stage;
	NTSTATUS status;
	NDIS_OFFLOAD_PARAMETERS parameters;
};

static void load(void *context)
{
	struct step *step = context;
	struct stage *s = step->stage;
	struct wdf_device_config config = {
		.name = "Ethernet",
		.hardware_key = s->hardware_key,
		.software_key = s->software_key,
		.worker = s->worker,
		.extension_context = &s->host,
	};

	hardware_to_config(s->card ? &s->card->bus : NULL, &config);
	if (!s->driver)
		step->status = wdf_driver_load(&s->machine, s->driver_name, s->entry, s->parameters,
					       &s->driver);
	if (NT_SUCCESS(step->status) && !s->device)
		step->status = wdf_device_add(s->driver, &config, &s->device);
}

NTSTATUS stage_load(struct stage *s)
{
	struct step step = { .stage = s, .status = STATUS_SUCCESS };

	stage_call(s, load, &step);
	return step.status;
}

static void start(void *context)
{
	struct step *step = context;

	step->status = wdf_device_start(step->stage->device);
}

NTSTATUS stage_start(struct stage *s)
{
	struct step step = { .stage = s };

	stage_call(s, start, &step);
	return step.status;
}

static void stop(void *context)
{
	struct stage *s = context;

	wdf_device_stop(s->device);
}

void stage_stop(struct stage *s)
{
	stage_call(s, stop, s);
}

static void remove_all(void *context)
{
	struct stage *s = context;

	if (s->device)
		wdf_device_remove(s->device);
	s->device = NULL;
	if (s->driver)
		wdf_driver_unload(s->driver);
	s->driver = NULL;
}

void stage_remove(struct stage *s)
{
	stage_call(s, remove_all, s);
}

NTSTATUS stage_bring_up(struct stage *s)
{
	NTSTATUS status = stage_load(s);

	return NT_SUCCESS(status) ? stage_start(s) : status;
}

void stage_up(struct stage *s)
{
	assert_int_equal(stage_bring_up(s), STATUS_SUCCESS);
}

void stage_await_link(struct stage *s)
{
	struct timespec end;
	int error = 0;

	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += PATIENCE_S;
	pthread_mutex_lock(&s->lock);
	while (!cx_adapter_link_up(s->adapter, NULL, NULL) && !error)
		error = pthread_cond_timedwait(&s->link_changed, &s->lock, &end);
	pthread_mutex_unlock(&s->lock);
	assert_int_equal(error, 0);
}

NTSTATUS stage_oid(struct stage *s, NDIS_REQUEST_TYPE type, NDIS_OID oid, void *data, UINT length)
{
	bool query = type == NdisRequestQueryInformation;
	struct cx_oid request = { .type = type,
				  .oid = oid,
				  .buffer = data,
				  .input_length = query ? 0 : length,
				  .output_length = query ? length : 0 };

	return cx_oid_call(s->adapter, &request);
}

NTSTATUS stage_offload(struct stage *s, const NDIS_OFFLOAD_PARAMETERS *parameters)
{
	return stage_offload_bytes(s, parameters, sizeof(*parameters));
}

NTSTATUS stage_offload_bytes(struct stage *s, const void *buffer, size_t length)
{
	struct cx_offload_request request;
	NTSTATUS status = ndis_read_parameters(buffer, length, &request);

	return NT_SUCCESS(status) ? cx_offload_set(s->adapter, &request) : status;
}

static void set_offloads(void *context)
{
	struct step *step = context;
	NDIS_OBJECT_HEADER *header = &step->parameters.Header;

	header->Type = NDIS_OBJECT_TYPE_DEFAULT;
	header->Revision = NDIS_OFFLOAD_PARAMETERS_REVISION_3;
	header->Size = NDIS_SIZEOF_OFFLOAD_PARAMETERS_REVISION_3;
	step->status = stage_offload(step->stage, &step->parameters);
}

void stage_set_lso(struct stage *s, UCHAR ipv4, UCHAR ipv6)
{
	struct step step = { .stage = s };

	step.parameters.LsoV1 = ipv4;
	step.parameters.LsoV2IPv4 = ipv4;
	step.parameters.LsoV2IPv6 = ipv6;
	stage_call(s, set_offloads, &step);
	assert_int_equal(step.status, STATUS_SUCCESS);
}

void stage_set_checksum(struct stage *s, UCHAR ipv4, UCHAR tcp, UCHAR udp)
{
	struct step step = { .stage = s };

	step.parameters.IPv4Checksum = ipv4;
	step.parameters.TCPIPv4Checksum = step.parameters.TCPIPv6Checksum = tcp;
	step.parameters.UDPIPv4Checksum = step.parameters.UDPIPv6Checksum = udp;
	stage_call(s, set_offloads, &step);
	assert_int_equal(step.status, STATUS_SUCCESS);
}
