/* SPDX-License-Identifier: MIT */
#include "build/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "build/attribute.h"

/* MSVC's language. -fms-compatibility is what matters: goto past an initialisation, L#x,
 * backslashes in #include, a comma before an empty __VA_ARGS__; -mms-bitfields lays bit-fields out
 * as there. */
static const char *const dialect[] = { "-fms-extensions", "-fms-compatibility", "-mms-bitfields",
				       "-fshort-wchar", "-fno-strict-aliasing" };

/*
 * cl /kernel: no exceptions, no RTTI. A static variable's guard is what /Zc:threadSafeInit- makes
 * of it, the only one that links there; it and what nothing runs there are told.
 */
static const char *const kernel_cxx[] = { "-fno-exceptions", "-fno-rtti", "-fno-threadsafe-statics",
					  "-Wglobal-constructors", "-Wexit-time-destructors" };

/* What UMDF lacks must not be found in the host, where it is for the other drivers. */
static const char *const user_mode[] = { "-Werror=implicit-function-declaration" };

/*
 * The version is of an MSVC whose char16_t is a type of its own; gcc's is what clang has without
 * the other, and headers ask for it. What is deprecated by a pragma is __try, where C++'s library
 * is included.
 */
static const char *const cxx_dialect[] = { "-fms-compatibility-version=19.40",
					   "-fgnuc-version=4.2.1", "-Werror=deprecated-pragma" };

/* What MSVC defines of itself, and clang for Windows only. */
static const char *const predefined[] = {
#if defined(__aarch64__)
	"-D_M_ARM64=1"
#else
	"-D_M_AMD64=100", "-D_M_X64=100"
#endif
};

/* A driver includes the kit's headers, never those of this system; the compiler's own stay. */
static const char *const headers[] = { "-nostdlibinc", "-nostdinc++" };

/* A shared object whose lines gdb and the verifier's reports can name. */
static const char *const object[] = { "-fPIC", "-g", "-fno-omit-frame-pointer",
				      "-fno-optimize-sibling-calls" };

/* What MSVC takes without a word. */
static const char *const quiet[] = { "-Wno-microsoft",
				     "-Wno-multichar",
				     "-Wno-four-char-constants",
				     "-Wno-unknown-pragmas",
				     "-Wno-ignored-pragmas",
				     "-Wno-pragma-pack",
				     "-Wno-nonportable-include-path",
				     "-Wno-ignored-attributes",
				     "-Wno-comment",
				     "-Wno-invalid-token-paste",
				     "-Wno-unused-value",
				     "-Wno-deprecated-increment-bool",
				     "-Wno-static-in-inline",
				     "-Wno-static-local-in-inline",
				     "-Wno-undefined-inline" };

#define ADD_ALL(command, list) add_all(command, list, ARRAY_COUNT(list))

static void add_all(struct strings *command, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		strings_copy(command, list[i]);
}

static void add_pairs(struct strings *command, const char *option, const struct strings *list)
{
	for (size_t i = 0; i < list->count; i++) {
		strings_copy(command, option);
		strings_copy(command, list->at[i]);
	}
}

static void add_version(struct strings *command, const char *name, const struct version *version)
{
	if (version->major == 0)
		return;
	strings_format(command, "-D%s_MAJOR=%u", name, version->major);
	strings_format(command, "-D%s_MINOR=%u", name, version->minor);
}

static void add_sanitizers(struct strings *command, const struct toolset *tools)
{
	for (size_t i = 0; i < tools->sanitizers->count; i++) {
		const char *name = tools->sanitizers->at[i];

		strings_format(command, "-fsanitize=%s",
			       strcmp(name, "fuzzer") ? name : "fuzzer-no-link");
	}
	/* Not those that go by RTTI, by functions' types, which drivers cast as C does, or by an
	 * enumeration's smallest type: it is int. */
	if (strings_has(tools->sanitizers, "undefined"))
		strings_copy(command, "-fno-sanitize=vptr,function,enum");
}

/* The same for a source, where volatile is as MSVC has it: the host says what that means. */
static void add_source_sanitizers(struct strings *command, const struct toolset *tools)
{
	add_sanitizers(command, tools);
	if (strings_has(tools->sanitizers, "thread")) {
		strings_copy(command, "-mllvm");
		strings_copy(command, "-tsan-distinguish-volatile=1");
	}
}

