/* SPDX-License-Identifier: MIT */
/* x86-64: running an instruction with a device's register for its memory operand. */
#include <signal.h>
#include <string.h>

#include "nt/trap/x86.h"

#define XSTATE_HEADER 512 /* first in it: which parts are not at rest */
#define FLAG_ZERO     0x40
#define FLAG_BACKWARD 0x400
#define FLAGS_OF_CMP  0x8D5 /* OF SF ZF AF PF CF */

static uintptr_t address(const struct nt_x86_instruction *x, const struct nt_trap_x86 *trap)
{
	uintptr_t at = (uintptr_t)(intptr_t)x->displacement;

	if (x->relative)
		at += (uintptr_t)trap->trap.next;
	if (x->base != NT_X86_NONE)
		at += trap->gpr[x->base];
	if (x->index != NT_X86_NONE)
		at += trap->gpr[x->index] * x->scale;
	return at;
}

/* BT with a register: the bit's number may lead to another unit of @width bytes, either way. */
static intptr_t bit_distance(const struct nt_x86_instruction *x, const struct nt_trap_x86 *trap)
{
	int64_t bit;

	if (x->bit_register == NT_X86_NONE)
		return 0;
	bit = (int64_t)trap->gpr[x->bit_register];
	if (x->width == 2)
		bit = (int16_t)bit;
	else if (x->width == 4)
		bit = (int32_t)bit;
	return (bit >> (x->width == 2 ? 4 : x->width == 4 ? 5 : 6)) * x->width;
}

static bool is_zero(const uint8_t *data, size_t width)
{
	for (size_t i = 0; i < width; i++)
		if (data[i])
			return false;
	return true;
}

/* The bytes that an EVEX opmask selects of the operand, a bit each. */
static uint64_t selected(const struct nt_x86_instruction *x, const struct nt_trap_x86 *trap)
{
	uint64_t elements = 0, bytes = 0, element = (1u << x->element) - 1;
	const uint8_t *vector = trap->vector;

	/* At rest the registers are zero. */
	if (trap->features & 1 << NT_X86_OPMASKS && vector[XSTATE_HEADER] & 1 << NT_X86_OPMASKS)
		memcpy(&elements, vector + x->opmasks + x->mask * sizeof(elements),
		       sizeof(elements));
	for (unsigned i = 0; i < x->width; i += x->element)
		if (elements >> i / x->element & 1)
			bytes |= element << i;
	return bytes;
}

/* What is not selected is not accessed: runs of bytes, in accesses as wide as they can be. */
static void access_selected(uintptr_t at, uint8_t *data, uint64_t bytes, bool writes)
{
	while (bytes) {
		unsigned start = (unsigned)__builtin_ctzll(bytes), width = 8;
		uint64_t run;

		while (width > 1 && (start + width > 64 ||
				     (run = ((1ull << width) - 1) << start, (bytes & run) != run)))
			width /= 2;
		run = ((1ull << width) - 1) << start;
		if (writes)
			nt_trap_store(at + start, data + start, width);
		else
			nt_trap_load(at + start, data + start, width);
		bytes &= ~run;
	}
}

static void run_stub(const struct nt_x86_instruction *x, struct nt_trap_x86 *trap)
{
	_Alignas(64) uint8_t data[64] = { 0 };
	intptr_t distance = bit_distance(x, trap);
	uintptr_t at = address(x, trap) + (uintptr_t)distance;
	uint64_t bytes = x->mask ? selected(x, trap) : 0;

	if (x->mask && x->reads)
		access_selected(at, data, bytes, false);
	else if (x->reads)
		nt_trap_load(at, data, x->width);
	/* In the stub it would strike where no backtrace leads from. */
	if (x->divides && is_zero(data, x->width))
		raise(SIGFPE);
	memcpy(trap->work, trap->gpr, sizeof(trap->work));
	trap->work[x->spare] = (uintptr_t)data - (uintptr_t)distance;
	nt_trap_x86_execute(trap, x->stub, x->vector);
	for (int i = 0; i < NT_X86_REGISTERS; i++)
		if (i != RSP && i != x->spare)
			trap->gpr[i] = trap->work[i];
	if (x->mask && x->writes)
		access_selected(at, data, bytes, true);
	else if (x->writes)
		nt_trap_store(at, data, x->width);
}

/* The operand's address is that before the push. */
static void push(const struct nt_x86_instruction *x, struct nt_trap_x86 *trap)
{
	uint64_t value;

	nt_trap_load(address(x, trap), &value, x->width);
	trap->gpr[RSP] -= x->width;
	memcpy((void *)trap->gpr[RSP], &value, x->width);
}

