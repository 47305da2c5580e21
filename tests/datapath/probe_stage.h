/* SPDX-License-Identifier: MIT */
/* The probe on a stage with the real datapath: its settings and misdeeds stand in "probe". */
#ifndef TESTS_DATAPATH_PROBE_STAGE_H
#define TESTS_DATAPATH_PROBE_STAGE_H

#include "probe.h"
#include "stage/stage.h"

/* probe_stage() - with the driver started; @config may be NULL */
struct stage *probe_stage(const struct dp_config *config);
/* probe_stage_free() - that, and probe_reset() */
void probe_stage_free(struct stage *stage);

/* probe_receive() - the driver receives a frame; waits until it has taken it. */
void probe_receive(const void *frame, size_t length, uint8_t layer4);

/* probe_await() - until the driver has seen so many packets; fails after 10 s. */
void probe_await(unsigned count);

#endif
