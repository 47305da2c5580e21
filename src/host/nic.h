/* SPDX-License-Identifier: MIT */
/* One device with its adapters: hardware, edges, datapath, keywords, and the worker it lives on. */
#ifndef HOST_NIC_H
#define HOST_NIC_H

#include <jansson.h>

#include "cx/adapter.h"
#include "datapath/datapath.h"
#include "device/wire.h"
#include "edge/edge.h"
#include "host/host.h"
#include "inf/install.h"
#include "ndis/ndis.h"
#include "ndis/wake.h"

enum nic_state {
	NIC_LOADING, /* no EvtDriverDeviceAdd yet */
	NIC_STARTING,
	NIC_RUNNING,
	NIC_RESTARTING,
	NIC_STOPPING,
	NIC_STOPPED,
	NIC_FAILED,
	NIC_ASLEEP,  /* the device is in a low power state */
	NIC_REMOVED, /* unplugged while the host runs: the main thread frees the nic */
};

/* Of an adapter's cx_offload. @fine: its fallback. */
struct offload_picture {
	struct cx_offload_state hardware, capable, defaults, active, driver;
	bool fine, paused;
};

/*
 * What `netcx show` tells of one NETADAPTER: a picture for other threads of what is the worker's,
 * taken on the worker, under the nic's lock. Nothing is decided by it.
 */
struct port_status {
	char name[64];
	const struct cx_client *client; /* the shape of API its driver speaks */
	bool started;
	uint32_t mtu;
	uint8_t mac[6], permanent_mac[6];
	struct offload_picture offload;
	struct dp_rings rings;
	struct cx_scaling scaling;
	struct cx_wake_reason woken;             /* of the last sleep */
	unsigned tx_queues_most, rx_queues_most; /* there have been; their counters stay */
	uint32_t stack_mtu;                      /* of the network device; 0: it has none */
	struct edge_offloads stack;              /* what it hands over */
};

/*
 * One NETADAPTER. The first of a device has the nic's stack edge and its hardware's receive side;
 * any other gets a stack edge that is null.
 */
struct port {
	struct port *next; /* with the nic's lock; the list only grows while the host runs */
	struct nic *nic;
	bool taken;            /* by an adapter; with the nic's lock */
	struct ndis_port ndis; /* the worker's, with the adapter while that is started */
	struct edge *stack;
	struct dp *dp; /* of the adapter, from its making on; comes and goes with the nic's lock */
	struct port_status status;
	struct watch watch;      /* begun and ended by the main thread, for `watcher` */
	uint64_t watcher;        /* the control client that captures; 0: none */
	_Atomic bool link_dirty; /* the carrier is to be set */
	_Atomic bool link_up;
	uint64_t tx_bps, rx_bps; /* under the nic's lock */
};

/* Owned by the host from netcx_host_add() on. */
struct nic {
	struct nic *next;
	struct netcx_host *host;
	char name[64];
	struct host_driver *driver;
	char *settings; /* the file's path; "": they are not kept */
	struct inf *inf;
	struct inf_install install;
	struct nt_reg_key *registry; /* owns the next two */
	struct nt_reg_key *software, *hardware;
	/* Keywords that were set since the driver read them, with the values that it runs with
	 * ("": none); made and emptied under `lock`. NULL: there are none. */
	struct nt_reg_key *pending;
	struct edge *wire;     /* NULL without a device */
	struct wire cable;     /* between wire and device */
	struct device *device; /* NULL: the driver has no hardware */
	struct nt_worker *worker;
	struct wdf_device *wdf; /* the worker's */
	struct cx_host cx_host;
	uint32_t mtu;       /* asked for by --mtu; 0: the driver's */
	unsigned tx_queues; /* transmit queues at most */
	/* as dp_config has them */
	uint32_t tx_fragment_size;
	void (*received)(void *listener, unsigned queue, const struct cx_rx_packet *packet);
	void *listener;
	_Atomic bool coalesce; /* received frames; changed on the worker with `lock` */
	unsigned restarts;     /* that the driver asked for by WdfDeviceSetFailed */
	_Atomic bool failure_seen;
	_Atomic bool to_unplug;    /* removed on purpose */
	_Atomic bool reset_wanted; /* NetDeviceRequestReset */
	_Atomic bool finished;     /* its finite stack edge has been sent */
	bool summed_up;            /* and told of; the main thread's */
	_Atomic bool edge_gone;    /* no restart helps */
	/* Under the host's lock: */
	bool given_up; /* it cannot go on (nic_fail()); `why` stays until the next time */
	bool to_part;  /* which the main thread has not seen yet */
	struct error why;
	struct loop_source changes; /* the stack edge's change_fd */

	pthread_mutex_t stack_lock; /* control calls on the stack edge */

	pthread_mutex_t lock; /* state, status, port list, ports' dp */
	enum nic_state state;
	NTSTATUS failure; /* of NIC_FAILED */
	struct port first;
};

/*
 * nic_create() - its name, its keywords, its driver: what touches nothing but our own memory
 * nic_plug() - then its edges and its device: all but running it
 * @edges: NULL: as @config has them
 * Return: enum netcx_result with *error filled.
 */
