/* SPDX-License-Identifier: MIT */
#include "nt/trap/trap.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "nt/event.h"
#include "nt/symbols.h"
#include "nt/thread.h"
#include "nt/trap/cache.h"
#include "nt/violation.h"

#if !defined(__x86_64__)
const struct nt_trap_decoder *const nt_trap_decoder;
#endif

bool nt_trap_is_register(uintptr_t va)
{
	struct nt_mmio *mmio = &nt_self.machine->mmio;

	return nt_mmio_page(mmio, va) || nt_mmio_is_retired(mmio, va);
}

bool nt_trap_catch(const siginfo_t *info, ucontext_t *context)
{
	uintptr_t pc, fault = (uintptr_t)info->si_addr;

	/* Sent by kill(2) is no access; one that was refused is the crash that follows. */
	if (!nt_trap_decoder || !nt_self.machine || info->si_code <= 0)
		return false;
	pc = nt_trap_decoder->pc(context);
	if (nt_self.trap_refused == pc) {
		nt_self.trap_refused = 0;
		return false;
	}
	if (!nt_trap_is_register(fault) || nt_trap_is_register(pc) || !nt_self.machine->mmio.traps)
		return false;
	nt_trap_decoder->divert(context, fault);
	return true;
}

/* Say which instruction and why, then let it fault again: the crash has its report and debugger. */
static void refuse(struct nt_trap *trap)
{
	const struct nt_mmio_mapping *mapping = nt_mmio_page(&nt_self.machine->mmio, trap->fault);
	char instruction[96], place[256], text[768];
	int length;

	if (!nt_trap_decoder->text(trap->at, instruction, sizeof(instruction)))
		snprintf(instruction, sizeof(instruction), "an unknown instruction");
	nt_symbol(trap->at + 1, place, sizeof(place));
	length = snprintf(
		text, sizeof(text),
		"netcx: \"%s\" at %s cannot be emulated on device register 0x%llx.\n"
		"       Plain integer and SSE accesses can, and READ_REGISTER_* and WRITE_REGISTER_* always.\n",
		instruction, place,
		mapping ? (unsigned long long)(mapping->offset + trap->fault -
					       (uintptr_t)mapping->va)
			: 0);
	if (write(STDERR_FILENO, text, (size_t)length) < 0)
		length = 0;
	nt_log("", "\"%s\" at %s cannot be emulated on a device's register", instruction, place);
	nt_self.trap_refused = (uintptr_t)trap->at;
	trap->next = trap->at;
}

/*
 * An instruction that reads and writes is not interrupted in between: the line that its read
 * raises waits, as on a processor, until it is through.
 */
static void emulate_atomic(const struct nt_trap_instruction *instruction, struct nt_trap *trap)
{
	pthread_mutex_t *bus = nt_trap_bus(nt_self.machine->mmio.traps);
	KIRQL irql = nt_irql_raise(HIGH_LEVEL);

	if (instruction->locked)
		pthread_mutex_lock(bus);
	nt_trap_decoder->emulate(instruction, trap);
	if (instruction->locked)
		pthread_mutex_unlock(bus);
	nt_irql_lower(irql);
}

void nt_trap_run(struct nt_trap *trap)
{
	const struct nt_trap_instruction *instruction;
	int error = errno;

	/* Within the instruction, for the backtrace, until its length is known. */
	trap->next = trap->at + 1;
	instruction = nt_trap_decode(nt_self.machine->mmio.traps, trap->at);
	if (instruction) {
		trap->next = trap->at + instruction->length;
		if (instruction->atomic)
			emulate_atomic(instruction, trap);
		else
			nt_trap_decoder->emulate(instruction, trap);
	} else {
		refuse(trap);
	}
	errno = error;
}

static _Noreturn void refuse_address(uintptr_t va, size_t width)
{
	struct nt_mmio *mmio = &nt_self.machine->mmio;
	const struct nt_mmio_mapping *page = nt_mmio_page(mmio, va);
	char where[96];

	page = page ? page : nt_mmio_page(mmio, va + width - 1);
	if (page)
		snprintf(where, sizeof(where),
			 "offset 0x%llx are outside the 0x%zx bytes that are mapped at %p",
			 (unsigned long long)(va - (uintptr_t)page->va), page->length,
			 (void *)page->va);
	else
		snprintf(where, sizeof(where), "%p have been unmapped", (void *)va);
	nt_violation_say(
		0x50, va, "PAGE_FAULT_IN_NONPAGED_AREA", "a plain register access", NULL,
		"Registers are accessed within what MmMapIoSpaceEx has mapped and MmUnmapIoSpace has not unmapped.",
		"%zu byte%s at %s.", width, width == 1 ? "" : "s", where);
}

static const struct nt_mmio_mapping *look_up(uintptr_t va, size_t width, uint64_t *offset)
{
	const struct nt_mmio_mapping *mapping;

	mapping = nt_mmio_at(&nt_self.machine->mmio, (void *)va, (unsigned)width, offset);
	if (!mapping)
		refuse_address(va, width);
	return mapping;
}

void nt_trap_load(uintptr_t va, void *data, size_t width)
{
	uint64_t offset;
	const struct nt_mmio_region *region = look_up(va, width, &offset)->region;

	for (size_t at = 0; at < width; at += 8) {
		size_t part = width < 8 ? width : 8;
		uint64_t value;

		value = region->ops->read(region->context, offset + at, (unsigned)part);
		memcpy((uint8_t *)data + at, &value, part);
	}
}

void nt_trap_store(uintptr_t va, const void *data, size_t width)
{
	uint64_t offset;
	const struct nt_mmio_region *region = look_up(va, width, &offset)->region;

	for (size_t at = 0; at < width; at += 8) {
		size_t part = width < 8 ? width : 8;
		uint64_t value = 0;

		memcpy(&value, (const uint8_t *)data + at, part);
		region->ops->write(region->context, offset + at, (unsigned)part, value);
	}
}