/* A file below the current folder by its short name, as a person would have called clang. */
static const char *shown(const char *path, char **memory)
{
	size_t length;

	*memory = getcwd(NULL, 0);
	length = *memory ? strlen(*memory) : 0;
	if (length && strncmp(path, *memory, length) == 0 && path[length] == '/')
		return path + length + 1;
	return path;
}

static void add_language(struct strings *command, const struct toolset *tools,
			 const struct source *s)
{
	bool cxx = s->language == LANGUAGE_CXX;

	strings_copy(command, "-x");
	strings_copy(command, cxx ? "c++" : "c");
	strings_format(command, "-std=%s", s->standard);
	ADD_ALL(command, dialect);
	if (cxx) {
		ADD_ALL(command, cxx_dialect);
		strings_copy(command, "-D" ATTRIBUTE_DEFINITION);
	}
	if (s->late_templates)
		strings_copy(command, "-fdelayed-template-parsing");
	if (tools->user_mode)
		ADD_ALL(command, user_mode);
	/* As cl says what was asked for; with its compatibility clang leaves out its own macro. */
	if (cxx && tools->user_mode && strings_has(&s->flags, "-fexceptions"))
		strings_copy(command, "-D_CPPUNWIND=1");
	if (cxx && tools->user_mode && !strings_has(&s->flags, "-fno-rtti"))
		strings_copy(command, "-D_CPPRTTI=1");
	if (cxx && !tools->user_mode)
		ADD_ALL(command, kernel_cxx);
}

/* A later one of the same name counts: the WDK's come first, the project may say another version.
 */
static bool is_defined_anew(const struct strings *defines, size_t i)
{
	size_t length = strcspn(defines->at[i], "=(");

	for (size_t later = i + 1; later < defines->count; later++)
		if (strncmp(defines->at[later], defines->at[i], length) == 0 &&
		    length == strcspn(defines->at[later], "=("))
			return true;
	return false;
}

static void add_definitions(struct strings *command, const struct toolset *tools,
			    const struct source *s)
{
	ADD_ALL(command, predefined);
	if (!tools->user_mode)
		strings_copy(command, "-D_KERNEL_MODE");
	add_version(command, "NETADAPTER_VERSION", tools->net);
	if (tools->net_minimum)
		strings_format(command, "-DNETADAPTER_MINIMUM_VERSION_REQUIRED=%u",
			       tools->net_minimum);
	add_version(command, tools->user_mode ? "UMDF_VERSION" : "KMDF_VERSION", tools->wdf);
	if (tools->wdf_minimum)
		strings_format(command, "-D%s_MINIMUM_VERSION_REQUIRED=%u",
			       tools->user_mode ? "UMDF" : "KMDF", tools->wdf_minimum);
	for (size_t i = 0; i < s->defines.count; i++)
		if (!is_defined_anew(&s->defines, i))
			strings_format(command, "-D%s", s->defines.at[i]);
	for (size_t i = 0; i < s->undefines.count; i++)
		strings_format(command, "-U%s", s->undefines.at[i]);
}

/* Where headers are looked for, in that order. */
static void add_header_folders(struct strings *command, const struct toolset *tools,
			       const struct source *s)
{
	if (s->generated) {
		strings_copy(command, "-I");
		strings_copy(command, s->generated);
	}
	add_pairs(command, "-I", &s->include_folders);
	ADD_ALL(command, headers);
	if (source_packs(s)) {
		strings_copy(command, "-isystem");
		strings_copy(command, tools->packed_kit);
	}
	if (!s->no_standard_includes) {
		add_pairs(command, "-isystem", tools->system_folders);
		add_pairs(command, "-isystem", tools->library);
	}
	add_pairs(command, "-idirafter", &s->late_folders);
	strings_copy(command, "-ivfsoverlay");
	strings_copy(command, tools->overlay);
}

