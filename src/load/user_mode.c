/* SPDX-License-Identifier: MIT */
#include "load/user_mode.h"

#include <ctype.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"

#define NAMED 8 /* functions that are named before "and more" */

/* Followed by a capital: the executive's, whose names begin with who it is. */
static const char *const prefixes[] = { "Ex",   "Hal", "Io",  "Ke", "Kf", "Mm",
					"Ndis", "Ob",  "Obf", "Po", "Ps", "Zw" };

/* Of those whose beginnings user mode has, too. */
static const char *const names[] = {
	"DbgPrint",
	"RtlAreBitsClear",
	"RtlAreBitsSet",
	"RtlClearAllBits",
	"RtlClearBit",
	"RtlClearBits",
	"RtlFindClearBits",
	"RtlFindClearBitsAndSet",
	"RtlFindSetBits",
	"RtlFindSetBitsAndClear",
	"RtlInitializeBitMap",
	"RtlNumberOfClearBits",
	"RtlNumberOfSetBits",
	"RtlRandom",
	"RtlRandomEx",
	"RtlSetAllBits",
	"RtlSetBit",
	"RtlSetBits",
	"RtlTestBit",
	"RtlUpcaseUnicodeChar",
	"WdfCommonBufferCreate",
	"WdfCommonBufferCreateWithConfig",
	"WdfCommonBufferGetAlignedLogicalAddress",
	"WdfCommonBufferGetAlignedVirtualAddress",
	"WdfCommonBufferGetLength",
	"WdfDeviceGetAlignmentRequirement",
	"WdfDeviceInitSetCharacteristics",
	"WdfDeviceInitSetDeviceType",
	"WdfDeviceInitSetExclusive",
	"WdfDeviceInitSetPowerNotPageable",
	"WdfDeviceInitSetPowerPageable",
	"WdfDeviceSetAlignmentRequirement",
	"WdfDeviceWdmGetDeviceObject",
	"WdfDeviceWdmGetPhysicalDevice",
	"WdfDmaEnablerCreate",
	"WdfDmaEnablerGetMaximumLength",
	"WdfDmaEnablerGetMaximumScatterGatherElements",
	"WdfDmaEnablerSetMaximumScatterGatherElements",
	"WdfDriverWdmGetDriverObject",
	"WdfFdoQueryForInterface",
	"netcx_paged_code",
	"vDbgPrintEx",
};

bool user_mode_is_kernel_name(const char *symbol)
{
	for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
		if (strcmp(symbol, names[i]) == 0)
			return true;
	}
	for (size_t i = 0; i < ARRAY_COUNT(prefixes); i++) {
		size_t length = strlen(prefixes[i]);

		if (strncmp(symbol, prefixes[i], length) == 0 &&
		    isupper((unsigned char)symbol[length]))
			return true;
	}
	return strncmp(symbol, "Rtl", 3) == 0 && strstr(symbol, "GenericTable");
}

struct called {
	struct text names;
	unsigned count;
};

static void note(void *context, const char *name)
{
	struct called *called = context;

	if (!user_mode_is_kernel_name(name))
		return;
	if (called->count++ < NAMED)
		text_add(&called->names, "%s%.60s", called->count > 1 ? ", " : "", name);
}

bool user_mode_check(const struct elf_file *file, struct error *error)
{
	char room[640];
	struct called called = { .names = text_in(room, sizeof(room)) };

	elf_each_undefined(file, note, &called);
	if (called.count == 0)
		return true;
	return error_set(error,
			 "a user-mode driver (UMDF), and it calls what kernel mode alone has: %s%s",
			 room, called.count > NAMED ? " and more" : "");
}