int nic_create(struct netcx_host *host, const struct netcx_adapter_config *config, struct nic **nic,
	       struct error *error);
int nic_plug(struct nic *nic, const struct netcx_adapter_config *config,
	     const struct host_edges *edges, struct error *error);
/* nic_destroy() - also of one that was not plugged in */
void nic_destroy(struct nic *nic);

/* ---- on the nic's worker ---- */
/* nic_start() - EvtDriverDeviceAdd and start. Return: false after nic_fail(). */
bool nic_start(struct nic *nic);
void nic_remove(struct nic *nic);
/*
 * nic_restart() - the device is removed and added again, as Windows does after a change of its
 * keywords: EvtDriverDeviceAdd runs anew. A failure is the adapter's end.
 */
void nic_restart(struct nic *nic, const char *reason);
/*
 * nic_restart_by_user() - the same by `netcx restart`; also after a failure
 * @stop_only: the device is stopped and started without being removed, as for a rebalance
 * Return: the failure, with one sentence in @error; the adapter is failed then, and the host goes
 * on: what was wrong can be set right, and the restart tried again.
 */
NTSTATUS nic_restart_by_user(struct nic *nic, bool stop_only, struct error *error);
/* nic_nothing_pending() - the driver is about to read its keywords. */
void nic_nothing_pending(struct nic *nic);
/* nic_part() - it was given up: the driver's device goes, what is left is failed. */
void nic_part(void *nic);
/* nic_unplug() - remove it while the host runs. @surprise: the hardware is gone first. */
void nic_unplug(struct nic *nic, bool surprise);
/* nic_unplugged() - the last access of the worker to the nic: the main thread may free it. */
void nic_unplugged(struct nic *nic);
/*
 * nic_sleep() - the system sleeps (@idle: only the device does, the system works)
 * @port: the adapter that @wake is for; others of the device have the magic packet if it has
 * @wake: what wakes it and what it answers; with something that wakes the driver arms the device
 * nic_wake() - back to D0. @triggered: it was this device that woke the system
 * Return: as nic_restart_by_user().
 */
NTSTATUS nic_sleep(struct nic *nic, const struct port *port, bool idle,
		   const struct ndis_wake *wake, struct error *error);
NTSTATUS nic_wake(struct nic *nic, bool triggered, struct error *error);
/* nic_check_failed() - WdfDeviceSetFailed may have been called: stop, and start if asked to. */
void nic_check_failed(void *nic);

enum nic_state nic_state(struct nic *nic);
void nic_set_state(struct nic *nic, enum nic_state state);
const char *nic_state_name(enum nic_state state);

/* ---- sum.c ---- */
/* nic_sum_up() - the main thread: the finite stack was read to its end; the event says what became
 * of it. What was lost is the adapter's failure. */
void nic_sum_up(struct nic *nic);
/* nic_finish_wire() - nothing is sent any more: a capture that it writes is complete, or is not */
void nic_finish_wire(struct nic *nic);

/* ---- settings.c ---- */
/* nic_check_settings() - are the --set options of the right form? */
int nic_check_settings(const struct netcx_adapter_config *config, struct error *error);
/* nic_put_settings() - the file's, --set, --mac and --mtu into the software key, over what the INF
 * put there.
 */
int nic_put_settings(struct nic *nic, const struct netcx_adapter_config *config,
		     struct error *error);

/*
 * nic_check_setting() - may a keyword have this value? The INF knows its driver best; then the
 * standardized keywords; others are the driver's own.
 * Return: false with one sentence in @error.
 */
bool nic_check_setting(const struct nic *nic, const struct keyword_setting *setting,
		       struct error *error);
/*
 * nic_set() - a checked setting into the software key and the settings' file; on the worker
 * @value: NULL: back to the INF's default, or to none
 * Return: a failure comes with one sentence in @error.
 */
NTSTATUS nic_set(struct nic *nic, const char *name, const char *value, struct error *error);

/* ---- port.c: NetAdapterCx' view of us ---- */
extern const struct cx_host_ops port_ops;
/* port_init() - its stack edge is open */
void port_init(struct port *port, struct nic *nic);
/* port_next() - walk the nic's adapters, on any thread. @after: NULL: from the first on */
struct port *port_next(struct nic *nic, const struct port *after);
void port_free_all(struct nic *nic);

/* ---- statistics.c ---- */
/* port_put_statistics() - of one adapter, where they are wanted: a course begins. Any thread. */
void port_put_statistics(struct port *port);

/* ---- stack.c ---- */
/* stack_poll() - the main thread: take what the stack edge reports, set its carrier. */
void stack_poll(struct nic *nic);
/* stack_follow_adapter() - the worker: MTU, MAC and offloads of a started adapter to its edge. */
void stack_follow_adapter(struct port *port);
/* stack_set_offloads() - the worker: what the adapter does now, to the edge */
void stack_set_offloads(struct port *port, const struct cx_offload_state *active);
/* stack_offloads() - capabilities as a stack edge wants them. @mtu: of the adapter. */
struct edge_offloads stack_offloads(const struct cx_offload_state *state, uint32_t mtu);

#endif
