/* SPDX-License-Identifier: MIT */
#include "load/elf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"

#if defined(__x86_64__)
#define MACHINE EM_X86_64
#elif defined(__aarch64__)
#define MACHINE EM_AARCH64
#elif defined(__riscv)
#define MACHINE EM_RISCV
#else
#error "name this machine's ELF number here"
#endif

static const struct {
	uint16_t number;
	const char *name;
} machines[] = {
	{ EM_386, "32-bit x86" }, { EM_X86_64, "x86-64" }, { EM_ARM, "32-bit ARM" },
	{ EM_AARCH64, "ARM64" },  { EM_RISCV, "RISC-V" },  { EM_PPC64, "PowerPC" },
	{ EM_S390, "S/390" },     { EM_MIPS, "MIPS" },
};

static const char *machine_name(uint16_t number)
{
	for (size_t i = 0; i < ARRAY_COUNT(machines); i++) {
		if (machines[i].number == number)
			return machines[i].name;
	}
	return "another machine";
}

/* A foreign byte order or word size is libelf's to translate, so any machine can be named. */
static bool check_header(const struct elf_file *file, GElf_Ehdr *header, struct error *error)
{
	if (file->size >= 2 && memcmp(file->bytes, "MZ", 2) == 0) {
		error_set(error,
			  "a Windows binary; build the driver from its source as a shared object");
		return false;
	}
	if (elf_kind(file->elf) != ELF_K_ELF || !gelf_getehdr(file->elf, header)) {
		error_set(error, "not a shared object");
		return false;
	}
	if (header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_ident[EI_DATA] != ELFDATA2LSB ||
	    header->e_machine != MACHINE) {
		error_set(error, "built for %s; this netcx runs on %s",
			  machine_name(header->e_machine), machine_name(MACHINE));
		return false;
	}
	return true;
}

/* Every segment is in the file: a page beyond its end would raise SIGBUS in the loader. */
static bool check_segments(const struct elf_file *file, const GElf_Ehdr *header)
{
	GElf_Phdr segment;

	for (int i = 0; i < header->e_phnum; i++) {
		if (!gelf_getphdr(file->elf, i, &segment) || segment.p_offset > file->size ||
		    segment.p_filesz > file->size - segment.p_offset)
			return false;
	}
	return true;
}

static Elf_Scn *find_section(const struct elf_file *file, GElf_Word type)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	while ((section = elf_nextscn(file->elf, section))) {
		if (gelf_getshdr(section, &header) && header.sh_type == type)
			return section;
	}
	return NULL;
}

/* The file in memory, without a look inside. */
static bool map_file(struct elf_file *file, const char *path, struct error *error)
{
	struct stat st;
	void *bytes;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0 || fstat(fd, &st) < 0) {
		error_set(error, "%s", errno == ENOENT ? "no such file" : strerror(errno));
		if (fd >= 0)
			close(fd);
		return false;
	}
	if (!S_ISREG(st.st_mode) || st.st_size == 0) {
		error_set(error, "%s",
			  S_ISDIR(st.st_mode)   ? "a directory, not a shared object"
			  : S_ISREG(st.st_mode) ? "an empty file"
						: "not a regular file");
		close(fd);
		return false;
	}
	bytes = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (bytes == MAP_FAILED) {
		error_set(error, "%s", strerror(errno));
		return false;
	}
	file->bytes = bytes;
	file->size = (size_t)st.st_size;
	return true;
}

bool elf_open(struct elf_file *file, const char *path, struct error *error)
{
	GElf_Ehdr header;

	*file = (struct elf_file){ 0 };
	if (!map_file(file, path, error))
		return false;
	elf_version(EV_CURRENT);
	file->elf = elf_memory((char *)file->bytes, file->size);
	if (!check_header(file, &header, error)) {
		elf_close(file);
		return false;
	}
	if (!check_segments(file, &header)) {
		error_set(error, "a damaged or truncated shared object");
		elf_close(file);
		return false;
	}
	file->symbols = find_section(file, SHT_DYNSYM);
	return true;
}

void elf_close(struct elf_file *file)
{
	elf_end(file->elf);
	if (file->bytes)
		munmap(file->bytes, file->size);
	*file = (struct elf_file){ 0 };
}

bool elf_is_shared(const struct elf_file *file, struct error *error)
{
	GElf_Ehdr header = { 0 };

	if (gelf_getehdr(file->elf, &header) && header.e_type == ET_DYN)
		return true;
	error_set(error, "%s, not a shared object (link it with -shared)",
		  header.e_type == ET_REL    ? "an object file"
		  : header.e_type == ET_EXEC ? "a program"
					     : "another kind of ELF file");
	return false;
}

