/* SPDX-License-Identifier: MIT */
#include "test/fuzz/work.h"

#include <string.h>

#include "base/array.h"
#include "cx/adapter.h"
#include "ndis/offload.h"
#include "ndis/scaling.h"

static uint8_t pattern_byte(const struct fuzz_step *step, size_t at)
{
	return (uint8_t)(step->with[5 + at % 10] + at / 10);
}

static void fill(uint8_t *bytes, size_t length, const struct fuzz_step *step, size_t from)
{
	for (size_t i = 0; i < length; i++)
		bytes[i] = pattern_byte(step, from + i);
}

static enum cx_setting setting(const struct fuzz_step *step, unsigned at)
{
	static const enum cx_setting settings[] = { CX_SAME, CX_ON, CX_OFF, CX_SAME };

	return settings[step->with[at / 4] >> at % 4 * 2 & 3];
}

void fuzz_change_offloads(void *work)
{
	struct fuzz_work *w = work;
	const struct fuzz_step *s = w->step;
	const struct cx_offload_request request = {
		.lso_v1_ipv4 = setting(s, 0),
		.lso_v2_ipv4 = setting(s, 0),
		.lso_v2_ipv6 = setting(s, 1),
		.uso_ipv4 = setting(s, 2),
		.uso_ipv6 = setting(s, 3),
		.rsc_ipv4 = setting(s, 4),
		.rsc_ipv6 = setting(s, 5),
		.udp_rsc = setting(s, 6),
		.ipv4_checksum = { setting(s, 7), setting(s, 8) },
		.tcp_ipv4_checksum = { setting(s, 9), setting(s, 10) },
		.tcp_ipv6_checksum = { setting(s, 11), setting(s, 12) },
		.udp_ipv4_checksum = { setting(s, 13), setting(s, 14) },
		.udp_ipv6_checksum = { setting(s, 15), setting(s, 16) },
	};

	/* What the hardware has not is refused: that, too, may be asked. */
	ndis_set_offloads(&w->bench->nic->first.ndis, &request, NDIS_FROM_OID, &w->error);
}

void fuzz_set_filter(void *work)
{
	struct fuzz_work *w = work;
	const struct fuzz_step *s = w->step;
	struct ndis_filter filter = { .promiscuous = s->with[0] & 1,
				      .all_multicast = s->with[0] & 2,
				      .count = s->with[1] % (NDIS_GROUPS + 1) };

	for (unsigned i = 0; i < filter.count; i++) {
		const uint8_t group[6] = { 1, 0, 0x5E, s->with[2], s->with[3], (uint8_t)i };

		memcpy(filter.groups[i], group, 6);
	}
	ndis_filter(&w->bench->nic->first.ndis, &filter);
}

/* One entry, all to one queue, or each to any. */
static void change_table(const struct fuzz_step *step, const struct cx_scaling *scaling,
			 uint8_t *table)
{
	size_t entries = scaling->hardware.table_entries;
	unsigned queues = scaling->queues;

	if (step->with[0] & 2) {
		table[fuzz_number(step, 1, 2) % entries] = (uint8_t)(step->with[3] % queues);
		return;
	}
	for (size_t i = 0; i < entries; i++)
		table[i] = (uint8_t)((step->with[0] & 4 ? pattern_byte(step, i) : step->with[3]) %
				     queues);
}

/* What a driver refuses is off from then on, which is its right: all frames come on queue 0. */
void fuzz_set_scaling(void *work)
{
	struct fuzz_work *w = work;
	struct cx_adapter *adapter = w->bench->nic->first.ndis.adapter;
	struct cx_scaling_setup setup;

	if (!adapter || !adapter->scaling.enabled)
		return;
	ndis_set_up_scaling(adapter->scaling.hardware.table_entries, adapter->scaling.queues,
			    &setup);
	change_table(w->step, &adapter->scaling, setup.table);
	if (w->step->with[0] & 1) {
		(void)cx_scaling_move(adapter, setup.table);
		return;
	}
	fill(setup.key, sizeof(setup.key), w->step, 0);
	(void)cx_scaling_renew(adapter, &setup);
}

void fuzz_restart(void *work)
{
	struct fuzz_work *w = work;

	w->status = nic_restart_by_user(w->bench->nic, w->step->with[0] & 1, &w->error);
}

/* Lists are empty in half of the sleeps; a full one is as likely as one of any other length. */
static size_t list_length(uint8_t with)
{
	return with & 1 ? (with >> 1) % (NDIS_WAKE_ENTRIES + 1u) : 0;
}

