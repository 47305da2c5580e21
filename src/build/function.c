/* SPDX-License-Identifier: MIT */
/* A chain is read from left to right: a receiver, then .Name, .Name(arguments) or [index]. */
#include "build/function.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

#define DEEPEST 32 /* arguments with functions in them */

static const struct function_table types[] = {
	{ "MSBuild", intrinsic_functions },
	{ "System.String", static_text_functions },
	{ "System.IO.Path", path_functions },
	{ "System.IO.File", file_functions },
	{ "System.IO.Directory", folder_functions },
	{ "System.Environment", environment_functions },
	{ "System.Convert", convert_functions },
	{ "System.Version", static_version_functions },
	{ "System.Byte", static_number_functions },
	{ "System.Int16", static_number_functions },
	{ "System.Int32", static_number_functions },
	{ "System.Int64", static_number_functions },
	{ "System.UInt16", static_number_functions },
	{ "System.UInt32", static_number_functions },
	{ "System.UInt64", static_number_functions },
	{ "System.Double", static_number_functions },
	{ "System.Math", math_functions },
	{ "System.Char", char_functions },
	{ "System.Runtime.InteropServices.RuntimeInformation", runtime_functions },
	{ "System.Runtime.InteropServices.OSPlatform", platform_functions },
	{ "System.OperatingSystem", system_functions },
};

const struct function *functions_of_type(const char *type)
{
	for (size_t i = 0; i < ARRAY_COUNT(types); i++) {
		if (string_same(types[i].type, type))
			return types[i].functions;
	}
	return NULL;
}

const struct function *functions_of_kind(enum value_kind kind)
{
	static const struct function *const kinds[] = {
		[VALUE_TEXT] = text_functions,   [VALUE_WHOLE] = number_functions,
		[VALUE_REAL] = number_functions, [VALUE_BOOLEAN] = boolean_functions,
		[VALUE_LIST] = list_functions,   [VALUE_VERSION] = version_functions,
	};

	return kinds[kind];
}

void call_fail(struct call *call, const char *form, ...)
{
	va_list list;

	if (call->error)
		return;
	va_start(list, form);
	call->error = string_format_list(form, list);
	va_end(list);
}

const char *call_text(const struct call *call, size_t argument)
{
	return argument < call->count ? call->arguments[argument].text : "";
}

int call_int(struct call *call, size_t argument)
{
	int number = 0;

	if (argument < call->count && !value_to_int(&call->arguments[argument], &number))
		call_fail(call, "'%s' is not a whole number of 32 bits", call_text(call, argument));
	return number;
}

void call_give(struct call *call, char *text)
{
	if (text)
		call->result = value_text(text);
}

void call_not_here(struct call *call, const char *what)
{
	if (call->scope->notes)
		strings_add_once(call->scope->notes,
				 string_format("%s: the result is taken as empty", what));
}

static const char *closing_quote(const char *text)
{
	return strchr(text + 1, *text);
}

const char *function_closing(const char *text)
{
	int depth = 1;

	for (; *text; text++) {
		if (strchr("'`\"", *text)) {
			text = closing_quote(text);
			if (!text)
				return NULL;
		}
		depth += *text == '(' ? 1 : *text == ')' ? -1 : 0;
		if (depth == 0)
			return text + 1;
	}
	return NULL;
}

/* A chain being read. */
struct chain {
	const struct scope *scope; /* one deeper than that of the text around */
	const char *at;
	struct value value; /* so far */
	char *error;
	bool unknown; /* something that is not known: the whole is null */
};

static void chain_fail(struct chain *chain, char *error)
{
	if (chain->error)
		free(error);
	else
		chain->error = error;
}

static void skip_blanks(struct chain *chain)
{
	while (isspace((unsigned char)*chain->at))
		chain->at++;
}

/* A name as the caller's text; "" when there is none. */
static char *take_name(struct chain *chain)
{
	const char *from;

	skip_blanks(chain);
	from = chain->at;
	while (isalnum((unsigned char)*chain->at) || *chain->at == '_')
		chain->at++;
	return string_copy_n(from, (size_t)(chain->at - from));
}

