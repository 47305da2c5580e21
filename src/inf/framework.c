/* SPDX-License-Identifier: MIT */
/* Source: "INF DDInstall.WDF section" and "Specifying WDF directives in INF files". */
#include "inf/framework.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "base/text.h"
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

/* The section that a service's line names, with what Windows wants there. */
static bool read_library(const struct inf *inf, struct inf_framework *f, struct inf_error *error)
{
	const char *key =
		f->kind == INF_FRAMEWORK_UMDF ? "UmdfLibraryVersion" : "KmdfLibraryVersion";
	const struct inf_section *section = inf_section(inf, inf_value(f->service, 1));

	if (!section && f->kind == INF_FRAMEWORK_UMDF)
		return inf_fail(error, f->service, "%s: there is no section [%.100s]",
				f->service->key, inf_value(f->service, 1));
	for (const struct inf_entry *e = section ? section->entries : NULL; e; e = e->next) {
		if (is_key(e, key) && !read_version(e, f, error))
			return false;
	}
	return f->version || f->kind != INF_FRAMEWORK_UMDF ||
	       inf_fail(error, f->service,
			"[%.100s] has no %s: Windows does not know which framework to load",
			section->name, key);
}

/* Directives of UMDF that take one of some words, the first the same as none. */
enum directive { SHARING, HARDWARE, REGISTERS, DIRECTIVES_PLAYED };

static const struct {
	const char *key, *words[4];
} directives[] = {
	[SHARING] = { "UmdfHostProcessSharing",
		      { "ProcessSharingEnabled", "ProcessSharingDisabled" } },
	[HARDWARE] = { "UmdfDirectHardwareAccess",
		       { "RejectDirectHardwareAccess", "AllowDirectHardwareAccess",
			 "AllowDirectHardwareAccessAndDma" } },
	[REGISTERS] = { "UmdfRegisterAccessMode",
			{ "RegisterAccessUsingSystemCall", "RegisterAccessUsingUserModeMapping" } },
	[DIRECTIVES_PLAYED] = { "UmdfKernelModeClientPolicy",
				{ "RejectKernelModeClients", "AllowKernelModeClients" } },
	{ "UmdfFsContextUsePolicy",
	  { "CanUseFsContext", "CanUseFsContext2", "CannotUseFsContexts" } },
	{ "UmdfFileObjectPolicy",
	  { "RejectNullAndUnknownFileObjects", "AllowNullAndUnknownFileObjects" } },
	{ "UmdfMethodNeitherAction", { "Reject", "Copy" } },
	{ "UmdfImpersonationLevel",
	  { "Identification", "Anonymous", "Impersonation", "Delegation" } },
	{ "UmdfDispatcher", { "FileHandle", "WinUsb", "NativeUSB" } },
	{ "UmdfHostPriority", { "PriorityHigh" } },
};

/* Which of the words of a directive: its index, or -1 with *error filled. */
static int read_word(const struct inf_entry *e, const char *const words[4], struct inf_error *error)
{
	const char *text = inf_value(e, 0);
	char room[160];
	struct text list = text_in(room, sizeof(room));

	for (int i = 0; i < 4 && words[i]; i++) {
		bool last = i == 3 || !words[i + 1];

		if (strcasecmp(text, words[i]) == 0)
			return i;
		text_add(&list, "%s%s", !i ? "" : last ? " or " : ", ", words[i]);
	}
	inf_fail(error, e, "%s '%.60s': %s is expected", e->key, text, room);
	return -1;
}

/* @e may be another entry. */
static bool read_directive(const struct inf_entry *e, struct inf_framework *f,
			   struct inf_error *error)
{
	bool *const changed[DIRECTIVES_PLAYED] = { &f->alone, &f->hardware_access,
						   &f->registers_mapped };

	for (size_t i = 0; i < ARRAY_COUNT(directives); i++) {
		int word;

		if (!is_key(e, directives[i].key))
			continue;
		word = read_word(e, directives[i].words, error);
		if (word >= 0 && i < DIRECTIVES_PLAYED)
			*changed[i] = word > 0;
		return word >= 0;
	}
	return true;
}

/* Windows' limit for the name that UmdfService gives the driver. */
#define SERVICE_NAME_MAXIMUM 31

/* Those that are listed are those that UmdfService lines have. */
static bool check_order(const struct inf_section *section, struct inf_error *error)
{
	const struct inf_entry *order = NULL;

	for (const struct inf_entry *e = section->entries; e; e = e->next) {
		if (!is_key(e, "UmdfServiceOrder"))
			continue;
		if (order)
			return inf_fail(error, e, "UmdfServiceOrder is there already, in line %u",
					order->line);
		order = e;
	}
	for (unsigned i = 0; order && i < order->count; i++) {
		const struct inf_entry *e = section->entries;

		while (e && !(is_key(e, "UmdfService") &&
			      strcasecmp(inf_value(e, 0), order->values[i]) == 0))
			e = e->next;
		if (!e)
			return inf_fail(error, order,
					"UmdfServiceOrder names '%.60s', which no UmdfService has",
					order->values[i]);
	}
	return true;
}

static bool check_name(const struct inf_entry *service, struct inf_error *error)
{
	const char *name = inf_value(service, 0);

	return strlen(name) <= SERVICE_NAME_MAXIMUM ||
	       inf_fail(error, service, "UmdfService '%.60s': a name has at most %d characters",
			name, SERVICE_NAME_MAXIMUM);
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
		if (user && !check_name(e, error))
			return false;
		f->kind = kind;
		f->service = e;
	}
	if (f->kind == INF_FRAMEWORK_UMDF && !check_order(section, error))
		return false;
	return !f->service || read_library(inf, f, error);
}
