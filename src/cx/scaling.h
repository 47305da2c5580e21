/* SPDX-License-Identifier: MIT */
/*
 * Receive scaling (RSS) of an adapter: how many receive queues it gets, the key, the hash and the
 * indirection table that NDIS and TCP/IP give the driver, and what happens when the driver fails.
 */
#ifndef CX_SCALING_H
#define CX_SCALING_H

#include <ntddk.h>
#include <stdbool.h>

#include "cx/types.h"

struct cx_adapter;

#define CX_RX_QUEUES       64  /* receive queues of one adapter at most */
#define CX_TX_QUEUES       64  /* likewise transmit queues */
#define CX_SCALING_ENTRIES 128 /* of an indirection table at most: NDIS has no larger one */
#define CX_SCALING_KEY     40  /* bytes of NDIS' hash secret key */

/* What NDIS and TCP/IP give a driver whose receive queues run. */
struct cx_scaling_setup {
	_Alignas(8) uint8_t key[CX_SCALING_KEY];
	uint8_t table[CX_SCALING_ENTRIES]; /* the receive queue of each entry */
};

/* Owned by the adapter; changed on its PASSIVE_LEVEL thread only. */
struct cx_scaling {
	struct cx_scaling_caps hardware; /* as the driver declared */
	bool declared;
	bool revoked;       /* a callback failed: not tried again before the next start */
	bool enabled;       /* between the driver's Enable and Disable */
	unsigned queues;    /* receive queues that take part, queue 0 included; 0: no scaling */
	uint32_t protocols; /* that are hashed: CX_HASH_* */
	char off[96];       /* why a declared scaling is not used, for the user; "": it is */
};

/* For the shapes: what the driver declares; the last call before the start wins. */
void cx_scaling_declare(struct cx_scaling *scaling, const struct cx_scaling_caps *hardware);
void cx_scaling_forget(struct cx_adapter *adapter);
/* cx_scaling_halt() - the adapter halts: the next start tries again what has failed */
void cx_scaling_halt(struct cx_adapter *adapter);

/*
 * The three steps in a datapath's life, all on the adapter's PASSIVE_LEVEL thread. Each does
 * nothing for an adapter that declared no receive scaling.
 *
 * cx_scaling_create() - OID_GEN_RECEIVE_SCALE_INITIALIZE: keywords decide how many queues, the
 * further ones are made and every entry of the table is set to queue 0
 * Queue 0 is there, nothing runs yet. After a failure there is queue 0 alone, and the log says so.
 */
void cx_scaling_create(struct cx_adapter *adapter);

/*
 * cx_scaling_enable() - what TCP/IP does when the queues run: OID_GEN_RECEIVE_SCALE_PARAMETERS_V2
 * (key, then Enable) and OID_GEN_RSS_SET_INDIRECTION_TABLE_ENTRIES, at DISPATCH_LEVEL
 * Return: false after a failure. Scaling is off then and stays off until the adapter stops; the
 * further queues run and are to be taken down with the datapath.
 */
bool cx_scaling_enable(struct cx_adapter *adapter);

/*
 * cx_scaling_move() - OID_GEN_RSS_SET_INDIRECTION_TABLE_ENTRIES while it is enabled: another queue
 * for each entry
 * @table: as cx_scaling_setup has it; below cx_scaling.queues
 * Return: the driver's failure; STATUS_INVALID_DEVICE_STATE when it is not enabled.
 */
NTSTATUS cx_scaling_move(struct cx_adapter *adapter, const uint8_t *table);

/*
 * cx_scaling_renew() - OID_GEN_RECEIVE_SCALE_PARAMETERS_V2 while it is enabled: disabled, then
 * enabled with another key and another table
 * Return: as cx_scaling_enable(), and false when it is not enabled.
 */
bool cx_scaling_renew(struct cx_adapter *adapter, const struct cx_scaling_setup *setup);

/* cx_scaling_disable() - before the queues stop. Nothing when it is not enabled. */
void cx_scaling_disable(struct cx_adapter *adapter);

/* cx_scaling_destroyed() - the further queues are gone with the datapath. */
void cx_scaling_destroyed(struct cx_adapter *adapter);

#endif
