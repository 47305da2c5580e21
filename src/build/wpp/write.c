/* SPDX-License-Identifier: MIT */
/*
 * A trace function's name becomes WPP_CALL_file_line by its place, and that is
 *
 *     WPP_LEVEL_FLAGS_PRE(...) (WPP_LEVEL_FLAGS_ENABLED(...) ? (WPP_SF_file_line(...), 1) : 0)
 *     WPP_LEVEL_FLAGS_POST(...)
 *
 * LEVEL_FLAGS being the names of the conditions, so that a driver's own macros of these names are
 * used, as with Microsoft's preprocessor.
 */
#include "build/wpp/write.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "build/path.h"
#include "build/wpp/place.h"

/* A .tmh being written. */
struct writing {
	struct buffer to;
	char *id; /* the file's name as part of an identifier */
};

/* ---- names ---- */

static char *identifier(const char *file)
{
	char *id = string_copy(path_name(file));

	for (char *c = id; *c; c++) {
		if (!isalnum((unsigned char)*c))
			*c = '_';
	}
	return id;
}

/* "LEVEL_FLAGS", the caller's */
static char *conditions_name(const struct wpp_call *call)
{
	struct buffer name = { 0 };
	struct wpp_condition c;

	for (size_t i = 0; wpp_condition(call, i, &c); i++)
		buffer_add_format(&name, "%s%s", i ? "_" : "", c.name);
	return buffer_take(&name);
}

/* "TRACE_LEVEL_ERROR, FLAGS": what its macros are given; @names: the conditions' names instead */
static void add_conditions(struct buffer *to, const struct wpp_call *call, bool names)
{
	struct wpp_condition c;

	for (size_t i = 0; wpp_condition(call, i, &c); i++)
		buffer_add_format(to, "%s%s", i ? ", " : "", names ? c.name : c.expression);
}

/* ---- what a driver may have defined, and what is taken else ---- */

/* The name of the condition that is level or flags; NULL: there is none. */
static const char *name_of(const struct wpp_call *call,
			   bool (*find)(const struct wpp_call *, struct wpp_condition *))
{
	struct wpp_condition c;

	return find(call, &c) ? c.name : NULL;
}

/* By the framework's own macros, as most drivers define it. */
static void add_default(struct buffer *to, const struct wpp_call *call, const char *name,
			const char *given)
{
	const char *level = name_of(call, wpp_level), *flags = name_of(call, wpp_flags);

	buffer_add_format(to, "#define WPP_%s_LOGGER(%s) ", name, given);
	if (flags)
		buffer_add_format(to, "WPP_LEVEL_LOGGER(%s)\n", flags);
	else
		buffer_add(to, "WPP_LOGGER()\n");
	buffer_add_format(to, "#define WPP_%s_ENABLED(%s) (", name, given);
	if (flags)
		buffer_add_format(to, "WPP_LEVEL_ENABLED(%s)", flags);
	else
		buffer_add(to, "WPP_ENABLED()");
	if (level && flags)
		buffer_add_format(to, " && WPP_CONTROL(WPP_BIT_ ## %s).Level >= (%s)", flags,
				  level);
	buffer_add(to, ")\n");
}

static void add_condition_macros(struct writing *w, const struct wpp_call *call)
{
	char *name = conditions_name(call), *given;
	struct buffer list = { 0 }, *to = &w->to;

	add_conditions(&list, call, true);
	given = buffer_take(&list);
	buffer_add_format(to, "#ifndef WPP_%s_PRE\n#define WPP_%s_PRE(%s)\n#endif\n", name, name,
			  given);
	buffer_add_format(to, "#ifndef WPP_%s_POST\n#define WPP_%s_POST(%s)\n#endif\n", name, name,
			  given);
	buffer_add_format(to, "#ifndef WPP_%s_ENABLED\n#ifdef WPP_RECORDER_%s_FILTER\n", name,
			  name);
	buffer_add_format(to, "#define WPP_%s_ENABLED(%s) WPP_RECORDER_%s_FILTER(%s)\n", name,
			  given, name, given);
	buffer_add_format(to, "#define WPP_%s_LOGGER(%s) WPP_RECORDER_%s_ARGS(%s),\n#else\n", name,
			  given, name, given);
	add_default(to, call, name, given);
	buffer_add(to, "#endif\n#endif\n");
	free(given);
	free(name);
}

