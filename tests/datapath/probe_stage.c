/* SPDX-License-Identifier: MIT */
#include "probe_stage.h"

#include <unistd.h>

#define PATIENCE_MS 10000

struct stage *probe_stage(const struct dp_config *config)
{
	struct stage *s = stage_new("probe", ProbeDriverEntry);

	stage_use_datapath(s, config);
	stage_up(s);
	return s;
}

void probe_stage_free(struct stage *s)
{
	stage_free(s);
	probe_reset();
}

static unsigned packets_seen(void)
{
	unsigned count;

	pthread_mutex_lock(&probe.lock);
	count = probe.count;
	pthread_mutex_unlock(&probe.lock);
	return count;
}

void probe_await(unsigned count)
{
	for (unsigned i = 0; i < PATIENCE_MS && packets_seen() < count; i++)
		usleep(1000);
	if (packets_seen() < count)
		fail_msg("the driver has seen %u packets of %u", packets_seen(), count);
}

static bool frame_taken(void)
{
	bool taken;

	pthread_mutex_lock(&probe.lock);
	taken = !probe.receive;
	pthread_mutex_unlock(&probe.lock);
	return taken;
}

void probe_receive(const void *frame, size_t length, uint8_t layer4)
{
	pthread_mutex_lock(&probe.lock);
	probe.receive = frame;
	probe.receiveLength = length;
	probe.receiveLayer4 = layer4;
	pthread_mutex_unlock(&probe.lock);
	NetRxQueueNotifyMoreReceivedPacketsAvailable(probe.rxQueue);
	for (unsigned i = 0; i < PATIENCE_MS && !frame_taken(); i++)
		usleep(1000);
	if (!frame_taken())
		fail_msg("the driver was not asked to receive");
}
