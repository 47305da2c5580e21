/* SPDX-License-Identifier: MIT */
/* The real datapath in the place of queues that nobody runs. */
#include <stdlib.h>

#include "stage.h"

static NTSTATUS datapath_create(void *context, struct cx_adapter *adapter)
{
	struct stage *s = context;

	return dp_queues_create(s->dp, adapter);
}

static NTSTATUS datapath_start(void *context, struct cx_adapter *adapter)
{
	struct stage *s = context;

	return dp_start(s->dp);
}

static void datapath_stop(void *context, struct cx_adapter *adapter)
{
	struct stage *s = context;

	dp_stop(s->dp);
}

static void datapath_destroy(void *context, struct cx_adapter *adapter)
{
	struct stage *s = context;

	dp_queues_destroy(s->dp);
}

static NTSTATUS scaling_create(void *context, struct cx_adapter *adapter, unsigned queues)
{
	struct stage *s = context;

	return dp_scaling_create(s->dp, queues);
}

static void scaling_destroy(void *context, struct cx_adapter *adapter)
{
	struct stage *s = context;

	dp_scaling_destroy(s->dp);
}

void stage_use_datapath(struct stage *s, const struct dp_config *config)
{
	struct dp_config dp = config ? *config : (struct dp_config){ 0 };

	s->edge = malloc(sizeof(*s->edge));
	assert_non_null(s->edge);
	memory_edge_init(s->edge);
	dp.machine = &s->machine;
	dp.dma = s->card ? s->card->bus.dma : NULL;
	dp.stack = &s->edge->edge;
	if (!dp.pump.pump)
		dp.pump.fd = -1;
	s->dp = dp_create(&dp);
	assert_non_null(s->dp);
	s->ops.datapath_create = datapath_create;
	s->ops.datapath_start = datapath_start;
	s->ops.datapath_stop = datapath_stop;
	s->ops.datapath_destroy = datapath_destroy;
	s->ops.scaling_create = scaling_create;
	s->ops.scaling_destroy = scaling_destroy;
}
