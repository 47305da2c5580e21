/* SPDX-License-Identifier: MIT */
/*
 * Modules: the driver's shared object and others of the process, each known by where it is loaded.
 * One is found by an address in it, or by its file's name, without folder and ending.
 */
#include <dlfcn.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/utf.h"
#include "win32/state.h"

#define KNOWN                                                                                   \
	((DWORD)(GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT | \
		 GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS))

/* A name that is looked for, and the module. */
struct search {
	char name[MAX_PATH];
	const void *base;
};

static size_t stem_of(const char *path, const char **stem)
{
	const char *slash = strrchr(path, '/'), *dot;

	*stem = slash ? slash + 1 : path;
	dot = strstr(*stem, ".so");
	dot = dot ? dot : strrchr(*stem, '.');
	return dot ? (size_t)(dot - *stem) : strlen(*stem);
}

static int look(struct dl_phdr_info *info, size_t size, void *context)
{
	struct search *search = context;
	const char *stem, *wanted;
	size_t length = stem_of(info->dlpi_name, &stem);

	if (!length || length != stem_of(search->name, &wanted) ||
	    strncasecmp(stem, wanted, length) != 0)
		return 0;
	search->base = (const void *)info->dlpi_addr;
	return 1;
}

static const void *by_name(LPCWSTR name)
{
	struct search search = { .base = NULL };
	size_t units = 0;

	while (name[units])
		units++;
	utf8_from_utf16(search.name, sizeof(search.name), name, units);
	dl_iterate_phdr(look, &search);
	return search.base;
}

/* Page GetModuleHandleEx: without a name, the process' own file. */
static const void *of_process(void)
{
	return w32_module_of((const void *)(uintptr_t)GetModuleHandleExW);
}

NETCX_EXPORT BOOL WINAPI GetModuleHandleExW(DWORD dwFlags, LPCWSTR lpModuleName, HMODULE *phModule)
{
	const void *module;

	*phModule = NULL;
	if (dwFlags & ~KNOWN || (dwFlags & GET_MODULE_HANDLE_EX_FLAG_PIN &&
				 dwFlags & GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT))
		return w32_fail(ERROR_INVALID_PARAMETER);
	module = !lpModuleName ? of_process()
		 : dwFlags & GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS
			 ? w32_module_of((const void *)lpModuleName)
			 : by_name(lpModuleName);
	if (!module)
		return w32_fail(ERROR_MOD_NOT_FOUND);
	*phModule = (HMODULE)(uintptr_t)module;
	return TRUE;
}

NETCX_EXPORT HMODULE WINAPI GetModuleHandleW(LPCWSTR lpModuleName)
{
	HMODULE module;

	GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT, lpModuleName, &module);
	return module;
}

/* Modules stay as long as their driver does, so a reference is nothing. */
NETCX_EXPORT BOOL WINAPI FreeLibrary(HMODULE hLibModule)
{
	return w32_module_of(hLibModule) ? TRUE : w32_fail(ERROR_MOD_NOT_FOUND);
}

NETCX_EXPORT BOOL WINAPI DisableThreadLibraryCalls(HMODULE hLibModule)
{
	return w32_module_of(hLibModule) ? TRUE : w32_fail(ERROR_MOD_NOT_FOUND);
}

NETCX_EXPORT DWORD WINAPI GetModuleFileNameW(HMODULE hModule, LPWSTR lpFilename, DWORD nSize)
{
	Dl_info info;
	DWORD length;
	uint16_t *whole;

	if (!dladdr(hModule ? (const void *)hModule : of_process(), &info))
		return (DWORD)w32_fail(ERROR_MOD_NOT_FOUND);
	whole = (uint16_t *)w32_wide(info.dli_fname);
	if (!whole || !nSize) {
		free(whole);
		return (DWORD)w32_fail(whole ? ERROR_INSUFFICIENT_BUFFER : ERROR_NOT_ENOUGH_MEMORY);
	}
	for (length = 0; whole[length] && length < nSize - 1; length++)
		lpFilename[length] = whole[length];
	lpFilename[length] = 0;
	w32_fail(whole[length] ? ERROR_INSUFFICIENT_BUFFER : ERROR_SUCCESS);
	length += !!whole[length];
	free(whole);
	return length;
}

NETCX_EXPORT FARPROC WINAPI GetProcAddress(HMODULE hModule, LPCSTR lpProcName)
{
	FARPROC found = NULL;
	void *handle = NULL;
	Dl_info info;

	if (dladdr((const void *)hModule, &info))
		handle = dlopen(info.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
	/* The program itself goes by no name. */
	if (!handle && (const void *)hModule == of_process())
		handle = dlopen(NULL, RTLD_LAZY);
	if (handle) {
		found = (FARPROC)(uintptr_t)dlsym(handle, lpProcName);
		dlclose(handle);
	}
	if (!found)
		w32_fail(ERROR_PROC_NOT_FOUND);
	return found;
}
