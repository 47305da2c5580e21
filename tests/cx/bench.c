/* SPDX-License-Identifier: MIT */
#include "bench.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The driver's Record has no context: one bench at a time. */
static struct bench *current;

void bench_line(struct bench *b, const char *format, ...)
{
	va_list arguments;

	pthread_mutex_lock(&b->lock);
	if (b->count < BENCH_LINES) {
		va_start(arguments, format);
		vsnprintf(b->lines[b->count++], BENCH_LINE, format, arguments);
		va_end(arguments);
	}
	pthread_mutex_unlock(&b->lock);
}

void bench_forget(struct bench *b)
{
	pthread_mutex_lock(&b->lock);
	b->count = 0;
	pthread_mutex_unlock(&b->lock);
}

static void record(const char *text)
{
	bench_line(current, "%s", text);
}

/* "event NAME field=value ..." */
static void emit(void *context, const struct nt_event *event)
{
	char line[BENCH_LINE];
	int used = snprintf(line, sizeof(line), "event %s", event->name);

	for (size_t i = 0; i < event->field_count && used < (int)sizeof(line); i++) {
		const struct nt_field *f = &event->fields[i];
		size_t room = sizeof(line) - (size_t)used;

		if (f->type == NT_FIELD_TEXT)
			used += snprintf(line + used, room, " %s=%s", f->name, f->text);
		else if (f->type == NT_FIELD_STATUS)
			used += snprintf(line + used, room, " %s=%08x", f->name,
					 (unsigned)f->number);
		else
			used += snprintf(line + used, room, " %s=%llu", f->name,
					 (unsigned long long)f->number);
	}
	bench_line(context, "%s", line);
}

/* ---- the host's part ---- */

static void adapter_created(void *context, struct cx_adapter *adapter)
{
	struct bench *b = context;

	if (!b->adapter)
		b->adapter = adapter;
	bench_line(b, "host created %s", adapter->name);
}

static void adapter_deleted(void *context, struct cx_adapter *adapter)
{
	struct bench *b = context;

	if (b->adapter == adapter)
		b->adapter = NULL;
	bench_line(b, "host deleted");
}

static void adapter_started(void *context, struct cx_adapter *adapter)
{
	bench_line(context, "host started mtu=%u", adapter->mtu);
}

static void adapter_halted(void *context, struct cx_adapter *adapter)
{
	bench_line(context, "host halted");
}

static NTSTATUS datapath_create(void *context, struct cx_adapter *adapter)
{
	struct bench *b = context;
	NTSTATUS status = b->datapath_status;

	if (NT_SUCCESS(status))
		status = cx_queue_create(adapter, CX_QUEUE_TX, 0, b->ring, b->ring, &b->tx);
	if (NT_SUCCESS(status))
		status = cx_queue_create(adapter, CX_QUEUE_RX, 0, b->ring, b->ring, &b->rx);
	if (NT_SUCCESS(status))
		return status;
	if (b->tx)
		cx_queue_delete(b->tx);
	b->tx = NULL;
	return status;
}

static NTSTATUS datapath_start(void *context, struct cx_adapter *adapter)
{
	bench_line(context, "host datapath start");
	return STATUS_SUCCESS;
}

static void datapath_stop(void *context, struct cx_adapter *adapter)
{
	bench_line(context, "host datapath stop");
}

static void delete_further(struct bench *b)
{
	for (unsigned id = 1; id < CX_RX_QUEUES; id++) {
		if (b->further[id])
			cx_queue_delete(b->further[id]);
		b->further[id] = NULL;
	}
}

static void datapath_destroy(void *context, struct cx_adapter *adapter)
{
	struct bench *b = context;

	bench_line(b, "host datapath destroy");
	cx_queue_delete(b->tx);
	cx_queue_delete(b->rx);
	delete_further(b);
	b->tx = b->rx = NULL;
}

static NTSTATUS scaling_create(void *context, struct cx_adapter *adapter, unsigned queues)
{
	struct bench *b = context;
	NTSTATUS status = STATUS_SUCCESS;

	for (unsigned id = 1; id < queues && NT_SUCCESS(status); id++)
		status = cx_queue_create(adapter, CX_QUEUE_RX, id, b->ring, b->ring,
					 &b->further[id]);
	if (!NT_SUCCESS(status))
		delete_further(b);
	return status;
}

