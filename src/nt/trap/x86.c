/* SPDX-License-Identifier: MIT */
/* x86-64: what an instruction does to memory (Capstone), and the way into the emulation. */
#include "nt/trap/x86.h"

#include <capstone/capstone.h>
#include <cpuid.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"

#define RED_ZONE      128
#define SLACK         64    /* for what nt_trap_x86_enter() and a push leave below the red zone */
#define HANDLER_ROOM  16384 /* thread sanitizer calls our handler from one of its own */
#define ALIGNMENT     64    /* of an XSAVE area */
#define FXSAVE_SIZE   512
#define FLAG_TRAP     0x100
#define FLAG_STRAIGHT 0x400
#define FLAG_ALIGN    0x40000

/* What the kernel says in a signal frame's FXSAVE area, bytes 464 and up (asm/sigcontext.h). */
#define XSTATE_LEAF   0xD /* of CPUID */
#define XSTATE_OFFSET 464
#define XSTATE_MAGIC  0x46505853

struct xstate {
	uint32_t magic, extended_size;
	uint64_t features;
	uint32_t size;
};

_Static_assert(offsetof(struct nt_trap_x86, trap.next) == TRAP_NEXT, "x86_entry.S");
_Static_assert(offsetof(struct nt_trap_x86, gpr) == TRAP_GPR, "x86_entry.S");
_Static_assert(offsetof(struct nt_trap_x86, flags) == TRAP_FLAGS, "x86_entry.S");
_Static_assert(offsetof(struct nt_trap_x86, exit_stack) == TRAP_EXIT_STACK, "x86_entry.S");
_Static_assert(offsetof(struct nt_trap_x86, vector) == TRAP_VECTOR, "x86_entry.S");
_Static_assert(offsetof(struct nt_trap_x86, features) == TRAP_FEATURES, "x86_entry.S");
_Static_assert(offsetof(struct nt_trap_x86, work) == TRAP_WORK, "x86_entry.S");

/* Where a signal's context has the registers, in the order of their encoding. */
static const uint8_t places[NT_X86_REGISTERS] = { REG_RAX, REG_RCX, REG_RDX, REG_RBX,
						  REG_RSP, REG_RBP, REG_RSI, REG_RDI,
						  REG_R8,  REG_R9,  REG_R10, REG_R11,
						  REG_R12, REG_R13, REG_R14, REG_R15 };

