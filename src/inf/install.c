/* SPDX-License-Identifier: MIT */
/*
 * From [Manufacturer] over the Models section to DDInstall. Source: the pages of these INF
 * sections, and "Creating INF Files for Multiple Platforms and Operating Systems", Windows driver
 * documentation.
 */
#include "inf/install.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "base/text.h"
#include "inf/addreg.h"
#include "inf/params.h"
#include "inf/private.h"

/* More than any real file has; it bounds the time that a hostile one takes. */
#define MAX_MODELS 65536

/* The way to a device's model. */
struct search {
	const struct inf *inf;
	const struct inf_os *os;
	const char *hardware_id;
	const struct inf_entry *first; /* of any device */
	int left;                      /* models that may be looked at */
	/* why there is none: the last [Manufacturer] line, and what it leads to */
	const struct inf_entry *maker;
	const char *missing; /* the section that setup takes, and the file has not; NULL */
};

/* [name.decoration], as far as the file has it; "" is no decoration. */
static const struct inf_section *decorated(const struct inf *inf, const char *name,
					   const char *decoration)
{
	char full[600];
	int n = snprintf(full, sizeof(full), "%s%s%s", name, *decoration ? "." : "", decoration);

	return n < (int)sizeof(full) ? inf_section(inf, full) : NULL;
}

/*
 * The Models section of one manufacturer: among those whose decoration applies the most special
 * one, also if it is empty: that is how an INF excludes a version of Windows. When none applies,
 * the one without decoration; Windows takes that for 32-bit machines only, which is no reason to
 * refuse a driver that is compiled here.
 */
static const struct inf_section *models_of(struct search *s, const struct inf_entry *maker)
{
	const char *name = inf_value(maker, 0), *best = NULL;
	const struct inf_section *section;
	struct inf_os_rank highest, rank;

	for (unsigned i = 1; i < maker->count; i++) {
		if (!inf_os_rank(s->os, maker->values[i], &rank) ||
		    (best && !inf_os_higher(&rank, &highest)))
			continue;
		best = maker->values[i];
		highest = rank;
	}
	section = decorated(s->inf, name, best ? best : "");
	s->maker = maker;
	s->missing = best && !section ? best : NULL;
	return section;
}

static bool matches(const struct inf_entry *model, const char *hardware_id)
{
	for (unsigned i = 1; hardware_id && i < model->count; i++) {
		if (strncasecmp(model->values[i], hardware_id, strlen(hardware_id)) == 0)
			return true;
	}
	return false;
}

static const struct inf_entry *find_model(struct search *s, const struct inf_section *makers)
{
	for (const struct inf_entry *maker = makers->entries; maker && s->left > 0;
	     maker = maker->next, s->left -= 256) {
		const struct inf_section *models = models_of(s, maker);

		for (const struct inf_entry *m = models ? models->entries : NULL; m && s->left > 0;
		     m = m->next, s->left--) {
			if (!m->key || m->count == 0)
				continue;
			if (matches(m, s->hardware_id))
				return m;
			if (!s->first)
				s->first = m;
		}
	}
	return s->first;
}

/* Nothing for this Windows: say what there is. */
static bool no_model(const struct search *s, struct inf_error *error)
{
	const struct inf_entry *maker = s->maker;
	char os[48], list[120];
	struct text text = text_in(list, sizeof(list));

	if (!maker)
		return inf_fail(error, NULL, "[Manufacturer] is empty: it installs no device");
	inf_os_text(s->os, os, sizeof(os));
	if (s->missing)
		return inf_fail(
			error, maker,
			"[Manufacturer] leads to no device: for Windows %s it is [%.60s.%.60s], which is not there",
			os, inf_value(maker, 0), s->missing);
	if (maker->count < 2)
		return inf_fail(error, maker,
				"[Manufacturer] leads to no device: there is none in [%.60s]",
				inf_value(maker, 0));
	for (unsigned i = 1; i < maker->count; i++)
		text_add(&text, "%s%s", i > 1 ? ", " : "", maker->values[i]);
	return inf_fail(error, maker,
			"[Manufacturer] leads to no device for Windows %s (%s): [%.60s] is for %s",
			os, INF_ARCHITECTURE, inf_value(maker, 0), list);
}

/* Of the machine's architecture, of any, then the one without a decoration. */
static const struct inf_section *find_install(const struct inf *inf, const char *name)
{
	static const char *const decorations[] = { INF_ARCHITECTURE, "NT$ARCH$", "NT", "" };
	const struct inf_section *section = NULL;

	for (size_t i = 0; i < ARRAY_COUNT(decorations) && !section; i++)
		section = decorated(inf, name, decorations[i]);
	return section;
}

/* The function driver's service: the one that is added with SPSVCINST_ASSOCSERVICE, 2. */
struct services {
	const char *function, *first;
};

static bool see_service(void *context, const struct inf_entry *e)
{
	struct services *s = context;

	if (e->count == 0)
		return true;
	if (!s->first)
		s->first = e->values[0];
	if (strtoul(inf_value(e, 1), NULL, 0) & 2)
		s->function = e->values[0];
	return !s->function;
}

static const char *service_of(const struct inf *inf, const char *install)
{
	struct services s = { NULL, NULL };

	inf_each_service(inf, install, see_service, &s);
	return s.function ? s.function : s.first;
}

bool inf_install(struct inf *inf, const struct inf_os *os, const char *hardware_id,
		 struct inf_install *install, struct inf_error *error)
{
	const struct inf_section *makers = inf_section(inf, "Manufacturer"), *section;
	struct search s = { .inf = inf, .os = os, .hardware_id = hardware_id, .left = MAX_MODELS };
	const struct inf_entry *model;

	*install = (struct inf_install){ .os = *os };
	*error = (struct inf_error){ 0 };
	if (!makers)
		return inf_fail(error, NULL, "no [Manufacturer] section: it installs no device");
	model = find_model(&s, makers);
	if (!model)
		return no_model(&s, error);
	section = find_install(inf, inf_value(model, 0));
	if (!section)
		return inf_fail(error, model, "there is no section [%.100s]", inf_value(model, 0));
	install->section = section->name;
	install->description = model->key;
	install->model = model;
	install->service = service_of(inf, section->name);
	return inf_framework_read(inf, section->name, &install->framework, error) &&
	       inf_read_params(inf, section->name, &install->keywords, error);
}

const struct inf_keyword *inf_find_keyword(const struct inf_install *install, const char *name)
{
	for (const struct inf_keyword *k = install->keywords; k; k = k->next) {
		if (strcasecmp(k->keyword.name, name) == 0)
			return k;
	}
	return NULL;
}

const char *inf_initial_value(const struct inf_keyword *k)
{
	if (!k)
		return NULL;
	return k->value || k->optional ? k->value : k->default_value;
}
