/* SPDX-License-Identifier: MIT */
/*
 * The dynamic linker has written the address of each function that the module calls into the
 * module's own memory, once, where its relocations say. Source: System V ABI, dynamic section and
 * relocation types.
 */
#include "nt/references.h"

#include <dlfcn.h>
#include <link.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

#if defined(__aarch64__)
#define IS_ADDRESS(type) \
	((type) == R_AARCH64_GLOB_DAT || (type) == R_AARCH64_JUMP_SLOT || (type) == R_AARCH64_ABS64)
#else
#define IS_ADDRESS(type) \
	((type) == R_X86_64_GLOB_DAT || (type) == R_X86_64_JUMP_SLOT || (type) == R_X86_64_64)
#endif

/* A module's tables, as its dynamic section has them. */
struct tables {
	const struct link_map *map;
	const char *strings;
	const ElfW(Sym) * symbols;
	const ElfW(Rela) * data, *calls;
	size_t data_count, call_count;
};

static struct tables tables_of(const struct link_map *map)
{
	struct tables t = { .map = map };

	for (const ElfW(Dyn) *entry = map->l_ld; entry->d_tag != DT_NULL; entry++) {
		switch (entry->d_tag) {
		case DT_STRTAB:
			t.strings = (const char *)entry->d_un.d_ptr;
			break;
		case DT_SYMTAB:
			t.symbols = (const ElfW(Sym) *)entry->d_un.d_ptr;
			break;
		case DT_RELA:
			t.data = (const ElfW(Rela) *)entry->d_un.d_ptr;
			break;
		case DT_RELASZ:
			t.data_count = entry->d_un.d_val / sizeof(*t.data);
			break;
		case DT_JMPREL:
			t.calls = (const ElfW(Rela) *)entry->d_un.d_ptr;
			break;
		case DT_PLTRELSZ:
			t.call_count = entry->d_un.d_val / sizeof(*t.calls);
			break;
		default:
			break;
		}
	}
	return t;
}

/* The linker has made the place read-only after it was done; it stays writable, as other data is.
 */
static bool make_writable(const void *place)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	uintptr_t start = (uintptr_t)place & ~(page - 1);

	return !mprotect((void *)start, page, PROT_READ | PROT_WRITE);
}

static bool is_of_module(const struct tables *t, uintptr_t function)
{
	struct link_map *map = NULL;
	Dl_info info;

	return dladdr1((const void *)function, &info, (void **)&map, RTLD_DL_LINKMAP) &&
	       map == t->map;
}

/* AddressSanitizer has relocations in what it keeps between globals, where nobody is to read. */
__attribute__((no_sanitize("address", "undefined"))) static uintptr_t address_at(
	const uintptr_t *place)
{
	return *place;
}

static void bend(const struct tables *t, const ElfW(Rela) * one, nt_reference_choose *choose)
{
	uintptr_t *place = (uintptr_t *)(t->map->l_addr + one->r_offset);
	const char *name = t->strings + t->symbols[ELF64_R_SYM(one->r_info)].st_name;
	uintptr_t was = address_at(place), to;

	if (is_of_module(t, was))
		return;
	to = choose(name, was);
	if (to && to != was && make_writable(place))
		*place = to;
}

static void bend_all(const struct tables *t, const ElfW(Rela) * relocations, size_t count,
		     nt_reference_choose *choose)
{
	for (size_t i = 0; relocations && i < count; i++) {
		if (IS_ADDRESS(ELF64_R_TYPE(relocations[i].r_info)))
			bend(t, &relocations[i], choose);
	}
}

void nt_references_replace(const void *module, nt_reference_choose *choose)
{
	struct link_map *map = NULL;
	struct tables tables;
	Dl_info info;

	if (!dladdr1(module, &info, (void **)&map, RTLD_DL_LINKMAP) || !map)
		return;
	tables = tables_of(map);
	if (!tables.strings || !tables.symbols)
		return;
	bend_all(&tables, tables.data, tables.data_count, choose);
	bend_all(&tables, tables.calls, tables.call_count, choose);
}