/* Memory operand first: what happens to it. */
static const struct {
	unsigned short id;
	bool reads, writes;
} destinations[] = {
	{ X86_INS_MOV, false, true },
	{ X86_INS_MOVNTI, false, true },
	{ X86_INS_MOVBE, false, true },
	{ X86_INS_CMP, true, false },
	{ X86_INS_TEST, true, false },
	{ X86_INS_BT, true, false },
	{ X86_INS_MUL, true, false },
	{ X86_INS_IMUL, true, false },
	{ X86_INS_DIV, true, false },
	{ X86_INS_IDIV, true, false },
	{ X86_INS_PUSH, true, false },
	{ X86_INS_ADD, true, true },
	{ X86_INS_ADC, true, true },
	{ X86_INS_SUB, true, true },
	{ X86_INS_SBB, true, true },
	{ X86_INS_AND, true, true },
	{ X86_INS_OR, true, true },
	{ X86_INS_XOR, true, true },
	{ X86_INS_INC, true, true },
	{ X86_INS_DEC, true, true },
	{ X86_INS_NOT, true, true },
	{ X86_INS_NEG, true, true },
	{ X86_INS_SHL, true, true },
	{ X86_INS_SAL, true, true },
	{ X86_INS_SHR, true, true },
	{ X86_INS_SAR, true, true },
	{ X86_INS_ROL, true, true },
	{ X86_INS_ROR, true, true },
	{ X86_INS_RCL, true, true },
	{ X86_INS_RCR, true, true },
	{ X86_INS_SHLD, true, true },
	{ X86_INS_SHRD, true, true },
	{ X86_INS_BTS, true, true },
	{ X86_INS_BTR, true, true },
	{ X86_INS_BTC, true, true },
	{ X86_INS_XCHG, true, true },
	{ X86_INS_XADD, true, true },
	{ X86_INS_CMPXCHG, true, true },
	{ X86_INS_CMPXCHG8B, true, true },
	{ X86_INS_CMPXCHG16B, true, true },
	{ X86_INS_MOVD, false, true },
	{ X86_INS_MOVQ, false, true },
	{ X86_INS_MOVSS, false, true },
	{ X86_INS_MOVSD, false, true },
	{ X86_INS_MOVUPS, false, true },
	{ X86_INS_MOVUPD, false, true },
	{ X86_INS_MOVAPS, false, true },
	{ X86_INS_MOVAPD, false, true },
	{ X86_INS_MOVDQU, false, true },
	{ X86_INS_MOVDQA, false, true },
	{ X86_INS_MOVLPS, false, true },
	{ X86_INS_MOVLPD, false, true },
	{ X86_INS_MOVHPS, false, true },
	{ X86_INS_MOVHPD, false, true },
	{ X86_INS_MOVNTDQ, false, true },
	{ X86_INS_MOVNTPS, false, true },
	{ X86_INS_MOVNTPD, false, true },
	{ X86_INS_PEXTRB, false, true },
	{ X86_INS_PEXTRW, false, true },
	{ X86_INS_PEXTRD, false, true },
	{ X86_INS_PEXTRQ, false, true },
	{ X86_INS_EXTRACTPS, false, true },
	{ X86_INS_VMOVD, false, true },
	{ X86_INS_VMOVQ, false, true },
	{ X86_INS_VMOVSS, false, true },
	{ X86_INS_VMOVSD, false, true },
	{ X86_INS_VMOVUPS, false, true },
	{ X86_INS_VMOVUPD, false, true },
	{ X86_INS_VMOVAPS, false, true },
	{ X86_INS_VMOVAPD, false, true },
	{ X86_INS_VMOVDQU, false, true },
	{ X86_INS_VMOVDQA, false, true },
	{ X86_INS_VMOVDQU8, false, true },
	{ X86_INS_VMOVDQU16, false, true },
	{ X86_INS_VMOVDQU32, false, true },
	{ X86_INS_VMOVDQU64, false, true },
	{ X86_INS_VMOVDQA32, false, true },
	{ X86_INS_VMOVDQA64, false, true },
	{ X86_INS_VMOVLPS, false, true },
	{ X86_INS_VMOVLPD, false, true },
	{ X86_INS_VMOVHPS, false, true },
	{ X86_INS_VMOVHPD, false, true },
	{ X86_INS_VMOVNTDQ, false, true },
	{ X86_INS_VMOVNTPS, false, true },
	{ X86_INS_VMOVNTPD, false, true },
	{ X86_INS_VPEXTRB, false, true },
	{ X86_INS_VPEXTRW, false, true },
	{ X86_INS_VPEXTRD, false, true },
	{ X86_INS_VPEXTRQ, false, true },
	{ X86_INS_VEXTRACTF128, false, true },
	{ X86_INS_VEXTRACTI128, false, true },
};

