/* SPDX-License-Identifier: MIT */
/* The device's view of memory, and what it says when the driver shows it the wrong place. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"
#include "device/rtl8168/model.h"
#include "nt/event.h"
#include "nt/violation.h"

/* Enough for every kind of mistake once; a broken driver repeats itself a million times a second.
 */
#define MAX_COMPLAINTS 16

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "descriptors are little endian");
_Static_assert(sizeof(struct rtl_descriptor) == 16, "a descriptor is 16 bytes");

/*
 * Memory that was never mapped, was unmapped, or ends too early. Windows with DMA remapping ends
 * with DRIVER_VERIFIER_DMA_VIOLATION, parameter 1 0x26 (the IOMMU saw it), parameter 3 the address.
 */
static _Noreturn void bad_address(struct rtl8168 *r, uint64_t logical, size_t length,
				  const char *what)
{
	char passed[400];
	struct text text = text_in(passed, sizeof(passed));

	text_add(&text, "the %s at logical address 0x%" PRIx64 ", %zu bytes, ", what, logical,
		 length);
	if (logical % sizeof(uint64_t) && nt_dma_at(r->device.bus.dma, logical, length))
		text_add(&text, "is not aligned to 8 bytes.");
	else
		nt_dma_explain(r->device.bus.dma, logical, length, &text);
	nt_violation(&(struct nt_violation){
		.bugcheck = 0xE6,
		.parameter = { 0x26, 0, logical, 0 },
		.rule = "DRIVER_VERIFIER_DMA_VIOLATION",
		.call = "device DMA",
		.object = r->device.ops->name,
		.passed = passed,
		.demand =
			"A device is given only logical addresses that the DMA API returned, as long as the memory exists.",
	});
}

void *rtl_dma(struct rtl8168 *r, uint64_t logical, size_t length, const char *what)
{
	void *memory = nt_dma_at(r->device.bus.dma, logical, length);

	if (__builtin_expect(!memory, 0))
		bad_address(r, logical, length, what);
	return memory;
}

struct rtl_descriptor *rtl_descriptor(struct rtl8168 *r, const struct rtl_ring *ring,
				      uint32_t index, const char *what)
{
	struct rtl_descriptor *d;

	d = rtl_dma(r, ring->base + (uint64_t)index * sizeof(*d), sizeof(*d), what);
	if (__builtin_expect((uintptr_t)d % sizeof(uint64_t) != 0, 0))
		bad_address(r, ring->base, sizeof(*d), what);
	return d;
}

void rtl_complain(struct rtl8168 *r, const char *format, ...)
{
	char text[192];
	va_list arguments;
	int given = r->complaints;

	if (given >= MAX_COMPLAINTS)
		return;
	r->complaints = given + 1;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	nt_log(r->device.ops->name, "%s%s", text,
	       given + 1 == MAX_COMPLAINTS ? " (no more such messages)" : "");
}
