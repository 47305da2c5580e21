/* SPDX-License-Identifier: MIT */
/* TraceLogging events of drivers become events of the machine. Any IRQL, any thread. */
#include <TraceLoggingProvider.h>
#include <stdio.h>
#include <string.h>

#include "base/hex.h"
#include "base/utf.h"
#include "nt/event.h"
#include "nt/export.h"
#include "nt/registry.h"

#define FIELDS 64  /* as many as are shown of one event */
#define ROOM   256 /* bytes of one field's text */

NETCX_EXPORT NTSTATUS netcx_trace_register(TraceLoggingHProvider Provider)
{
	((struct _tlgProvider_t *)Provider)->registered = 1;
	return STATUS_SUCCESS;
}

NETCX_EXPORT VOID netcx_trace_unregister(TraceLoggingHProvider Provider)
{
	((struct _tlgProvider_t *)Provider)->registered = 0;
}

static const char *level_name(ULONG64 level)
{
	static const char *const names[] = { "always",  "critical", "error",
					     "warning", "info",     "verbose" };

	return level < RTL_NUMBER_OF(names) ? names[level] : "verbose";
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

static void put_guid(char *text, size_t room, const GUID *g)
{
	snprintf(text, room, "{%08x-%04x-%04x-%02x%02x-%02x%02x%02x%02x%02x%02x}", g->Data1,
		 g->Data2, g->Data3, g->Data4[0], g->Data4[1], g->Data4[2], g->Data4[3],
		 g->Data4[4], g->Data4[5], g->Data4[6], g->Data4[7]);
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
		put_guid(text, ROOM, f->data);
		break;
	}
	return NT_TEXT(f->name, text);
}

NETCX_EXPORT VOID netcx_trace_write(TraceLoggingHProvider Provider, const char *Event,
				    const struct netcx_trace_field *Fields, SIZE_T Count)
{
	struct nt_field fields[FIELDS];
	char texts[FIELDS][ROOM];
	const char *level = "verbose"; /* an event that names none */
	size_t used = 2;

	for (SIZE_T i = 0; i < Count; i++) {
		if (Fields[i].type == NETCX_TRACE_LEVEL)
			level = level_name(Fields[i].number);
		if (Fields[i].type < NETCX_TRACE_UNSIGNED || used == FIELDS)
			continue;
		fields[used] = convert(&Fields[i], texts[used]);
		used++;
	}
	fields[0] = NT_TEXT("provider", Provider->name);
	fields[1] = NT_TEXT("level", level);
	nt_emit(NT_EVENT_LOG, "", Event, fields, used);
}
