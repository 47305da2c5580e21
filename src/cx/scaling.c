/* SPDX-License-Identifier: MIT */
/*
 * Receive scaling: RSSv2's three OIDs become queue creations and four callbacks, in the order in
 * which NDIS and TCP/IP send them when an adapter comes up. Key and table are theirs.
 * Source: DDI pages of netreceivescaling.h, "NetAdapterCx receive side scaling", RSSv2.
 */
#include "cx/scaling.h"

#include <stdio.h>
#include <string.h>

#include "cx/adapter.h"
#include "cx/client.h"
#include "cx/configuration.h"
#include "nt/event.h"
#include "nt/irql.h"
#include "wdf/driver.h"

#define INITIALIZE_TRIES 4 /* of the initial table: once, and three times for what failed */

void cx_scaling_declare(struct cx_scaling *scaling, const struct cx_scaling_caps *hardware)
{
	scaling->hardware = *hardware;
	scaling->declared = true;
}

void cx_scaling_halt(struct cx_adapter *a)
{
	a->scaling.revoked = false;
	a->scaling.protocols = 0;
	a->scaling.off[0] = '\0';
}

void cx_scaling_forget(struct cx_adapter *a)
{
	memset(&a->scaling, 0, sizeof(a->scaling));
}

/* ---- the indirection table ---- */

/* Those that the driver says have failed move to the front. Return: how many. */
static size_t keep_failed(struct cx_scaling_entry *entries, size_t count)
{
	size_t failed = 0;

	for (size_t i = 0; i < count; i++) {
		if (NT_SUCCESS(entries[i].status))
			continue;
		entries[failed] = entries[i];
		entries[failed++].status = STATUS_SUCCESS;
	}
	return failed;
}

static void note_ignored_status(const struct cx_adapter *a, const struct cx_scaling_entry *entries,
				size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (NT_SUCCESS(entries[i].status))
			continue;
		nt_log(a->name,
		       "%s returned success, and entry %u has status 0x%08x: that is looked at only after a failure",
		       a->owner->client->set_entries_name, entries[i].index,
		       (unsigned)entries[i].status);
		return;
	}
}

/*
 * All entries, to @queues queues. An entry that the driver marks as failed is tried again, @tries
 * times in all. One call at a time, so that SynchronizeSetIndirectionEntries is respected whatever
 * it says.
 */
static NTSTATUS set_entries(struct cx_adapter *a, const uint8_t *table, unsigned queues, KIRQL irql,
			    unsigned tries)
{
	struct cx_scaling_entry entries[CX_SCALING_ENTRIES];
	size_t count = a->scaling.hardware.table_entries;
	NTSTATUS status;
	KIRQL before;

	for (size_t i = 0; i < count; i++)
		entries[i] = (struct cx_scaling_entry){ .queue = a->rx_queues[table[i]],
							.index = (uint32_t)i };
	do {
		before = nt_irql_raise(irql);
		status = a->owner->client->set_entries(a, entries, count, queues);
		nt_irql_lower(before);
		if (NT_SUCCESS(status)) {
			note_ignored_status(a, entries, count);
			return status;
		}
		count = keep_failed(entries, count);
	} while (count && --tries);
	return status;
}

/* ---- whether, and over how many queues ---- */

/* The driver's own mistakes, and what the hardware cannot: what NDIS would not enable. */
static bool usable(struct cx_adapter *a)
{
	struct cx_scaling *s = &a->scaling;
	uint32_t protocols = s->hardware.protocols;

	if (!s->hardware.toeplitz)
		snprintf(s->off, sizeof(s->off), "the hash types have no Toeplitz");
	else if (!(protocols & CX_HASH_TCP) || !(protocols & (CX_HASH_IPV4 | CX_HASH_IPV6)))
		snprintf(s->off, sizeof(s->off), "the protocol types have no TCP over IP");
	else if (s->hardware.table_entries > CX_SCALING_ENTRIES)
		snprintf(s->off, sizeof(s->off), "IndirectionTableSize is %zu, NDIS has %u at most",
			 (size_t)s->hardware.table_entries, CX_SCALING_ENTRIES);
	if (s->off[0])
		nt_log(a->name, "receive scaling stays off: %s", s->off);
	return !s->off[0];
}

/* The keyword bounds @queues. One that is absent or no number does not. */
static void bound(struct cx_adapter *a, const char *keyword, size_t *queues)
{
	ULONG value;

	if (!NT_SUCCESS(cx_configuration_keyword(wdf_device_config(a->device)->software_key,
						 keyword, &value)) ||
	    value >= *queues)
		return;
	*queues = value;
	if (!value)
		snprintf(a->scaling.off, sizeof(a->scaling.off), "%s is 0", keyword);
}

/*
 * *RSS 0 turns it off, the others bound the queues. MaximumNumberOfQueues of the receive
 * capabilities is not looked at, as in 1809. A thread stands for a processor, so processors do not
 * bound it either.
 */
