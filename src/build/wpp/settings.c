/* SPDX-License-Identifier: MIT */
/* Source: "TraceWPP Task" and "WPP Preprocessor" in Microsoft's documentation. */
#include "build/wpp/settings.h"

#include <stdlib.h>
#include <string.h>

#include "build/cl.h"
#include "build/path.h"

/* One source's settings being read. */
struct reading {
	struct source *source;
	struct project *project;
	const struct item *item;
	const char *folder;
	char *error;
};

static char *said(const struct reading *r, const char *name)
{
	char *text = string_trim(item_get(r->item, name));

	properties_unescape(text);
	return text;
}

static bool is_on(const struct reading *r, const char *name)
{
	char *text = said(r, name);
	bool on = string_same(text, "true");

	free(text);
	return on;
}

/* A file that an element or option names. */
static void add_file(struct reading *r, struct strings *files, const char *element,
		     const char *given)
{
	char *name = cl_unquote(given), *found = path_find(r->folder, name);

	if (found && path_is_file(found))
		strings_add_once(files, string_copy(found));
	else if (!r->error)
		r->error = string_format("%s: the file '%s' is not there", element, name);
	free(found);
	free(name);
}

/* A list's parts; @add is called for each. */
static void each(struct reading *r, const char *element,
		 void (*add)(struct reading *r, const char *element, const char *part))
{
	struct strings parts = { 0 };

	strings_split(&parts, item_get(r->item, element), ';');
	for (size_t i = 0; i < parts.count; i++) {
		properties_unescape(parts.at[i]);
		add(r, element, parts.at[i]);
	}
	strings_free(&parts);
}

static void add_scanned(struct reading *r, const char *element, const char *part)
{
	add_file(r, &r->source->wpp.scanned, element, part);
}

static void add_configuration(struct reading *r, const char *element, const char *part)
{
	add_file(r, &r->source->wpp.configurations, element, part);
}

static void add_function(struct reading *r, const char *element, const char *part)
{
	(void)element;
	strings_copy(&r->source->wpp.functions, part);
}

/* NAME=VALUE or NAME as a macro: "NAME VALUE" */
static void add_definition(struct reading *r, const char *element, const char *part)
{
	size_t length = strcspn(part, "=");

	(void)element;
	strings_format(&r->source->wpp.defines, "%.*s %s", (int)length, part,
		       part[length] ? part + length + 1 : "1");
}

/* tracewpp -ctl: one provider with three flags. */
static void add_control(struct reading *r, const char *guid)
{
	char *groups = string_copy(guid);

	for (char *c = groups; *c; c++) {
		if (*c == '-')
			*c = ',';
	}
	strings_format(&r->source->wpp.defines,
		       "WPP_CONTROL_GUIDS WPP_DEFINE_CONTROL_GUID(CtlGuid,(%s),"
		       "WPP_DEFINE_BIT(Error) WPP_DEFINE_BIT(Unusual) WPP_DEFINE_BIT(Noise))",
		       groups);
	free(groups);
}

/* Return: what is behind "-name:", or NULL: it is another option. */
static const char *option(const char *word, const char *name)
{
	size_t length = strlen(name);

	if ((*word != '-' && *word != '/') || strncmp(word + 1, name, length) != 0)
		return NULL;
	word += 1 + length;
	return *word == ':' ? word + 1 : NULL;
}

/* tracewpp's command line. What says where its own files are, and how it writes, is not for us. */
static void add_option(struct reading *r, const char *word)
{
	static const char element[] = "<WppAdditionalOptions>";
	const char *value;

	if ((value = option(word, "func")))
		add_function(r, element, value);
	else if ((value = option(word, "scan")))
		add_scanned(r, element, value);
	else if ((value = option(word, "ini")))
		add_configuration(r, element, value);
	else if ((value = option(word, "ctl")))
		add_control(r, value);
	else if (strncmp(word, "-D", 2) == 0)
		add_definition(r, element, word + 2);
}

static void read_options(struct reading *r)
{
	char *text = string_copy(item_get(r->item, "WppAdditionalOptions"));
	struct strings words = { 0 };

	properties_unescape(text);
	cl_split(&words, text);
	for (size_t i = 0; i < words.count; i++) {
		char *word = cl_unquote(words.at[i]);

		add_option(r, word);
		free(word);
	}
	strings_free(&words);
	free(text);
}

bool wpp_settings_read(struct source *source, struct project *project, const struct item *item,
		       const char *folder, char **error)
{
	struct reading r = { .source = source, .project = project, .item = item, .folder = folder };
	char *guid;

	source->wpp.enabled = is_on(&r, "WppEnabled");
	if (!source->wpp.enabled)
		return true;
	each(&r, "WppScanConfigurationData", add_scanned);
	each(&r, "WppAlternateConfigurationFile", add_configuration);
	each(&r, "WppTraceFunction", add_function);
	each(&r, "WppPreprocessorDefinitions", add_definition);
	read_options(&r);
	guid = said(&r, "WppAddControlGuid");
	if (*guid)
		add_control(&r, guid);
	free(guid);
	if (is_on(&r, "WppRecorderEnabled"))
		strings_copy(&source->defines, "ENABLE_WPP_RECORDER=1");
	*error = r.error;
	return !r.error;
}