/* The dynamic symbols, one after the other: @visit returns false to end. */
static void each_symbol(const struct elf_file *file,
			bool (*visit)(void *context, const char *name, const GElf_Sym *symbol),
			void *context)
{
	Elf_Data *data = file->symbols ? elf_getdata(file->symbols, NULL) : NULL;
	GElf_Shdr header;
	GElf_Sym symbol;

	if (!data || !gelf_getshdr(file->symbols, &header))
		return;
	for (int i = 1; gelf_getsym(data, i, &symbol); i++) {
		const char *name = elf_strptr(file->elf, header.sh_link, symbol.st_name);

		if (name && *name && !visit(context, name, &symbol))
			return;
	}
}

struct wanted {
	const char *name;
	GElf_Sym symbol;
	bool found;
};

static bool is_wanted(void *context, const char *name, const GElf_Sym *symbol)
{
	struct wanted *wanted = context;

	if (symbol->st_shndx == SHN_UNDEF || strcmp(name, wanted->name) != 0)
		return true;
	wanted->symbol = *symbol;
	wanted->found = true;
	return false;
}

bool elf_defines(const struct elf_file *file, const char *name)
{
	struct wanted wanted = { .name = name };

	each_symbol(file, is_wanted, &wanted);
	return wanted.found;
}

const void *elf_find(const struct elf_file *file, const char *name, size_t length)
{
	struct wanted wanted = { .name = name };
	GElf_Phdr segment;

	each_symbol(file, is_wanted, &wanted);
	if (!wanted.found || wanted.symbol.st_size < length)
		return NULL;
	for (int i = 0; gelf_getphdr(file->elf, i, &segment); i++) {
		GElf_Addr at = wanted.symbol.st_value - segment.p_vaddr;

		if (segment.p_type == PT_LOAD && wanted.symbol.st_value >= segment.p_vaddr &&
		    at <= segment.p_filesz && length <= segment.p_filesz - at)
			return file->bytes + segment.p_offset + at;
	}
	return NULL;
}

const void *elf_section(const struct elf_file *file, const char *name, size_t *length)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	size_t names;

	if (elf_getshdrstrndx(file->elf, &names) < 0)
		return NULL;
	while ((section = elf_nextscn(file->elf, section))) {
		const char *is = gelf_getshdr(section, &header)
					 ? elf_strptr(file->elf, names, header.sh_name)
					 : NULL;

		if (!is || strcmp(is, name) != 0 || header.sh_type == SHT_NOBITS)
			continue;
		if (header.sh_offset > file->size || header.sh_size > file->size - header.sh_offset)
			return NULL;
		*length = header.sh_size;
		return file->bytes + header.sh_offset;
	}
	return NULL;
}

struct visitor {
	void (*visit)(void *context, const char *name);
	void *context;
};

static bool visit_defined(void *context, const char *name, const GElf_Sym *symbol)
{
	const struct visitor *v = context;

	if (symbol->st_shndx != SHN_UNDEF)
		v->visit(v->context, name);
	return true;
}

void elf_each_defined(const struct elf_file *file, void (*visit)(void *context, const char *name),
		      void *context)
{
	each_symbol(file, visit_defined, &(struct visitor){ visit, context });
}

static bool visit_undefined(void *context, const char *name, const GElf_Sym *symbol)
{
	const struct visitor *v = context;

	if (symbol->st_shndx == SHN_UNDEF && GELF_ST_BIND(symbol->st_info) == STB_GLOBAL)
		v->visit(v->context, name);
	return true;
}

void elf_each_undefined(const struct elf_file *file, void (*visit)(void *context, const char *name),
			void *context)
{
	each_symbol(file, visit_undefined, &(struct visitor){ visit, context });
}

void elf_each_dynamic(const struct elf_file *file, GElf_Sxword tag,
		      void (*visit)(void *context, const char *text), void *context)
{
	Elf_Scn *section = find_section(file, SHT_DYNAMIC);
	Elf_Data *data = section ? elf_getdata(section, NULL) : NULL;
	GElf_Shdr header;
	GElf_Dyn entry;

	if (!data || !gelf_getshdr(section, &header))
		return;
	for (int i = 0; gelf_getdyn(data, i, &entry) && entry.d_tag != DT_NULL; i++) {
		const char *text = entry.d_tag == tag
					   ? elf_strptr(file->elf, header.sh_link, entry.d_un.d_val)
					   : NULL;

		if (text)
			visit(context, text);
	}
}
