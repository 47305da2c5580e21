/* SPDX-License-Identifier: MIT */
/*
 * The reflector (WUDFRd) is the device's service in Windows' kernel, and the framework of network
 * drivers reaches user mode by a filter of its own: sections of wudfrd.inf and netcxrd.inf, which
 * are Windows' own files, bring both. Nothing of that is played here, so the driver runs without.
 *
 * Source: "Specifying WDF directives in INF files"; of netcxrd.inf, and of clients in the kernel,
 * Microsoft's INF files for user-mode NetAdapterCx drivers (netvadapterum, wificxsampleclientum).
 */
#include "inf/user_mode.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "inf/addreg.h"

#define REFLECTOR "it brings the reflector, which starts the driver's host process"
#define FILTER    "it brings the filter by which NetAdapterCx reaches user mode"

/* A section of Windows' own that one of the driver's needs. */
static const struct {
	const char *suffix, *section, *file, *why;
} needed[] = {
	{ "", "WUDFRD.NT", "wudfrd.inf", REFLECTOR },
	{ ".HW", "WUDFRD.NT.HW", "wudfrd.inf", REFLECTOR },
	{ ".Services", "WUDFRD.NT.Services", "wudfrd.inf", REFLECTOR },
	{ "", "netcxrd_Filter.NT", "netcxrd.inf", FILTER },
	{ ".HW", "netcxrd_Filter.NT.HW", "netcxrd.inf", FILTER },
	{ ".Filters", "netcxrd_Filter.NT.Filters", "netcxrd.inf", FILTER },
	{ ".Services", "netcxrd_Filter.NT.Services", "netcxrd.inf", FILTER },
};

static void __attribute__((format(printf, 2, 3))) note(struct text *notes, const char *format, ...)
{
	char line[400];
	va_list list;

	va_start(list, format);
	vsnprintf(line, sizeof(line), format, list);
	va_end(list);
	text_add(notes, "%s%s", notes->length ? "\n" : "", line);
}

static const struct inf_entry *find_key(const struct inf_section *section, const char *key)
{
	const struct inf_entry *e = section ? section->entries : NULL;

	while (e && !(e->key && strcasecmp(e->key, key) == 0))
		e = e->next;
	return e;
}

/* Is @value among those of any entry @key? */
static bool has(const struct inf_section *section, const char *key, const char *value)
{
	for (const struct inf_entry *e = section ? section->entries : NULL; e; e = e->next) {
		for (unsigned i = 0; e->key && strcasecmp(e->key, key) == 0 && i < e->count; i++) {
			if (strcasecmp(e->values[i], value) == 0)
				return true;
		}
	}
	return false;
}

static bool is_reflector(void *context, const struct inf_entry *e)
{
	bool *found = context;

	*found = e->count > 1 && strcasecmp(e->values[0], "WUDFRd") == 0 &&
		 (strtoul(e->values[1], NULL, 0) & 2);
	return !*found;
}

static void look_at_needs(const struct inf *inf, const char *install, struct text *notes)
{
	bool own_reflector = false; /* by a service of its own, as before there was wudfrd.inf */

	inf_each_service(inf, install, is_reflector, &own_reflector);
	for (size_t i = 0; i < ARRAY_COUNT(needed); i++) {
		const struct inf_section *section;
		char name[300];

		if (own_reflector && strcmp(needed[i].file, "wudfrd.inf") == 0)
			continue;
		snprintf(name, sizeof(name), "%s%s", install, needed[i].suffix);
		section = inf_section(inf, name);
		if (!has(section, "Needs", needed[i].section))
			note(notes, "[%.100s] has no Needs = %s: on Windows %s", name,
			     needed[i].section, needed[i].why);
		else if (!has(section, "Include", needed[i].file))
			note(notes,
			     "[%.100s] needs %s and has no Include = %s: Windows' setup does not find it",
			     name, needed[i].section, needed[i].file);
	}
}

static void look_at_directives(const struct inf *inf, const char *name, struct text *notes)
{
	const struct inf_section *section = inf_section(inf, name);
	const struct inf_entry *policy = find_key(section, "UmdfKernelModeClientPolicy");

	if (!find_key(section, "UmdfServiceOrder"))
		note(notes,
		     "[%.100s] has no UmdfServiceOrder: Windows installs no user-mode driver without it",
		     name);
	if (!policy || strcasecmp(inf_value(policy, 0), "AllowKernelModeClients") != 0)
		note(notes,
		     "[%.100s] has no UmdfKernelModeClientPolicy = AllowKernelModeClients: on Windows NDIS, which is in the kernel, cannot be above the driver",
		     name);
}

static void look_at_service(const struct inf *inf, const char *name, struct text *notes)
{
	const struct inf_section *section = inf_section(inf, name);
	const struct inf_entry *extensions = find_key(section, "UmdfExtensions");
	bool cx = false;

	for (unsigned i = 0; extensions && i < extensions->count; i++)
		cx = cx || strncasecmp(extensions->values[i], "NetAdapterCx", 12) == 0;
	if (!cx)
		note(notes,
		     "[%.100s] has no UmdfExtensions = NetAdapterCx0202: Windows does not load NetAdapterCx for the driver",
		     name);
	if (!find_key(section, "ServiceBinary"))
		note(notes, "[%.100s] has no ServiceBinary: Windows does not know the driver's DLL",
		     name);
}

void inf_user_mode_notes(const struct inf *inf, const struct inf_install *install, bool user_mode,
			 struct text *notes)
{
	char name[600];

	if (user_mode && install->framework.kind == INF_FRAMEWORK_UNSAID)
		note(notes,
		     "[%.100s.Wdf] has no UmdfService: Windows installs a kernel-mode driver by it, and this one is compiled for user mode",
		     install->section);
	if (install->framework.kind != INF_FRAMEWORK_UMDF)
		return;
	look_at_needs(inf, install->section, notes);
	snprintf(name, sizeof(name), "%s.Wdf", install->section);
	look_at_directives(inf, name, notes);
	look_at_service(inf, inf_value(install->framework.service, 1), notes);
}
