/* SPDX-License-Identifier: MIT */
/* Between the two halves of the evaluation: groups.c reads what msbuild.c has put in order. */
#ifndef BUILD_EVALUATION_H
#define BUILD_EVALUATION_H

#include <libxml/tree.h>

#include "build/msbuild.h"
#include "build/reference.h"

/* An <ItemGroup> or <ItemDefinitionGroup> whose turn comes after all properties. */
struct group {
	xmlNode *node;
	char *file;
};

/* <ItemDefinitionGroup>: what each item of a type begins with. */
struct definition {
	char *type;
	struct properties metadata;
};

struct evaluation {
	struct msbuild *result;
	char *folder; /* the project's own: items are relative to it, wherever they are written */
	xmlDoc **documents;
	size_t document_count;
	struct group *groups;
	size_t group_count;
	struct definition *definitions;
	size_t definition_count;
	struct strings importing; /* files that are being read, outermost first */
	struct strings imported;  /* all that were */
	bool nearest_read;        /* Directory.Build.props was looked for */
	char *error;
};

/* An element's attribute as the caller's text, or NULL; its whole text, never NULL. */
char *xml_attribute(const xmlNode *node, const char *name);
char *xml_content(const xmlNode *node);
bool xml_is_element(const xmlNode *node, const char *name);

/* evaluation_fail() - the first failure stays. */
void evaluation_fail(struct evaluation *e, const char *file, const xmlNode *node,
		     const char *format, ...) __attribute__((format(printf, 4, 5)));

/* evaluation_enter() - $(MSBuildThisFile...) are those of @file. */
void evaluation_enter(struct evaluation *e, const char *file);

/* evaluation_holds() - an element's Condition. @metadata: see struct scope */
bool evaluation_holds(struct evaluation *e, const char *file, const xmlNode *node,
		      const struct properties *metadata);

/* evaluation_expand() - the caller's. */
char *evaluation_expand(struct evaluation *e, const char *file, const xmlNode *node,
			const char *text, const struct properties *metadata);

/* evaluation_refer() - see reference_read(). */
bool evaluation_refer(struct evaluation *e, const char *file, const xmlNode *node,
		      const char *reference, struct referral *referral);

/* groups_evaluate() - all definitions, then all items. */
void groups_evaluate(struct evaluation *e);

#endif
