/* SPDX-License-Identifier: MIT */
/* What cl's options do to a source. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "build/cl.h"
#include "build/path.h"

/* The value of /std:, for clang; NULL: not known. */
static const char *standard_of(const char *value, bool *is_cxx)
{
	static const struct {
		const char *value, *standard;
		bool cxx;
	} standards[] = {
		{ "c++14", "c++14", true }, { "c++17", "c++17", true },
		{ "c++20", "c++20", true }, { "c++23preview", "c++2b", true },
		{ "c++23", "c++2b", true }, { "c++latest", "c++2b", true },
		{ "c11", "gnu11", false },  { "c17", "gnu17", false },
		{ "c18", "gnu17", false },  { "clatest", "gnu17", false },
	};

	for (size_t i = 0; i < ARRAY_COUNT(standards); i++) {
		*is_cxx = standards[i].cxx;
		if (strcmp(value, standards[i].value) == 0)
			return standards[i].standard;
	}
	return NULL;
}

/* One for C++ is nothing to C, and the other way round; which it is may be said later. */
static void set_standard(struct cl *cl, const char *value, const char *origin)
{
	bool is_cxx;
	const char *standard = standard_of(value, &is_cxx);

	if (!standard) {
		cl_warn(cl,
			"%s: /std:%s is no language that is known; c++14, c++17, c++20, c++23preview, c++latest, c11, c17 and clatest are",
			origin, value);
	} else {
		cl->standards[is_cxx ? LANGUAGE_CXX : LANGUAGE_C] = standard;
	}
}

static void set_pack(struct cl *cl, const char *value, const char *origin)
{
	unsigned long size = *value ? strtoul(value, NULL, 10) : 1;

	if (strspn(value, "0123456789") != strlen(value) || size == 0 || size > 16 ||
	    (size & (size - 1)))
		cl_warn(cl, "%s: /Zp%s is left out; 1, 2, 4, 8 and 16 are known", origin, value);
	else
		cl->source->pack = (unsigned)size;
}

/* wchar_t is no type of its own, but what the kit says it is. In C it never was. */
static void set_wchar(struct cl *cl)
{
	if (cl->source->language == LANGUAGE_C)
		return;
	strings_copy(&cl->source->flags, "-Xclang");
	strings_copy(&cl->source->flags, "-fno-wchar");
	strings_copy(&cl->source->flags, "-Dwchar_t=unsigned short");
}

/* What the compiler itself defines: /D and /U of the same name count more. */
static void predefine(struct cl *cl, const char *names)
{
	struct strings words = { 0 };

	strings_split(&words, names, ' ');
	for (size_t i = 0; i < words.count; i++) {
		if (!cl_says(cl, words.at[i]))
			cl_define(cl, words.at[i]);
	}
	strings_free(&words);
}

static void force_include(struct cl *cl, const char *file)
{
	char *path = path_join("", file);

	strings_add(&cl->source->forced_includes, path);
}

/* Kernel mode has neither exceptions nor type information, whatever a project asks for. */
static void choose_runtime_support(struct cl *cl, const struct cl_name *o, const char *value,
				   const char *origin)
{
	bool on = strncmp(o->text, "-fno-", strlen("-fno-")) != 0;

	if (cl->project->user_mode)
		cl->chosen[o->effect] = o;
	else if (on && o->effect == EXCEPTIONS)
		cl_warn(cl, "%s: /%s%s: the kernel has no C++ exceptions; it is left out", origin,
			o->name, value);
	else if (on)
		cl_warn(cl,
			"%s: /%s%s: the kernel has no run-time type information; it is left out",
			origin, o->name, value);
}

