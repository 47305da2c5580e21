/* SPDX-License-Identifier: MIT */
#include "nt/symbols.h"

#include <dlfcn.h>
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <inttypes.h>
#include <link.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/text.h"

/* libdw is told of the process anew each time: drivers come and go, and reports are rare. */
static pthread_mutex_t libdw_lock = PTHREAD_MUTEX_INITIALIZER;

/* Frames as lines of text. */
struct frames {
	struct text text;
	int next; /* number of the next line; below 0: one line without a number */
};

static const char *base_name(const char *path)
{
	const char *slash = path ? strrchr(path, '/') : NULL;

	return slash ? slash + 1 : path ? path : "?";
}

static void put_frame(struct frames *frames, const char *function, const char *file, int line)
{
	if (frames->next >= 0)
		text_add(&frames->text, "#%d ", frames->next++);
	text_add(&frames->text, "%s %s:%d%s", function, base_name(file), line,
		 frames->next >= 0 ? "\n" : "");
}

static Dwfl *open_session(void)
{
	static char *no_path;
	static const Dwfl_Callbacks callbacks = {
		.find_elf = dwfl_linux_proc_find_elf,
		.find_debuginfo = dwfl_standard_find_debuginfo,
		.debuginfo_path = &no_path,
	};
	Dwfl *dwfl = dwfl_begin(&callbacks);

	if (dwfl && (dwfl_linux_proc_report(dwfl, getpid()) || dwfl_report_end(dwfl, NULL, NULL))) {
		dwfl_end(dwfl);
		return NULL;
	}
	return dwfl;
}

static int number(Dwarf_Die *die, unsigned attribute)
{
	Dwarf_Attribute value;
	Dwarf_Word word = 0;

	if (dwarf_attr(die, attribute, &value))
		dwarf_formudata(&value, &word);
	return (int)word;
}

/* The file a call was inlined into, by its number in the unit's table. */
static const char *call_file(Dwarf_Die *unit, Dwarf_Die *inlined)
{
	Dwarf_Files *files;

	if (dwarf_getsrcfiles(unit, &files, NULL))
		return NULL;
	return dwarf_filesrc(files, (size_t)number(inlined, DW_AT_call_file), NULL, NULL);
}

static const char *name_of(Dwarf_Die *die)
{
	Dwarf_Attribute name;

	return dwarf_formstring(dwarf_attr_integrate(die, DW_AT_name, &name));
}

/*
 * The innermost scope and those around it where it was inlined; dwarf_getscopes() alone gives those
 * around it where it was written. *scopes is freed by the caller.
 */
static int concrete_scopes(Dwarf_Die *unit, Dwarf_Addr address, Dwarf_Die **scopes)
{
	Dwarf_Die *written = NULL, innermost;
	int count = dwarf_getscopes(unit, address, &written);

	*scopes = NULL;
	if (count <= 0)
		return count;
	innermost = written[0];
	free(written);
	return dwarf_getscopes_die(&innermost, scopes);
}

/* The unit an address belongs to. clang writes no table of them, so all units may be looked at. */
static Dwarf_Die *unit_of(Dwfl_Module *module, Dwarf_Addr address, Dwarf_Addr *bias)
{
	Dwarf_Die *unit = dwfl_module_addrdie(module, address, bias);

	if (unit)
		return unit;
	while ((unit = dwfl_module_nextcu(module, unit, bias)))
		if (dwarf_haspc(unit, address - *bias) > 0)
			break;
	return unit;
}

/* The function and what was inlined around the address, innermost first. */
static bool put_dwarf(struct frames *frames, Dwfl_Module *module, Dwarf_Addr address)
{
	Dwarf_Addr bias;
	Dwarf_Die *unit = unit_of(module, address, &bias), *scopes = NULL;
	Dwarf_Line *source = unit ? dwarf_getsrc_die(unit, address - bias) : NULL;
	const char *file;
	int line = 0, count;
	bool done = false;

	if (!source)
		return false;
	file = dwarf_linesrc(source, NULL, NULL);
	dwarf_lineno(source, &line);
	count = concrete_scopes(unit, address - bias, &scopes);
	for (int i = 0; i < count && !done; i++) {
		int tag = dwarf_tag(&scopes[i]);
		const char *name = name_of(&scopes[i]);

		if (tag != DW_TAG_inlined_subroutine && tag != DW_TAG_subprogram)
			continue;
		put_frame(frames, name ? name : "?", file, line);
		done = tag == DW_TAG_subprogram || frames->next < 0;
		file = call_file(unit, &scopes[i]);
		line = number(&scopes[i], DW_AT_call_line);
	}
	free(scopes);
	return count > 0 && done;
}

