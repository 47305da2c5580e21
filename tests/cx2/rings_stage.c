/* SPDX-License-Identifier: MIT */
#include "rings_stage.h"

#include <dlfcn.h>
#include <unistd.h>

#define PATIENCE_MS 10000

struct stage *rings_open(unsigned minor, struct rings **rings)
{
	const char *folder = getenv("CX_TEST_DRIVERS");
	char path[512];
	struct stage *s;

	assert_non_null(folder);
	snprintf(path, sizeof(path), "%s/cx2_rings_%u.so", folder, minor);
	s = stage_new_module("rings", path);
	*rings = dlsym(s->module, "rings");
	assert_non_null(*rings);
	memset(*rings, 0, sizeof(**rings));
	pthread_mutex_init(&(*rings)->lock, NULL);
	return s;
}

void rings_up(struct stage *s, const struct dp_config *config)
{
	stage_use_datapath(s, config);
	stage_up(s);
}

static unsigned sent(struct rings *rings)
{
	unsigned count;

	pthread_mutex_lock(&rings->lock);
	count = rings->sent;
	pthread_mutex_unlock(&rings->lock);
	return count;
}

void rings_send(struct stage *s, struct rings *rings, const void *frame, size_t length,
		unsigned count)
{
	memory_edge_put(s->edge, frame, length, (struct frame_meta){ 0 });
	for (unsigned i = 0; i < PATIENCE_MS && sent(rings) < count; i++)
		usleep(1000);
	if (sent(rings) < count)
		fail_msg("the driver has seen %u packets of %u", sent(rings), count);
}

static bool taken(struct rings *rings)
{
	bool taken;

	pthread_mutex_lock(&rings->lock);
	taken = !rings->receive;
	pthread_mutex_unlock(&rings->lock);
	return taken;
}

void rings_receive(struct rings *rings, const void *frame, size_t length)
{
	pthread_mutex_lock(&rings->lock);
	rings->receive = frame;
	rings->receiveLength = length;
	pthread_mutex_unlock(&rings->lock);
	NetRxQueueNotifyMoreReceivedPacketsAvailable(rings->rx);
	for (unsigned i = 0; i < PATIENCE_MS && !taken(rings); i++)
		usleep(100);
	if (!taken(rings))
		fail_msg("the driver was not asked to receive");
}