static void scaling_destroy(void *context, struct cx_adapter *adapter)
{
	bench_line(context, "host scaling destroy");
	delete_further(context);
}

static void scaling_changed(void *context, struct cx_adapter *adapter)
{
	bench_line(context, "host scaling enabled=%d queues=%u %s", adapter->scaling.enabled,
		   adapter->scaling.queues, adapter->scaling.off);
}

static void offload_indicated(void *context, struct cx_adapter *adapter,
			      const struct cx_offload_state *active)
{
	struct bench *b = context;

	b->indicated = *active;
	b->indications++;
}

static void link_changed(void *context, struct cx_adapter *adapter)
{
	((struct bench *)context)->link_changes++;
}

static void mtu_changed(void *context, struct cx_adapter *adapter, uint32_t mtu)
{
	((struct bench *)context)->mtu_changes++;
	bench_line(context, "host mtu %u", mtu);
}

static void address_changed(void *context, struct cx_adapter *adapter)
{
	((struct bench *)context)->address_changes++;
}

static const struct cx_host_ops ops = {
	.adapter_created = adapter_created,
	.adapter_deleted = adapter_deleted,
	.adapter_started = adapter_started,
	.adapter_halted = adapter_halted,
	.datapath_create = datapath_create,
	.datapath_start = datapath_start,
	.datapath_stop = datapath_stop,
	.datapath_destroy = datapath_destroy,
	.scaling_create = scaling_create,
	.scaling_destroy = scaling_destroy,
	.scaling_changed = scaling_changed,
	.offload_indicated = offload_indicated,
	.link_changed = link_changed,
	.mtu_changed = mtu_changed,
	.address_changed = address_changed,
};

/* ---- the machine ---- */

static void reset_options(RECORDER_OPTIONS *options)
{
	memset(options, 0, sizeof(*options));
	options->Record = record;
	options->PermanentLength = 6;
	options->DeclareChecksum = options->ChecksumIPv4 = TRUE;
	options->ChecksumTcp = options->ChecksumUdp = TRUE;
	options->DeclareLso = options->LsoIPv4 = options->LsoIPv6 = TRUE;
	options->LsoMaximum = 64000;
	options->LsoMinimum = 2;
	options->ScalingHash = NetAdapterReceiveScalingHashTypeToeplitz;
	options->ScalingProtocols = 0x3f;
}

struct bench *bench_new(const char *driver)
{
	struct bench *b = calloc(1, sizeof(*b));
	const char *folder = getenv("CX_TEST_DRIVERS");
	char path[512];

	assert_non_null(b);
	snprintf(path, sizeof(path), "%s/cx_%s.so", folder ? folder : ".", driver);
	b->module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!b->module)
		fail_msg("%s", dlerror());
	b->options = dlsym(b->module, "RecorderOptions");
	if (b->options)
		reset_options(b->options);
	pthread_mutex_init(&b->lock, NULL);
	b->ring = 64;
	assert_int_equal(nt_machine_init(&b->machine), 0);
	b->machine.sink = (struct nt_event_sink){ .emit = emit, .context = b };
	b->worker = nt_worker_create(&b->machine, "worker");
	assert_non_null(b->worker);
	b->software = nt_reg_create();
	b->hardware = nt_reg_create();
	b->parameters = nt_reg_create();
	b->host = (struct cx_host){ .ops = &ops, .context = b };
	current = b;
	return b;
}

void bench_keyword(struct bench *b, const char *name, const char *value)
{
	if (value)
		assert_int_equal(nt_reg_set_string(b->software, name, value), STATUS_SUCCESS);
	else
		nt_reg_delete(b->software, name);
}

void bench_call(struct bench *b, void (*work)(void *), void *context)
{
	nt_worker_call(b->worker, work, context);
}

struct step {
	struct bench *bench;
	NTSTATUS status;
};