/* ---- the function ---- */

static void add_parameter(struct buffer *to, unsigned n, const char *type)
{
	buffer_add_format(to, ", %s wpp_%u", type, n);
}

static void add_parameters(struct buffer *to, const struct wpp_message *m)
{
	unsigned n = 0;

	for (size_t i = 0; i < m->count; i++) {
		const struct wpp_piece *p = &m->pieces[i];

		for (unsigned star = 0; p->c_type && star < p->stars; star++)
			add_parameter(to, ++n, "int");
		if (p->c_type)
			add_parameter(to, ++n, p->c_type);
	}
}

static void add_value(struct buffer *to, const struct wpp_piece *p, unsigned n)
{
	switch (p->way) {
	case WPP_SIGNED:
		buffer_add_format(to, "\t\t{ (ULONG64)(LONG64)wpp_%u, 0, 0 },\n", n);
		break;
	case WPP_UNSIGNED:
		buffer_add_format(to, "\t\t{ (ULONG64)wpp_%u, 0, 0 },\n", n);
		break;
	case WPP_REAL:
		buffer_add_format(to, "\t\tnetcx_wpp_real(wpp_%u),\n", n);
		break;
	case WPP_ADDRESS:
		buffer_add_format(to, "\t\t{ 0, wpp_%u, 0 },\n", n);
		break;
	case WPP_ENUM:
		buffer_add_format(to, "\t\t{ (ULONG64)wpp_%u, netcx_wpp_name_%s(wpp_%u), 0 },\n", n,
				  p->enumeration, n);
		break;
	case WPP_MACRO:
		buffer_add_format(to, "\t\t%s(wpp_%u)\n", p->macro, n);
		break;
	case WPP_TEXT:
		break;
	}
}

static void add_values(struct buffer *to, const struct wpp_message *m)
{
	unsigned n = 0;

	buffer_add(to, "\tconst struct netcx_wpp_value values[] = {\n");
	for (size_t i = 0; i < m->count; i++) {
		const struct wpp_piece *p = &m->pieces[i];

		for (unsigned star = 0; p->c_type && star < p->stars; star++)
			buffer_add_format(to, "\t\t{ (ULONG64)(LONG64)wpp_%u, 0, 0 },\n", ++n);
		if (p->c_type)
			add_value(to, p, ++n);
	}
	buffer_add(to, "\t\t{ 0, 0, 0 }\n\t};\n");
}

static void add_pieces(struct buffer *to, const struct wpp_message *m)
{
	buffer_add(to, "\tstatic const struct netcx_wpp_piece pieces[] = {\n");
	for (size_t i = 0; i < m->count; i++) {
		const struct wpp_piece *p = &m->pieces[i];

		buffer_add_format(to, "\t\t{ \"%s\", ", p->text);
		buffer_add(to, p->form ? "\"" : "0");
		if (p->form)
			wpp_quote(to, p->form);
		buffer_add_format(to, "%s, %s, %u, %u },\n", p->form ? "\"" : "",
				  p->kind ? p->kind : "NETCX_WPP_NOTHING", p->stars, p->slots);
	}
	buffer_add(to, "\t};\n");
}

