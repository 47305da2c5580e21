/* SPDX-License-Identifier: MIT */
/*
 * x86-64: the instruction itself is run on a copy of the register's value. A stub in executable
 * memory holds it with another memory operand, [spare], and a return. So every flag and register
 * comes out as the processor makes it. Private to trap/x86*.
 */
#ifndef NT_TRAP_X86_H
#define NT_TRAP_X86_H

/* Of struct nt_trap_x86, for x86_entry.S; checked in x86.c. */
#define TRAP_NEXT       8
#define TRAP_GPR        24
#define TRAP_FLAGS      152
#define TRAP_EXIT_STACK 160
#define TRAP_VECTOR     168
#define TRAP_FEATURES   176
#define TRAP_WORK       184

#ifndef __ASSEMBLER__
#include <stdbool.h>
#include <stdint.h>

#include "nt/trap/trap.h"

/* In the order of their encoding. */
enum nt_x86_register { RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, NT_X86_REGISTERS = 16 };

#define NT_X86_NONE    255 /* no such register */
#define NT_X86_OPMASKS 5   /* their number among the parts of an XSAVE area */

/* The interrupted thread's registers, below its red zone. */
struct nt_trap_x86 {
	struct nt_trap trap;
	uint64_t gpr[NT_X86_REGISTERS];
	uint64_t flags;
	uint64_t exit_stack; /* where flags and next lie for the last two instructions */
	void *vector;        /* XSAVE area, standard form */
	uint64_t features;   /* what is in it; 0: FXSAVE's */
	uint64_t work[NT_X86_REGISTERS]; /* for a stub: before and after */
};

enum nt_x86_kind { NT_X86_STUB, NT_X86_PUSH, NT_X86_STRING };

struct nt_x86_instruction {
	struct nt_trap_instruction common;
	enum nt_x86_kind kind;
	uint8_t opcode; /* of a string instruction, its last bit aside */
	bool repeat, repeat_not;
	uint8_t width; /* of one access */
	bool reads, writes;
	bool vector; /* reads or writes vector registers */
	bool divides;
	/* The operand's address: base + index * scale + displacement; relative: to the next one. */
	uint8_t base, index, scale;
	bool relative;
	int32_t displacement;
	uint8_t mask;         /* EVEX: the opmask register; 0: all elements */
	uint8_t element;      /* bytes that a bit of it stands for */
	uint16_t opmasks;     /* offset in an XSAVE area */
	uint8_t bit_register; /* of BT, BTS ...: the bit may lie in another unit of the memory */
	uint8_t spare;        /* the stub's base register */
	const void *stub;
};

/* Shape of the bytes. Offsets into them; below 0: it has none. */
struct nt_x86_layout {
	int8_t rex, vex; /* vex: the first of 2, 3 or (EVEX) 4 bytes */
	int8_t opcode;   /* the last byte of it */
	int8_t modrm;
	int8_t tail;                           /* the immediate, behind the memory operand */
	uint8_t map;                           /* of the opcode: 0 one byte, 1 0F, 2 0F38, 3 0F3A */
	uint8_t reg;                           /* number in ModRM.reg */
	uint8_t vvvv;                          /* number in VEX.vvvv, or NT_X86_NONE */
	bool repeat, repeat_not, lock, narrow; /* narrow: 66, 16 bits */
	bool foreign;                          /* a segment or address size that no driver has */
};

/* false: nothing that has a memory operand. */
bool nt_x86_layout(struct nt_x86_layout *layout, const uint8_t *bytes, size_t length);

/* The memory operand's parts, but for the displacement. */
void nt_x86_operand(struct nt_x86_instruction *x, const struct nt_x86_layout *layout);

/*
 * nt_x86_evex() - instructions on bytes and words of AVX-512 that Capstone 4 does not know
 * @x: filled in when not NULL
 * Return: the instruction's length; 0: none of them
 */
size_t nt_x86_evex(struct nt_x86_instruction *x, const struct nt_x86_layout *layout,
		   const uint8_t *bytes);

/* The stub. false: the system does not let us make code. */
bool nt_x86_build(struct nt_trap_cache *cache, struct nt_x86_instruction *x,
		  const struct nt_x86_layout *layout);

/* In x86_entry.S. The first is jumped to, with the trap in rbx. */
void nt_trap_x86_enter(void);
void nt_trap_x86_execute(struct nt_trap_x86 *trap, const void *stub, bool vector);

void nt_trap_x86_emulate(const struct nt_trap_instruction *instruction, struct nt_trap *trap);

#endif
#endif
