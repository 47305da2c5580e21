/* SPDX-License-Identifier: MIT */
/* What a host is made of before anything runs: drivers and adapters. */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "cx/client.h"
#include "host/check.h"
#include "host/process.h"
#include "inf/addreg.h"
#include "inf/settings_file.h"
#include "inf/user_mode.h"
#include "nt/callback.h"

#define TX_QUEUES_BY_DEFAULT 8

static void driver_name(char *name, size_t size, const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t n;

	snprintf(name, size, "%s", slash ? slash + 1 : path);
	n = strlen(name);
	if (n > 3 && strcmp(name + n - 3, ".so") == 0)
		name[n - 3] = '\0';
}

static bool same_file(const char *a, const char *b)
{
	struct stat of_a, of_b;

	return strcmp(a, b) == 0 || (stat(a, &of_a) == 0 && stat(b, &of_b) == 0 &&
				     of_a.st_dev == of_b.st_dev && of_a.st_ino == of_b.st_ino);
}

static bool check_apart_from(const struct netcx_host *host, const struct host_driver *driver,
			     struct error *error)
{
	const struct host_driver *other = host->drivers;

	while (other &&
	       loader_check_apart(&driver->image, driver->path, &other->image, other->path, error))
		other = other->next;
	return !other;
}

/* A driver's name is its service's, of which Windows has one: its keys and settings go by it. */
struct host_driver *host_driver_find(struct netcx_host *host, const char *path, struct error *error)
{
	struct host_driver *driver, **at = &host->drivers;
	char name[sizeof(driver->name)];
	bool loaded;

	driver_name(name, sizeof(name), path);
	for (; *at; at = &(*at)->next) {
		if (same_file((*at)->path, path))
			return *at;
		if (strcasecmp((*at)->name, name) == 0) {
			error_number(
				error, NETCX_FAILED,
				"%s: a driver of the name %s is there already, from %s: give one of the files another name",
				path, name, (*at)->path);
			return NULL;
		}
	}
	driver = calloc(1, sizeof(*driver));
	if (driver)
		driver->path = strdup(path);
	if (driver)
		driver->parameters = nt_reg_create();
	if (!driver || !driver->path || !driver->parameters) {
		error_number(error, NETCX_FAILED, "out of memory");
		host_driver_free(driver);
		return NULL;
	}
	strcpy(driver->name, name);
	/* Its constructors of static objects may call Win32. */
	nt_thread_enter(&host->machine);
	loaded = loader_open(&driver->image, path, error);
	nt_thread_leave();
	if (!loaded || !check_apart_from(host, driver, error)) {
		host_driver_free(driver);
		return NULL;
	}
	*at = driver;
	return driver;
}

void host_driver_free(struct host_driver *driver)
{
	if (!driver)
		return;
	loader_close(&driver->image);
	nt_reg_destroy(driver->parameters);
	free(driver->path);
	free(driver);
}

/* "Ethernet", "Ethernet 2" ..., or what was asked for when nobody has it. */
static int choose_name(const struct netcx_host *host, struct nic *nic, const char *wanted,
		       struct error *error)
{
	const struct nic *other = host->nics;
	unsigned n = 1;

	if (wanted && (wanted[0] == '\0' || strlen(wanted) >= sizeof(nic->name)))
		return error_number(error, NETCX_USAGE,
				    "--name: an adapter's name has 1 to %zu bytes",
				    sizeof(nic->name) - 1);
	snprintf(nic->name, sizeof(nic->name), "%s", wanted ? wanted : "Ethernet");
	while (other) {
		if (strcmp(other->name, nic->name) != 0) {
			other = other->next;
			continue;
		}
		if (wanted)
			return error_number(error, NETCX_USAGE,
					    "--name: there is an adapter \"%s\" already", wanted);
		snprintf(nic->name, sizeof(nic->name), "Ethernet %u", ++n);
		other = host->nics;
	}
	return NETCX_OK;
}

