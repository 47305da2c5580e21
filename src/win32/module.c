/* SPDX-License-Identifier: MIT */
/*
 * Modules: the driver's shared object and others of the process, each known by where it is loaded.
 * One is found by an address in it, or by its file's name, without folder and ending. The system's
 * own are the process.
 */
#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
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

/* Page GetModuleHandleEx: without a name, the process' own file. */
static const void *of_process(void)
{
	return w32_module_of((const void *)(uintptr_t)GetModuleHandleExW);
}

static bool is_systems(const char *name)
{
	static const char *const systems[] = { "kernelbase", "kernel32", "ntdll" };
	const char *stem;
	size_t length = stem_of(name, &stem);

	for (size_t i = 0; i < RTL_NUMBER_OF(systems); i++)
		if (length == strlen(systems[i]) && !strncasecmp(stem, systems[i], length))
			return true;
	return false;
}

static const void *by_name(LPCWSTR name)
{
	struct search search = { .base = NULL };
	size_t units = 0;

	while (name[units])
		units++;
	utf8_from_utf16(search.name, sizeof(search.name), name, units);
	if (is_systems(search.name))
		return of_process();
	dl_iterate_phdr(look, &search);
	return search.base;
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

/* Return: the module's file on Wine's drive for Linux' files, from malloc(); NULL: last error. */
static char *path_of(HMODULE module)
{
	Dl_info info;
	char *path;

	if (!dladdr(module ? (const void *)module : of_process(), &info)) {
		w32_fail(ERROR_MOD_NOT_FOUND);
		return NULL;
	}
	path = malloc(strlen(info.dli_fname) + sizeof("Z:"));
	if (!path) {
		w32_fail(ERROR_NOT_ENOUGH_MEMORY);
		return NULL;
	}
	sprintf(path, "%s%s", info.dli_fname[0] == '/' ? "Z:" : "", info.dli_fname);
	for (char *at = path; *at; at++)
		*at = *at == '/' ? '\\' : *at;
	return path;
}

/* Page GetModuleFileName: what does not fit is cut. @units: of it, and of the buffer. */
static DWORD told(size_t units, DWORD room)
{
	w32_fail(units < room ? ERROR_SUCCESS : ERROR_INSUFFICIENT_BUFFER);
	return units < room ? (DWORD)units : room;
}

NETCX_EXPORT DWORD WINAPI GetModuleFileNameA(HMODULE hModule, LPSTR lpFilename, DWORD nSize)
{
	char *path = path_of(hModule);
	size_t units = path ? strlen(path) : 0, fits = units < nSize ? units : nSize - 1;

	if (!path)
		return 0;
	if (nSize) {
		memcpy(lpFilename, path, fits);
		lpFilename[fits] = 0;
	}
	free(path);
	return told(units, nSize);
}

NETCX_EXPORT DWORD WINAPI GetModuleFileNameW(HMODULE hModule, LPWSTR lpFilename, DWORD nSize)
{
	char *path = path_of(hModule);
	WCHAR *wide = w32_wide(path);
	DWORD units = 0;

	free(path);
	if (!wide)
		return path ? (DWORD)w32_fail(ERROR_NOT_ENOUGH_MEMORY) : 0;
	for (; wide[units]; units++)
		if (units < nSize)
			lpFilename[units] = units < nSize - 1 ? wide[units] : 0;
	if (units < nSize)
		lpFilename[units] = 0;
	free(wide);
	return told(units, nSize);
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
