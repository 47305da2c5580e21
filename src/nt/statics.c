/* SPDX-License-Identifier: MIT */
/* Source: Itanium C++ ABI, 3.3.5; System V ABI, dynamic section. */
#include "nt/statics.h"

#include <dlfcn.h>
#include <link.h>
#include <stddef.h>

#if defined(__aarch64__)
#define RELATIVE R_AARCH64_RELATIVE
#else
#define RELATIVE R_X86_64_RELATIVE
#endif

void __cxa_finalize(void *handle);

struct relocations {
	const ElfW(Rela) * at;
	size_t count;
};

static struct relocations relocations_of(const struct link_map *map)
{
	struct relocations found = { 0 };

	for (const ElfW(Dyn) *entry = map->l_ld; entry->d_tag != DT_NULL; entry++) {
		if (entry->d_tag == DT_RELA)
			found.at = (const ElfW(Rela) *)entry->d_un.d_ptr;
		else if (entry->d_tag == DT_RELASZ)
			found.count = entry->d_un.d_val / sizeof(*found.at);
	}
	return found;
}

/*
 * The destructors were registered with the file's __dso_handle, a hidden variable that holds its
 * own address. What else does, an empty list's head, is nobody's handle.
 */
void nt_statics_end(const void *module)
{
	struct link_map *map = NULL;
	struct relocations relocations;
	Dl_info info;

	if (!module || !dladdr1(module, &info, (void **)&map, RTLD_DL_LINKMAP) || !map)
		return;
	relocations = relocations_of(map);
	for (size_t i = 0; relocations.at && i < relocations.count; i++) {
		const ElfW(Rela) *one = &relocations.at[i];

		if (ELF64_R_TYPE(one->r_info) == RELATIVE &&
		    one->r_offset == (ElfW(Addr))one->r_addend)
			__cxa_finalize((void *)(map->l_addr + one->r_offset));
	}
}
