/* SPDX-License-Identifier: MIT */
/* The bytes of an x86-64 instruction (AMD64 manual, volume 3, chapter 1), read and made anew. */
#include <string.h>

#include "nt/trap/cache.h"
#include "nt/trap/x86.h"

#define EVEX 0x62
#define VEX3 0xC4
#define VEX2 0xC5
#define RET  0xC3

/* Return: the offset behind the legacy prefixes. */
static int prefixes(struct nt_x86_layout *layout, const uint8_t *bytes, int length)
{
	for (int at = 0; at < length; at++) {
		switch (bytes[at]) {
		case 0xF3:
			layout->repeat = true;
			break;
		case 0xF2:
			layout->repeat_not = true;
			break;
		case 0xF0:
			layout->lock = true;
			break;
		case 0x66:
			layout->narrow = true;
			break;
		case 0x64:
		case 0x65:
		case 0x67:
			layout->foreign = true;
			break;
		case 0x26:
		case 0x2E:
		case 0x36:
		case 0x3E:
			break;
		default:
			return at;
		}
	}
	return length;
}

/* Return: the opcode's offset. Register numbers are stored inverted. */
static int extended(struct nt_x86_layout *layout, const uint8_t *bytes, int at)
{
	uint8_t vvvv = bytes[bytes[at] == VEX2 ? at + 1 : at + 2];

	layout->vex = (int8_t)at;
	layout->vvvv = (uint8_t)(~vvvv >> 3 & 15);
	layout->map = bytes[at] == VEX2 ? 1 : bytes[at + 1] & 3;
	return at + (bytes[at] == VEX2 ? 2 : bytes[at] == VEX3 ? 3 : 4);
}

static int legacy(struct nt_x86_layout *layout, const uint8_t *bytes, int at)
{
	if ((bytes[at] & 0xF0) == 0x40)
		layout->rex = (int8_t)at++;
	if (bytes[at] != 0x0F)
		return at;
	layout->map = bytes[at + 1] == 0x38 ? 2 : bytes[at + 1] == 0x3A ? 3 : 1;
	return at + (layout->map == 1 ? 1 : 2);
}

/* Bytes between ModRM and the immediate. */
static int operand_bytes(const uint8_t *modrm)
{
	int mod = modrm[0] >> 6, rm = modrm[0] & 7, sib = rm == 4;

	if (mod == 0)
		return sib + (rm == 5 || (sib && (modrm[1] & 7) == 5) ? 4 : 0);
	return sib + (mod == 1 ? 1 : 4);
}

/* The fourth bits of ModRM.reg (4), SIB.index (2) and ModRM.rm or SIB.base (1), as REX has them. */
static uint8_t high_bits(const struct nt_x86_layout *layout, const uint8_t *bytes)
{
	uint8_t byte;

	if (layout->vex < 0)
		return layout->rex < 0 ? 0 : bytes[layout->rex] & 7;
	byte = (uint8_t)(~bytes[layout->vex + 1] >> 5 & 7);
	return bytes[layout->vex] == VEX2 ? byte & 4 : byte;
}

/* String instructions name their operands by the opcode alone, A0-A3 have an address in them. */
static bool has_modrm(const struct nt_x86_layout *layout, uint8_t opcode)
{
	return layout->map || opcode < 0xA0 || opcode > 0xAF || opcode == 0xA8 || opcode == 0xA9;
}

bool nt_x86_layout(struct nt_x86_layout *layout, const uint8_t *bytes, size_t length)
{
	int at;

	*layout = (struct nt_x86_layout){
		.rex = -1, .vex = -1, .modrm = -1, .vvvv = NT_X86_NONE, .reg = NT_X86_NONE
	};
	at = prefixes(layout, bytes, (int)length);
	/* In 64-bit mode these bytes are nothing else. */
	if (bytes[at] == EVEX || bytes[at] == VEX3 || bytes[at] == VEX2)
		at = extended(layout, bytes, at);
	else
		at = legacy(layout, bytes, at);
	layout->opcode = (int8_t)at;
	layout->tail = (int8_t)(at + 1);
	if (!has_modrm(layout, bytes[at]))
		return true;
	layout->modrm = (int8_t)++at;
	if (at >= (int)length || bytes[at] >> 6 == 3)
		return false;
	layout->reg = (uint8_t)((bytes[at] >> 3 & 7) | (high_bits(layout, bytes) & 4) << 1);
	layout->tail = (int8_t)(at + 1 + operand_bytes(bytes + at));
	return layout->tail <= (int)length;
}

void nt_x86_operand(struct nt_x86_instruction *x, const struct nt_x86_layout *layout)
{
	const uint8_t *modrm = x->common.bytes + layout->modrm;
	uint8_t high = high_bits(layout, x->common.bytes), mod = modrm[0] >> 6, rm = modrm[0] & 7;

	x->index = NT_X86_NONE;
	if (rm == 4) {
		uint8_t index = (uint8_t)((modrm[1] >> 3 & 7) | (high & 2) << 2);

		rm = modrm[1] & 7;
		if (index != RSP)
			x->index = index;
		x->scale = (uint8_t)(1 << (modrm[1] >> 6));
		x->base = mod == 0 && rm == 5 ? NT_X86_NONE : (uint8_t)(rm | (high & 1) << 3);
	} else if (mod == 0 && rm == 5) {
		x->base = NT_X86_NONE;
		x->relative = true;
	} else {
		x->base = (uint8_t)(rm | (high & 1) << 3);
	}
}

/* A register that the instruction does not know: RAX, RCX and RDX may be implied operands. */
static uint8_t spare(const struct nt_x86_layout *layout)
{
	static const uint8_t candidates[] = { RSI, RDI, RBX };

	for (size_t i = 0; i < sizeof(candidates); i++) {
		uint8_t candidate = candidates[i];

		/* 7 is also BH, of RBX, in a byte instruction without REX. */
		if (candidate == layout->reg || candidate == layout->vvvv ||
		    (candidate == RBX && layout->reg == RDI && layout->vex < 0))
			continue;
		return candidate;
	}
	return NT_X86_NONE;
}

bool nt_x86_build(struct nt_trap_cache *cache, struct nt_x86_instruction *x,
		  const struct nt_x86_layout *layout)
{
	uint8_t code[NT_TRAP_BYTES + 1];
	size_t size = (size_t)layout->modrm, tail = x->common.length - (size_t)layout->tail;

	x->spare = spare(layout);
	if (x->spare == NT_X86_NONE)
		return false;
	memcpy(code, x->common.bytes, size);
	if (layout->rex >= 0)
		code[layout->rex] &= (uint8_t)~3;
	if (layout->vex >= 0 && code[layout->vex] != VEX2)
		code[layout->vex + 1] |= 0x60;
	code[size++] = (uint8_t)((x->common.bytes[layout->modrm] & 0x38) | x->spare);
	memcpy(code + size, x->common.bytes + layout->tail, tail);
	size += tail;
	code[size++] = RET;
	x->stub = nt_trap_code(cache, code, size);
	return x->stub;
}
