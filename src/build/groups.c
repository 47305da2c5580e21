/* SPDX-License-Identifier: MIT */
/* <ItemDefinitionGroup> and <ItemGroup>. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "build/evaluation.h"
#include "build/function.h"
#include "build/path.h"
#include "build/windows_path.h"

static struct properties *definition_of(struct evaluation *e, const char *type)
{
	for (size_t i = 0; i < e->definition_count; i++) {
		if (string_same(e->definitions[i].type, type))
			return &e->definitions[i].metadata;
	}
	e->definitions =
		array_resize(e->definitions, e->definition_count + 1, sizeof(*e->definitions));
	e->definitions[e->definition_count] = (struct definition){ .type = string_copy(type) };
	return &e->definitions[e->definition_count++].metadata;
}

/* The child elements of @node become metadata; %(Name) is what was there before. */
static void read_metadata(struct evaluation *e, const char *file, const xmlNode *node,
			  struct properties *metadata)
{
	for (xmlNode *n = node->children; n && !e->error; n = n->next) {
		char *raw, *value;

		if (n->type != XML_ELEMENT_NODE || !evaluation_holds(e, file, n, metadata))
			continue;
		raw = xml_content(n);
		value = evaluation_expand(e, file, n, raw, metadata);
		properties_set(metadata, (const char *)n->name, value);
		free(value);
		free(raw);
	}
}

static void read_definitions(struct evaluation *e, const struct group *group)
{
	for (xmlNode *n = group->node->children; n && !e->error; n = n->next) {
		struct properties *metadata;

		if (n->type != XML_ELEMENT_NODE)
			continue;
		metadata = definition_of(e, (const char *)n->name);
		if (evaluation_holds(e, group->file, n, metadata))
			read_metadata(e, group->file, n, metadata);
	}
}

/* Attributes that are not metadata. */
static bool is_reserved(const char *name)
{
	static const char *const reserved[] = {
		"Include", "Exclude",        "Remove",       "Update",        "Condition",
		"Label",   "KeepDuplicates", "KeepMetadata", "RemoveMetadata"
	};

	for (size_t i = 0; i < ARRAY_COUNT(reserved); i++) {
		if (strcmp(name, reserved[i]) == 0)
			return true;
	}
	return false;
}

static void read_attributes(struct evaluation *e, const char *file, const xmlNode *node,
			    struct properties *metadata)
{
	for (xmlAttr *a = node->properties; a; a = a->next) {
		const char *name = (const char *)a->name;
		char *raw, *value;

		if (is_reserved(name))
			continue;
		raw = xml_attribute(node, name);
		value = evaluation_expand(e, file, node, raw, metadata);
		properties_set(metadata, name, value);
		free(value);
		free(raw);
	}
}

/* %(Filename) and its like. Source: MSBuild well-known item metadata. */
static void set_well_known(struct evaluation *e, struct item *item, const char *recursive)
{
	struct properties *m = &item->metadata;
	const char *given = item->identity, *name = windows_name(given);
	char *full = windows_full(e->folder, given);
	char *folder = string_copy_n(full, (size_t)(windows_name(full) - full));
	char *relative = string_copy_n(given, (size_t)(name - given));
	const char *extension = windows_extension(given);
	char *stem = string_copy_n(name, (size_t)(extension - name));
	char *root = string_copy_n(full, windows_root(full));

	properties_set(m, "Identity", given);
	properties_set(m, "FullPath", full);
	properties_set(m, "RootDir", root);
	properties_set(m, "Directory", folder + windows_root(full));
	properties_set(m, "RelativeDir", relative);
	properties_set(m, "RecursiveDir", recursive ? recursive : "");
	properties_set(m, "Filename", stem);
	properties_set(m, "Extension", extension);
	free(root);
	free(stem);
	free(relative);
	free(folder);
	free(full);
}

/* One part of an Include: a file, or a path that is none. Owns all it has. */
struct listed {
	char *identity;
	char *recursive;            /* the folders that a wildcard stands for, or NULL */
	struct properties metadata; /* of the item that it was taken from: @(Other) */
};

struct listing {
	struct listed *at;
	size_t count;
};

static struct listed *list_add(struct listing *list, char *identity)
{
	list->at = array_resize(list->at, list->count + 1, sizeof(*list->at));
	list->at[list->count] = (struct listed){ .identity = identity };
	return &list->at[list->count++];
}