static uint64_t load(uintptr_t at, size_t width)
{
	uint64_t value = 0;

	if (nt_trap_is_register(at))
		nt_trap_load(at, &value, width);
	else
		memcpy(&value, (void *)at, width);
	return value;
}

static void store(uintptr_t at, uint64_t value, size_t width)
{
	if (nt_trap_is_register(at))
		nt_trap_store(at, &value, width);
	else
		memcpy((void *)at, &value, width);
}

static void compare(struct nt_trap_x86 *trap, uint64_t a, uint64_t b, unsigned width)
{
	uint16_t flags; /* as LAHF has them in AH, and OF in AL */

#define COMPARE(suffix, modifier)                                               \
	__asm__("cmp" suffix " %" modifier "2, %" modifier "1; lahf; seto %%al" \
		: "=&a"(flags)                                                  \
		: "r"(a), "r"(b)                                                \
		: "cc")
	switch (width) {
	case 1:
		COMPARE("b", "b");
		break;
	case 2:
		COMPARE("w", "w");
		break;
	case 4:
		COMPARE("l", "k");
		break;
	default:
		COMPARE("q", "q");
	}
	trap->flags = (trap->flags & ~(uint64_t)FLAGS_OF_CMP) |
		      ((uint64_t)(flags >> 8) & FLAGS_OF_CMP) | (uint64_t)(flags & 1) << 11;
}

static void set_accumulator(struct nt_trap_x86 *trap, uint64_t value, unsigned width)
{
	/* Writing 32 bits clears the upper half; 8 and 16 leave the rest as it is. */
	if (width == 4)
		trap->gpr[RAX] = value;
	else
		memcpy(&trap->gpr[RAX], &value, width);
}

/* One element. Return: whether a repeat prefix ends with it. */
static bool string_step(const struct nt_x86_instruction *x, struct nt_trap_x86 *trap)
{
	uint64_t step = trap->flags & FLAG_BACKWARD ? -(uint64_t)x->width : x->width;
	uint64_t *from = &trap->gpr[RSI], *to = &trap->gpr[RDI];

	switch (x->opcode) {
	case 0xA4: /* MOVS */
		store(*to, load(*from, x->width), x->width);
		*from += step;
		*to += step;
		return false;
	case 0xAA: /* STOS */
		store(*to, trap->gpr[RAX], x->width);
		*to += step;
		return false;
	case 0xAC: /* LODS */
		set_accumulator(trap, load(*from, x->width), x->width);
		*from += step;
		return false;
	case 0xA6: /* CMPS */
		compare(trap, load(*from, x->width), load(*to, x->width), x->width);
		*from += step;
		*to += step;
		break;
	default: /* SCAS */
		compare(trap, trap->gpr[RAX], load(*to, x->width), x->width);
		*to += step;
	}
	return trap->flags & FLAG_ZERO ? x->repeat_not : x->repeat;
}

static bool at_registers(const struct nt_x86_instruction *x, const struct nt_trap_x86 *trap)
{
	bool from = x->opcode != 0xAA && x->opcode != 0xAE;
	bool to = x->opcode != 0xAC;

	return (from && nt_trap_is_register(trap->gpr[RSI])) ||
	       (to && nt_trap_is_register(trap->gpr[RDI]));
}

/* What lies beyond the registers is the processor's again: the same instruction, with fewer. */
static void run_string(const struct nt_x86_instruction *x, struct nt_trap_x86 *trap)
{
	if (!x->repeat && !x->repeat_not) {
		string_step(x, trap);
		return;
	}
	while (trap->gpr[RCX]) {
		if (!at_registers(x, trap)) {
			trap->trap.next = trap->trap.at;
			return;
		}
		trap->gpr[RCX]--;
		if (string_step(x, trap))
			return;
	}
}

void nt_trap_x86_emulate(const struct nt_trap_instruction *instruction, struct nt_trap *trap)
{
	const struct nt_x86_instruction *x = (const struct nt_x86_instruction *)instruction;
	struct nt_trap_x86 *registers = (struct nt_trap_x86 *)trap;

	switch (x->kind) {
	case NT_X86_STUB:
		run_stub(x, registers);
		break;
	case NT_X86_PUSH:
		push(x, registers);
		break;
	case NT_X86_STRING:
		run_string(x, registers);
		break;
	}
}