/* DRIVER.inf or DRIVER.inx beside DRIVER.so; a link that leads nowhere is meant to be one, too. */
static bool find_inf(const char *driver, char *path, size_t size)
{
	static const char *const endings[] = { ".inf", ".inx" };
	size_t stem = strlen(driver);
	struct stat status;

	if (stem > 3 && strcmp(driver + stem - 3, ".so") == 0)
		stem -= 3;
	for (size_t i = 0; i < 2; i++) {
		if (snprintf(path, size, "%.*s%s", (int)stem, driver, endings[i]) < (int)size &&
		    lstat(path, &status) == 0)
			return true;
	}
	return false;
}

static int inf_failed(struct error *error, const char *path, const struct inf_error *e)
{
	if (e->line)
		return error_number(error, NETCX_FAILED, "%s:%u:%u: %s", path, e->line, e->column,
				    e->text);
	return error_number(error, NETCX_FAILED, "%s: %s", path, e->text);
}

/* Which option has named the file; without one it lies beside the driver. */
static int blame_option(const struct netcx_adapter_config *config, int result, struct error *error)
{
	if (result != NETCX_OK && config->inf)
		error_prefix(error, "--inf ");
	return result;
}

static int read_inf(struct nic *nic, const struct netcx_adapter_config *config, char *path,
		    size_t size, struct error *error)
{
	struct inf_error e;

	if (config->inf && !*config->inf)
		return error_number(error, NETCX_USAGE, "'': the name of a file is expected");
	if (config->inf)
		snprintf(path, size, "%s", config->inf);
	else if (!find_inf(config->driver, path, size))
		return NETCX_OK;
	nic->inf = inf_open(path, config->code_page, &e);
	return nic->inf ? NETCX_OK : inf_failed(error, path, &e);
}

/* What of the INF is left out or missing does not count for a driver here; it is told all the same.
 */
static void tell_notes(struct nic *nic, const char *path)
{
	char room[4096], line[700], *rest = room;
	struct text notes = text_in(room, sizeof(room));

	inf_notes(nic->inf, nic->install.section, &notes);
	inf_user_mode_notes(nic->inf, &nic->install, nic->driver->image.user_mode, &notes);
	for (char *note = strtok_r(room, "\n", &rest); note; note = strtok_r(NULL, "\n", &rest)) {
		snprintf(line, sizeof(line), "%.240s: %s", path, note);
		EVENTS_PUT(&nic->host->events, NT_EVENT_LOG, nic->name, "Warning",
			   NT_TEXT("text", line));
	}
}

/* @os: without the user's word all zero; then it is the Windows that came with the driver's API */
static int apply_inf(struct nic *nic, const struct bus_identity *hardware, struct inf_os os,
		     const char *path, struct error *error)
{
	const struct inf_keys keys = { .software = nic->software,
				       .hardware = nic->hardware,
				       .service = nic->driver->parameters };
	struct inf_error e;
	char id[64];

	if (os.major == 0)
		os = inf_os_of_api(nic->driver->image.major, nic->driver->image.minor);
	if (hardware)
		snprintf(id, sizeof(id), "PCI\\VEN_%04X&DEV_%04X", hardware->vendor,
			 hardware->device);
	if (!inf_install(nic->inf, &os, hardware ? id : NULL, &nic->install, &e) ||
	    !inf_apply(nic->inf, &nic->install, &keys, &e))
		return inf_failed(error, path, &e);
	tell_notes(nic, path);
	return host_process_check(nic, path, error);
}

static void log_note(const struct nic *nic, const struct edge *edge)
{
	if (edge && *edge->note)
		nt_log(nic->name, "%s: %s", edge->name, edge->note);
}