static void add_function(struct writing *w, const struct wpp_call *call, const char *file)
{
	struct wpp_condition flags;
	struct buffer *to = &w->to;

	buffer_add_format(to,
			  "static __attribute__((noinline, cold, unused)) void WPP_SF_%s_%u("
			  "TRACEHANDLE logger, LONG level, const char *function",
			  w->id, call->line);
	add_parameters(to, &call->message);
	buffer_add(to, ")\n{\n");
	add_pieces(to, &call->message);
	buffer_add(to, "\tstatic const struct netcx_wpp_site site = { \"");
	wpp_quote(to, path_name(file));
	buffer_add(to, "\", \"");
	wpp_quote(to, wpp_flags(call, &flags) ? flags.value : "");
	buffer_add_format(to, "\", pieces, %u, %zu };\n", call->line, call->message.count);
	add_values(to, &call->message);
	buffer_add(to, "\tnetcx_wpp_write(logger, &site, level, function, values,\n"
		       "\t\t\tsizeof(values) / sizeof(values[0]) - 1);\n}\n");
}

/* ---- the macro ---- */

static void add_affix(struct buffer *to, const struct wpp_affix *affix)
{
	for (size_t i = 0; affix->format && i < affix->values.count; i++)
		buffer_add_format(to, ", %s", affix->values.at[i]);
}

/* The parameters of the macro that are in the message's parentheses: from here on. */
static size_t nested_from(const struct wpp_function *f)
{
	size_t n = f->parameters.count;

	return f->nesting == WPP_MESSAGE_NESTED ? n - 1 : n;
}

static void add_names(struct buffer *to, const struct wpp_call *call, size_t first, size_t count)
{
	const struct wpp_function *f = call->function;
	bool any = false;

	for (size_t i = first; i < first + count; i++) {
		bool named = i < f->parameters.count;

		buffer_add(to, any ? ", " : "");
		if (named)
			buffer_add(to, f->parameters.at[i]);
		else
			buffer_add_format(to, "wpp_%zu", i - f->parameters.count + 1);
		any = true;
	}
}

/* The values of the message itself: all behind it. */
static void add_message_values(struct buffer *to, const struct wpp_call *call)
{
	/* "(FLAGS, ...)": the first of them is the message. */
	unsigned first = strings_has(&call->function->parameters, "MSG") ? 1 : 2;

	for (unsigned i = first; i <= call->values; i++)
		buffer_add_format(to, ", wpp_%u", i);
}

static void add_body(struct writing *w, const struct wpp_call *call)
{
	const struct wpp_function *f = call->function;
	struct wpp_condition level;
	char *name = conditions_name(call);
	struct buffer *to = &w->to;

	buffer_add_format(to, " \\\n\tWPP_%s_PRE(", name);
	add_conditions(to, call, false);
	buffer_add_format(to, ") \\\n\t((WPP_%s_ENABLED(", name);
	add_conditions(to, call, false);
	buffer_add_format(to, ")) ? (WPP_SF_%s_%u(WPP_%s_LOGGER(", w->id, call->line, name);
	add_conditions(to, call, false);
	buffer_add_format(to, ") (LONG)(%s), __FUNCTION__",
			  wpp_level(call, &level) ? level.expression : "0");
	add_affix(to, &f->prefix);
	if (f->nesting == WPP_MESSAGE_NESTED)
		buffer_add_format(to, " WPP_REST_%s_%u wpp_nested", w->id, call->line);
	else
		add_message_values(to, call);
	add_affix(to, &f->suffix);
	buffer_add_format(to, "), 1) : 0) \\\n\tWPP_%s_POST(", name);
	add_conditions(to, call, false);
	buffer_add(to, ")\n");
	free(name);
}

