/* SPDX-License-Identifier: MIT */
/* The module's references to the library's allocations. Source: Itanium C++ ABI, 5.1 (names). */
#include "nt/fault_memory.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "nt/fault.h"
#include "nt/references.h"

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

static uintptr_t choose(const char *symbol, uintptr_t was)
{
	const struct replaced *to = find(symbol);

	if (!to || was == to->with)
		return 0;
	if (to->operator!= OPERATORS)
		atomic_store(&operators[to->operator], (void *(*)(size_t, size_t))was);
	return to->with;
}

void nt_fault_memory(const void *module)
{
	Dl_info info;
	void *handle;

	if (!dladdr(module, &info))
		return;
	handle = dlopen(info.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
	if (handle) {
		/* libstdc++'s std::__throw_bad_alloc(); POSIX: an object pointer is a function's.
		 */
		atomic_store(&throw_bad_alloc,
			     (void (*)(void))(uintptr_t)dlsym(handle, "_ZSt17__throw_bad_allocv"));
		dlclose(handle);
	}
	nt_references_replace(module, choose);
}