static void fill_lists(struct ndis_wake *wake, const struct fuzz_step *step)
{
	wake->pattern_count = list_length(step->with[1]);
	wake->arp_count = list_length(step->with[3]);
	wake->ns_count = list_length(step->with[4]);
	for (size_t i = 0; i < wake->pattern_count; i++) {
		struct ndis_wake_pattern *p = &wake->patterns[i];

		p->length = 1 + (step->with[2] + 37 * i) % NDIS_WAKE_BYTES;
		fill(p->bytes, p->length, step, i);
		fill(p->mask, (p->length + 7) / 8, step, i + 5);
	}
	for (size_t i = 0; i < wake->arp_count; i++)
		fill((uint8_t *)&wake->arp[i], sizeof(wake->arp[i]), step, i);
	for (size_t i = 0; i < wake->ns_count; i++)
		fill((uint8_t *)&wake->ns[i], sizeof(wake->ns[i]), step, i);
}

/* What the driver has not declared is refused, and that is all; more often it is left out. */
static void leave_out(struct ndis_wake *wake, const struct cx_power_caps *caps)
{
	wake->eapol &= (caps->wake_patterns & CX_WAKE_EAPOL_PACKET) != 0;
	wake->connect &= (caps->wake_up_events & CX_WAKE_ON_CONNECT) != 0;
	wake->disconnect &= (caps->wake_up_events & CX_WAKE_ON_DISCONNECT) != 0;
	wake->filter &= (caps->wake_up_events & CX_WAKE_ON_FILTER) != 0;
	if (!(caps->wake_patterns & CX_WAKE_BITMAP_PATTERN))
		wake->pattern_count = 0;
	if (!(caps->protocol_offloads & CX_OFFLOAD_ARP))
		wake->arp_count = 0;
	if (!(caps->protocol_offloads & CX_OFFLOAD_NS))
		wake->ns_count = 0;
	for (size_t i = 0; i < wake->pattern_count; i++)
		if (wake->patterns[i].length > caps->pattern_size)
			wake->patterns[i].length = caps->pattern_size;
}

/* A filter wakes what idles, and then nothing else does that looks at packets. */
static void read_wake(struct fuzz_work *w, struct ndis_wake *wake)
{
	const struct fuzz_step *s = w->step;
	struct cx_adapter *adapter = w->bench->nic->first.ndis.adapter;
	unsigned bits = s->with[0];
	struct cx_power_caps caps;

	*wake = (struct ndis_wake){ .magic = bits & 2,
				    .eapol = bits & 8,
				    .connect = bits & 16,
				    .disconnect = bits & 32,
				    .filter = (bits & 0xC1) == 0xC1 };
	fill_lists(wake, s);
	if (adapter && s->with[14] % 4) {
		caps = cx_power_declared(adapter);
		leave_out(wake, &caps);
	}
	if (wake->filter) {
		wake->magic = wake->eapol = false;
		wake->pattern_count = 0;
	}
}

void fuzz_sleep(void *work)
{
	struct fuzz_work *w = work;
	struct nic *nic = w->bench->nic;
	struct ndis_wake wake;

	read_wake(w, &wake);
	w->status = nic_sleep(nic, &nic->first, w->step->with[0] & 1, &wake, &w->error);
	if (nic_state(nic) == NIC_RUNNING)
		w->status = STATUS_SUCCESS;
	else if (nic_state(nic) == NIC_ASLEEP)
		w->status = nic_wake(nic, w->step->with[0] & 4, &w->error);
}

void fuzz_remove(void *work)
{
	struct fuzz_work *w = work;

	nic_unplug(w->bench->nic, true);
}

void fuzz_interrupt(void *work)
{
	struct fuzz_work *w = work;
	struct bus *bus = &w->bench->nic->device->bus;
	struct nt_interrupt *it = &bus->interrupts[w->step->with[0] % bus->interrupt_count];

	for (unsigned i = 0; i <= w->step->with[1] % 8u; i++) {
		if (it->kind == NT_INTERRUPT_MESSAGE) {
			nt_message_send(it);
		} else if (!it->asserted) {
			nt_line_set(it, 1);
			nt_line_set(it, 0);
		}
	}
}

void fuzz_cable_out(void *work)
{
	struct fuzz_work *w = work;

	device_set_link(w->bench->nic->device, false);
}

void fuzz_cable_in(void *work)
{
	struct fuzz_work *w = work;

	device_set_link(w->bench->nic->device, true);
}