static void put_address(struct frames *frames, Dwfl *dwfl, uintptr_t address)
{
	Dwfl_Module *module = dwfl ? dwfl_addrmodule(dwfl, address) : NULL;
	size_t before = frames->text.length;
	int frame = frames->next;
	const char *symbol;
	Dl_info info = { 0 };

	if (module && put_dwarf(frames, module, address))
		return;
	frames->text.length = before;
	frames->next = frame;
	if (frame >= 0)
		text_add(&frames->text, "#%d ", frames->next++);
	symbol = module ? dwfl_module_addrname(module, address) : NULL;
	dladdr((void *)address, &info);
	text_add(&frames->text, "%s%s%s+0x%" PRIxPTR "%s", symbol ? symbol : "", symbol ? " " : "",
		 base_name(info.dli_fname), address - (uintptr_t)info.dli_fbase,
		 frame >= 0 ? "\n" : "");
}

void nt_symbol(const void *return_address, char *buffer, size_t size)
{
	struct frames frames = { text_in(buffer, size), -1 };
	Dwfl *dwfl;

	pthread_mutex_lock(&libdw_lock);
	dwfl = open_session();
	put_address(&frames, dwfl, (uintptr_t)return_address - 1);
	dwfl_end(dwfl);
	pthread_mutex_unlock(&libdw_lock);
}

void nt_symbol_offset(const void *return_address, char *buffer, size_t size)
{
	struct text text = text_in(buffer, size);
	uintptr_t address = (uintptr_t)return_address;
	Dwfl_Module *module;
	const char *name = NULL;
	GElf_Off offset = 0;
	GElf_Sym symbol;
	Dl_info info = { 0 };
	Dwfl *dwfl;

	pthread_mutex_lock(&libdw_lock);
	dwfl = open_session();
	module = dwfl ? dwfl_addrmodule(dwfl, address) : NULL;
	/* A call may be the last instruction of a function. */
	if (module)
		name = dwfl_module_addrinfo(module, address - 1, &offset, &symbol, NULL, NULL,
					    NULL);
	dladdr(return_address, &info);
	if (name)
		text_add(&text, "%s+0x%" PRIx64, name, (uint64_t)offset + 1);
	else
		text_add(&text, "%s+0x%" PRIxPTR, base_name(info.dli_fname),
			 address - (uintptr_t)info.dli_fbase);
	dwfl_end(dwfl);
	pthread_mutex_unlock(&libdw_lock);
}

bool nt_symbol_data(const void *address, char *buffer, size_t size)
{
	struct text text = text_in(buffer, size);
	Dwfl_Module *module;
	const char *name = NULL;
	GElf_Off offset = 0;
	GElf_Sym symbol = { 0 };
	Dl_info info;
	Dwfl *dwfl;

	/* By the module's beginning: libdw does not know what of .bss lies behind the file's pages.
	 */
	if (!dladdr(address, &info))
		return false;
	pthread_mutex_lock(&libdw_lock);
	dwfl = open_session();
	module = dwfl ? dwfl_addrmodule(dwfl, (uintptr_t)info.dli_fbase) : NULL;
	if (module)
		name = dwfl_module_addrinfo(module, (uintptr_t)address, &offset, &symbol, NULL,
					    NULL, NULL);
	name = name && offset < symbol.st_size ? name : NULL;
	if (name)
		text_add(&text, offset ? "%s+0x%" PRIx64 : "%s", name, (uint64_t)offset);
	dwfl_end(dwfl);
	pthread_mutex_unlock(&libdw_lock);
	return name;
}

/* Not the program's own, not this library's, not that of the C library or a sanitizer. */
bool nt_symbol_is_driver(void *address)
{
	static const char *const ours[] = { "ld-linux",   "libc.",      "libc-",    "libpthread",
					    "libasan",    "libtsan",    "libubsan", "liblsan",
					    "libgcc_s",   "libcmocka",  "libdw",    "libstdc++",
					    "linux-vdso", "libclang_rt" };
	struct link_map *map = NULL;
	Dl_info info, self;

	if (!dladdr1(address, &info, (void **)&map, RTLD_DL_LINKMAP) || !map || !map->l_name[0])
		return false;
	if (dladdr(ours, &self) && self.dli_fbase == info.dli_fbase)
		return false;
	for (size_t i = 0; i < ARRAY_COUNT(ours); i++)
		if (!strncmp(base_name(map->l_name), ours[i], strlen(ours[i])))
			return false;
	return true;
}

size_t nt_frames(void *const *addresses, int count, int exact, char *buffer, size_t size)
{
	struct frames frames = { text_in(buffer, size), 0 };
	Dwfl *dwfl = NULL;

	pthread_mutex_lock(&libdw_lock);
	for (int i = 0; i < count; i++) {
		uintptr_t address = (uintptr_t)addresses[i] - (i != exact);

		if (!nt_symbol_is_driver((void *)address))
			continue;
		dwfl = dwfl ? dwfl : open_session();
		put_address(&frames, dwfl, address);
	}
	dwfl_end(dwfl);
	pthread_mutex_unlock(&libdw_lock);
	return frames.text.length;
}
