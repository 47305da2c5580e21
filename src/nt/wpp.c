/* SPDX-License-Identifier: MIT */
/* WPP's traces of drivers become events of the machine. Any IRQL, any thread. */
#include <ctype.h>
#include <parts/wpp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/trace_level.h"
#include "nt/event.h"
#include "nt/export.h"
#include "nt/trace_private.h"
#include "nt/wpp_text.h"

#define TEXT 1400 /* bytes of a message: an event has not room for many more */

/* The number of a flag by its name in "A,B,C,", or -1. */
static long flag_number(const char *bits, const char *name, size_t length)
{
	const char *at;
	size_t n;

	for (long i = 0; (bits = nt_trace_next(bits, &at, &n)); i++) {
		if (n == length && strncmp(at, name, length) == 0)
			return i;
	}
	return -1;
}

/* Flags by their names, or as a number with the first 32 of them. */
static void read_flags(ULONG *words, const char *bits, const char *flags)
{
	const char *name;
	size_t length;

	while ((flags = nt_trace_next(flags, &name, &length))) {
		long n = flag_number(bits, name, length);

		if (n >= 0 && n / 32 < NETCX_WPP_FLAG_WORDS)
			words[n / 32] |= 1U << (n % 32);
		else if (isdigit((unsigned char)*name))
			words[0] |= (ULONG)strtoul(name, NULL, 0);
	}
}

static void apply(const void *key, unsigned level, const char *flags)
{
	WPP_TRACE_CONTROL_BLOCK *c = (WPP_TRACE_CONTROL_BLOCK *)key;
	ULONG words[NETCX_WPP_FLAG_WORDS] = { 0 };

	if (level != NT_TRACE_OFF && *flags)
		read_flags(words, c->bits, flags);
	else if (level != NT_TRACE_OFF)
		memset(words, 0xff, sizeof(words));
	__atomic_store_n(&c->Level, level == NT_TRACE_VERBOSE ? 255 : (UCHAR)level,
			 __ATOMIC_RELAXED);
	for (size_t i = 0; i < NETCX_WPP_FLAG_WORDS; i++)
		__atomic_store_n(&c->Flags[i], words[i], __ATOMIC_RELAXED);
}

static const char *flags_of(const void *key)
{
	return ((const WPP_TRACE_CONTROL_BLOCK *)key)->bits;
}

/* "(5EC34F87,7705,4B5B,B5F6,1F3E4665A31E)" as "{5ec34f87-7705-...}" */
static void put_guid(char *text, size_t room, const char *groups)
{
	size_t used = 0;

	for (; *groups && used + 1 < room; groups++) {
		if (isxdigit((unsigned char)*groups))
			text[used++] = (char)tolower((unsigned char)*groups);
		else if (strchr("(,)", *groups))
			text[used++] = "{-}"[strchr("(,)", *groups) - "(,)"];
	}
	text[used] = '\0';
}

static void register_one(WPP_TRACE_CONTROL_BLOCK *c)
{
	struct nt_trace_entry entry = { .key = c, .apply = apply, .flags = flags_of };

	c->Logger = (TRACEHANDLE)(ULONG_PTR)c;
	c->registered = 1;
	snprintf(entry.name, sizeof(entry.name), "%s", c->name);
	put_guid(entry.id, sizeof(entry.id), c->guid);
	nt_trace_add(&entry);
}

NETCX_EXPORT VOID netcx_wpp_register(WPP_CB_TYPE *Controls, ULONG Count)
{
	for (ULONG i = 0; i < Count; i++)
		register_one(&Controls[i].Control);
}

NETCX_EXPORT VOID netcx_wpp_unregister(WPP_CB_TYPE *Controls, ULONG Count)
{
	for (ULONG i = 0; i < Count; i++) {
		WPP_TRACE_CONTROL_BLOCK *c = &Controls[i].Control;

		nt_trace_remove(c);
		apply(c, NT_TRACE_OFF, "");
		c->registered = 0;
	}
}

/* The driver's own macros may have let through what nobody listens to. */
static bool is_wanted(const WPP_TRACE_CONTROL_BLOCK *c, const char *flags, LONG level)
{
	UCHAR told = c ? __atomic_load_n(&c->Level, __ATOMIC_RELAXED) : 0;
	long flag;

	if (told == 0 || level > told)
		return false;
	flag = flag_number(c->bits, flags, strlen(flags));
	return flag < 0 || flag / 32 >= NETCX_WPP_FLAG_WORDS ||
	       (__atomic_load_n(&c->Flags[flag / 32], __ATOMIC_RELAXED) & (1U << (flag % 32)));
}

NETCX_EXPORT VOID netcx_wpp_write(TRACEHANDLE Logger, const struct netcx_wpp_site *Site, LONG Level,
				  const char *Function, const struct netcx_wpp_value *Values,
				  SIZE_T Count)
{
	const WPP_TRACE_CONTROL_BLOCK *c = (const WPP_TRACE_CONTROL_BLOCK *)(ULONG_PTR)Logger;
	char text[TEXT];

	if (!is_wanted(c, Site->flags, Level))
		return;
	wpp_text(text, sizeof(text), Site, Function, Values, Count);
	NT_EMIT(NT_EVENT_TRACE, "", "Trace", NT_TEXT("provider", c->name),
		NT_TEXT("level", Level > 0 ? trace_level_name((uint64_t)Level) : "always"),
		NT_TEXT("flags", Site->flags), NT_TEXT("function", Function),
		NT_TEXT("file", Site->file), NT_UINT("line", Site->line), NT_TEXT("text", text));
}
