/* SPDX-License-Identifier: MIT */
/*
 * The dynamic linker has written the address of each function that the module calls into the
 * module's own memory, once, where its relocations say; those of the library's allocations are
 * replaced by ours there. Source: System V ABI, dynamic section and relocation types; Itanium C++
 * ABI, 5.1 (names).
 */
#include "nt/fault_memory.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/array.h"
#include "nt/fault.h"

#if defined(__aarch64__)
#define IS_ADDRESS(type) \
	((type) == R_AARCH64_GLOB_DAT || (type) == R_AARCH64_JUMP_SLOT || (type) == R_AARCH64_ABS64)
#else
#define IS_ADDRESS(type) \
	((type) == R_X86_64_GLOB_DAT || (type) == R_X86_64_JUMP_SLOT || (type) == R_X86_64_64)
#endif

#define NEW       "operator new"
#define NEW_ARRAY "operator new[]"
NT_FAULT_NAMES(NEW, NEW_ARRAY);

/* Which of C++'s. */
enum { ONE, ARRAY, ONE_OR_NULL, ARRAY_OR_NULL, ALIGNED, ALIGNED_ARRAY, OPERATORS };

/*
 * The library's own, of the process as the library is: written when a driver is loaded, before it
 * runs.
 */
static void *(*_Atomic operators[OPERATORS])(size_t, size_t);
static void (*_Atomic throw_bad_alloc)(void);

static bool fails(bool asked)
{
	if (asked)
		errno = ENOMEM;
	return asked;
}

static void *malloc_or_fail(size_t size)
{
	return fails(NT_FAULT("malloc")) ? NULL : malloc(size);
}

static void *calloc_or_fail(size_t count, size_t size)
{
	return fails(NT_FAULT("calloc")) ? NULL : calloc(count, size);
}

static void *realloc_or_fail(void *old, size_t size)
{
	return fails(NT_FAULT("realloc")) ? NULL : realloc(old, size);
}

static void *reallocarray_or_fail(void *old, size_t count, size_t size)
{
	return fails(NT_FAULT("reallocarray")) ? NULL : reallocarray(old, count, size);
}

static void *aligned_alloc_or_fail(size_t alignment, size_t size)
{
	return fails(NT_FAULT("aligned_alloc")) ? NULL : aligned_alloc(alignment, size);
}

static int posix_memalign_or_fail(void **memory, size_t alignment, size_t size)
{
	return NT_FAULT("posix_memalign") ? ENOMEM : posix_memalign(memory, alignment, size);
}

static char *strdup_or_fail(const char *text)
{
	return fails(NT_FAULT("strdup")) ? NULL : strdup(text);
}

/* As the library does when memory is short: through our frame, and the exception is the driver's to
 * catch. A library that lacks the function throws for a size that nobody has. */
static void *thrown(unsigned which, size_t alignment)
{
	void (*bad_alloc)(void) = atomic_load(&throw_bad_alloc);

	if (bad_alloc)
		bad_alloc();
	return atomic_load(&operators[which])(PTRDIFF_MAX, alignment);
}

static void *new_one(size_t size)
{
	return nt_fault(NEW) ? thrown(ONE, 0) : atomic_load(&operators[ONE])(size, 0);
}

static void *new_array(size_t size)
{
	return nt_fault(NEW_ARRAY) ? thrown(ARRAY, 0) : atomic_load(&operators[ARRAY])(size, 0);
}

static void *new_one_or_null(size_t size, size_t tag)
{
	return nt_fault(NEW) ? NULL : atomic_load(&operators[ONE_OR_NULL])(size, tag);
}

static void *new_array_or_null(size_t size, size_t tag)
{
	return nt_fault(NEW_ARRAY) ? NULL : atomic_load(&operators[ARRAY_OR_NULL])(size, tag);
}

static void *new_aligned(size_t size, size_t alignment)
{
	return nt_fault(NEW) ? thrown(ALIGNED, alignment)
			     : atomic_load(&operators[ALIGNED])(size, alignment);
}

static void *new_aligned_array(size_t size, size_t alignment)
{
	return nt_fault(NEW_ARRAY) ? thrown(ALIGNED_ARRAY, alignment)
				   : atomic_load(&operators[ALIGNED_ARRAY])(size, alignment);
}

/* What is replaced, by the linker's name; @operator: OPERATORS for a function of C. */
static const struct replaced {
	const char *symbol;
	uintptr_t with;
	unsigned operator;
} replaced[] = {
	{ "malloc", (uintptr_t)malloc_or_fail, OPERATORS },
	{ "calloc", (uintptr_t)calloc_or_fail, OPERATORS },
	{ "realloc", (uintptr_t)realloc_or_fail, OPERATORS },
	{ "reallocarray", (uintptr_t)reallocarray_or_fail, OPERATORS },
	{ "aligned_alloc", (uintptr_t)aligned_alloc_or_fail, OPERATORS },
	{ "posix_memalign", (uintptr_t)posix_memalign_or_fail, OPERATORS },
	{ "strdup", (uintptr_t)strdup_or_fail, OPERATORS },
	{ "_Znwm", (uintptr_t)new_one, ONE },
	{ "_Znam", (uintptr_t)new_array, ARRAY },
	{ "_ZnwmRKSt9nothrow_t", (uintptr_t)new_one_or_null, ONE_OR_NULL },
	{ "_ZnamRKSt9nothrow_t", (uintptr_t)new_array_or_null, ARRAY_OR_NULL },
	{ "_ZnwmSt11align_val_t", (uintptr_t)new_aligned, ALIGNED },
	{ "_ZnamSt11align_val_t", (uintptr_t)new_aligned_array, ALIGNED_ARRAY },
};

static const struct replaced *find(const char *symbol)
{
	for (size_t i = 0; i < ARRAY_COUNT(replaced); i++) {
		if (!strcmp(symbol, replaced[i].symbol))
			return &replaced[i];
	}
	return NULL;
}

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

static void bend(const struct tables *t, const ElfW(Rela) * one)
{
	uintptr_t *place = (uintptr_t *)(t->map->l_addr + one->r_offset);
	const char *name = t->strings + t->symbols[ELF64_R_SYM(one->r_info)].st_name;
	const struct replaced *to = find(name);
	uintptr_t was = *place;

	if (!to || was == to->with || is_of_module(t, was) || !make_writable(place))
		return;
	if (to->operator!= OPERATORS)
		atomic_store(&operators[to->operator], (void *(*)(size_t, size_t))was);
	*place = to->with;
}

static void bend_all(const struct tables *t, const ElfW(Rela) * relocations, size_t count)
{
	for (size_t i = 0; relocations && i < count; i++) {
		if (IS_ADDRESS(ELF64_R_TYPE(relocations[i].r_info)))
			bend(t, &relocations[i]);
	}
}

void nt_fault_memory(const void *module)
{
	struct link_map *map = NULL;
	struct tables tables;
	Dl_info info;
	void *handle;

	if (!dladdr1(module, &info, (void **)&map, RTLD_DL_LINKMAP) || !map)
		return;
	handle = dlopen(info.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
	if (handle) {
		/* libstdc++'s std::__throw_bad_alloc(); POSIX: an object pointer is a function's.
		 */
		atomic_store(&throw_bad_alloc,
			     (void (*)(void))(uintptr_t)dlsym(handle, "_ZSt17__throw_bad_allocv"));
		dlclose(handle);
	}
	tables = tables_of(map);
	if (!tables.strings || !tables.symbols)
		return;
	bend_all(&tables, tables.data, tables.data_count);
	bend_all(&tables, tables.calls, tables.call_count);
}
