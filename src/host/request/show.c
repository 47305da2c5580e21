/* SPDX-License-Identifier: MIT */
/* What `netcx show` shows, from what the worker noted and the counters' present values. */
#include "host/request/show.h"

#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/count.h"
#include "base/hex.h"
#include "cx/client.h"
#include "host/request/offload.h"
#include "nt/fault.h"
#include "nt/status.h"

/* A counter's name as `ethtool -S` users look for it, and where it lies. */
struct name_of_counter {
	const char *name;
	size_t offset;
};

json_t *show_text(const char *bytes)
{
	json_t *text = json_string(bytes);

	return text ? text : json_string("(not UTF-8)");
}

#define TX(field) { "tx_" #field, offsetof(struct dp_counters, tx_##field) },
#define RX(field) { "rx_" #field, offsetof(struct dp_counters, rx_##field) },
#define QUEUE(type, field)                    \
	{                                     \
#field, offsetof(type, field) \
	}
#define DEVICE(field) { "device_" #field, offsetof(struct device_counters, field) },
#define STACK(field)  { "stack_" #field, offsetof(struct edge_counters, field) },
#define WIRE(field)   { "wire_" #field, offsetof(struct edge_counters, field) },

static const struct name_of_counter dp_names[] = { DP_TX_COUNTERS(TX) DP_RX_COUNTERS(RX) };

/* Of each queue, where there are several. */
static const struct name_of_counter tx_queue_names[] = { QUEUE(struct dp_tx_counters, packets),
							 QUEUE(struct dp_tx_counters, bytes),
							 QUEUE(struct dp_tx_counters, advances),
							 QUEUE(struct dp_tx_counters, notifies) };
static const struct name_of_counter rx_queue_names[] = { QUEUE(struct dp_rx_counters, packets),
							 QUEUE(struct dp_rx_counters, bytes),
							 QUEUE(struct dp_rx_counters, advances),
							 QUEUE(struct dp_rx_counters, notifies) };

/* In the list of queues, all of them. */
#define QUEUE_TX(field) QUEUE(struct dp_tx_counters, field),
#define QUEUE_RX(field) QUEUE(struct dp_rx_counters, field),
static const struct name_of_counter all_tx_names[] = { DP_TX_COUNTERS(QUEUE_TX) };
static const struct name_of_counter all_rx_names[] = { DP_RX_COUNTERS(QUEUE_RX) };

static const struct name_of_counter device_names[] = { DEVICE_COUNTERS(DEVICE) };
static const struct name_of_counter stack_names[] = { EDGE_COUNTERS(STACK) };
static const struct name_of_counter wire_names[] = { EDGE_COUNTERS(WIRE) };

static void add_counters(json_t *to, const struct name_of_counter *names, size_t count,
			 const void *from)
{
	for (size_t i = 0; i < count; i++) {
		const counter *value = (const counter *)((const char *)from + names[i].offset);

		json_object_set_new(to, names[i].name, json_integer((json_int_t)count_read(value)));
	}
}

#define ADD(to, names, from) add_counters(to, names, ARRAY_COUNT(names), from)

/* As drivers of Linux name them: rx_queue_0_packets. */
static void add_queue(json_t *to, const char *kind, unsigned queue,
		      const struct name_of_counter names[static 4], const void *from)
{
	char name[48];

	for (size_t i = 0; i < 4; i++) {
		const counter *value = (const counter *)((const char *)from + names[i].offset);

		snprintf(name, sizeof(name), "%s_queue_%u_%s", kind, queue, names[i].name);
		json_object_set_new(to, name, json_integer((json_int_t)count_read(value)));
	}
}

/* With one queue they would be the same again. */
static void add_queues(json_t *to, const struct port *port)
{
	unsigned tx_queues = port->status.tx_queues_most, rx_queues = port->status.rx_queues_most;
	struct dp_tx_counters tx;
	struct dp_rx_counters rx;

	for (unsigned i = 0; tx_queues > 1 && i < tx_queues; i++) {
		dp_tx_counters(port->dp, i, &tx);
		add_queue(to, "tx", i, tx_queue_names, &tx);
	}
	for (unsigned i = 0; rx_queues > 1 && i < rx_queues; i++) {
		dp_rx_counters(port->dp, i, &rx);
		add_queue(to, "rx", i, rx_queue_names, &rx);
	}
}

/* Why what was coalesced went up when it did: what has happened at all. */
static void add_gro_ends(json_t *to, const struct dp_counters *from)
{
	char name[48];

	for (unsigned end = 0; end < LSO_ENDS; end++) {
		uint64_t value = count_read(&from->rx_gro_ends[end]);

		if (!value)
			continue;
		snprintf(name, sizeof(name), "rx_gro_end_%s", lso_end_name((enum lso_end)end));
		json_object_set_new(to, name, json_integer((json_int_t)value));
	}
}