/* Memory operand behind another: read. Capstone has the right sizes of these (not of all). */
static const unsigned short sources[] = {
	X86_INS_MOV,         X86_INS_MOVZX,        X86_INS_MOVSX,        X86_INS_MOVSXD,
	X86_INS_MOVBE,       X86_INS_ADD,          X86_INS_ADC,          X86_INS_SUB,
	X86_INS_SBB,         X86_INS_AND,          X86_INS_OR,           X86_INS_XOR,
	X86_INS_CMP,         X86_INS_TEST,         X86_INS_IMUL,         X86_INS_BSF,
	X86_INS_BSR,         X86_INS_TZCNT,        X86_INS_LZCNT,        X86_INS_POPCNT,
	X86_INS_ANDN,        X86_INS_BEXTR,        X86_INS_BLSI,         X86_INS_BLSMSK,
	X86_INS_BLSR,        X86_INS_BZHI,         X86_INS_MULX,         X86_INS_PDEP,
	X86_INS_PEXT,        X86_INS_RORX,         X86_INS_SARX,         X86_INS_SHLX,
	X86_INS_SHRX,        X86_INS_ADCX,         X86_INS_ADOX,         X86_INS_CRC32,
	X86_INS_MOVD,        X86_INS_MOVQ,         X86_INS_MOVSS,        X86_INS_MOVSD,
	X86_INS_MOVUPS,      X86_INS_MOVUPD,       X86_INS_MOVAPS,       X86_INS_MOVAPD,
	X86_INS_MOVDQU,      X86_INS_MOVDQA,       X86_INS_LDDQU,        X86_INS_MOVNTDQA,
	X86_INS_MOVLPS,      X86_INS_MOVLPD,       X86_INS_MOVHPS,       X86_INS_MOVHPD,
	X86_INS_MOVDDUP,     X86_INS_PINSRB,       X86_INS_PINSRW,       X86_INS_PINSRD,
	X86_INS_PINSRQ,      X86_INS_PAND,         X86_INS_PANDN,        X86_INS_POR,
	X86_INS_PXOR,        X86_INS_ANDPS,        X86_INS_ANDNPS,       X86_INS_ORPS,
	X86_INS_XORPS,       X86_INS_PTEST,        X86_INS_PADDB,        X86_INS_PADDW,
	X86_INS_PADDD,       X86_INS_PADDQ,        X86_INS_PSUBB,        X86_INS_PSUBW,
	X86_INS_PSUBD,       X86_INS_PSUBQ,        X86_INS_PCMPEQB,      X86_INS_PCMPEQW,
	X86_INS_PCMPEQD,     X86_INS_PCMPEQQ,      X86_INS_PMINUB,       X86_INS_PMAXUB,
	X86_INS_PSHUFB,      X86_INS_PSHUFD,       X86_INS_PMOVZXBW,     X86_INS_PMOVZXBD,
	X86_INS_PMOVZXBQ,    X86_INS_PMOVZXWD,     X86_INS_PMOVZXWQ,     X86_INS_PMOVZXDQ,
	X86_INS_PMOVSXBW,    X86_INS_PMOVSXBD,     X86_INS_PMOVSXBQ,     X86_INS_PMOVSXWD,
	X86_INS_PMOVSXWQ,    X86_INS_PMOVSXDQ,     X86_INS_VMOVD,        X86_INS_VMOVQ,
	X86_INS_VMOVSS,      X86_INS_VMOVSD,       X86_INS_VMOVUPS,      X86_INS_VMOVUPD,
	X86_INS_VMOVAPS,     X86_INS_VMOVAPD,      X86_INS_VMOVDQU,      X86_INS_VMOVDQA,
	X86_INS_VMOVDQU8,    X86_INS_VMOVDQU16,    X86_INS_VMOVDQU32,    X86_INS_VMOVDQU64,
	X86_INS_VMOVDQA32,   X86_INS_VMOVDQA64,    X86_INS_VLDDQU,       X86_INS_VMOVNTDQA,
	X86_INS_VMOVLPS,     X86_INS_VMOVLPD,      X86_INS_VMOVHPS,      X86_INS_VMOVHPD,
	X86_INS_VPINSRB,     X86_INS_VPINSRW,      X86_INS_VPINSRD,      X86_INS_VPINSRQ,
	X86_INS_VPAND,       X86_INS_VPANDN,       X86_INS_VPOR,         X86_INS_VPXOR,
	X86_INS_VANDPS,      X86_INS_VANDNPS,      X86_INS_VORPS,        X86_INS_VXORPS,
	X86_INS_VPTEST,      X86_INS_VPADDB,       X86_INS_VPADDW,       X86_INS_VPADDD,
	X86_INS_VPADDQ,      X86_INS_VPSUBB,       X86_INS_VPSUBW,       X86_INS_VPSUBD,
	X86_INS_VPSUBQ,      X86_INS_VPCMPEQB,     X86_INS_VPCMPEQW,     X86_INS_VPCMPEQD,
	X86_INS_VPCMPEQQ,    X86_INS_VPMINUB,      X86_INS_VPMAXUB,      X86_INS_VPSHUFB,
	X86_INS_VPSHUFD,     X86_INS_VBROADCASTSS, X86_INS_VBROADCASTSD, X86_INS_VBROADCASTF128,
	X86_INS_VINSERTF128,
};