static unsigned choose_queues(struct cx_adapter *a)
{
	size_t queues = a->scaling.hardware.queues, rss = 1;

	bound(a, "*RSS", &rss);
	if (!rss || !usable(a))
		return 0;
	if (queues > CX_RX_QUEUES)
		queues = CX_RX_QUEUES;
	bound(a, "*NumRssQueues", &queues);
	bound(a, "*MaxRssProcessors", &queues);
	return (unsigned)queues;
}

static void revoke(struct cx_adapter *a, const char *what, NTSTATUS status)
{
	struct cx_scaling *s = &a->scaling;

	s->revoked = true;
	snprintf(s->off, sizeof(s->off), "%s failed (0x%08x)", what, (unsigned)status);
	nt_log(a->name, "receive scaling stays off, queue 0 takes all packets: %s", s->off);
}

static void tell_host(struct cx_adapter *a)
{
	a->host->ops->scaling_changed(a->host_context, a);
}

/* ---- the steps ---- */

void cx_scaling_create(struct cx_adapter *a)
{
	static const uint8_t all_to_queue_0[CX_SCALING_ENTRIES];
	const struct cx_host_ops *ops = a->host->ops;
	struct cx_scaling *s = &a->scaling;
	unsigned queues;
	NTSTATUS status;

	if (!s->declared || s->revoked)
		return;
	s->off[0] = '\0';
	queues = choose_queues(a);
	if (!queues) {
		tell_host(a);
		return;
	}
	a->owner->client->check_scaling(a);
	status = ops->scaling_create(a->host_context, a, queues);
	if (!NT_SUCCESS(status)) {
		revoke(a, "a receive queue's creation", status);
		tell_host(a);
		return;
	}
	s->queues = queues;
	s->protocols = s->hardware.protocols & a->owner->client->hash_protocols;
	status = set_entries(a, all_to_queue_0, 1, PASSIVE_LEVEL, INITIALIZE_TRIES);
	if (NT_SUCCESS(status))
		return;
	revoke(a, a->owner->client->set_entries_name, status);
	ops->scaling_destroy(a->host_context, a);
	cx_scaling_destroyed(a);
}

/* A table that is moved at run time is moved by a synchronous OID. */
static NTSTATUS move_entries(struct cx_adapter *a, const uint8_t *table)
{
	bool user_mode = wdf_driver_is_user_mode(a->object.driver);

	return set_entries(a, table, a->scaling.queues, user_mode ? PASSIVE_LEVEL : DISPATCH_LEVEL,
			   1);
}

NTSTATUS cx_scaling_move(struct cx_adapter *a, const uint8_t *table)
{
	return a->scaling.enabled ? move_entries(a, table) : STATUS_INVALID_DEVICE_STATE;
}

static bool enable(struct cx_adapter *a, const struct cx_scaling_setup *setup)
{
	struct cx_scaling *s = &a->scaling;
	const struct cx_client *client = a->owner->client;
	const char *what = client->set_hash_key_name;
	NTSTATUS status = client->set_hash_key(a, setup->key, sizeof(setup->key));

	if (NT_SUCCESS(status)) {
		what = client->enable_scaling_name;
		status = client->enable_scaling(a, s->protocols);
		s->enabled = NT_SUCCESS(status);
	}
	if (s->enabled) {
		what = client->set_entries_name;
		status = move_entries(a, setup->table);
	}
	if (!NT_SUCCESS(status)) {
		revoke(a, what, status);
		cx_scaling_disable(a);
		return false;
	}
	NT_EMIT(NT_EVENT_LIFECYCLE, a->name, "ReceiveScaling", NT_BOOL("enabled", true),
		NT_UINT("queues", s->queues));
	tell_host(a);
	return true;
}

bool cx_scaling_enable(struct cx_adapter *a)
{
	struct cx_scaling_setup setup;

	if (!a->scaling.queues || a->scaling.enabled)
		return true;
	a->host->ops->scaling_setup(a->host_context, a, a->scaling.queues, &setup);
	return enable(a, &setup);
}

bool cx_scaling_renew(struct cx_adapter *a, const struct cx_scaling_setup *setup)
{
	if (!a->scaling.enabled)
		return false;
	cx_scaling_disable(a);
	return enable(a, setup);
}

void cx_scaling_disable(struct cx_adapter *a)
{
	if (!a->scaling.enabled)
		return;
	a->scaling.enabled = false;
	a->owner->client->disable_scaling(a);
	NT_EMIT(NT_EVENT_LIFECYCLE, a->name, "ReceiveScaling", NT_BOOL("enabled", false));
	tell_host(a);
}

void cx_scaling_destroyed(struct cx_adapter *a)
{
	if (!a->scaling.queues)
		return;
	a->scaling.queues = 0;
	tell_host(a);
}