/* Under the nic's lock: the datapath does not go away meanwhile. */
static json_t *counters_of(struct nic *nic, struct port *port)
{
	json_t *counters = json_object();
	struct device_counters device;
	struct dp_counters dp = { 0 };
	struct edge_counters stack, wire;

	if (port->dp)
		dp_counters(port->dp, &dp);
	ADD(counters, dp_names, &dp);
	add_gro_ends(counters, &dp);
	if (port->dp)
		add_queues(counters, port);
	if (port == &nic->first && nic->device) {
		device_counters(nic->device, &device);
		ADD(counters, device_names, &device);
	}
	edge_counters(port->stack, &stack);
	ADD(counters, stack_names, &stack);
	if (port == &nic->first && nic->wire) {
		edge_counters(nic->wire, &wire);
		ADD(counters, wire_names, &wire);
	}
	return counters;
}

static void add_keyword(void *context, const char *name, const struct nt_reg_value *value)
{
	json_t *keywords = context;
	uint32_t number;

	if (name[0] == '\0') {
		return; /* the key's default value */
	} else if (value->type == NT_REG_SZ || value->type == NT_REG_EXPAND_SZ) {
		json_object_set_new(keywords, name, show_text(value->data));
	} else if (value->type == NT_REG_DWORD && value->length == sizeof(number)) {
		memcpy(&number, value->data, sizeof(number));
		json_object_set_new(keywords, name, json_integer(number));
	}
}

static json_t *mac_text(const uint8_t mac[6])
{
	char text[HEX_MAC];

	hex_put_mac(text, mac);
	return json_string(text);
}

static json_t *show_driver(const struct nic *nic)
{
	const struct loader_image *image = &nic->driver->image;
	json_t *driver = json_pack("{s:o,s:o}", "name", show_text(nic->driver->name), "path",
				   show_text(nic->driver->path));
	const char *version = nic->inf ? inf_driver_version(nic->inf) : "";

	if (image->major)
		json_object_set_new(driver, "netadaptercx",
				    json_sprintf("%u.%u", image->major, image->minor));
	if (image->framework[0])
		json_object_set_new(driver, "framework", json_string(image->framework));
	if (version[0])
		json_object_set_new(driver, "version", json_string(version));
	if (nic->install.description)
		json_object_set_new(driver, "description", show_text(nic->install.description));
	if (nic->install.section) {
		char os[48];

		json_object_set_new(driver, "os",
				    json_string(inf_os_text(&nic->install.os, os, sizeof(os))));
		json_object_set_new(driver, "install_section", show_text(nic->install.section));
	}
	if (nic->install.service)
		json_object_set_new(driver, "service", show_text(nic->install.service));
	if (nic->install.model) {
		json_t *ids = json_array();

		for (unsigned i = 1; i < nic->install.model->count; i++)
			json_array_append_new(ids, show_text(nic->install.model->values[i]));
		json_object_set_new(driver, "hardware_ids", ids);
	}
	return driver;
}

/* From the INF: what a keyword takes, what it has without being set. */
static json_t *show_parameter(const struct inf_keyword *k)
{
	static const char *const types[] = { [KEYWORD_ENUM] = "enum",
					     [KEYWORD_NUMBER] = "number",
					     [KEYWORD_ADDRESS] = "address",
					     [KEYWORD_TEXT] = "text" };
	const struct keyword *word = &k->keyword;
	json_t *p =
		json_pack("{s:o,s:s}", "name", show_text(word->name), "type", types[word->type]);
	json_t *options;

	if (k->description)
		json_object_set_new(p, "description", show_text(k->description));
	if (k->default_value)
		json_object_set_new(p, "default", show_text(k->default_value));
	if (k->optional)
		json_object_set_new(p, "optional", json_true());
	if (word->type == KEYWORD_NUMBER) {
		json_object_set_new(p, "minimum", json_integer(word->minimum));
		json_object_set_new(p, "maximum", json_integer(word->maximum));
		json_object_set_new(p, "step", json_integer(word->step ? word->step : 1));
		json_object_set_new(p, "base", json_integer(word->base));
	}
	if (word->type != KEYWORD_ENUM)
		return p;
	options = json_array();
	for (unsigned i = 0; i < word->option_count; i++)
		json_array_append_new(options, json_pack("{s:I,s:o}", "value",
							 (json_int_t)word->options[i].value, "text",
							 show_text(word->options[i].text)));
	json_object_set_new(p, "options", options);
	return p;
}

static json_t *show_parameters(const struct nic *nic)
{
	json_t *parameters = json_array();

	for (const struct inf_keyword *k = nic->install.keywords; k; k = k->next)
		json_array_append_new(parameters, show_parameter(k));
	return parameters;
}

