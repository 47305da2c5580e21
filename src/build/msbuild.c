/* SPDX-License-Identifier: MIT */
/* Properties and imports; MSBuild's order of evaluation is that of Microsoft's documentation. */
#include "build/msbuild.h"

#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "build/condition.h"
#include "build/evaluation.h"
#include "build/function.h"
#include "build/macros.h"
#include "build/path.h"
#include "build/windows_path.h"

#define DEEPEST_IMPORT 32
#define DEFAULT_PROPS  "Microsoft.Cpp.Default.props" /* imports Directory.Build.props */

char *xml_attribute(const xmlNode *node, const char *name)
{
	xmlChar *value = xmlGetNoNsProp(node, (const xmlChar *)name);
	char *text = string_copy((const char *)value);

	xmlFree(value);
	return text;
}

char *xml_content(const xmlNode *node)
{
	xmlChar *value = xmlNodeGetContent(node);
	char *text = string_copy(value ? (const char *)value : "");

	xmlFree(value);
	return text;
}

bool xml_is_element(const xmlNode *node, const char *name)
{
	return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

void evaluation_fail(struct evaluation *e, const char *file, const xmlNode *node, const char *form,
		     ...)
{
	va_list list;
	char *text;

	if (e->error)
		return;
	va_start(list, form);
	text = string_format_list(form, list);
	va_end(list);
	e->error = string_format("%s:%ld: %s", file, node ? xmlGetLineNo(node) : 1L, text);
	free(text);
}

void evaluation_enter(struct evaluation *e, const char *file)
{
	struct properties *p = &e->result->properties;
	char *folder = path_folder(file), *stem = path_stem(file),
	     *slashed = string_format("%s/", strcmp(folder, "/") == 0 ? "" : folder);
	char *full = windows_path(file), *directory = windows_path(slashed);

	properties_set(p, "MSBuildThisFileFullPath", full);
	properties_set(p, "MSBuildThisFile", path_name(file));
	properties_set(p, "MSBuildThisFileName", stem);
	properties_set(p, "MSBuildThisFileExtension", path_extension(file));
	properties_set(p, "MSBuildThisFileDirectory", directory);
	properties_set(p, "MSBuildThisFileDirectoryNoRoot", directory + 1);
	free(directory);
	free(full);
	free(slashed);
	free(stem);
	free(folder);
}

/* @(Type): the items so far. */
static char *list_items(const struct scope *scope, const char *reference)
{
	const struct evaluation *e = scope->context;
	struct referral referral = { 0 };
	char *text = NULL;

	if (reference_read(e->result, scope, reference, &referral))
		text = referral_text(&referral);
	referral_free(&referral);
	return text;
}

static struct scope scope_in(struct evaluation *e, const char *file,
			     const struct properties *metadata, struct strings *notes, char **error)
{
	return (struct scope){ .properties = &e->result->properties,
			       .metadata = metadata,
			       .items = list_items,
			       .context = e,
			       .folder = e->folder,
			       .file = file,
			       .notes = notes,
			       .error = error };
}

static void warn(struct evaluation *e, const char *file, const xmlNode *node, const char *text)
{
	strings_add_once(&e->result->warnings,
			 string_format("%s:%ld: %s", file, xmlGetLineNo(node), text));
}

static void warn_notes(struct evaluation *e, const char *file, const xmlNode *node,
		       struct strings *notes)
{
	for (size_t i = 0; i < notes->count; i++)
		warn(e, file, node, notes->at[i]);
	strings_free(notes);
}

char *evaluation_expand(struct evaluation *e, const char *file, const xmlNode *node,
			const char *text, const struct properties *metadata)
{
	struct strings notes = { 0 };
	char *error = NULL, *result;
	struct scope scope = scope_in(e, file, metadata, &notes, &error);

	result = properties_expand(&scope, text);
	warn_notes(e, file, node, &notes);
	if (error)
		evaluation_fail(e, file, node, "%s", error);
	free(error);
	return result;
}

bool evaluation_refer(struct evaluation *e, const char *file, const xmlNode *node,
		      const char *reference, struct referral *referral)
{
	struct strings notes = { 0 };
	char *error = NULL;
	struct scope scope = scope_in(e, file, NULL, &notes, &error);
	bool ok = reference_read(e->result, &scope, reference, referral);

	warn_notes(e, file, node, &notes);
	if (error)
		evaluation_fail(e, file, node, "%s", error);
	free(error);
	return ok;
}

/* Conditions of what makes properties look beside their file, all others beside the project. */
static char *condition_folder(const struct evaluation *e, const char *file, const xmlNode *node)
{
	bool own = xml_is_element(node, "Import") || xml_is_element(node, "ImportGroup") ||
		   xml_is_element(node, "PropertyGroup");

	return own ? path_folder(file) : string_copy(e->folder);
}

/* %(Name), but for those in an item list's transform: @(Type->'%(Name)'). */
static bool asks_for_metadata(const char *condition)
{
	for (const char *c = condition; *c;) {
		const char *end = strncmp(c, "@(", 2) == 0 ? function_closing(c + 2) : NULL;

		if (strncmp(c, "%(", 2) == 0)
			return true;
		c = end ? end : c + 1;
	}
	return false;
}

bool evaluation_holds(struct evaluation *e, const char *file, const xmlNode *node,
		      const struct properties *metadata)
{
	struct strings notes = { 0 };
	char *condition = xml_attribute(node, "Condition"), *error;
	char *folder = condition_folder(e, file, node);
	struct scope scope = scope_in(e, file, metadata, &notes, NULL);
	bool holds = condition_holds(&scope, folder, condition, &error);

	warn_notes(e, file, node, &notes);
	if (!error && !metadata && condition && asks_for_metadata(condition))
		error = string_copy(
			"%(...) has no meaning here; elements inside an item may ask for it");
	if (error)
		evaluation_fail(e, file, node, "Condition=\"%s\": %s", condition, error);
	free(error);
	free(folder);
	free(condition);
	return holds && !e->error;
}

static void read_file(struct evaluation *e, const char *file, const xmlNode *from,
		      const char *from_file);
static void read_nearest(struct evaluation *e, const char *from, const char *name);
static void walk(struct evaluation *e, const char *file, xmlNode *parent);

static void read_properties(struct evaluation *e, const char *file, xmlNode *group)
{
	for (xmlNode *n = group->children; n && !e->error; n = n->next) {
		char *raw, *value;

		if (n->type != XML_ELEMENT_NODE || !evaluation_holds(e, file, n, NULL))
			continue;
		raw = xml_content(n);
		value = evaluation_expand(e, file, n, raw, NULL);
		properties_set(&e->result->properties, (const char *)n->name, value);
		free(value);
		free(raw);
	}
}

/* "$(VCTargetsPath)\Microsoft.Cpp.props": a path below something that is not on this machine. */
static bool is_foreign(struct evaluation *e, const char *raw)
{
	const struct scope scope = { .properties = &e->result->properties };
	size_t length = strncmp(raw, "$(", 2) == 0 ? strcspn(raw + 2, ").[:(") : 0;
	char *name;
	bool foreign;

	if (length == 0 || raw[length + 2] != ')')
		return false;
	name = string_copy_n(raw + 2, length);
	foreign = *property_value(&scope, name) == '\0';
	free(name);
	return foreign;
}

/* Visual Studio's and the WDK's own: what matters of them is in macros.c, but for one thing. */
static void read_foreign(struct evaluation *e, const char *file, const char *text)
{
	if (string_same(windows_name(text), DEFAULT_PROPS) && !e->nearest_read)
		read_nearest(e, file, "Directory.Build.props");
	macros_imported(&e->result->properties, windows_name(text));
}

/* A file is imported once; MSBuild warns of the second time (MSB4011), too. */
static void read_once(struct evaluation *e, const char *file, const xmlNode *import,
		      const char *found)
{
	if (strings_has(&e->imported, found) && !strings_has(&e->importing, found)) {
		char *warning = string_format(
			"the import '%s' was read before and is left out here", found);

		warn(e, file, import, warning);
		free(warning);
		return;
	}
	read_file(e, found, import, file);
}

static void read_import(struct evaluation *e, const char *file, xmlNode *import)
{
	char *raw = xml_attribute(import, "Project"), *text, *folder, *found;
	struct strings files = { 0 };

	if (!raw) {
		evaluation_fail(e, file, import, "<Import> without a Project");
		return;
	}
	folder = path_folder(file);
	text = evaluation_expand(e, file, import, raw, NULL);
	if (is_foreign(e, raw) || *text == '\0') {
		read_foreign(e, file, text);
	} else if (strpbrk(text, "*?")) {
		properties_unescape(text);
		path_glob(&files, folder, text);
	} else {
		properties_unescape(text);
		found = path_find(folder, text);
		if (found && path_is_file(found)) {
			strings_copy(&files, found);
		} else {
			char *warning =
				string_format("the import '%s' is not there and left out", text);

			warn(e, file, import, warning);
			free(warning);
		}
		free(found);
	}
	for (size_t i = 0; i < files.count && !e->error; i++)
		read_once(e, file, import, files.at[i]);
	strings_free(&files);
	free(text);
	free(folder);
	free(raw);
}

/* MSBuild refuses other elements (MSB4067): a typing error would lose what is in one. */
static bool is_known(struct evaluation *e, const char *file, const xmlNode *node,
		     const char *const *names)
{
	if (node->type != XML_ELEMENT_NODE)
		return false;
	for (; *names; names++) {
		if (xml_is_element(node, *names))
			return true;
	}
	evaluation_fail(e, file, node, "<%s> is no element of <%s>", (const char *)node->name,
			(const char *)node->parent->name);
	return false;
}

static void read_choose(struct evaluation *e, const char *file, xmlNode *choose)
{
	static const char *const names[] = { "When", "Otherwise", NULL };

	for (xmlNode *n = choose->children; n && !e->error; n = n->next) {
		if (!is_known(e, file, n, names))
			continue;
		if (xml_is_element(n, "Otherwise") ||
		    (xml_is_element(n, "When") && evaluation_holds(e, file, n, NULL))) {
			walk(e, file, n);
			return;
		}
	}
}

static void keep_group(struct evaluation *e, const char *file, xmlNode *node)
{
	e->groups = array_resize(e->groups, e->group_count + 1, sizeof(*e->groups));
	e->groups[e->group_count++] = (struct group){ node, string_copy(file) };
}

static void walk(struct evaluation *e, const char *file, xmlNode *parent)
{
	static const char *const names[] = {
		"PropertyGroup",
		"ItemGroup",
		"ItemDefinitionGroup",
		"Import",
		"ImportGroup",
		"Choose",
		"Target",
		"ProjectExtensions",
		"Sdk",
		"UsingTask",
		NULL,
	};

	for (xmlNode *n = parent->children; n && !e->error; n = n->next) {
		if (!is_known(e, file, n, names))
			continue;
		if (xml_is_element(n, "ItemGroup") || xml_is_element(n, "ItemDefinitionGroup"))
			keep_group(e, file, n);
		else if (xml_is_element(n, "Choose"))
			read_choose(e, file, n);
		else if (xml_is_element(n, "PropertyGroup") && evaluation_holds(e, file, n, NULL))
			read_properties(e, file, n);
		else if (xml_is_element(n, "ImportGroup") && evaluation_holds(e, file, n, NULL))
			walk(e, file, n);
		else if (xml_is_element(n, "Import") && evaluation_holds(e, file, n, NULL))
			read_import(e, file, n);
	}
}

static xmlDoc *parse(struct evaluation *e, const char *file)
{
	xmlParserCtxt *parser = xmlNewParserCtxt();
	xmlDoc *document = !parser ? NULL
				   : xmlCtxtReadFile(parser, file, NULL,
						     XML_PARSE_NONET | XML_PARSE_NOERROR |
							     XML_PARSE_NOWARNING);
	const xmlError *why = parser ? xmlCtxtGetLastError(parser) : NULL;

	if (!document && !e->error) {
		char *message =
			string_trim(why && why->message ? why->message : "it cannot be read");

		e->error = why && why->line > 0 && why->domain != XML_FROM_IO
				   ? string_format("%s:%d: not XML: %s", file, why->line, message)
				   : string_format("%s: %s", file, message);
		free(message);
	}
	if (parser)
		xmlFreeParserCtxt(parser);
	return document;
}

static void read_file(struct evaluation *e, const char *file, const xmlNode *from,
		      const char *from_file)
{
	xmlDoc *document;
	xmlNode *root;

	if (strings_has(&e->importing, file) || e->importing.count > DEEPEST_IMPORT) {
		evaluation_fail(e, from_file, from, "the import '%s' leads back to itself", file);
		return;
	}
	document = parse(e, file);
	if (!document)
		return;
	e->documents = array_resize(e->documents, e->document_count + 1, sizeof(*e->documents));
	e->documents[e->document_count++] = document;
	root = xmlDocGetRootElement(document);
	if (!root || !xml_is_element(root, "Project")) {
		evaluation_fail(e, file, root, "<Project> is expected, not <%s>",
				root ? (const char *)root->name : "");
		return;
	}
	strings_copy(&e->importing, file);
	strings_copy(&e->imported, file);
	evaluation_enter(e, file);
	walk(e, file, root);
	free(e->importing.at[--e->importing.count]);
	e->importing.at[e->importing.count] = NULL;
	if (from_file)
		evaluation_enter(e, from_file);
}

/* Directory.Build.props and .targets: the nearest one above a project is imported unasked. */
static void read_nearest(struct evaluation *e, const char *from, const char *name)
{
	char *folder = string_copy(e->folder), *found = NULL;

	e->nearest_read = true;
	for (;;) {
		char *up;

		found = path_find(folder, name);
		if (found && !path_is_file(found)) {
			free(found);
			found = NULL;
		}
		if (found || strcmp(folder, "/") == 0)
			break;
		up = path_folder(folder);
		free(folder);
		folder = up;
	}
	if (found)
		read_file(e, found, NULL, from);
	free(found);
	free(folder);
}

/* Does the project say where Visual Studio's first property file, and so ours, is to be read? */
static bool has_place_for_nearest(struct evaluation *e, const char *file)
{
	xmlDoc *document = parse(e, file);
	xmlNode *root = document ? xmlDocGetRootElement(document) : NULL;
	bool found = false;

	for (xmlNode *n = root ? root->children : NULL; n; n = n->next) {
		char *project = xml_is_element(n, "Import") ? xml_attribute(n, "Project") : NULL;

		found |= project && string_same(windows_name(project), DEFAULT_PROPS);
		free(project);
	}
	if (document)
		xmlFreeDoc(document);
	return found;
}

bool msbuild_evaluate(struct msbuild *msbuild, const char *file, const struct properties *globals,
		      char **error)
{
	struct evaluation e = { .result = msbuild, .folder = path_folder(file) };

	*msbuild = (struct msbuild){ 0 };
	properties_copy(&msbuild->properties, globals);
	if (!has_place_for_nearest(&e, file) && !e.error)
		read_nearest(&e, file, "Directory.Build.props");
	if (!e.error)
		read_file(&e, file, NULL, NULL);
	if (!e.error)
		read_nearest(&e, file, "Directory.Build.targets");
	if (!e.error)
		groups_evaluate(&e);

	for (size_t i = 0; i < e.document_count; i++)
		xmlFreeDoc(e.documents[i]);
	for (size_t i = 0; i < e.group_count; i++)
		free(e.groups[i].file);
	for (size_t i = 0; i < e.definition_count; i++) {
		free(e.definitions[i].type);
		properties_free(&e.definitions[i].metadata);
	}
	free(e.documents);
	free(e.groups);
	free(e.definitions);
	free(e.folder);
	strings_free(&e.importing);
	strings_free(&e.imported);
	*error = e.error;
	return !e.error;
}

void msbuild_free(struct msbuild *msbuild)
{
	for (size_t i = 0; i < msbuild->item_count; i++) {
		free(msbuild->items[i].type);
		free(msbuild->items[i].identity);
		free(msbuild->items[i].file);
		properties_free(&msbuild->items[i].metadata);
	}
	free(msbuild->items);
	properties_free(&msbuild->properties);
	strings_free(&msbuild->warnings);
}

const char *msbuild_get(const struct msbuild *msbuild, const char *name)
{
	const char *value = properties_get(&msbuild->properties, name);

	return value ? value : "";
}

const char *item_get(const struct item *item, const char *name)
{
	const char *value = properties_get(&item->metadata, name);

	return value ? value : "";
}