static void listing_free(struct listing *list)
{
	for (size_t i = 0; i < list->count; i++) {
		free(list->at[i].identity);
		free(list->at[i].recursive);
		properties_free(&list->at[i].metadata);
	}
	free(list->at);
}

static size_t count_names(const char *path)
{
	struct strings names = { 0 };
	size_t count;

	strings_split(&names, path, '/');
	count = names.count;
	strings_free(&names);
	return count;
}

/* Behind the first @names names of an absolute path. */
static const char *behind_names(const char *path, size_t names)
{
	while (names-- && *path)
		path = strchrnul(path + 1, '/');
	return path + (*path == '/');
}

/* What a pattern finds is called by what is written before its first wildcard. */
static void list_files(struct evaluation *e, const char *pattern, struct listing *list)
{
	char *prefix = string_copy_n(pattern, strcspn(pattern, "*?"));
	char *joined, *absolute;
	struct strings found = { 0 };
	size_t names;

	prefix[windows_name(prefix) - prefix] = '\0';
	joined = path_join(e->folder, prefix);
	absolute = path_absolute(joined);
	names = count_names(absolute);
	path_glob(&found, e->folder, pattern);
	for (size_t i = 0; i < found.count; i++) {
		char *rest = windows_path(behind_names(found.at[i], names));
		struct listed *l = list_add(list, string_format("%s%s", prefix, rest));

		if (strstr(pattern, "**"))
			l->recursive = string_copy_n(rest, (size_t)(windows_name(rest) - rest));
		free(rest);
	}
	strings_free(&found);
	free(absolute);
	free(joined);
	free(prefix);
}

/* "@(Other)" as a whole part: its items with their metadata. Return: whether it is that. */
static bool list_items(struct evaluation *e, const struct group *group, const xmlNode *node,
		       const char *part, struct listing *list)
{
	size_t length = strlen(part);
	struct referral referral = { 0 };
	char *inner;
	bool ok;

	if (strncmp(part, "@(", 2) != 0 || function_closing(part + 2) != part + length)
		return false;
	inner = string_copy_n(part + 2, length - 3);
	ok = evaluation_refer(e, group->file, node, inner, &referral) &&
	     strcmp(referral.between, ";") == 0;
	for (size_t i = 0; ok && i < referral.count; i++) {
		struct listed *l = list_add(list, string_copy(referral.at[i].text));

		properties_copy(&l->metadata, &referral.at[i].item->metadata);
	}
	referral_free(&referral);
	free(inner);
	return ok;
}

static void list_part(struct evaluation *e, const struct group *group, const xmlNode *node,
		      const char *part, struct listing *list)
{
	struct strings parts = { 0 };
	char *text;

	if (list_items(e, group, node, part, list))
		return;
	text = evaluation_expand(e, group->file, node, part, NULL);
	strings_split(&parts, text, ';');
	for (size_t i = 0; i < parts.count; i++) {
		bool wild = strpbrk(parts.at[i], "*?");

		properties_unescape(parts.at[i]);
		if (wild)
			list_files(e, parts.at[i], list);
		else
			list_add(list, string_copy(parts.at[i]));
	}
	strings_free(&parts);
	free(text);
}

/* An item's list: split at each ';' outside of references, expanded, split again, searched for. */
static void read_list(struct evaluation *e, const struct group *group, const xmlNode *node,
		      const char *attribute_name, struct listing *list)
{
	char *raw = xml_attribute(node, attribute_name);
	const char *text = raw ? raw : "", *end;

	for (; *text; text = *end ? end + 1 : end) {
		char *part, *trimmed;

		for (end = text; *end && *end != ';';) {
			const char *close = strchr("$@%", *end) && end[1] == '('
						    ? function_closing(end + 2)
						    : NULL;

			end = close ? close : end + 1;
		}
		part = string_copy_n(text, (size_t)(end - text));
		trimmed = string_trim(part);
		if (*trimmed)
			list_part(e, group, node, trimmed, list);
		free(trimmed);
		free(part);
	}
	free(raw);
}

/* An identity as a path by which two spellings of one file are the same but for letter case. */
static char *absolute_of(struct evaluation *e, const char *identity)
{
	char *path = path_join(e->folder, identity), *absolute = path_absolute(path);

	free(path);
	return absolute;
}

