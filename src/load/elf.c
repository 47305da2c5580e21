/* SPDX-License-Identifier: MIT */
/* Source: System V ABI, chapters 4 and 5 (ELF header, sections, symbol table, program header). */
#include "load/elf.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

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
	for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++) {
		if (machines[i].number == number)
			return machines[i].name;
	}
	return "another machine";
}

/* [offset, offset + length) lies in the file. */
static bool inside(const struct elf_file *elf, uint64_t offset, uint64_t length)
{
	return offset <= elf->size && length <= elf->size - offset;
}

static bool check_header(const struct elf_file *elf, Elf64_Ehdr *header, char *error, size_t size)
{
	if (elf->size >= 2 && memcmp(elf->bytes, "MZ", 2) == 0) {
		snprintf(error, size,
			 "a Windows binary; build the driver from its source as a shared object");
		return false;
	}
	if (elf->size < sizeof(*header) || memcmp(elf->bytes, ELFMAG, SELFMAG) != 0) {
		snprintf(error, size, "not a shared object");
		return false;
	}
	memcpy(header, elf->bytes, sizeof(*header));
	if (header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_ident[EI_DATA] != ELFDATA2LSB ||
	    header->e_machine != MACHINE) {
		snprintf(error, size, "built for %s; this netcx runs on %s",
			 machine_name(header->e_machine), machine_name(MACHINE));
		return false;
	}
	if (header->e_type != ET_DYN) {
		snprintf(error, size, "%s, not a shared object (link it with -shared)",
			 header->e_type == ET_REL    ? "an object file"
			 : header->e_type == ET_EXEC ? "a program"
						     : "another kind of ELF file");
		return false;
	}
	return true;
}

/* Every segment is in the file: a page beyond its end would raise SIGBUS in the loader. */
static bool check_segments(const struct elf_file *elf, const Elf64_Ehdr *header)
{
	Elf64_Phdr segment;

	if (header->e_phentsize != sizeof(segment) ||
	    !inside(elf, header->e_phoff, (uint64_t)header->e_phnum * sizeof(segment)))
		return false;
	for (unsigned i = 0; i < header->e_phnum; i++) {
		memcpy(&segment, elf->bytes + header->e_phoff + i * sizeof(segment),
		       sizeof(segment));
		if (!inside(elf, segment.p_offset, segment.p_filesz))
			return false;
	}
	return true;
}

static bool section_at(const struct elf_file *elf, const Elf64_Ehdr *header, unsigned index,
		       Elf64_Shdr *section)
{
	if (index >= header->e_shnum)
		return false;
	memcpy(section, elf->bytes + header->e_shoff + index * sizeof(*section), sizeof(*section));
	return section->sh_type == SHT_NOBITS || inside(elf, section->sh_offset, section->sh_size);
}

static void find_symbols(struct elf_file *elf, const Elf64_Ehdr *header)
{
	Elf64_Shdr section, strings;

	if (header->e_shentsize != sizeof(section) ||
	    !inside(elf, header->e_shoff, (uint64_t)header->e_shnum * sizeof(section)))
		return;
	for (unsigned i = 0; i < header->e_shnum; i++) {
		if (!section_at(elf, header, i, &section) || section.sh_type != SHT_DYNSYM ||
		    !section_at(elf, header, section.sh_link, &strings) ||
		    strings.sh_type != SHT_STRTAB || strings.sh_size == 0 ||
		    elf->bytes[strings.sh_offset + strings.sh_size - 1] != '\0')
			continue;
		elf->symbols = elf->bytes + section.sh_offset;
		elf->symbol_count = section.sh_size / sizeof(Elf64_Sym);
		elf->strings = (const char *)elf->bytes + strings.sh_offset;
		elf->strings_size = strings.sh_size;
		return;
	}
}

bool elf_open(struct elf_file *elf, const char *path, char *error, size_t size)
{
	Elf64_Ehdr header;
	struct stat st;
	void *bytes;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	*elf = (struct elf_file){ 0 };
	if (fd < 0 || fstat(fd, &st) < 0) {
		snprintf(error, size, "%s", errno == ENOENT ? "no such file" : strerror(errno));
		if (fd >= 0)
			close(fd);
		return false;
	}
	if (!S_ISREG(st.st_mode) || st.st_size == 0) {
		snprintf(error, size, "%s",
			 S_ISDIR(st.st_mode)   ? "a directory, not a shared object"
			 : S_ISREG(st.st_mode) ? "an empty file"
					       : "not a regular file");
		close(fd);
		return false;
	}
	bytes = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (bytes == MAP_FAILED) {
		snprintf(error, size, "%s", strerror(errno));
		return false;
	}
	elf->bytes = bytes;
	elf->size = (size_t)st.st_size;
	if (!check_header(elf, &header, error, size)) {
		elf_close(elf);
		return false;
	}
	if (!check_segments(elf, &header)) {
		snprintf(error, size, "a damaged or truncated shared object");
		elf_close(elf);
		return false;
	}
	find_symbols(elf, &header);
	return true;
}

void elf_close(struct elf_file *elf)
{
	if (elf->bytes)
		munmap((void *)elf->bytes, elf->size);
	*elf = (struct elf_file){ 0 };
}

static const char *symbol_at(const struct elf_file *elf, size_t index, Elf64_Sym *symbol)
{
	memcpy(symbol, (const char *)elf->symbols + index * sizeof(*symbol), sizeof(*symbol));
	return symbol->st_name < elf->strings_size ? elf->strings + symbol->st_name : "";
}

static bool find_defined(const struct elf_file *elf, const char *name, Elf64_Sym *symbol)
{
	for (size_t i = 0; i < elf->symbol_count; i++) {
		if (strcmp(symbol_at(elf, i, symbol), name) == 0 && symbol->st_shndx != SHN_UNDEF)
			return true;
	}
	return false;
}

bool elf_defines(const struct elf_file *elf, const char *name)
{
	Elf64_Sym symbol;

	return find_defined(elf, name, &symbol);
}

const void *elf_find(const struct elf_file *elf, const char *name, size_t length)
{
	Elf64_Ehdr header;
	Elf64_Phdr segment;
	Elf64_Sym symbol;

	if (!find_defined(elf, name, &symbol) || symbol.st_size < length)
		return NULL;
	memcpy(&header, elf->bytes, sizeof(header));
	for (unsigned i = 0; i < header.e_phnum; i++) {
		memcpy(&segment, elf->bytes + header.e_phoff + i * sizeof(segment),
		       sizeof(segment));
		if (segment.p_type == PT_LOAD && symbol.st_value >= segment.p_vaddr &&
		    symbol.st_value - segment.p_vaddr <= segment.p_filesz &&
		    length <= segment.p_filesz - (symbol.st_value - segment.p_vaddr))
			return elf->bytes + segment.p_offset + (symbol.st_value - segment.p_vaddr);
	}
	return NULL;
}

void elf_each_undefined(const struct elf_file *elf, void (*visit)(void *context, const char *name),
			void *context)
{
	Elf64_Sym symbol;

	for (size_t i = 1; i < elf->symbol_count; i++) {
		const char *name = symbol_at(elf, i, &symbol);

		if (symbol.st_shndx == SHN_UNDEF && *name &&
		    ELF64_ST_BIND(symbol.st_info) == STB_GLOBAL)
			visit(context, name);
	}
}