/* @value: the option's argument, "" when there is none */
static void apply(struct cl *cl, const struct cl_name *o, const char *value, const char *origin)
{
	switch (o->effect) {
	case ARCHITECTURE:
	case FLOATS:
	case FLOAT_TRAPS:
	case INLINING:
	case ALIGNED_NEW:
	case WCHAR:
	case CONFORMANCE:
	case RUNTIME:
		cl->chosen[o->effect] = o;
		break;
	case EXCEPTIONS:
	case RTTI:
		choose_runtime_support(cl, o, value, origin);
		break;
	case CHOICES:
	case NOTHING:
	case LINKER:
		break;
	case FLAGS:
		strings_split(&cl->source->flags, o->text, ' ');
		break;
	case TELL:
		cl_warn(cl, "%s: /%s%s: %s", origin, o->name, value, o->text);
		break;
	case DEFINE:
		cl_define(cl, value);
		break;
	case UNDEFINE:
		cl_undefine(cl, value);
		break;
	case INCLUDE:
		cl_include(cl, value);
		break;
	case FORCE:
		force_include(cl, value);
		break;
	case STANDARD:
		set_standard(cl, value, origin);
		break;
	case PACK:
		set_pack(cl, value, origin);
		break;
	case OBJECT:
		free(cl->source->object);
		cl->source->object = string_copy(value);
		break;
	case NO_KIT:
		cl->source->no_standard_includes = true;
		break;
	case AS_C:
		cl->source->language = LANGUAGE_C;
		break;
	case AS_CXX:
		cl->source->language = LANGUAGE_CXX;
		break;
	case FAST:
	case SLOW:
		cl->source->optimize = o->effect == FAST;
		break;
	}
}

/* Without /permissive-, which C++20 means as well, a template is read when it is used. */
static bool reads_templates_late(const struct cl *cl, const char *standard)
{
	const struct cl_name *said = cl->chosen[CONFORMANCE];

	if (cl->source->language != LANGUAGE_CXX)
		return false;
	if (said)
		return !said->text;
	return strcmp(standard, "c++14") == 0 || strcmp(standard, "c++17") == 0;
}

void cl_finish(struct cl *cl)
{
	struct source *s = cl->source;
	const char *standard = cl->standards[s->language];

	for (int i = 0; i < CHOICES; i++) {
		const char *text = cl->chosen[i] ? cl->chosen[i]->text : NULL;

		if (!text)
			continue;
		if (i == WCHAR)
			set_wchar(cl);
		else if (i == RUNTIME)
			predefine(cl, text);
		else if (i != CONFORMANCE)
			strings_split(&s->flags, text, ' ');
	}
	if (!standard)
		standard = s->language == LANGUAGE_C ? "gnu17" : "c++14";
	s->standard = string_copy(standard);
	s->late_templates = reads_templates_late(cl, standard);
}

void cl_option(struct cl *cl, const char *option, const char *origin)
{
	const struct cl_name *o = cl_find(option + 1);

	if (o)
		apply(cl, o, option + 1 + strlen(o->name), origin);
	else
		cl_warn(cl, "%s: %s is no option of cl that is known, and is left out", origin,
			option);
}

static void read_words(struct cl *cl, const struct strings *words, bool nested);

/* @FILE: more words. In UTF-16, which cl reads with a byte order mark, they are not for us. */
static void read_response(struct cl *cl, const char *name, bool nested)
{
	const char *why = "is named in another one, which cl does not do";
	char *text = nested ? NULL : path_read_text(cl->folder, name, &why);
	struct strings words = { 0 };

	if (text) {
		cl_split(&words, text);
		read_words(cl, &words, true);
	} else if (!cl->error) {
		cl->error =
			string_format("AdditionalOptions: the response file '%s' %s", name, why);
	}
	strings_free(&words);
	free(text);
}

static void read_words(struct cl *cl, const struct strings *words, bool nested)
{
	for (size_t i = 0; i < words->count; i++) {
		const char *word = words->at[i], *value;
		const struct cl_name *o;

		if (*word == '@') {
			read_response(cl, word + 1, nested);
			continue;
		}
		if ((*word != '/' && *word != '-') || word[1] == '\0') {
			cl_warn(cl,
				"AdditionalOptions: '%s' is no option and is left out; a source is listed as <ClCompile>",
				word);
			continue;
		}
		o = cl_find(word + 1);
		value = o ? word + 1 + strlen(o->name) : "";
		if (o && o->effect == LINKER)
			return;
		if (o && o->form == FOLLOWS && *value == '\0') {
			if (i + 1 == words->count) {
				cl_warn(cl,
					"AdditionalOptions: %s: something is expected behind it",
					word);
				return;
			}
			value = words->at[++i];
		}
		if (o)
			apply(cl, o, value, "AdditionalOptions");
		else
			cl_option(cl, word, "AdditionalOptions");
	}
}

void cl_options(struct cl *cl, const char *text)
{
	struct strings words = { 0 };

	cl_split(&words, text);
	read_words(cl, &words, false);
	strings_free(&words);
}