static void add_macro(struct writing *w, const struct wpp_call *call)
{
	const struct wpp_function *f = call->function;
	size_t own = nested_from(f), all = call->parameters.count;
	struct buffer *to = &w->to;

	if (f->nesting == WPP_ALL_NESTED)
		buffer_add_format(to,
				  "#define WPP_CALL_%s_%u(wpp_nested) WPP_FLAT_%s_%u wpp_nested\n",
				  w->id, call->line, w->id, call->line);
	if (f->nesting == WPP_MESSAGE_NESTED) {
		buffer_add_format(to, "#define WPP_REST_%s_%u(", w->id, call->line);
		add_names(to, call, own, all - own);
		buffer_add(to, ")");
		add_message_values(to, call);
		buffer_add(to, "\n");
	}
	buffer_add_format(to, "#define WPP_%s_%s_%u(",
			  f->nesting == WPP_ALL_NESTED ? "FLAT" : "CALL", w->id, call->line);
	add_names(to, call, 0, f->nesting == WPP_MESSAGE_NESTED ? own : all);
	if (f->nesting == WPP_MESSAGE_NESTED)
		buffer_add(to, own ? ", wpp_nested" : "wpp_nested");
	buffer_add(to, ")");
	add_body(w, call);
}

/* Inside of a macro's arguments it goes by another line, unless that one has a call of its own. */
static void add_alias(struct writing *w, const struct wpp_calls *calls, const struct wpp_call *call)
{
	if (call->last_line == 0)
		return;
	for (size_t i = 0; i < calls->count; i++) {
		const struct wpp_call *other = &calls->at[i];

		if (other->line == call->last_line ||
		    (other < call && other->last_line == call->last_line))
			return;
	}
	buffer_add_format(&w->to, "#define WPP_CALL_%s_%u WPP_CALL_%s_%u\n", w->id, call->last_line,
			  w->id, call->line);
}

/* ---- the whole ---- */

static void add_enumeration(struct buffer *to, const struct wpp_enumeration *e)
{
	buffer_add_format(to,
			  "#ifndef NETCX_WPP_ENUM_%s\n#define NETCX_WPP_ENUM_%s\n"
			  "static inline const char *netcx_wpp_name_%s(LONG64 value)\n{\n",
			  e->name, e->name, e->name);
	for (size_t i = 0; i < e->names.count; i++)
		buffer_add_format(to, "\tif (value == (LONG64)%s)\n\t\treturn \"%s\";\n",
				  e->names.at[i], e->names.at[i]);
	buffer_add(to, "\t(void)value;\n\treturn 0;\n}\n#endif\n");
}

static void add_define(struct buffer *to, const char *define)
{
	size_t length = strcspn(define, "( ");

	buffer_add_format(to, "#ifndef %.*s\n#define %s\n#endif\n", (int)length, define, define);
}

char *wpp_write(const struct wpp_config *config, const struct wpp_calls *calls,
		const struct wpp_enumerations *enumerations, const char *file)
{
	struct writing w = { .id = identifier(file) };
	struct buffer *to = &w.to;

	buffer_add_format(to, "/* The trace calls of %s. */\n", path_name(file));
	for (size_t i = 0; i < config->defines.count; i++)
		add_define(to, config->defines.at[i]);
	buffer_add(
		to,
		"#ifndef WPP_CONTROL_GUIDS\n#error WPP_CONTROL_GUIDS is not defined before this: "
		"WPP_DEFINE_CONTROL_GUID(Name, (guid), WPP_DEFINE_BIT(FLAG))\n#endif\n"
		"#include <parts/wppcontrol.h>\n");
	buffer_add_format(to, "#undef WPP_THIS_FILE\n#define WPP_THIS_FILE %s\n", w.id);
	for (size_t i = 0; i < config->function_count; i++) {
		const char *name = config->functions[i].name;

		if (config->functions[i].place)
			buffer_add_format(to,
					  "#undef %s\n#define %s NETCX_WPP_CALL(WPP_THIS_FILE, "
					  "__LINE__)\n",
					  name, name);
	}
	for (size_t i = 0; i < enumerations->count; i++)
		add_enumeration(to, &enumerations->at[i]);
	for (size_t i = 0; i < calls->count; i++) {
		add_condition_macros(&w, &calls->at[i]);
		add_function(&w, &calls->at[i], file);
		add_macro(&w, &calls->at[i]);
		add_alias(&w, calls, &calls->at[i]);
	}
	free(w.id);
	return buffer_take(to);
}
