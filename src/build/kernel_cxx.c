/* SPDX-License-Identifier: MIT */
/* Names of symbols are those of the Itanium C++ ABI, 5.1. */
#include "build/kernel_cxx.h"

#include <dwarf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "build/object.h"
#include "build/path.h"

#define LOCAL "_ZZ"   /* a function, 'E', the length of the variable's name, the name */
#define GUARD "_ZGVZ" /* the same of the variable's guard */

static const struct {
	const char *name, *note;
} facts[] = {
	{ KERNEL_CXX_INITIALIZER,
	  "nothing runs it in Windows' kernel, and the variable stays zero (linker warning LNK4210)" },
	{ KERNEL_CXX_DESTRUCTOR,
	  "nothing runs it in Windows' kernel, or what initializes the variable; the linker lacks atexit" },
	{ KERNEL_CXX_THREAD,
	  "Windows' kernel has no thread local storage, and the linker lacks _tls_index" },
	{ KERNEL_CXX_STATIC,
	  "the linker lacks _Init_thread_header of C's library; with /Zc:threadSafeInit- who comes first initializes it, and no lock keeps two processors apart" },
};

/* One variable that is looked for in an object's debug information. */
struct variable {
	const char *symbol; /* its own, not its guard's */
	const char *kind;
	Dwarf_Die *unit; /* that is looked through */
	struct findings *findings;
	bool found;
};

static const char *linkage_name(Dwarf_Die *die)
{
	Dwarf_Attribute attribute;

	return dwarf_formstring(dwarf_attr_integrate(die, DW_AT_linkage_name, &attribute));
}

/* Return: the length of the function's part of the symbol, 0: it is another's. */
static size_t function_part(const char *symbol, Dwarf_Die *function)
{
	const char *linkage = linkage_name(function), *name = dwarf_diename(function);
	char text[1024];
	size_t length;

	if (linkage && strncmp(linkage, "_Z", 2) == 0)
		length = (size_t)snprintf(text, sizeof(text), "%s", linkage + 2);
	else
		length = (size_t)snprintf(text, sizeof(text), "%zu%s", strlen(name), name);
	return length < sizeof(text) && strncmp(symbol, text, length) == 0 ? length : 0;
}

/* "E4name", behind which a number may tell it from others in the same function ("_0"). */
static bool ends_with(const char *symbol, const char *name)
{
	char *part = string_format("E%zu%s", strlen(name), name);
	const char *at = strstr(symbol, part);
	bool ends = at && (!at[strlen(part)] || at[strlen(part)] == '_');

	free(part);
	return ends;
}

/* @function: that the variable is in; NULL: in none */
static bool is_symbol_of(const char *symbol, Dwarf_Die *die, Dwarf_Die *function)
{
	const char *name = dwarf_diename(die), *linkage = linkage_name(die);

	if (linkage && strcmp(linkage, symbol) == 0)
		return true;
	if (!name || strncmp(symbol, LOCAL, strlen(LOCAL)) != 0)
		return name && strcmp(symbol, name) == 0;
	symbol += strlen(LOCAL);
	/* One that is nowhere but inlined has no name any more. */
	if (function && dwarf_diename(function))
		symbol += function_part(symbol, function) ?: strlen(symbol);
	return ends_with(symbol, name);
}

static void add_place(struct variable *variable, Dwarf_Die *die)
{
	/* DWARF 5 counts the unit's own file as 0, which libdw takes for none. */
	const char *file = dwarf_decl_file(die) ?: dwarf_diename(variable->unit);
	int line = 0;
	char *place;

	if (!file || dwarf_decl_line(die, &line) || line <= 0)
		return;
	place = string_format("%s:%d", path_name(file), line);
	findings_add(variable->findings, FINDING_KERNEL_CXX, variable->kind, place);
	free(place);
	variable->found = true;
}

/* @die: one with children */
static void search_children(struct variable *variable, Dwarf_Die *die, Dwarf_Die *function)
{
	Dwarf_Die child;

	if (dwarf_child(die, &child) != 0)
		return;
	do {
		int tag = dwarf_tag(&child);

		if (tag == DW_TAG_variable && is_symbol_of(variable->symbol, &child, function))
			add_place(variable, &child);
		search_children(variable, &child, tag == DW_TAG_subprogram ? &child : function);
	} while (dwarf_siblingof(&child, &child) == 0);
}

static void add_variable(const struct object *object, const char *source, const char *symbol,
			 const char *kind, struct findings *findings)
{
	struct variable variable = { .symbol = symbol, .kind = kind, .findings = findings };
	Dwarf_Addr bias;

	while ((variable.unit = dwfl_module_nextcu(object->module, variable.unit, &bias)))
		search_children(&variable, variable.unit, NULL);
	if (!variable.found)
		findings_add(findings, FINDING_KERNEL_CXX, kind, path_name(source));
}

static void add_symbol(const struct object *object, const char *source, const GElf_Sym *symbol,
		       const char *name, struct findings *findings)
{
	if (symbol->st_shndx == SHN_UNDEF)
		return;
	if (GELF_ST_TYPE(symbol->st_info) == STT_TLS) {
		add_variable(object, source, name, KERNEL_CXX_THREAD, findings);
	} else if (strncmp(name, GUARD, strlen(GUARD)) == 0) {
		char *variable = string_format(LOCAL "%s", name + strlen(GUARD));

		add_variable(object, source, variable, KERNEL_CXX_STATIC, findings);
		free(variable);
	}
}

static void search_symbols(const struct object *object, const char *source,
			   struct findings *findings)
{
	int count = dwfl_module_getsymtab(object->module);

	for (int i = 0; i < count; i++) {
		GElf_Sym symbol;
		const char *name = dwfl_module_getsym(object->module, i, &symbol, NULL);

		if (name)
			add_symbol(object, source, &symbol, name, findings);
	}
}

void kernel_cxx_search(const struct strings *objects, const struct strings *sources,
		       struct findings *findings)
{
	for (size_t i = 0; i < objects->count; i++) {
		struct object object;

		if (!object_open(&object, objects->at[i]))
			continue;
		search_symbols(&object, sources->at[i], findings);
		object_close(&object);
	}
}

void kernel_cxx_note(struct findings *findings)
{
	for (size_t i = 0; i < ARRAY_COUNT(facts); i++)
		findings_note(findings, FINDING_KERNEL_CXX, facts[i].name,
			      string_copy(facts[i].note));
}
