/* SPDX-License-Identifier: MIT */
#ifndef CLI_PRINT_H
#define CLI_PRINT_H

#include <jansson.h>

/*
 * print_offloads() - a table on standard output, one column for each set of "offloads" in
 * control/protocol.h that is there
 */
void print_offloads(json_t *offloads);

/* print_coalesce() - whether received frames are coalesced; NULL is nothing */
void print_coalesce(json_t *coalesce);

#endif
