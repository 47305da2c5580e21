/* SPDX-License-Identifier: MIT */
/* The tiny shape's table, for the test. */
#ifndef TESTS_SHAPE_SHAPE_H
#define TESTS_SHAPE_SHAPE_H

#include "cx/client.h"

extern const struct cx_client tiny_client;

#endif