/* How many transmit queues the driver may get. Its version says whether it can have several. */
static int limit_tx_queues(struct nic *nic, unsigned wanted, struct error *error)
{
	const struct host_driver *driver = nic->driver;
	const struct cx_client *client = cx_client_find(driver->image.major, driver->image.minor);
	cpu_set_t processors;
	int count = 1;

	if (client && client->one_tx_queue) {
		nic->tx_queues = 1;
		return wanted <= 1
			       ? NETCX_OK
			       : error_number(
					 error, NETCX_USAGE,
					 "--tx-queues %u: a driver for NetAdapterCx %u.%u has one",
					 wanted, driver->image.major, driver->image.minor);
	}
	if (sched_getaffinity(0, sizeof(processors), &processors) == 0)
		count = CPU_COUNT(&processors);
	if (count > TX_QUEUES_BY_DEFAULT)
		count = TX_QUEUES_BY_DEFAULT;
	nic->tx_queues = wanted ? wanted : (unsigned)count;
	return NETCX_OK;
}

static int open_edges(struct nic *nic, const struct netcx_adapter_config *config,
		      const uint8_t mac[6], struct error *error)
{
	struct edge_config edge = { .role = EDGE_WIRE,
				    .mtu = config->mtu,
				    .single = config->no_io_uring };

	if (config->device) {
		nic->wire = edge_open(config->wire ? config->wire : "null", &edge, error);
		if (!nic->wire) {
			error_prefix(error, "--wire ");
			return NETCX_FAILED;
		}
	}
	edge.role = EDGE_STACK;
	edge.netns = config->netns;
	edge.queues = nic->tx_queues;
	memcpy(edge.mac, mac, 6);
	nic->first.stack = edge_open(config->stack ? config->stack : "null", &edge, error);
	if (!nic->first.stack) {
		error_prefix(error, "--stack ");
		return NETCX_FAILED;
	}
	log_note(nic, nic->wire);
	log_note(nic, nic->first.stack);
	return NETCX_OK;
}

static void wire_lost(void *context, int error)
{
	struct nic *nic = context;

	nic_edge_lost(nic, nic->wire, error);
}

static int plug_device(struct nic *nic, const struct netcx_adapter_config *config,
		       const uint8_t mac[6], struct error *error)
{
	struct device_wire wire;

	if (!config->device)
		return NETCX_OK;
	nic->cable = (struct wire){
		.edge = nic->wire, .watch = &nic->first.watch, .lost = wire_lost, .context = nic
	};
	wire = wire_connector(&nic->cable);
	nic->device = device_create(&nic->host->machine, config->device, mac, &wire);
	if (!nic->device)
		return error_number(error, NETCX_FAILED, "--device %s: %s", config->device,
				    errno == ENOSPC ? "the machine has no room for one more"
						    : strerror(errno));
	device_set_link(nic->device, true);
	return NETCX_OK;
}

static int make_registry(struct nic *nic, struct error *error)
{
	nic->registry = nt_reg_create();
	if (nic->registry) {
		nic->software = nt_reg_subkey(nic->registry, "Software", true);
		nic->hardware = nt_reg_subkey(nic->registry, "Device Parameters", true);
	}
	if (!nic->software || !nic->hardware)
		return error_number(error, NETCX_FAILED, "out of memory");
	return NETCX_OK;
}

static int choose_settings(struct nic *nic, const struct netcx_adapter_config *config,
			   struct error *error)
{
	char path[SETTINGS_PATH_MAX] = "";
	char driver[64];

	driver_name(driver, sizeof(driver), config->driver);
	if (config->settings &&
	    !settings_path(config->settings, driver, nic->name, path, sizeof(path)))
		return error_number(error, NETCX_USAGE, "the settings' folder has too long a name");
	nic->settings = strdup(path);
	return nic->settings ? NETCX_OK : error_number(error, NETCX_FAILED, "out of memory");
}