static bool writes_second(unsigned id)
{
	return id == X86_INS_XCHG || id == X86_INS_XADD || id == X86_INS_CMPXCHG;
}

/* CMOVcc and SETcc are as many names as there are conditions: by opcode. */
static bool classify(struct nt_x86_instruction *x, const struct nt_x86_layout *layout, unsigned id,
		     int memory)
{
	uint8_t opcode = x->common.bytes[layout->opcode];
	bool two_bytes = layout->map == 1 && layout->vex < 0;

	x->reads = true;
	if (memory > 0) {
		x->writes = writes_second(id);
		if (x->writes || (two_bytes && opcode >> 4 == 4))
			return true;
		for (size_t i = 0; i < ARRAY_COUNT(sources); i++)
			if (sources[i] == id)
				return true;
		return false;
	}
	if (two_bytes && opcode >> 4 == 9) {
		x->reads = false;
		x->writes = true;
		return true;
	}
	for (size_t i = 0; i < ARRAY_COUNT(destinations); i++) {
		if (destinations[i].id != id)
			continue;
		x->reads = destinations[i].reads;
		x->writes = destinations[i].writes;
		return true;
	}
	return false;
}

static bool is_between(unsigned reg, unsigned first, unsigned last)
{
	return reg >= first && reg <= last;
}

/* Registers: vector ones, and those that a stub cannot have. */
static bool look_at_registers(struct nt_x86_instruction *x, const cs_x86 *x86)
{
	for (int i = 0; i < x86->op_count; i++) {
		unsigned reg = x86->operands[i].reg;

		if (x86->operands[i].type != X86_OP_REG)
			continue;
		if (is_between(reg, X86_REG_XMM0, X86_REG_ZMM31) ||
		    is_between(reg, X86_REG_MM0, X86_REG_MM7))
			x->vector = true;
		else if (reg == X86_REG_RSP || reg == X86_REG_ESP || reg == X86_REG_SP ||
			 reg == X86_REG_SPL)
			return false;
	}
	return true;
}

/* EVEX: moves of some elements only, as the C library's memset() ends. Of others, the whole. */
static bool decode_mask(struct nt_x86_instruction *x, const struct nt_x86_layout *layout,
			unsigned id)
{
	const uint8_t *evex;
	bool broadcast;

	if (layout->vex < 0 || x->common.bytes[layout->vex] != 0x62)
		return true;
	evex = x->common.bytes + layout->vex;
	broadcast = evex[3] & 0x10;
	x->mask = evex[3] & 7;
	switch (id) {
	case X86_INS_VMOVDQU8:
		x->element = 1;
		break;
	case X86_INS_VMOVDQU16:
		x->element = 2;
		break;
	case X86_INS_VMOVDQU32:
	case X86_INS_VMOVDQA32:
	case X86_INS_VMOVUPS:
	case X86_INS_VMOVAPS:
		x->element = 4;
		break;
	case X86_INS_VMOVDQU64:
	case X86_INS_VMOVDQA64:
	case X86_INS_VMOVUPD:
	case X86_INS_VMOVAPD:
		x->element = 8;
		break;
	default:
		return !x->mask && !broadcast;
	}
	return !broadcast;
}