void command_compile(struct strings *command, const struct toolset *tools, const struct source *s,
		     const char *object_file)
{
	char *memory;

	strings_copy(command, tools->compiler->path);
	strings_copy(command, "-c");
	add_language(command, tools, s);
	ADD_ALL(command, object);
	strings_copy(command, s->optimize ? "-O2" : "-O0");
	strings_append(command, &s->flags);
	if (source_packs(s))
		strings_format(command, "-fpack-struct=%u", s->pack);
	add_source_sanitizers(command, tools);
	if (tools->coverage)
		strings_copy(command, "--coverage");
	add_definitions(command, tools, s);
	add_header_folders(command, tools, s);
	add_pairs(command, "-include", &s->forced_includes);
	ADD_ALL(command, quiet);
	if (tools->colour)
		strings_copy(command, "-fcolor-diagnostics");
	if (object_file) {
		strings_copy(command, "-o");
		strings_copy(command, object_file);
	}
	strings_copy(command, shown(s->path, &memory));
	free(memory);
}

void command_compile_to_text(struct strings *command, const struct toolset *tools,
			     const struct source *s, const char *text)
{
	/* Without -O2 clang leaves out what is good for inlining only; after -fno-inline it does
	 * not write which functions are inline. Nothing is inlined yet. */
	static const char *const as_text[] = {
		"-S", "-emit-llvm", "-O2", "-Xclang", "-disable-llvm-passes", "-finline-functions"
	};

	command_compile(command, tools, s, text);
	ADD_ALL(command, as_text);
}

void command_assemble(struct strings *command, const struct toolset *tools, const struct source *s,
		      const char *text, const char *object_file)
{
	strings_copy(command, tools->compiler->path);
	strings_copy(command, "-x");
	strings_copy(command, "ir");
	strings_copy(command, "-c");
	ADD_ALL(command, object);
	strings_copy(command, s->optimize ? "-O2" : "-O0");
	if (strings_has(&s->flags, "-fno-inline"))
		strings_copy(command, "-fno-inline");
	add_source_sanitizers(command, tools);
	if (tools->coverage)
		strings_copy(command, "--coverage");
	strings_copy(command, "-o");
	strings_copy(command, object_file);
	strings_copy(command, text);
}

void command_link(struct strings *command, const struct toolset *tools,
		  const struct strings *objects, const char *output)
{
	strings_copy(command, tools->compiler->path);
	strings_copy(command, "-shared");
	strings_copy(command, "-Wl,-Bsymbolic");
	add_sanitizers(command, tools);
	/* One runtime for the process, which `netcx run` loads first; of threads it is the host's.
	 */
	if (tools->compiler->runtime_folder) {
		strings_copy(command, "-shared-libsan");
		strings_format(command, "-Wl,-rpath,%s", tools->compiler->runtime_folder);
	}
	if (tools->coverage)
		strings_copy(command, "--coverage");
	strings_copy(command, "-o");
	strings_copy(command, output);
	strings_append(command, objects);
	/*
	 * libFuzzer goes with the driver, whoever runs it (test/fuzz/engine.c). It does not free
	 * what its initialisers have, so it stays loaded, or that would count as the driver's leak.
	 */
	if (tools->compiler->fuzzer) {
		strings_copy(command, "-Wl,-z,nodelete");
		strings_copy(command, "-Wl,--whole-archive");
		strings_copy(command, tools->compiler->fuzzer);
		strings_copy(command, "-Wl,--no-whole-archive");
		strings_copy(command, "-lstdc++");
		strings_copy(command, "-lm");
	}
	/* What exceptions and type information need; kernel mode has neither. */
	if (tools->user_mode) {
		strings_copy(command, "-Wl,--as-needed");
		strings_copy(command, "-lstdc++");
	}
}

void command_show(const struct strings *command)
{
	struct buffer line = { 0 };

	for (size_t i = 0; i < command->count; i++) {
		const char *c = command->at[i];
		bool plain =
			*c &&
			c[strspn(
				c,
				"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./,:@%")] ==
				'\0';

		buffer_add(&line, i ? " " : "");
		buffer_add(&line, plain ? "" : "'");
		for (; *c; c++)
			buffer_add_n(&line, *c == '\'' ? "'\\''" : c, *c == '\'' ? 4 : 1);
		buffer_add(&line, plain ? "" : "'");
	}
	fprintf(stderr, "%s\n", line.at);
	buffer_free(&line);
}
