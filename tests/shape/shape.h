/* SPDX-License-Identifier: MIT */
/* The tiny shape's table, for the test. */
#ifndef TESTS_SHAPE_SHAPE_H
#define TESTS_SHAPE_SHAPE_H

#include "cx/client.h"

extern const struct cx_client tiny_client;

/* What its adapters declare beside the rest; set before one starts. */
struct tiny_settings {
	unsigned tx_queues, priorities;
	struct cx_execution *execution; /* that all queues are grouped in; NULL: none */
	bool tags, uso;                 /* its hardware puts tags in, and segments UDP */
};

extern struct tiny_settings tiny_settings;

#endif
