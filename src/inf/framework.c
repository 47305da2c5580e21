/* SPDX-License-Identifier: MIT */
/* Source: "INF DDInstall.WDF section" and "Specifying WDF directives in INF files". */
#include "inf/framework.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "inf/private.h"

static bool is_key(const struct inf_entry *e, const char *key)
{
	return e->key && strcasecmp(e->key, key) == 0;
}

/* "2.33" and "2.33.0"; $UMDFVERSION$ is what StampInf puts in later. */
static bool read_version(const struct inf_entry *e, struct inf_framework *f,
			 struct inf_error *error)
{
	const char *text = inf_value(e, 0);
	unsigned revision;
	int end = -1;

	f->version = e;
	if (*text == '$')
		return true;
	if (sscanf(text, "%u.%u%n.%u%n", &f->major, &f->minor, &end, &revision, &end) >= 2 &&
	    end > 0 && text[end] == '\0')
		return true;
	return inf_fail(error, e, "%s '%.40s' is no version: 2.33.0, for example", e->key, text);
}

static bool read_library(const struct inf *inf, struct inf_framework *f, struct inf_error *error)
{
	const char *key =
		f->kind == INF_FRAMEWORK_UMDF ? "UmdfLibraryVersion" : "KmdfLibraryVersion";
	const struct inf_section *section = inf_section(inf, inf_value(f->service, 1));

	for (const struct inf_entry *e = section ? section->entries : NULL; e; e = e->next) {
		if (is_key(e, key) && !read_version(e, f, error))
			return false;
	}
	return true;
}

/* One of two words. */
static bool read_choice(const struct inf_entry *e, const char *off, const char *on, bool *chosen,
			struct inf_error *error)
{
	const char *text = inf_value(e, 0);

	*chosen = strcasecmp(text, on) == 0;
	if (*chosen || strcasecmp(text, off) == 0)
		return true;
	return inf_fail(error, e, "%s '%.60s': %s or %s is expected", e->key, text, off, on);
}

/* Those of UMDF that mean something here; @e may be another. */
static bool read_directive(const struct inf_entry *e, struct inf_framework *f,
			   struct inf_error *error)
{
	if (is_key(e, "UmdfHostProcessSharing"))
		return read_choice(e, "ProcessSharingDisabled", "ProcessSharingEnabled", &f->shared,
				   error);
	if (is_key(e, "UmdfDirectHardwareAccess"))
		return read_choice(e, "RejectDirectHardwareAccess", "AllowDirectHardwareAccess",
				   &f->hardware_access, error);
	if (is_key(e, "UmdfRegisterAccessMode"))
		return read_choice(e, "RegisterAccessUsingSystemCall",
				   "RegisterAccessUsingUserModeMapping", &f->registers_mapped,
				   error);
	return true;
}

bool inf_framework_read(const struct inf *inf, const char *install, struct inf_framework *f,
			struct inf_error *error)
{
	const struct inf_section *section;
	char name[600];

	*f = (struct inf_framework){ .kind = INF_FRAMEWORK_UNSAID };
	snprintf(name, sizeof(name), "%s.Wdf", install);
	section = inf_section(inf, name);
	for (const struct inf_entry *e = section ? section->entries : NULL; e; e = e->next) {
		bool user = is_key(e, "UmdfService");
		enum inf_framework_kind kind = user ? INF_FRAMEWORK_UMDF : INF_FRAMEWORK_KMDF;

		if (!read_directive(e, f, error))
			return false;
		if (!user && !is_key(e, "KmdfService"))
			continue;
		if (f->service && f->kind != kind)
			return inf_fail(
				error, e,
				"[%.100s] has UmdfService and KmdfService: a driver is for one of the two",
				name);
		f->kind = kind;
		f->service = e;
	}
	return !f->service || read_library(inf, f, error);
}