static bool decode_string(struct nt_x86_instruction *x, const struct nt_x86_layout *layout)
{
	const uint8_t *bytes = x->common.bytes;
	bool wide = layout->rex >= 0 && bytes[layout->rex] & 8;

	/* Capstone 4 takes the order of the prefixes for a difference. */
	x->width = !(bytes[layout->opcode] & 1) ? 1 : wide ? 8 : layout->narrow ? 2 : 4;
	x->kind = NT_X86_STRING;
	x->opcode = bytes[layout->opcode] & 0xFE;
	x->repeat = layout->repeat;
	x->repeat_not = layout->repeat_not;
	return x->opcode >= 0xA4; /* A0-A3: a constant address */
}

static bool decode_operand(struct nt_trap_cache *cache, struct nt_x86_instruction *x,
			   const struct nt_x86_layout *layout, const cs_insn *instruction)
{
	const cs_x86 *x86 = &instruction->detail->x86;
	const cs_x86_op *memory = NULL;
	int at;

	for (at = 0; at < x86->op_count && !memory; at++)
		if (x86->operands[at].type == X86_OP_MEM)
			memory = &x86->operands[at];
	if (!memory)
		return false;
	x->width = memory->size;
	if (!x->width || x->width > 64 || x->width & (x->width - 1))
		return false;
	if (layout->modrm < 0)
		return decode_string(x, layout);
	if (!look_at_registers(x, x86) || !classify(x, layout, instruction->id, at - 1) ||
	    !decode_mask(x, layout, instruction->id))
		return false;
	nt_x86_operand(x, layout);
	x->displacement = (int32_t)memory->mem.disp;
	x->bit_register = NT_X86_NONE;
	if ((instruction->id == X86_INS_BT || instruction->id == X86_INS_BTS ||
	     instruction->id == X86_INS_BTR || instruction->id == X86_INS_BTC) &&
	    x86->operands[1].type == X86_OP_REG)
		x->bit_register = layout->reg;
	x->divides = instruction->id == X86_INS_DIV || instruction->id == X86_INS_IDIV;
	x->common.atomic = x->reads && x->writes;
	x->common.locked = layout->lock || instruction->id == X86_INS_XCHG;
	if (instruction->id == X86_INS_PUSH) {
		x->kind = NT_X86_PUSH;
		return true;
	}
	return nt_x86_build(cache, x, layout);
}

/* A handle is no thread's but the caller's, and new instructions are rare. */
static cs_insn *disassemble(csh *handle, const uint8_t *at, size_t length)
{
	cs_insn *instruction = NULL;

	if (cs_open(CS_ARCH_X86, CS_MODE_64, handle))
		return NULL;
	cs_option(*handle, CS_OPT_DETAIL, CS_OPT_ON);
	if (cs_disasm(*handle, at, length, (uintptr_t)at, 1, &instruction) == 1)
		return instruction;
	cs_close(handle);
	return NULL;
}

static bool decode(struct nt_trap_cache *cache, struct nt_trap_instruction *common)
{
	struct nt_x86_instruction *x = (struct nt_x86_instruction *)common;
	unsigned size, offset = 0, c, d;
	struct nt_x86_layout layout;
	cs_insn *instruction;
	bool done;
	csh handle;

	if (!nt_x86_layout(&layout, common->bytes, common->length) || layout.foreign)
		return false;
	__get_cpuid_count(XSTATE_LEAF, NT_X86_OPMASKS, &size, &offset, &c, &d);
	x->opmasks = (uint16_t)offset;
	if (nt_x86_evex(x, &layout, common->bytes))
		return nt_x86_build(cache, x, &layout);
	instruction = disassemble(&handle, common->bytes, common->length);
	if (!instruction)
		return false;
	done = decode_operand(cache, x, &layout, instruction);
	cs_free(instruction, 1);
	cs_close(&handle);
	return done;
}

