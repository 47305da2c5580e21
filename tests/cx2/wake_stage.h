/* SPDX-License-Identifier: MIT */
/* The driver "wake" on a stage, and what NDIS asks for before it sleeps. */
#ifndef TESTS_CX2_WAKE_STAGE_H
#define TESTS_CX2_WAKE_STAGE_H

#include "drivers/wake_options.h"
#include "ndis/ndis.h"
#include "ndis/wake.h"
#include "stage/stage.h"

/* Of the loaded driver. One at a time. */
extern WAKE_OPTIONS *wake_options;

/* wake_stage() - a stage with the driver compiled for 2.@minor; everything is declared */
struct stage *wake_stage(unsigned minor);

/* One sleep and what ends it, each step on the worker. */
struct sleep {
	struct stage *stage;
	struct ndis_wake wanted;
	struct wdf_sleep how;
	NTSTATUS status; /* of the last step */
	struct error why;
};

void sleep_prepare(struct sleep *sleep); /* what NDIS does */
void sleep_begin(struct sleep *sleep);   /* to Dx, if it was prepared */
void sleep_end(struct sleep *sleep, bool triggered);

/* A pattern of @wanted: hexadecimal digits, xx for any byte. */
void want_pattern(struct ndis_wake *wanted, const char *text);

#endif
