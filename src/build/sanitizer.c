/* SPDX-License-Identifier: MIT */
#include "build/sanitizer.h"

#include <fcntl.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "build/path.h"
#include "build/strings.h"

/* Those that replace malloc. The undefined sanitizer alone does not mind when it comes. */
static bool is_runtime(const char *library)
{
	static const char *const prefixes[] = { "libclang_rt.asan", "libclang_rt.tsan", "libasan.",
						"libtsan." };

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		if (strncmp(library, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	}
	return false;
}

/* What it needs, and where the object itself says that it is. */
struct needed {
	char *library, *folders;
};

static void read_dynamic(Elf *elf, Elf_Scn *section, const GElf_Shdr *header, struct needed *needed)
{
	Elf_Data *data = elf_getdata(section, NULL);
	size_t count = header->sh_entsize ? header->sh_size / header->sh_entsize : 0;

	for (size_t i = 0; data && i < count; i++) {
		const char *text;
		GElf_Dyn entry;

		if (!gelf_getdyn(data, (int)i, &entry) || entry.d_tag == DT_NULL)
			break;
		text = elf_strptr(elf, header->sh_link, entry.d_un.d_val);
		if (!text)
			continue;
		if (entry.d_tag == DT_NEEDED && !needed->library && is_runtime(text))
			needed->library = copy(text);
		if ((entry.d_tag == DT_RUNPATH || entry.d_tag == DT_RPATH) && !needed->folders)
			needed->folders = copy(text);
	}
}

static char *find(const struct needed *needed)
{
	struct strings folders = { 0 };
	char *found = NULL;

	strings_split(&folders, needed->folders ? needed->folders : "", ':');
	for (size_t i = 0; i < folders.count && !found; i++) {
		found = format("%s/%s", folders.at[i], needed->library);
		if (!path_is_file(found)) {
			free(found);
			found = NULL;
		}
	}
	strings_free(&folders);
	return found ? found : copy(needed->library);
}

char *sanitizer_runtime(const char *file)
{
	struct needed needed = { 0 };
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	Elf_Scn *section = NULL;
	char *found = NULL;
	Elf *elf;

	if (fd < 0)
		return NULL;
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	while (elf && (section = elf_nextscn(elf, section))) {
		GElf_Shdr header;

		if (gelf_getshdr(section, &header) && header.sh_type == SHT_DYNAMIC)
			read_dynamic(elf, section, &header, &needed);
	}
	if (needed.library)
		found = find(&needed);
	free(needed.library);
	free(needed.folders);
	elf_end(elf);
	close(fd);
	return found;
}