static json_t *show_queue(const char *kind, unsigned id, uint32_t packets, uint32_t fragments,
			  const struct dp_queue_state *state)
{
	return json_pack("{s:s,s:i,s:I,s:I,s:I,s:I}", "kind", kind, "id", (int)id, "packets",
			 (json_int_t)packets, "fragments", (json_int_t)fragments, "held",
			 (json_int_t)state->held, "cpu_ns", (json_int_t)state->cpu_ns);
}

static json_t *show_tx_queue(const struct port *port, unsigned id)
{
	const struct dp_rings *rings = &port->status.rings;
	struct dp_queue_state state = dp_tx_state(port->dp, id);
	json_t *queue = show_queue("tx", id, rings->tx_packets, rings->tx_fragments, &state);
	json_t *counters = json_object();
	struct dp_tx_counters values;

	dp_tx_counters(port->dp, id, &values);
	ADD(counters, all_tx_names, &values);
	json_object_set_new(queue, "counters", counters);
	return queue;
}

static json_t *show_rx_queue(const struct port *port, unsigned id)
{
	const struct dp_rings *rings = &port->status.rings;
	struct dp_queue_state state = dp_rx_state(port->dp, id);
	json_t *queue = show_queue("rx", id, rings->rx_packets, rings->rx_fragments, &state);
	json_t *counters = json_object();
	struct dp_rx_counters values;

	dp_rx_counters(port->dp, id, &values);
	ADD(counters, all_rx_names, &values);
	json_object_set_new(queue, "counters", counters);
	return queue;
}

/* What was enabled, or why it is not. */
static json_t *show_scaling(const struct cx_scaling *s)
{
	static const struct {
		ULONG bit;
		const char *name;
	} protocols[] = {
		{ CX_HASH_IPV4, "ipv4" },
		{ CX_HASH_IPV6, "ipv6" },
		{ CX_HASH_IPV6_EXTENSIONS, "ipv6_extensions" },
		{ CX_HASH_TCP, "tcp" },
	};
	json_t *scaling = json_pack("{s:b,s:I}", "enabled", s->enabled, "hardware_queues",
				    (json_int_t)s->hardware.queues);
	json_t *names = json_array();

	if (s->enabled) {
		for (size_t i = 0; i < ARRAY_COUNT(protocols); i++) {
			if ((ULONG)s->protocols & protocols[i].bit)
				json_array_append_new(names, json_string(protocols[i].name));
		}
		json_object_set_new(scaling, "queues", json_integer(s->queues));
		json_object_set_new(scaling, "hash", json_string("toeplitz"));
		json_object_set(scaling, "protocols", names);
		json_object_set_new(scaling, "indirection_entries",
				    json_integer((json_int_t)s->hardware.table_entries));
	} else if (s->off[0]) {
		json_object_set_new(scaling, "reason", json_string(s->off));
	}
	json_decref(names);
	return scaling;
}

bool show_coalesce(const struct port *port)
{
	return port->stack->super_packets && atomic_load(&port->nic->coalesce);
}

static json_t *show_stack(const struct port *port, const struct port_status *s)
{
	json_t *stack = json_pack("{s:o}", "name", show_text(port->stack->name));

	if (s->stack_mtu)
		json_object_set_new(stack, "mtu", json_integer(s->stack_mtu));
	json_object_set_new(stack, "offloads",
			    json_pack("{s:b,s:b,s:b,s:b}", "checksum", s->stack.checksum, "tso4",
				      s->stack.tso4, "tso6", s->stack.tso6, "uso", s->stack.uso));
	json_object_set_new(stack, "coalesce", json_boolean(show_coalesce(port)));
	return stack;
}

static void add_started(json_t *adapter, const struct port *port)
{
	const struct port_status *s = &port->status;
	json_t *queues = json_array();

	json_object_set_new(adapter, "mtu", json_integer(s->mtu));
	json_object_set_new(adapter, "mac", mac_text(s->mac));
	json_object_set_new(adapter, "permanent_mac", mac_text(s->permanent_mac));
	json_object_set_new(adapter, "offloads", show_offloads(s));
	for (unsigned i = 0; i < s->rings.tx_queues; i++)
		json_array_append_new(queues, show_tx_queue(port, i));
	for (unsigned i = 0; i < s->rings.rx_queues; i++)
		json_array_append_new(queues, show_rx_queue(port, i));
	json_object_set_new(adapter, "queues", queues);
	if (s->scaling.declared)
		json_object_set_new(adapter, "receive_scaling", show_scaling(&s->scaling));
}