static int fill(struct nic *nic, const struct netcx_adapter_config *config, struct error *error)
{
	const struct bus_identity *hardware =
		config->device ? device_identity(config->device) : NULL;
	char inf[4096] = "";
	struct inf_os os = { 0 };
	int r;

	nic->mtu = config->mtu;
	atomic_init(&nic->coalesce, !config->no_coalesce);
	r = check_config(config, error);
	if (r == NETCX_OK)
		r = choose_name(nic->host, nic, config->name, error);
	if (r == NETCX_OK)
		r = choose_settings(nic, config, error);
	if (r == NETCX_OK)
		r = make_registry(nic, error);
	if (r == NETCX_OK)
		r = blame_option(config, read_inf(nic, config, inf, sizeof(inf), error), error);
	if (r == NETCX_OK && !nic->inf)
		r = nic_put_settings(nic, config, error);
	if (r == NETCX_OK) {
		nic->driver = host_driver_find(nic->host, config->driver, error);
		r = nic->driver ? NETCX_OK : NETCX_FAILED;
	}
	if (r == NETCX_OK)
		r = limit_tx_queues(nic, config->tx_queues, error);
	if (r == NETCX_OK && config->os)
		r = check_os(config->os, &os, error);
	if (r == NETCX_OK && nic->inf) {
		r = blame_option(config, apply_inf(nic, hardware, os, inf, error), error);
		if (r == NETCX_OK)
			r = nic_put_settings(nic, config, error);
	}
	return r;
}

int nic_create(struct netcx_host *host, const struct netcx_adapter_config *config,
	       struct nic **made, struct error *error)
{
	struct nic *nic = calloc(1, sizeof(*nic));
	int r;

	*made = NULL;
	if (!nic)
		return error_number(error, NETCX_FAILED, "out of memory");
	nic->host = host;
	nic->changes.fd = -1;
	nic->cx_host = (struct cx_host){ .ops = &port_ops, .context = nic };
	pthread_mutex_init(&nic->lock, NULL);
	pthread_mutex_init(&nic->stack_lock, NULL);
	r = fill(nic, config, error);
	if (r != NETCX_OK) {
		nic_destroy(nic);
		return r;
	}
	*made = nic;
	return NETCX_OK;
}

static void work_for(void *name)
{
	nt_callback_works_for(name);
}

static void take_edges(struct nic *nic, const struct host_edges *edges)
{
	nic->first.stack = edges->stack;
	nic->wire = edges->wire;
	nic->tx_fragment_size = edges->tx_fragment_size;
	nic->received = edges->received;
	nic->listener = edges->listener;
}

int nic_plug(struct nic *nic, const struct netcx_adapter_config *config,
	     const struct host_edges *edges, struct error *error)
{
	uint8_t mac[6];
	char thread[16];
	int r = check_mac(mac, config->mac, nic->name, error);

	if (edges)
		take_edges(nic, edges);
	else if (r == NETCX_OK)
		r = open_edges(nic, config, mac, error);
	if (r == NETCX_OK)
		port_init(&nic->first, nic);
	if (r == NETCX_OK)
		r = plug_device(nic, config, mac, error);
	if (r != NETCX_OK)
		return r;
	snprintf(thread, sizeof(thread), "%.15s", nic->name);
	nic->worker = nt_worker_create(&nic->host->machine, thread);
	if (!nic->worker)
		return error_number(error, NETCX_FAILED, "%s: no thread for it", nic->name);
	nt_worker_call(nic->worker, work_for, nic->name);
	return NETCX_OK;
}

void nic_destroy(struct nic *nic)
{
	if (nic->worker)
		nt_worker_destroy(nic->worker);
	device_destroy(nic->device);
	if (nic->wire)
		edge_close(nic->wire);
	port_free_all(nic);
	nt_reg_destroy(nic->registry);
	inf_free(nic->inf);
	free(nic->settings);
	pthread_mutex_destroy(&nic->lock);
	pthread_mutex_destroy(&nic->stack_lock);
	free(nic);
}