static size_t text(const uint8_t *at, char *buffer, size_t size)
{
	struct nt_x86_layout layout;
	cs_insn *instruction;
	size_t length;
	csh handle;

	instruction = disassemble(&handle, at, NT_TRAP_BYTES);
	if (!instruction) {
		snprintf(buffer, size, "an AVX-512 instruction");
		return nt_x86_layout(&layout, at, NT_TRAP_BYTES) ? nt_x86_evex(NULL, &layout, at)
								 : 0;
	}
	length = instruction->size;
	snprintf(buffer, size, "%s%s%s", instruction->mnemonic, instruction->op_str[0] ? " " : "",
		 instruction->op_str);
	cs_free(instruction, 1);
	cs_close(&handle);
	return length;
}

static uintptr_t pc(const ucontext_t *context)
{
	return (uintptr_t)context->uc_mcontext.gregs[REG_RIP];
}

/* memcpy() that no sanitizer has opinions about: below a stack's end nobody has been yet. */
static void copy(void *to, const void *from, size_t size)
{
	__asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(size) : : "memory");
}

/*
 * Where the trap may lie: below the red zone. When the handler has no stack of its own it is there
 * itself, so below it and what it may still call; no signal comes in until it has returned.
 */
static uintptr_t free_stack(const ucontext_t *context)
{
	uintptr_t here = (uintptr_t)__builtin_frame_address(0);
	uintptr_t driver = (uintptr_t)context->uc_mcontext.gregs[REG_RSP];
	uintptr_t other = (uintptr_t)context->uc_stack.ss_sp;
	size_t size = context->uc_stack.ss_size;

	if (here - other < size && driver - other >= size)
		return driver - RED_ZONE - SLACK;
	return here - HANDLER_ROOM;
}

/* Async-signal-safe. */
__attribute__((no_sanitize("address", "undefined"))) static void divert(ucontext_t *context,
									uintptr_t fault)
{
	greg_t *registers = context->uc_mcontext.gregs;
	const uint8_t *vector = (const uint8_t *)context->uc_mcontext.fpregs;
	uintptr_t stack = free_stack(context);
	size_t vector_size = FXSAVE_SIZE;
	struct nt_trap_x86 *trap;
	struct xstate xstate;

	stack = (stack - sizeof(*trap)) & ~(uintptr_t)(ALIGNMENT - 1);
	trap = (struct nt_trap_x86 *)stack;
	trap->trap.at = (const uint8_t *)registers[REG_RIP];
	trap->trap.next = trap->trap.at;
	trap->trap.fault = fault;
	for (int i = 0; i < NT_X86_REGISTERS; i++)
		trap->gpr[i] = (uint64_t)registers[places[i]];
	trap->flags = (uint64_t)registers[REG_EFL];
	copy(&xstate, vector + XSTATE_OFFSET, sizeof(xstate));
	trap->features = 0;
	if (xstate.magic == XSTATE_MAGIC) {
		trap->features = xstate.features;
		vector_size = xstate.size;
	}
	stack = (stack - vector_size) & ~(uintptr_t)(ALIGNMENT - 1);
	trap->vector = (void *)stack;
	copy(trap->vector, vector, vector_size);
	registers[REG_RBX] = (greg_t)trap;
	registers[REG_RSP] = (greg_t)stack;
	registers[REG_RIP] = (greg_t)nt_trap_x86_enter;
	registers[REG_EFL] &= ~(greg_t)(FLAG_STRAIGHT | FLAG_ALIGN | FLAG_TRAP);
}

static const struct nt_trap_decoder decoder = {
	.size = sizeof(struct nt_x86_instruction),
	.pc = pc,
	.divert = divert,
	.decode = decode,
	.text = text,
	.emulate = nt_trap_x86_emulate,
};

const struct nt_trap_decoder *const nt_trap_decoder = &decoder;
