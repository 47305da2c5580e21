/* SPDX-License-Identifier: MIT */
/* The event Statistics: a run's course for who draws it (netcx plot), from counters that are there
 * anyway. */
#include <pthread.h>

#include "base/clock.h"
#include "host/nic.h"

/* Of all queues of a direction. */
struct fill {
	uint64_t held, size;
};

static struct fill tx_fill(const struct port *port)
{
	const struct dp_rings *rings = &port->status.rings;
	struct fill fill = { 0 };

	for (unsigned i = 0; i < rings->tx_queues; i++) {
		fill.held += dp_tx_state(port->dp, i).held;
		fill.size += rings->tx_packets;
	}
	return fill;
}

static struct fill rx_fill(const struct port *port)
{
	const struct dp_rings *rings = &port->status.rings;
	struct fill fill = { 0 };

	for (unsigned i = 0; i < rings->rx_queues; i++) {
		fill.held += dp_rx_state(port->dp, i).held;
		fill.size += rings->rx_packets;
	}
	return fill;
}

/* Under the nic's lock: the datapath does not go away meanwhile. */
static void tell(struct nic *nic, const struct port *port)
{
	struct fill tx = tx_fill(port), rx = rx_fill(port);
	struct dp_counters c;

	dp_counters(port->dp, &c);
	EVENTS_PUT(&nic->host->events, NT_EVENT_LOG, port->status.name, "Statistics",
		   NT_UINT("tx_packets", c.tx_packets), NT_UINT("tx_bytes", c.tx_bytes),
		   NT_UINT("tx_lso_packets", c.tx_lso_packets),
		   NT_UINT("tx_lso_segments", c.tx_lso_segments),
		   NT_UINT("tx_dropped", c.tx_dropped + c.tx_ignored),
		   NT_UINT("tx_advances", c.tx_advances), NT_UINT("rx_packets", c.rx_packets),
		   NT_UINT("rx_bytes", c.rx_bytes), NT_UINT("rx_coalesced", c.rx_coalesced),
		   NT_UINT("rx_coalesced_segments", c.rx_coalesced_segments),
		   NT_UINT("rx_gro_packets", c.rx_gro_packets),
		   NT_UINT("rx_gro_frames", c.rx_gro_frames), NT_UINT("rx_bad", c.rx_bad),
		   NT_UINT("rx_advances", c.rx_advances), NT_UINT("tx_held", tx.held),
		   NT_UINT("tx_ring", tx.size), NT_UINT("rx_held", rx.held),
		   NT_UINT("rx_ring", rx.size));
}

void port_put_statistics(struct port *port)
{
	if (!port->nic->host->config.statistics)
		return;
	pthread_mutex_lock(&port->nic->lock);
	tell(port->nic, port);
	pthread_mutex_unlock(&port->nic->lock);
}

void host_put_statistics(struct netcx_host *host)
{
	if (!host->config.statistics)
		return;
	for (struct nic *nic = host->nics; nic; nic = nic->next) {
		pthread_mutex_lock(&nic->lock);
		for (struct port *p = &nic->first; p; p = p->next) {
			if (p->dp && p->status.started)
				tell(nic, p);
		}
		pthread_mutex_unlock(&nic->lock);
	}
}

int host_tell_statistics(struct netcx_host *host, int wait_ms)
{
	uint64_t period = host->config.statistics * NS_PER_MS, now;
	int left;

	if (!period)
		return wait_ms;
	now = clock_ns();
	if (now >= host->statistics_at) {
		host_put_statistics(host);
		host->statistics_at = now + period;
	}
	left = (int)((host->statistics_at - now + NS_PER_MS - 1) / NS_PER_MS);
	return wait_ms < 0 || left < wait_ms ? left : wait_ms;
}
