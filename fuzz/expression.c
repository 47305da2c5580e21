/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target: any bytes as a text with property functions, as a condition, as a list of items'
 * reference and as cl's options. The first byte says as what. Each ends with a result or a reason.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "build/cl.h"
#include "build/condition.h"
#include "build/reference.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expand(const struct scope *scope, const char *text)
{
	char *result = properties_expand(scope, text);

	if (!result)
		abort();
	properties_unescape(result);
	free(result);
}

static void decide(const struct scope *scope, const char *text)
{
	char *error;

	if (condition_holds(scope, "/nowhere", text, &error) && error)
		abort();
	free(error);
}

static void refer(const struct scope *scope, const char *text)
{
	struct item item = { .type = "Type", .identity = "a\\b.c" };
	const struct msbuild one = { .items = &item, .item_count = 1 };
	struct referral referral;

	properties_set(&item.metadata, "Name", "value");
	if (reference_read(&one, scope, text, &referral))
		free(referral_text(&referral));
	referral_free(&referral);
	properties_free(&item.metadata);
}

static void compile(const char *text)
{
	struct project project = { 0 };
	struct cl cl = { .project = &project, .folder = "/nowhere", .file = "p" };

	cl.source = project_add(&project, "/nowhere/a.cpp", LANGUAGE_CXX);
	cl_options(&cl, text);
	cl_finish(&cl);
	free(cl.error);
	project_free(&project);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct properties properties = { 0 };
	struct strings notes = { 0 };
	char *error = NULL, *text;
	struct scope scope = {
		.properties = &properties, .folder = "/nowhere", .notes = &notes, .error = &error
	};

	if (size == 0)
		return 0;
	text = strndup((const char *)data + 1, size - 1);
	properties_set(&properties, "A", "Net.Adapter;b");
	properties_set(&properties, "V", "10.0.17763.0");
	switch (data[0] % 4) {
	case 0:
		expand(&scope, text);
		break;
	case 1:
		decide(&scope, text);
		break;
	case 2:
		refer(&scope, text);
		break;
	case 3:
		compile(text);
		break;
	}
	free(error);
	free(text);
	strings_free(&notes);
	properties_free(&properties);
	return 0;
}
