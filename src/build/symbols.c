/* SPDX-License-Identifier: MIT */
#include "build/symbols.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "build/object.h"
#include "build/path.h"
#include "load/elf.h"
#include "load/names.h"
#include "load/shapes.h"
#include "load/user_mode.h"

/* The runtime that a sanitizer's flags ask for comes with the driver. */
static bool is_runtime(const char *symbol)
{
	static const char *const prefixes[] = { "__asan_", "__ubsan_", "__tsan_", "__sanitizer_",
						"__lsan_" };

	for (size_t i = 0; i < ARRAY_COUNT(prefixes); i++) {
		if (strncmp(symbol, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	}
	return false;
}

struct undefined {
	const struct program *program;
	struct strings *missing;
};

static void note_undefined(void *context, const char *name)
{
	struct undefined *u = context;

	if (!is_runtime(name) && !program_has(u->program, name) && !strings_has(u->missing, name))
		strings_copy(u->missing, name);
}

bool symbols_check_user_mode(const char *path, char **error)
{
	struct elf_file file;
	struct error why;
	bool ok;

	if (!elf_open(&file, path, &why)) {
		*error = string_format("%s: %s", path, why.text);
		return false;
	}
	ok = user_mode_check(&file, &why);
	if (!ok)
		*error = string_copy(why.text);
	elf_close(&file);
	return ok;
}

bool symbols_missing(const char *path, const struct program *program, struct strings *missing,
		     bool *entry, char **error)
{
	struct undefined undefined = { .program = program, .missing = missing };
	struct elf_file file;
	struct error why;
	bool ok;

	if (!elf_open(&file, path, &why)) {
		*error = string_format("%s: %s", path, why.text);
		return false;
	}
	ok = shapes_check(&file, &why);
	if (!ok)
		*error = string_format("%s", why.text);
	elf_each_undefined(&file, note_undefined, &undefined);
	*entry = elf_defines(&file, "DriverEntry");
	elf_close(&file);
	return ok;
}

/* One object: where its relocations name a missing symbol. */
struct search {
	struct object object;
	const char *source;
	const struct strings *missing;
	struct findings *findings;
};

/* clang writes no table of addresses, so each unit's lines are looked at. */
static Dwarf_Line *find_line(const struct search *s, GElf_Addr address)
{
	Dwarf_Die *unit = NULL;
	Dwarf_Addr bias;

	while ((unit = dwfl_module_nextcu(s->object.module, unit, &bias))) {
		Dwarf_Line *line = dwarf_getsrc_die(unit, address - bias);

		if (line)
			return line;
	}
	return NULL;
}

static void add_place(const struct search *s, const char *symbol, GElf_Addr address)
{
	Dwarf_Line *line = find_line(s, address);
	const char *file = line ? dwarf_linesrc(line, NULL, NULL) : NULL;
	const char *name = load_public_name(symbol);
	int number = 0;
	char *place;

	if (line)
		dwarf_lineno(line, &number);
	place = file && number > 0 ? string_format("%s:%d", path_name(file), number)
				   : string_copy(path_name(s->source));
	findings_add(s->findings, FINDING_SYMBOL, name, place);
	free(place);
}

static void read_relocations(const struct search *s, Elf_Scn *section, const GElf_Shdr *header)
{
	Elf_Data *data = elf_getdata(section, NULL);
	Elf_Scn *symbols = elf_getscn(s->object.elf, header->sh_link);
	Elf_Scn *target = elf_getscn(s->object.elf, header->sh_info);
	Elf_Data *symbol_data = symbols ? elf_getdata(symbols, NULL) : NULL;
	size_t count = header->sh_entsize ? header->sh_size / header->sh_entsize : 0;
	GElf_Shdr symbol_header, target_header;

	/* Those of debug information and unwind tables are no uses. */
	if (!data || !symbol_data || !target || !gelf_getshdr(symbols, &symbol_header) ||
	    !gelf_getshdr(target, &target_header) || !(target_header.sh_flags & SHF_ALLOC))
		return;
	for (size_t i = 0; i < count; i++) {
		GElf_Rela relocation;
		GElf_Sym symbol;
		const char *name;

		if (!gelf_getrela(data, (int)i, &relocation) ||
		    !gelf_getsym(symbol_data, (int)GELF_R_SYM(relocation.r_info), &symbol) ||
		    symbol.st_shndx != SHN_UNDEF)
			continue;
		name = elf_strptr(s->object.elf, symbol_header.sh_link, symbol.st_name);
		if (name && strings_has(s->missing, name))
			add_place(s, name,
				  s->object.bias + target_header.sh_addr + relocation.r_offset);
	}
}

static void search_object(const char *object, const char *source, const struct strings *missing,
			  struct findings *findings)
{
	struct search search = { .source = source, .missing = missing, .findings = findings };
	Elf_Scn *section = NULL;

	if (!object_open(&search.object, object))
		return;
	while ((section = elf_nextscn(search.object.elf, section))) {
		GElf_Shdr header;

		if (gelf_getshdr(section, &header) && header.sh_type == SHT_RELA)
			read_relocations(&search, section, &header);
	}
	object_close(&search.object);
}

void symbols_locate(const struct strings *objects, const struct strings *sources,
		    const struct strings *missing, struct findings *findings)
{
	for (size_t i = 0; i < missing->count; i++)
		findings_add(findings, FINDING_SYMBOL, load_public_name(missing->at[i]), NULL);
	for (size_t i = 0; i < objects->count; i++)
		search_object(objects->at[i], sources->at[i], missing, findings);
}
