/* SPDX-License-Identifier: MIT */
/*
 * The stage a driver stands on in a test: a machine, a worker, a registry, the driver with its
 * device, and a host that plays the part of src/host. Everything that happens is in the journal.
 *
 * The host's operations are the stage's own (ops.c): they write down what they were told, and make
 * queues that nobody runs. A test replaces single ones in stage.ops before stage_load();
 * stage_use_datapath() puts the real datapath there.
 */
#ifndef TESTS_STAGE_STAGE_H
#define TESTS_STAGE_STAGE_H

#include "cx/adapter.h"
#include "datapath/datapath.h"
#include "journal.h"
#include "memory_edge.h"
#include "memory_wire.h"
#include "ndis/offload_parameters.h"
#include "nt/machine.h"
#include "nt/registry.h"
#include "nt/worker.h"
#include "test.h"
#include "wdf/device.h"

/* Owned by the test. What the host was told is written on the worker; the rest of it may read. */
struct stage {
	struct nt_machine machine;
	struct journal journal;
	struct nt_worker *worker;
	struct nt_reg_key *hardware_key, *software_key, *parameters;
	bool entered; /* the test's thread is one of the machine's */

	const char *driver_name;
	void *module; /* NULL: the driver is linked into the test */
	wdf_driver_entry *entry;
	struct wdf_driver *driver; /* NULL: not loaded */
	struct wdf_device *device; /* NULL: not there */
	struct device *card;       /* the hardware; NULL: the driver is software only */

	struct cx_host_ops ops;
	struct cx_host host;
	struct cx_adapter *adapter; /* the device's first one */

	/* Of the queues that nobody runs. */
	struct cx_queue *tx, *rx, *further[CX_RX_QUEUES]; /* receive queues from 1 on, by id */
	ULONG ring, tx_fragments;                         /* elements; tx_fragments 0: as ring */
	NTSTATUS datapath_status;                         /* what datapath_create fails with */
	int tx_notifies, rx_notifies;

	/* What the host was told. */
	struct cx_offload_state indicated;
	int indications, mtu_changes, address_changes;
	pthread_mutex_t lock; /* of link_changes, which come on any thread */
	pthread_cond_t link_changed;
	int link_changes;

	/* NULL until they are asked for. */
	struct memory_edge *edge;
	struct memory_wire *wire;
	struct dp *dp;
};

/*
 * stage_new() - a stage for a driver that is linked into the test
 * stage_new_module() - for one in a shared object; it has to load
 * @name: of the driver, as its events have it
 */
struct stage *stage_new(const char *name, wdf_driver_entry *entry);
struct stage *stage_new_module(const char *name, const char *path);
void stage_free(struct stage *stage); /* also removes the device and unloads the driver */

/* stage_enter() - the test's thread becomes one of the machine's, until stage_free() */
void stage_enter(struct stage *stage);

/* stage_use_card() - hardware for the device: a model on a wire in memory */
void stage_use_card(struct stage *stage, const char *model, const uint8_t mac[6]);

/* stage_use_model() - the same with a model that is the test's own */
void stage_use_model(struct stage *stage, const struct device_ops *ops, const uint8_t mac[6]);

/* stage_use_datapath() - the real datapath on an edge in memory; @config may be NULL */
void stage_use_datapath(struct stage *stage, const struct dp_config *config);

/* Keywords: stage_keyword(s, "*LsoV2IPv4", "0"); NULL deletes. */
void stage_keyword(struct stage *stage, const char *name, const char *value);

/*
 * Each on the worker. Load also adds the device; both only if they are not there.
 * Return: the first failure.
 */
NTSTATUS stage_load(struct stage *stage);
NTSTATUS stage_start(struct stage *stage);
void stage_stop(struct stage *stage);
void stage_remove(struct stage *stage);
/* Load and start; and the same, which must succeed. */
NTSTATUS stage_bring_up(struct stage *stage);
void stage_up(struct stage *stage);

/* stage_call() - run on the worker */
void stage_call(struct stage *stage, void (*work)(void *), void *context);

/* stage_await_link() - until the driver has reported the link to be up; half a minute at most */
void stage_await_link(struct stage *stage);

/*
 * stage_oid() - an OID as NDIS sends it
 * @length: bytes of a set's input, or of the room for a query's output
 */
NTSTATUS stage_oid(struct stage *stage, NDIS_REQUEST_TYPE type, NDIS_OID oid, void *data,
		   UINT length);

/*
 * What OID_TCP_OFFLOAD_PARAMETERS asks for, of the framework alone: without the checks and the
 * draining of src/ndis. stage_offload(), stage_offload_bytes(): on this thread. The others on the
 * worker, each argument 0 for no change and else one of NDIS_OFFLOAD_PARAMETERS_*, with success.
 */
NTSTATUS stage_offload(struct stage *stage, const NDIS_OFFLOAD_PARAMETERS *parameters);
NTSTATUS stage_offload_bytes(struct stage *stage, const void *buffer, size_t length);
void stage_set_lso(struct stage *stage, UCHAR ipv4, UCHAR ipv6);
void stage_set_checksum(struct stage *stage, UCHAR ipv4, UCHAR tcp, UCHAR udp);

/* For stage.c: what a host does unless the test replaces it. */
extern const struct cx_host_ops stage_default_ops;

#endif
