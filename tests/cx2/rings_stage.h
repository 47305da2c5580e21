/* SPDX-License-Identifier: MIT */
/* drivers/rings.c on a stage with the real datapath. */
#ifndef TESTS_CX2_RINGS_STAGE_H
#define TESTS_CX2_RINGS_STAGE_H

#include "cx/api/2/public.h"
#include "drivers/rings.h"
#include "stage/child.h"
#include "stage/stage.h"

/*
 * rings_open() - the driver for 2.@minor, not yet loaded: its settings can be made
 * @rings: the driver's globals
 * rings_up() - start it
 */
struct stage *rings_open(unsigned minor, struct rings **rings);
void rings_up(struct stage *stage, const struct dp_config *config);

/* rings_send() - from the stack, until the driver has seen @count packets in all. Ten seconds. */
void rings_send(struct stage *stage, struct rings *rings, const void *frame, size_t length,
		unsigned count);
/* rings_receive() - the driver receives a frame; until it has. Ten seconds. */
void rings_receive(struct rings *rings, const void *frame, size_t length);

#endif
