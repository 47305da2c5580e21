/* SPDX-License-Identifier: MIT */
/* What became of a capture that was sent: each of its packets is on the wire, or told of. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "host/nic.h"

/* Where packets of one capture have been lost. */
struct losses {
	struct edge_account stack;
	struct dp_counters datapath;
	struct device_counters device;
	struct edge_counters wire; /* zero: there is none */
};

static void count_losses(struct nic *nic, struct losses *losses)
{
	*losses = (struct losses){ 0 };
	edge_account(nic->first.stack, &losses->stack);
	pthread_mutex_lock(&nic->lock);
	if (nic->first.dp)
		dp_counters(nic->first.dp, &losses->datapath);
	pthread_mutex_unlock(&nic->lock);
	if (nic->device)
		device_counters(nic->device, &losses->device);
	if (nic->wire)
		edge_counters(nic->wire, &losses->wire);
}

static void put_event(struct nic *nic, const struct losses *l)
{
	const struct dp_counters *c = &l->datapath;

	EVENTS_PUT(&nic->host->events, NT_EVENT_LIFECYCLE, nic->name, "Finished",
		   NT_TEXT("stack", nic->first.stack->name), NT_UINT("tx_packets", c->tx_packets),
		   NT_UINT("tx_lso_packets", c->tx_lso_packets),
		   NT_UINT("tx_lso_segments", c->tx_lso_segments),
		   NT_UINT("tx_dropped", c->tx_dropped),
		   NT_TEXT("wire", nic->wire ? nic->wire->name : "none"),
		   NT_UINT("wire_frames", l->wire.tx_frames),
		   NT_UINT("stack_packets", l->stack.packets),
		   NT_UINT("stack_dropped", l->stack.lost), NT_TEXT("stack_why", l->stack.why),
		   NT_UINT("lso_refused", l->stack.cut), NT_TEXT("stack_notes", l->stack.notes),
		   NT_UINT("tx_ignored", c->tx_ignored),
		   NT_UINT("device_tx_errors", l->device.tx_errors),
		   NT_UINT("wire_dropped", l->wire.tx_dropped));
}

/* fail_if_lost() - a run that lost something is no success, and its last line says what */
static void fail_if_lost(struct nic *nic, const struct losses *l)
{
	uint64_t ring = l->datapath.tx_dropped + l->datapath.tx_ignored;
	char room[512];
	struct text why = text_in(room, sizeof(room));

	if (l->stack.lost)
		text_add(&why, "%s", l->stack.why);
	text_add_count(&why, ring, "that this driver cannot be handed");
	text_add_count(&why, l->device.tx_errors, "refused by the device");
	text_add_count(&why, l->wire.tx_dropped, "frames refused by the wire");
	if (why.length)
		nic_fail(nic, "%s: of %" PRIu64 " packets not all were sent: %s",
			 nic->first.stack->name, l->stack.packets, room);
}

void nic_sum_up(struct nic *nic)
{
	struct losses losses;

	nic->summed_up = true;
	count_losses(nic, &losses);
	put_event(nic, &losses);
	fail_if_lost(nic, &losses);
}

/* was_broken_off() - a file that was not sent to its end. A pipe's end is when the user says so. */
static bool was_broken_off(const struct nic *nic)
{
	const struct edge *stack = nic->first.stack;

	return stack->finite && stack->fd < 0 && !atomic_load(&nic->finished);
}

void nic_finish_wire(struct nic *nic)
{
	bool broken_off = was_broken_off(nic);
	bool whole = !broken_off && (atomic_load(&nic->finished) || !nic_given_up(nic));
	struct edge_account account;

	if (broken_off && !nic_given_up(nic)) {
		edge_account(nic->first.stack, &account);
		nic_fail(nic, "%s: stopped after %" PRIu64 " packets, before its end",
			 nic->first.stack->name, account.packets);
	}
	if (!nic->wire)
		return;
	edge_finish(nic->wire, whole);
	if (edge_ended(nic->wire))
		nic_edge_lost(nic, nic->wire, EIO);
}
