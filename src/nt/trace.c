/* SPDX-License-Identifier: MIT */
/* TraceLogging events of drivers become events of the machine. Any IRQL, any thread. */
#include <TraceLoggingProvider.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "base/trace_level.h"
#include "base/utf.h"
#include "nt/event.h"
#include "nt/export.h"
#include "nt/fault.h"
#include "nt/registry.h"
#include "nt/trace_private.h"

#define FIELDS 64  /* as many as are shown of one event */
#define ROOM   256 /* bytes of one field's text */

/* Keywords are numbers; of a name nothing is known. */
static void apply(const void *key, unsigned level, const char *flags)
{
	struct _tlgProvider_t *p = (struct _tlgProvider_t *)key;
	const char *name;
	ULONG64 keywords = 0;
	size_t length;

	while ((flags = nt_trace_next(flags, &name, &length)))
		keywords |= strtoull(name, NULL, 0);
	__atomic_store_n(&p->keywords, keywords, __ATOMIC_RELAXED);
	/* Levels beyond the last that has a name are told with it. */
	__atomic_store_n(&p->level, level == NT_TRACE_VERBOSE ? 255 : (UCHAR)level,
			 __ATOMIC_RELAXED);
}

NETCX_EXPORT NTSTATUS netcx_trace_register(TraceLoggingHProvider Provider)
{
	struct nt_trace_entry entry = { .key = Provider, .apply = apply };

	if (NT_FAULT("TraceLoggingRegister"))
		return NT_FAULT_STATUS;
	((struct _tlgProvider_t *)Provider)->registered = 1;
	snprintf(entry.name, sizeof(entry.name), "%s", Provider->name);
	nt_trace_put_guid(entry.id, sizeof(entry.id), &Provider->id);
	nt_trace_add(&entry);
	return STATUS_SUCCESS;
}

NETCX_EXPORT VOID netcx_trace_unregister(TraceLoggingHProvider Provider)
{
	nt_trace_remove(Provider);
	((struct _tlgProvider_t *)Provider)->registered = 0;
	__atomic_store_n(&((struct _tlgProvider_t *)Provider)->level, 0, __ATOMIC_RELAXED);
}

static void put_hex(char *text, const void *bytes, size_t size)
{
	hex_put(text, bytes, size < (ROOM - 1) / 2 ? size : (ROOM - 1) / 2);
}

static void put_bytes(char *text, size_t room, const char *from, size_t size)
{
	size_t length = from ? strnlen(from, size < room - 1 ? size : room - 1) : 0;

	if (length)
		memcpy(text, from, length);
	text[length] = 0;
}

static void put_wide(char *text, size_t room, const WCHAR *from, size_t bytes)
{
	text[0] = 0;
	if (from)
		utf8_from_utf16(text, room, from,
				bytes == NETCX_TRACE_TO_ZERO ? room : bytes / sizeof(WCHAR));
}

static struct nt_field convert(const struct netcx_trace_field *f, char *text)
{
	const UNICODE_STRING *wide = f->data;
	const STRING *narrow = f->data;
	WCHAR character = (WCHAR)f->number;
	double real;

	text[0] = 0;
	switch (f->type) {
	case NETCX_TRACE_UNSIGNED:
		return NT_UINT(f->name, f->number);
	case NETCX_TRACE_SIGNED:
		if ((LONG64)f->number >= 0)
			return NT_UINT(f->name, f->number);
		snprintf(text, ROOM, "%lld", (long long)f->number);
		break;
	case NETCX_TRACE_HEX:
		snprintf(text, ROOM, "0x%llx", (unsigned long long)f->number);
		break;
	case NETCX_TRACE_BOOLEAN:
		return NT_BOOL(f->name, f->number);
	case NETCX_TRACE_NTSTATUS:
		return NT_STATUS(f->name, f->number);
	case NETCX_TRACE_CHARACTER:
		put_wide(text, ROOM, &character, sizeof(character));
		break;
	case NETCX_TRACE_FLOAT:
		memcpy(&real, &f->number, sizeof(real));
		snprintf(text, ROOM, "%.17g", real);
		break;
	case NETCX_TRACE_STRING:
		put_bytes(text, ROOM, f->data, f->size);
		break;
	case NETCX_TRACE_WIDE_STRING:
		put_wide(text, ROOM, f->data, f->size);
		break;
	case NETCX_TRACE_UNICODE_STRING:
		put_wide(text, ROOM, wide ? wide->Buffer : NULL, wide ? wide->Length : 0);
		break;
	case NETCX_TRACE_ANSI_STRING:
		put_bytes(text, ROOM, narrow ? narrow->Buffer : NULL, narrow ? narrow->Length : 0);
		break;
	case NETCX_TRACE_BINARY:
		put_hex(text, f->data, f->data ? f->size : 0);
		break;
	case NETCX_TRACE_GUID:
		nt_trace_put_guid(text, ROOM, f->data);
		break;
	}
	return NT_TEXT(f->name, text);
}

/* What an event says of itself. */
struct setting {
	ULONG64 level, keyword;
};

static struct setting settings_of(const struct netcx_trace_field *fields, SIZE_T count)
{
	struct setting s = { .level = NT_TRACE_VERBOSE }; /* an event that names none */

	for (SIZE_T i = 0; i < count; i++) {
		if (fields[i].type == NETCX_TRACE_LEVEL)
			s.level = fields[i].number;
		else if (fields[i].type == NETCX_TRACE_KEYWORD)
			s.keyword |= fields[i].number;
	}
	return s;
}

NETCX_EXPORT VOID netcx_trace_write(TraceLoggingHProvider Provider, const char *Event,
				    const struct netcx_trace_field *Fields, SIZE_T Count)
{
	struct nt_field fields[FIELDS];
	char texts[FIELDS][ROOM];
	struct setting setting = settings_of(Fields, Count);
	size_t used = 2;

	if (!netcx_trace_enabled(Provider, (UCHAR)setting.level, setting.keyword))
		return;
	for (SIZE_T i = 0; i < Count; i++) {
		if (Fields[i].type < NETCX_TRACE_UNSIGNED || used == FIELDS)
			continue;
		fields[used] = convert(&Fields[i], texts[used]);
		used++;
	}
	fields[0] = NT_TEXT("provider", Provider->name);
	fields[1] = NT_TEXT("level", setting.level ? trace_level_name(setting.level) : "always");
	nt_emit(NT_EVENT_TRACE, "", Event, fields, used);
}
