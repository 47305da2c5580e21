/* SPDX-License-Identifier: MIT */
/* The adapter with as many receive queues as its hardware has. */
#include <stdio.h>

#include "inf/keyword.h"
#include "test/bench.h"

static struct cx_scaling scaling_of(struct bench *b)
{
	struct cx_scaling scaling;

	pthread_mutex_lock(&b->nic->lock);
	scaling = b->nic->first.status.scaling;
	pthread_mutex_unlock(&b->nic->lock);
	return scaling;
}

/* One frame is one packet: what is coalesced would count as fewer. */
static void up(struct bench *b, const char *rss, const char *queues)
{
	const char *const set[] = { "*RscIPv4=0", "*RscIPv6=0", "*UdpRsc=0", rss, queues, NULL };

	bench_up(b, set);
}

/* The keyword bounds them, and it is the INF that says which values it has. */
void bench_up_scaled(struct bench *b, unsigned queues)
{
	struct cx_scaling scaling;
	struct keyword_setting setting;
	struct error error;
	char keyword[32];

	if (!queues) {
		up(b, "*RSS=0", NULL);
		return;
	}
	up(b, "*RSS=1", NULL);
	scaling = scaling_of(b);
	if (queues > scaling.hardware.queues)
		queues = (unsigned)scaling.hardware.queues;
	snprintf(keyword, sizeof(keyword), "*NumRssQueues=%u", queues);
	if (!scaling.enabled || scaling.queues == queues ||
	    !keyword_split(keyword, &setting, &error) ||
	    !nic_check_setting(b->nic, &setting, &error))
		return;
	bench_down(b);
	up(b, "*RSS=1", keyword);
}
