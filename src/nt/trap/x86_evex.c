/* SPDX-License-Identifier: MIT */
/*
 * Capstone 4 lacks AVX-512BW's comparisons into opmasks, of which the C library's memcmp() is made
 * where the processor has them. Intel SDM volume 2: EVEX, full vector operands.
 */
#include <string.h>

#include "base/array.h"
#include "nt/trap/x86.h"

#define EVEX 0x62

static const struct {
	uint8_t map, opcode, immediate;
	uint8_t element[2]; /* bytes, by EVEX.W */
} instructions[] = {
	{ 1, 0x74, 0, { 1, 1 } }, /* VPCMPEQB */
	{ 1, 0x75, 0, { 2, 2 } }, /* VPCMPEQW */
	{ 2, 0x26, 0, { 1, 2 } }, /* VPTESTMB, VPTESTNMB, ...W */
	{ 3, 0x25, 1, { 4, 8 } }, /* VPTERNLOGD, ...Q */
	{ 3, 0x3E, 1, { 1, 2 } }, /* VPCMPUB, ...W */
	{ 3, 0x3F, 1, { 1, 2 } }, /* VPCMPB, ...W */
};

static int find(const struct nt_x86_layout *layout, const uint8_t *bytes)
{
	for (size_t i = 0; i < ARRAY_COUNT(instructions); i++)
		if (instructions[i].map == layout->map &&
		    instructions[i].opcode == bytes[layout->opcode])
			return (int)i;
	return -1;
}

/* The operand's displacement; one byte counts operands. */
static int32_t displacement(const struct nt_x86_layout *layout, const uint8_t *bytes,
			    unsigned width)
{
	uint8_t modrm = bytes[layout->modrm];
	int at = layout->modrm + 1 + ((modrm & 7) == 4);
	int32_t value;

	if (layout->tail - at == 1)
		return (int8_t)bytes[at] * (int32_t)width;
	if (layout->tail - at != 4)
		return 0;
	memcpy(&value, bytes + at, sizeof(value));
	return value;
}

size_t nt_x86_evex(struct nt_x86_instruction *x, const struct nt_x86_layout *layout,
		   const uint8_t *bytes)
{
	const uint8_t *evex;
	int found;

	if (layout->vex < 0 || layout->modrm < 0 || layout->foreign)
		return 0;
	evex = bytes + layout->vex;
	if (evex[0] != EVEX || evex[3] & 0x10 || (evex[3] >> 5 & 3) == 3)
		return 0;
	found = find(layout, bytes);
	if (found < 0)
		return 0;
	if (x) {
		x->width = (uint8_t)(16 << (evex[3] >> 5 & 3));
		x->element = instructions[found].element[evex[2] >> 7];
		x->mask = evex[3] & 7;
		x->reads = true;
		x->vector = true;
		x->bit_register = NT_X86_NONE;
		nt_x86_operand(x, layout);
		x->displacement = displacement(layout, bytes, x->width);
	}
	return (size_t)layout->tail + instructions[found].immediate;
}
