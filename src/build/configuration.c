/* SPDX-License-Identifier: MIT */
#include "build/configuration.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "build/macros.h"
#include "build/path.h"

/* "Release" and "x64" of "Release|x64", each the caller's; false: it is not so made. */
static bool split(const char *identity, char **configuration, char **platform)
{
	const char *bar = strchr(identity, '|');

	if (!bar)
		return false;
	*configuration = string_copy_n(identity, (size_t)(bar - identity));
	*platform = string_copy(bar + 1);
	return true;
}

static bool contains(const char *text, const char *word)
{
	char *pattern = string_format("*%s*", word);
	bool found = path_fits(text, pattern);

	free(pattern);
	return found;
}

/* Our code has 64 bits: a configuration for 32 fits nobody. */
static unsigned rank_platform(const char *platform)
{
	return string_same(platform, "x64") ? 2 : contains(platform, "ARM64") ? 1 : 0;
}

static unsigned rank_configuration(const char *configuration)
{
	static const char *const tests[] = { "debug", "dbg", "checked", "analyze" };

	if (string_same(configuration, "Release"))
		return 4;
	if (contains(configuration, "release"))
		return 3;
	for (size_t i = 0; i < ARRAY_COUNT(tests); i++) {
		if (contains(configuration, tests[i]))
			return 1;
	}
	return 2;
}

/* 0: it is not what was asked for. */
static unsigned rank(const char *identity, const struct properties *globals)
{
	const char *wanted = properties_get(globals, "Configuration"),
		   *on = properties_get(globals, "Platform");
	char *configuration, *platform;
	unsigned result = 0;

	if (!split(identity, &configuration, &platform))
		return 0;
	if ((!wanted || string_same(wanted, configuration)) &&
	    (on ? string_same(on, platform) : rank_platform(platform) > 0))
		result = 10 * (rank_platform(platform) + 1) + rank_configuration(configuration);
	free(platform);
	free(configuration);
	return result;
}

/* The nearest to what is asked for, the first of several; NULL: none. Inside @m. */
static const char *choose(const struct msbuild *m, const struct properties *globals)
{
	const char *best = NULL;
	unsigned highest = 0;

	for (size_t i = 0; i < m->item_count; i++) {
		const struct item *item = &m->items[i];
		unsigned this = string_same(item->type, "ProjectConfiguration")
					? rank(item->identity, globals)
					: 0;

		if (this > highest) {
			highest = this;
			best = item->identity;
		}
	}
	return best;
}

/* All that the project lists, the caller's; "" when it lists none. */
static char *list(const struct msbuild *m)
{
	struct buffer listed = { 0 };

	for (size_t i = 0; i < m->item_count; i++) {
		if (string_same(m->items[i].type, "ProjectConfiguration"))
			buffer_add_format(&listed, "%s%s", listed.length ? ", " : "",
					  m->items[i].identity);
	}
	return buffer_take(&listed);
}

static bool has(const struct msbuild *m, const char *identity)
{
	for (size_t i = 0; i < m->item_count; i++) {
		if (string_same(m->items[i].type, "ProjectConfiguration") &&
		    string_same(m->items[i].identity, identity))
			return true;
	}
	return false;
}

static bool evaluate(struct msbuild *m, const char *file, const struct properties *globals,
		     const char *configuration, const char *platform, struct properties *start,
		     char **error)
{
	properties_copy(start, globals);
	properties_set_global(start, "Configuration", configuration);
	properties_set_global(start, "Platform", platform);
	macros_set(start, file);
	return msbuild_evaluate(m, file, start, error);
}

/* What the project is evaluated in first was not one of its own: @chosen is. */
static bool evaluate_again(struct msbuild *m, const char *file, const struct properties *globals,
			   const char *chosen, struct properties *start, char **error)
{
	char *configuration, *platform;
	bool ok = false;

	if (!split(chosen, &configuration, &platform))
		return false;
	msbuild_free(m);
	properties_free(start);
	*start = (struct properties){ 0 };
	ok = evaluate(m, file, globals, configuration, platform, start, error);
	free(platform);
	free(configuration);
	return ok;
}

bool configuration_evaluate(struct msbuild *m, struct project *project, const char *file,
			    const struct properties *globals, struct properties *start,
			    char **error)
{
	const char *configuration = properties_get(globals, "Configuration"),
		   *platform = properties_get(globals, "Platform");
	char *wanted = string_format("%s|%s", configuration ? configuration : "Release",
				     platform ? platform : "x64");
	char *listed, *chosen;
	bool ok;

	ok = evaluate(m, file, globals, configuration ? configuration : "Release",
		      platform ? platform : "x64", start, error);
	listed = ok ? list(m) : string_copy("");
	if (ok && *listed && !has(m, wanted)) {
		chosen = string_copy(choose(m, globals));
		if (chosen) {
			strings_format(
				&project->warnings,
				"%s: no configuration %s; it has %s, and %s is taken (--configuration, --platform)",
				path_name(file), wanted, listed, chosen);
			ok = evaluate_again(m, file, globals, chosen, start, error);
		} else {
			*error = string_format("%s: no configuration %s; it has %s", file, wanted,
					       listed);
			ok = false;
		}
		free(chosen);
	}
	free(listed);
	free(wanted);
	return ok;
}
