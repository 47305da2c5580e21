/* SPDX-License-Identifier: MIT */
/* Segmentation as the rules are written, byte by byte; shares no code with liblso. */
#ifndef NETCX_TESTS_LSO_REFERENCE_H
#define NETCX_TESTS_LSO_REFERENCE_H

#include "packet.h"

/* reference_segment() - segment @i of @p into @frame. Return: its bytes. */
size_t reference_segment(const struct packet *p, uint32_t i, uint8_t *frame);

/* reference_sum() - RFC 1071 over bytes; a 16-bit value, host order, not complemented. */
uint32_t reference_sum(const uint8_t *bytes, size_t length, uint32_t sum);

#endif