/* One argument: quoted or not; $(...) alone keeps its type. */
static struct value argument_value(struct chain *chain, const char *from, size_t length)
{
	char *raw = string_copy_n(from, length), *trimmed = string_trim(raw);
	size_t end = strlen(trimmed);
	struct value value = { 0 };

	free(raw);
	if (end >= 2 && strchr("'`\"", *trimmed) && trimmed[end - 1] == *trimmed) {
		memmove(trimmed, trimmed + 1, end - 2);
		trimmed[end - 2] = '\0';
		end -= 2;
	} else if (string_same(trimmed, "null")) {
		free(trimmed);
		value.text = string_copy("");
		return value;
	}
	if (strncmp(trimmed, "$(", 2) == 0 && function_closing(trimmed + 2) == trimmed + end) {
		char *inner = string_copy_n(trimmed + 2, end - 3), *error = NULL;

		if (!function_evaluate(chain->scope, inner, &value, &error))
			chain_fail(chain, error);
		free(inner);
	} else {
		value = value_text(properties_expand(chain->scope, trimmed));
		properties_unescape(value.text);
	}
	free(trimmed);
	if (value.escaped)
		properties_unescape(value.text);
	value.escaped = false;
	if (value.kind != VALUE_TEXT)
		value.text = value_say(&value);
	return value;
}

/* As far as the ',' or the end of an argument that begins at @text; NULL: not closed. */
static const char *argument_end(const char *text, char close)
{
	for (; *text; text++) {
		if (*text == ',' || *text == close)
			return text;
		if (strchr("'`\"", *text))
			text = closing_quote(text);
		else if (*text == '(')
			text = function_closing(text + 1) ? function_closing(text + 1) - 1 : NULL;
		if (!text)
			return NULL;
	}
	return NULL;
}

/* What stands between the brackets that begin at @at; behind them afterwards. */
static struct value *take_arguments(struct chain *chain, char close, size_t *count)
{
	struct value *list = array_new(ANY_NUMBER, sizeof(*list));

	*count = 0;
	chain->at++;
	skip_blanks(chain);
	if (*chain->at == close) {
		chain->at++;
		return list;
	}
	for (;;) {
		const char *end = argument_end(chain->at, close);

		if (!end || *count == ANY_NUMBER) {
			chain_fail(chain, string_format(end ? "more than %d arguments"
							    : "a quote or bracket is not closed",
							ANY_NUMBER));
			return list;
		}
		list[(*count)++] = argument_value(chain, chain->at, (size_t)(end - chain->at));
		chain->at = end + 1;
		if (*end == close)
			return list;
	}
}

static void free_arguments(struct value *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		value_free(&list[i]);
	free(list);
}

const struct function *function_find(const struct function *table, const char *name)
{
	for (; table && table->name; table++) {
		if (string_same(table->name, name))
			return table;
	}
	return NULL;
}

void function_call(const struct function *function, struct call *call)
{
	char *why;

	if (call->count < function->least || call->count > function->most)
		call_fail(call, "%s takes %u to %u arguments, not %zu", function->name,
			  function->least, function->most, call->count);
	else
		function->run(call);
	if (call->result.text && strlen(call->result.text) > LONGEST)
		call_fail(call, "the result is longer than 1 MB");
	if (!call->error)
		return;
	why = call->error;
	call->error = string_format("%s: %s", function->name, why);
	free(why);
	value_free(&call->result);
}

static void run(struct chain *chain, const struct function *function, bool is_static,
		const struct value *arguments, size_t count)
{
	struct call call = { .scope = chain->scope,
			     .self = is_static ? NULL : &chain->value,
			     .arguments = arguments,
			     .count = count };

	function_call(function, &call);
	if (call.error)
		chain_fail(chain, call.error);
	value_free(&chain->value);
	chain->value = call.result;
}