/* Why the device ended its last sleep. */
static json_t *show_woken(const struct cx_wake_reason *reason)
{
	json_t *woken = json_pack("{s:s}", "reason", cx_wake_cause_name(reason));

	if (reason->cause != CX_WOKEN_BY_MEDIA_CHANGE && reason->cause != CX_WOKEN_BY_DEVICE) {
		json_object_set_new(woken, "pattern_id", json_integer(reason->pattern_id));
		json_object_set_new(woken, "original_size", json_integer(reason->original_size));
		json_object_set_new(woken, "saved_size", json_integer(reason->saved_size));
	}
	return woken;
}

/* Locked. */
static const char *name_of(const struct nic *nic, const struct port *port)
{
	return port->status.name[0] ? port->status.name : nic->name;
}

void show_name(struct nic *nic, const struct port *port, char name[64])
{
	pthread_mutex_lock(&nic->lock);
	snprintf(name, 64, "%s", name_of(nic, port));
	pthread_mutex_unlock(&nic->lock);
}

/* The shape of API by its newest version; the driver's own version is in "driver". */
static json_t *show_api(const struct cx_client *client)
{
	return json_sprintf("%u.%u", client->major, client->minor);
}

/* Why it is out of a run that goes on. */
static void add_failure(json_t *adapter, struct nic *nic)
{
	pthread_mutex_lock(&nic->host->lock);
	if (nic->given_up)
		json_object_set_new(adapter, "failure", show_text(nic->why.text));
	pthread_mutex_unlock(&nic->host->lock);
}

/* Keywords that wait for a restart, each with what the driver runs with. */
static json_t *show_pending(const struct nic *nic)
{
	json_t *pending = json_object();

	if (nic->pending)
		nt_reg_each(nic->pending, add_keyword, pending);
	return pending;
}

static void add_line(void *list, const char *line, unsigned long came, unsigned long failed)
{
	json_array_append_new(list, json_pack("{s:o,s:I,s:I}", "fail", show_text(line), "came",
					      (json_int_t)came, "failed", (json_int_t)failed));
}

/* The plan of what fails on purpose, which is the host's. */
static void add_faults(json_t *adapter, const struct nic *nic)
{
	json_t *list;

	if (!nic->host->machine.faults)
		return;
	list = json_array();
	nt_faults_lines(nic->host->machine.faults, add_line, list);
	json_object_set_new(adapter, "fail", list);
}

static uint64_t host_cpu(void)
{
	struct timespec time = { 0 };

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (uint64_t)time.tv_sec * NS_PER_S + (uint64_t)time.tv_nsec;
}

json_t *show_port(struct nic *nic, struct port *port)
{
	json_t *a = json_object(), *keywords = json_object();
	char text[96];

	pthread_mutex_lock(&nic->lock);
	json_object_set_new(a, "name", show_text(name_of(nic, port)));
	json_object_set_new(a, "driver", show_driver(nic));
	if (port->status.client)
		json_object_set_new(a, "api", show_api(port->status.client));
	json_object_set_new(a, "device",
			    nic->device ? json_string(nic->device->ops->name) : json_null());
	json_object_set_new(a, "state", json_string(nic_state_name(nic->state)));
	if (nic->state == NIC_FAILED && nic->failure)
		json_object_set_new(
			a, "status",
			json_string(status_text((uint32_t)nic->failure, text, sizeof(text))));
	add_failure(a, nic);
	add_faults(a, nic);
	json_object_set_new(a, "link",
			    json_pack("{s:b,s:I,s:I}", "up", (int)atomic_load(&port->link_up),
				      "tx_bps", (json_int_t)port->tx_bps, "rx_bps",
				      (json_int_t)port->rx_bps));
	json_object_set_new(a, "stack", show_stack(port, &port->status));
	if (nic->wire && port == &nic->first)
		json_object_set_new(a, "wire",
				    json_pack("{s:o}", "name", show_text(nic->wire->name)));
	if (port->status.started && port->dp)
		add_started(a, port);
	if (port->status.woken.cause != CX_WOKEN_BY_OTHERS)
		json_object_set_new(a, "woken", show_woken(&port->status.woken));
	json_object_set_new(a, "counters", counters_of(nic, port));
	json_object_set_new(a, "pending", show_pending(nic));
	json_object_set_new(a, "time_ns", json_integer((json_int_t)clock_ns()));
	json_object_set_new(a, "host_cpu_ns", json_integer((json_int_t)host_cpu()));
	pthread_mutex_unlock(&nic->lock);

	nt_reg_each(nic->software, add_keyword, keywords);
	json_object_set_new(a, "keywords", keywords);
	json_object_set_new(a, "parameters", show_parameters(nic));
	if (nic->settings[0])
		json_object_set_new(a, "settings", show_text(nic->settings));
	return a;
}
