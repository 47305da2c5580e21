/* SPDX-License-Identifier: MIT */
/*
 * Registers by plain dereference. A mapped register range has no access rights, so a driver's load
 * or store there faults. The signal handler sends the thread on into nt_trap_run(), which emulates
 * the one instruction against the device, in normal context: device models take locks and run ISRs,
 * and those may trap again. Then the thread goes on behind the instruction.
 */
#ifndef NT_TRAP_TRAP_H
#define NT_TRAP_TRAP_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <ucontext.h>

#define NT_TRAP_BYTES 15 /* no instruction is longer */

struct nt_mmio;
struct nt_trap_cache;

/* One trapped instruction of one thread, on its stack. Decoders have the registers behind it. */
struct nt_trap {
	const uint8_t *at; /* the instruction */
	const uint8_t
		*next;   /* where the thread goes on; a backtrace takes it for a call's return */
	uintptr_t fault; /* the address that had no access rights */
};

/* What is known of an instruction from its bytes alone. Immutable once it is in the cache. */
struct nt_trap_instruction {
	struct nt_trap_instruction *older;
	uint8_t bytes[NT_TRAP_BYTES];
	uint8_t length;
	bool atomic; /* reads and writes: no interrupt in between */
	bool locked; /* ... nor another processor's locked access */
};

/* A kind of processor. The functions are called in normal context except divert() and pc(). */
struct nt_trap_decoder {
	size_t size; /* of its struct nt_trap_instruction with what it appends */
	uintptr_t (*pc)(const ucontext_t *context);
	/* Make the interrupted thread call nt_trap_run() and go on at nt_trap.next. */
	void (*divert)(ucontext_t *context, uintptr_t fault);
	/* @instruction: zeroed but for its bytes; false: cannot be emulated. */
	bool (*decode)(struct nt_trap_cache *cache, struct nt_trap_instruction *instruction);
	/* Length of the instruction at @at, its text for people; 0: none there. */
	size_t (*text)(const uint8_t *at, char *buffer, size_t size);
	/* All of it: registers, flags, and memory through nt_trap_load() and nt_trap_store(). */
	void (*emulate)(const struct nt_trap_instruction *instruction, struct nt_trap *trap);
};

/* The one of this build; NULL: plain dereferences are crashes. */
extern const struct nt_trap_decoder *const nt_trap_decoder;

/*
 * nt_trap_catch() - in a signal handler: is it a driver's access to registers?
 * Return: true when it is and the handler shall just return.
 */
bool nt_trap_catch(const siginfo_t *info, ucontext_t *context);

/* nt_trap_run() - emulate; called by what divert() arranged. */
void nt_trap_run(struct nt_trap *trap);

/* nt_trap_is_register() - whether the address is in the pages of a mapping. */
bool nt_trap_is_register(uintptr_t va);

/*
 * nt_trap_load() / nt_trap_store() - the instruction's access: one of the device's for 1, 2, 4 and
 * 8 bytes, several in rising order for more. One outside the mapping ends the driver.
 */
void nt_trap_load(uintptr_t va, void *data, size_t width);
void nt_trap_store(uintptr_t va, const void *data, size_t width);

#endif