/* A member's name, and arguments if there are any. @table: NULL: nothing is known of it */
static void take_member(struct chain *chain, const struct function *table, bool is_static)
{
	const struct function *function;
	struct value *arguments = NULL;
	size_t count = 0;
	char *name = take_name(chain);

	skip_blanks(chain);
	if (*name == '\0')
		chain_fail(chain, string_copy("a function's name is expected"));
	else if (*chain->at == '(')
		arguments = take_arguments(chain, ')', &count);
	function = function_find(table, name);
	if (!chain->error && function && !chain->unknown)
		run(chain, function, is_static, arguments, count);
	chain->unknown |= !function;
	free_arguments(arguments, count);
	free(name);
}

static void take_index(struct chain *chain)
{
	struct value *arguments;
	size_t count;

	arguments = take_arguments(chain, ']', &count);
	if (!chain->error && !chain->unknown) {
		const struct function *get = chain->value.kind == VALUE_TEXT
						     ? function_find(text_functions, "Chars")
					     : chain->value.kind == VALUE_LIST
						     ? function_find(list_functions, "GetValue")
						     : NULL;

		if (get)
			run(chain, get, false, arguments, count);
		else
			chain_fail(chain,
				   string_format("%s has no index", value_type(&chain->value)));
	}
	free_arguments(arguments, count);
}

/* "[System.IO.Path]::Name": its type and its first member. */
static void take_static(struct chain *chain)
{
	const char *end = strchr(chain->at, ']');
	char *raw, *type;

	if (!end || strncmp(end + 1, "::", 2) != 0) {
		chain_fail(chain, string_copy("[Type]::Name is expected"));
		return;
	}
	raw = string_copy_n(chain->at + 1, (size_t)(end - chain->at) - 1);
	type = string_trim(raw);
	chain->at = end + 3;
	take_member(chain, functions_of_type(type), true);
	free(type);
	free(raw);
}

/* "Name": the property's value. */
static void take_property(struct chain *chain)
{
	const char *from = chain->at;
	char *name;

	while (isalnum((unsigned char)*chain->at) || strchr("_-", *chain->at)) {
		if (*chain->at == '\0')
			break;
		chain->at++;
	}
	name = string_copy_n(from, (size_t)(chain->at - from));
	if (*name == '\0')
		chain_fail(chain, string_copy("a property's name is expected"));
	chain->value = value_copy(property_value(chain->scope, name));
	properties_unescape(chain->value.text);
	free(name);
}

static void take_chain(struct chain *chain)
{
	if (*chain->at == '[')
		take_static(chain);
	else
		take_property(chain);
	for (skip_blanks(chain); *chain->at && !chain->error; skip_blanks(chain)) {
		if (chain->value.escaped)
			properties_unescape(chain->value.text);
		chain->value.escaped = false;
		if (*chain->at == '.') {
			chain->at++;
			take_member(chain, functions_of_kind(chain->value.kind), false);
		} else if (*chain->at == '[') {
			take_index(chain);
		} else {
			chain_fail(chain, string_format("not understood at '%s'", chain->at));
		}
	}
}

static void note_unknown(const struct scope *scope, const char *body)
{
	char *note;

	if (!scope->notes)
		return;
	note = strncasecmp(body, "Registry:", 9) == 0
		       ? string_format("$(%s): there is no registry, so it is taken as empty", body)
		       : string_format("$(%s) is not known and taken as empty", body);
	strings_add_once(scope->notes, note);
}

bool function_evaluate(const struct scope *scope, const char *body, struct value *result,
		       char **error)
{
	struct scope deeper = *scope;
	struct chain chain = { .scope = &deeper, .at = body };

	deeper.depth++;
	if (!deeper.folder)
		deeper.folder = "/";
	skip_blanks(&chain);
	if (deeper.depth > DEEPEST)
		chain_fail(&chain, string_copy("functions are nested too deep"));
	else if (strncasecmp(chain.at, "Registry:", 9) == 0)
		chain.unknown = true;
	else
		take_chain(&chain);
	if (chain.error) {
		value_free(&chain.value);
		*error = chain.error;
		return false;
	}
	if (chain.unknown) {
		value_free(&chain.value);
		note_unknown(scope, body);
	}
	*result = chain.value;
	return true;
}