/* The paths of what an attribute lists. */
static void read_paths(struct evaluation *e, const struct group *group, const xmlNode *node,
		       const char *attribute_name, struct strings *paths)
{
	struct listing list = { 0 };

	read_list(e, group, node, attribute_name, &list);
	for (size_t i = 0; i < list.count; i++)
		strings_add(paths, absolute_of(e, list.at[i].identity));
	listing_free(&list);
}

static bool lists_file(struct evaluation *e, const struct strings *paths, const char *identity)
{
	char *absolute = paths->count ? absolute_of(e, identity) : NULL;
	bool found = false;

	for (size_t i = 0; i < paths->count && !found; i++)
		found = string_same(paths->at[i], absolute);
	free(absolute);
	return found;
}

static void add_item(struct evaluation *e, const struct group *group, const xmlNode *node,
		     const struct listed *listed)
{
	struct msbuild *m = e->result;
	struct item *item;

	m->items = array_resize(m->items, m->item_count + 1, sizeof(*m->items));
	item = &m->items[m->item_count];
	*item = (struct item){ .type = string_copy((const char *)node->name),
			       .identity = string_copy(listed->identity),
			       .file = string_copy(group->file),
			       .line = (int)xmlGetLineNo(node) };
	properties_copy(&item->metadata, definition_of(e, item->type));
	properties_copy(&item->metadata, &listed->metadata);
	set_well_known(e, item, listed->recursive);
	read_attributes(e, group->file, node, &item->metadata);
	read_metadata(e, group->file, node, &item->metadata);
	m->item_count++;
}

static void remove_items(struct evaluation *e, const char *type, const struct strings *paths)
{
	struct msbuild *m = e->result;
	size_t kept = 0;

	for (size_t i = 0; i < m->item_count; i++) {
		struct item *item = &m->items[i];

		if (!string_same(item->type, type) || !lists_file(e, paths, item->identity)) {
			m->items[kept++] = *item;
			continue;
		}
		free(item->type);
		free(item->identity);
		free(item->file);
		properties_free(&item->metadata);
	}
	m->item_count = kept;
}

static void update_items(struct evaluation *e, const struct group *group, const xmlNode *node,
			 const struct strings *paths)
{
	struct msbuild *m = e->result;

	for (size_t i = 0; paths->count && i < m->item_count; i++) {
		struct item *item = &m->items[i];

		if (string_same(item->type, (const char *)node->name) &&
		    lists_file(e, paths, item->identity)) {
			read_attributes(e, group->file, node, &item->metadata);
			read_metadata(e, group->file, node, &item->metadata);
		}
	}
}

static void read_item(struct evaluation *e, const struct group *group, const xmlNode *node)
{
	struct strings exclude = { 0 }, remove = { 0 }, update = { 0 };
	struct listing include = { 0 };

	read_list(e, group, node, "Include", &include);
	read_paths(e, group, node, "Exclude", &exclude);
	read_paths(e, group, node, "Remove", &remove);
	read_paths(e, group, node, "Update", &update);
	for (size_t i = 0; i < include.count; i++) {
		if (!lists_file(e, &exclude, include.at[i].identity))
			add_item(e, group, node, &include.at[i]);
	}
	if (remove.count)
		remove_items(e, (const char *)node->name, &remove);
	update_items(e, group, node, &update);
	strings_free(&update);
	strings_free(&remove);
	strings_free(&exclude);
	listing_free(&include);
}

static void read_items(struct evaluation *e, const struct group *group)
{
	for (xmlNode *n = group->node->children; n && !e->error; n = n->next) {
		if (n->type == XML_ELEMENT_NODE && evaluation_holds(e, group->file, n, NULL))
			read_item(e, group, n);
	}
}

static void each_group(struct evaluation *e, const char *kind,
		       void (*read)(struct evaluation *, const struct group *))
{
	for (size_t i = 0; i < e->group_count && !e->error; i++) {
		const struct group *group = &e->groups[i];

		if (!xml_is_element(group->node, kind))
			continue;
		evaluation_enter(e, group->file);
		if (evaluation_holds(e, group->file, group->node, NULL))
			read(e, group);
	}
}

void groups_evaluate(struct evaluation *e)
{
	each_group(e, "ItemDefinitionGroup", read_definitions);
	each_group(e, "ItemGroup", read_items);
}