static void load(void *context)
{
	struct step *step = context;
	struct bench *b = step->bench;
	wdf_driver_entry *entry = (wdf_driver_entry *)dlsym(b->module, "DriverEntry");
	struct wdf_device_config config = {
		.name = "Ethernet",
		.hardware_key = b->hardware,
		.software_key = b->software,
		.worker = b->worker,
		.extension_context = &b->host,
	};

	step->status = wdf_driver_load(&b->machine, "recorder", entry, b->parameters, &b->driver);
	if (NT_SUCCESS(step->status))
		step->status = wdf_device_add(b->driver, &config, &b->device);
}

NTSTATUS bench_load(struct bench *b)
{
	struct step step = { .bench = b };

	bench_call(b, load, &step);
	return step.status;
}

static void start(void *context)
{
	struct step *step = context;

	step->status = wdf_device_start(step->bench->device);
}

NTSTATUS bench_start(struct bench *b)
{
	struct step step = { .bench = b };

	bench_call(b, start, &step);
	return step.status;
}

static void stop(void *context)
{
	wdf_device_stop(((struct bench *)context)->device);
}

void bench_stop(struct bench *b)
{
	bench_call(b, stop, b);
}

static void remove_all(void *context)
{
	struct bench *b = context;

	if (b->device)
		wdf_device_remove(b->device);
	b->device = NULL;
	if (b->driver)
		wdf_driver_unload(b->driver);
	b->driver = NULL;
}

void bench_remove(struct bench *b)
{
	bench_call(b, remove_all, b);
}

void bench_free(struct bench *b)
{
	bench_remove(b);
	nt_worker_destroy(b->worker);
	nt_reg_destroy(b->software);
	nt_reg_destroy(b->hardware);
	nt_reg_destroy(b->parameters);
	nt_machine_destroy(&b->machine);
	pthread_mutex_destroy(&b->lock);
	dlclose(b->module);
	free(b);
}

void bench_up(struct bench *b)
{
	assert_int_equal(bench_load(b), STATUS_SUCCESS);
	assert_int_equal(bench_start(b), STATUS_SUCCESS);
}

/* ---- what happened ---- */

static bool matches(const char *line, const char *text)
{
	size_t length = strlen(text);

	if (length && text[length - 1] == '*')
		return !strncmp(line, text, length - 1);
	return !strcmp(line, text);
}

int bench_find(struct bench *b, const char *text)
{
	int found = -1;

	pthread_mutex_lock(&b->lock);
	for (int i = 0; i < b->count && found < 0; i++)
		if (matches(b->lines[i], text))
			found = i;
	pthread_mutex_unlock(&b->lock);
	return found;
}

int bench_count(struct bench *b, const char *text)
{
	int found = 0;

	pthread_mutex_lock(&b->lock);
	for (int i = 0; i < b->count; i++)
		found += matches(b->lines[i], text);
	pthread_mutex_unlock(&b->lock);
	return found;
}

static _Noreturn void show(struct bench *b, const char *what, const char *missing)
{
	for (int i = 0; i < b->count; i++)
		print_message("    %s\n", b->lines[i]);
	fail_msg("%s: %s", what, missing);
	abort();
}

void bench_assert_calls(struct bench *b, const char *first, ...)
{
	const char *want = first;
	va_list rest;

	va_start(rest, first);
	for (int i = 0; i < b->count; i++) {
		if (!strncmp(b->lines[i], "event ", 6) || !strncmp(b->lines[i], "host ", 5))
			continue;
		if (!want)
			show(b, "one call too many", b->lines[i]);
		if (!matches(b->lines[i], want))
			show(b, "expected next", want);
		want = va_arg(rest, const char *);
	}
	va_end(rest);
	if (want)
		show(b, "missing at the end", want);
}

void bench_assert_order(struct bench *b, const char *first, ...)
{
	const char *want = first;
	va_list rest;

	va_start(rest, first);
	for (int i = 0; i < b->count && want; i++)
		if (matches(b->lines[i], want))
			want = va_arg(rest, const char *);
	va_end(rest);
	if (want)
		show(b, "not there in this order", want);
}

NTSTATUS bench_offload(struct bench *b, const NDIS_OFFLOAD_PARAMETERS *parameters)
{
	return cx_offload_oid(b->adapter, parameters, sizeof(*parameters));
}
