/* SPDX-License-Identifier: MIT */
/* <ItemDefinitionGroup> and <ItemGroup>. */
#include <stdlib.h>
#include <string.h>

#include "build/evaluation.h"
#include "build/path.h"

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

	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++) {
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
static void set_well_known(struct evaluation *e, struct item *item)
{
	struct properties *m = &item->metadata;
	char *path = path_join(e->folder, item->identity), *absolute = path_absolute(path);
	char *given = path_join("", item->identity), *stem = path_stem(given);
	const char *name = path_name(given);
	char *relative = string_copy_n(given, (size_t)(name - given));

	properties_set(m, "Identity", item->identity);
	properties_set(m, "FullPath", absolute);
	properties_set(m, "Filename", stem);
	properties_set(m, "Extension", path_extension(given));
	properties_set(m, "RelativeDir", relative);
	free(relative);
	free(stem);
	free(given);
	free(absolute);
	free(path);
}

static void add_item(struct evaluation *e, const struct group *group, const xmlNode *node,
		     const char *identity)
{
	struct msbuild *m = e->result;
	struct item *item;

	m->items = array_resize(m->items, m->item_count + 1, sizeof(*m->items));
	item = &m->items[m->item_count];
	*item = (struct item){ .type = string_copy((const char *)node->name),
			       .identity = string_copy(identity),
			       .file = string_copy(group->file),
			       .line = (int)xmlGetLineNo(node) };
	properties_copy(&item->metadata, definition_of(e, item->type));
	set_well_known(e, item);
	read_attributes(e, group->file, node, &item->metadata);
	read_metadata(e, group->file, node, &item->metadata);
	m->item_count++;
}

/* An item's list: expanded, split at ';', with wildcards replaced by what they find. */
static void read_list(struct evaluation *e, const struct group *group, const xmlNode *node,
		      const char *attribute_name, struct strings *list)
{
	char *raw = xml_attribute(node, attribute_name), *text;
	struct strings parts = { 0 };

	if (!raw)
		return;
	text = evaluation_expand(e, group->file, node, raw, NULL);
	strings_split(&parts, text, ';');
	for (size_t i = 0; i < parts.count; i++) {
		bool wild = strpbrk(parts.at[i], "*?");

		properties_unescape(parts.at[i]);
		if (wild)
			path_glob(list, e->folder, parts.at[i]);
		else
			strings_copy(list, parts.at[i]);
	}
	strings_free(&parts);
	free(text);
	free(raw);
}

/* Two spellings of one file. */
static bool is_same_file(struct evaluation *e, const char *a, const char *b)
{
	char *path_a = path_join(e->folder, a), *path_b = path_join(e->folder, b);
	char *absolute_a = path_absolute(path_a), *absolute_b = path_absolute(path_b);
	bool result = string_same(absolute_a, absolute_b);

	free(absolute_b);
	free(absolute_a);
	free(path_b);
	free(path_a);
	return result;
}

static bool lists_file(struct evaluation *e, const struct strings *list, const char *identity)
{
	for (size_t i = 0; i < list->count; i++) {
		if (is_same_file(e, list->at[i], identity))
			return true;
	}
	return false;
}

static void remove_items(struct evaluation *e, const char *type, const struct strings *list)
{
	struct msbuild *m = e->result;
	size_t kept = 0;

	for (size_t i = 0; i < m->item_count; i++) {
		struct item *item = &m->items[i];

		if (!string_same(item->type, type) || !lists_file(e, list, item->identity)) {
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

static void read_item(struct evaluation *e, const struct group *group, const xmlNode *node)
{
	struct strings include = { 0 }, exclude = { 0 }, remove = { 0 }, update = { 0 };
	struct msbuild *m = e->result;

	read_list(e, group, node, "Include", &include);
	read_list(e, group, node, "Exclude", &exclude);
	read_list(e, group, node, "Remove", &remove);
	read_list(e, group, node, "Update", &update);
	for (size_t i = 0; i < include.count; i++) {
		if (!lists_file(e, &exclude, include.at[i]))
			add_item(e, group, node, include.at[i]);
	}
	if (remove.count)
		remove_items(e, (const char *)node->name, &remove);
	for (size_t i = 0; update.count && i < m->item_count; i++) {
		if (string_same(m->items[i].type, (const char *)node->name) &&
		    lists_file(e, &update, m->items[i].identity)) {
			read_attributes(e, group->file, node, &m->items[i].metadata);
			read_metadata(e, group->file, node, &m->items[i].metadata);
		}
	}
	strings_free(&update);
	strings_free(&remove);
	strings_free(&exclude);
	strings_free(&include);
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
