/* SPDX-License-Identifier: MIT */
/* How values of WPP's own types look. What is in the driver's memory is read once. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "base/utf.h"
#include "nt/status.h"
#include "nt/trace_private.h"
#include "nt/win_error.h"
#include "nt/wpp_text.h"

#define DUMP_BYTES 128 /* as many as are shown */

/* A value and those behind it that belong to it. */
struct reading {
	struct text out;
	const struct netcx_wpp_piece *piece;
	const struct netcx_wpp_value *at;
	size_t left;
};

/* The number itself, or what a driver's macro has pointed at. */
static ULONG64 number(const struct reading *r)
{
	const struct netcx_wpp_value *v = r->at;
	ULONG64 value = 0;

	if (!v->data)
		return v->number;
	memcpy(&value, (const void *)v->data, v->size < sizeof(value) ? v->size : sizeof(value));
	return value;
}

/* ---- text ---- */

static void add_bytes(struct reading *r, const char *from, size_t length)
{
	text_add(&r->out, "%.*s", (int)length, from);
}

static void add_wide(struct reading *r, const WCHAR *from, size_t count)
{
	r->out.length += utf8_from_utf16(r->out.at + r->out.length, r->out.size - r->out.length,
					 from, count);
}

static void add_character(struct reading *r)
{
	WCHAR c = (WCHAR)number(r);

	if (r->piece->kind == NETCX_WPP_CHARACTER)
		c &= 0xff;
	add_wide(r, &c, 1);
}

static void add_string(struct reading *r)
{
	const char *from = (const char *)r->at->data;
	size_t most = r->at->size && r->at->size < r->out.size ? r->at->size : r->out.size;

	add_bytes(r, from, strnlen(from, most));
}

static void add_wide_string(struct reading *r)
{
	const WCHAR *from = (const WCHAR *)r->at->data;
	size_t most = r->at->size ? r->at->size / sizeof(WCHAR) : r->out.size, n = 0;

	while (n < most && n < r->out.size && from[n])
		n++;
	add_wide(r, from, n);
}

/* What a macro of the driver's gives as two values: a length of two bytes, and so many. */
static const void *pair(const struct reading *r, size_t *length)
{
	ULONG64 bytes;

	if (r->piece->slots < 2 || r->left < 2) {
		*length = r->at->size;
		return (const void *)r->at->data;
	}
	bytes = number(r);
	*length = bytes < r->at[1].size || r->at[1].size == 0 ? bytes : r->at[1].size;
	return (const void *)r->at[1].data;
}

static void add_counted(struct reading *r)
{
	bool wide = r->piece->kind == NETCX_WPP_UNICODE_STRING;
	/* STRING and UNICODE_STRING are laid out alike. */
	const STRING *string = (const STRING *)r->at->data;
	const void *from;
	size_t length;

	/* From a macro of the driver's there is no such structure. */
	if (r->at->size) {
		from = pair(r, &length);
	} else {
		length = string->Length;
		from = string->Buffer;
	}
	if (!from && length)
		text_add(&r->out, "NULL");
	else if (wide)
		add_wide(r, from, length / sizeof(WCHAR));
	else
		add_bytes(r, from, from ? strnlen(from, length) : 0);
}

static void add_dump(struct reading *r)
{
	size_t length;
	const UCHAR *from = pair(r, &length);

	for (size_t i = 0; from && i < length && i < DUMP_BYTES; i++)
		text_add(&r->out, "%s%02x", i ? " " : "", from[i]);
	if (from && length > DUMP_BYTES)
		text_add(&r->out, " ... (%zu bytes)", length);
}

/* ---- names ---- */

static void add_code(struct reading *r, ULONG code, const char *name)
{
	text_add(&r->out, name ? "0x%08x(%s)" : "0x%08x", code, name);
}

static void add_irql(struct reading *r)
{
	static const char *const names[] = { "PASSIVE_LEVEL", "APC_LEVEL", "DISPATCH_LEVEL" };
	ULONG64 irql = number(r);

	if (irql < RTL_NUMBER_OF(names))
		text_add(&r->out, "%s", names[irql]);
	else
		text_add(&r->out, "DIRQL(%llu)", (unsigned long long)irql);
}

/* The next name of "0First,1Second". Return: what is behind it, or NULL. */
static const char *next_name(const char *list, long *value, const char **name, size_t *length)
{
	char *end;

	list += *list == ',';
	if (*list == '\0')
		return NULL;
	*value = strtol(list, &end, 10);
	*name = end;
	*length = strcspn(end, ",");
	return end + *length;
}

static void add_listed(struct reading *r)
{
	const char *list = r->piece->form, *name;
	LONG64 wanted = (LONG64)number(r);
	size_t length;
	long value;

	while ((list = next_name(list, &value, &name, &length))) {
		if (value == wanted) {
			text_add(&r->out, "%.*s", (int)length, name);
			return;
		}
	}
	text_add(&r->out, "%lld", (long long)wanted);
}

/* A name for each bit; those that have none as one number. */
static void add_set(struct reading *r)
{
	ULONG64 bits = number(r) & 0xffffffff;
	const char *list = r->piece->form, *name;
	size_t length;
	long bit;

	while ((list = next_name(list, &bit, &name, &length))) {
		if (bit < 0 || bit > 31 || !(bits & (1ULL << bit)))
			continue;
		text_add(&r->out, "%s%.*s", r->out.length ? "|" : "", (int)length, name);
		bits &= ~(1ULL << bit);
	}
	if (bits || r->out.length == 0)
		text_add(&r->out, "%s0x%llx", r->out.length ? "|" : "", (unsigned long long)bits);
}

static void add_enum(struct reading *r)
{
	if (r->at->data)
		text_add(&r->out, "%s", (const char *)r->at->data);
	else
		text_add(&r->out, "%lld", (long long)r->at->number);
}

/* ---- addresses ---- */

static void add_guid(struct reading *r)
{
	char text[40];
	GUID guid;

	memcpy(&guid, (const void *)r->at->data, sizeof(guid));
	nt_trace_put_guid(text, sizeof(text), &guid);
	text_add(&r->out, "%s", text);
}

/* S-1-5-21-...: revision, count, six bytes of authority, the first the highest; then numbers. */
static void add_sid(struct reading *r)
{
	const UCHAR *sid = (const UCHAR *)r->at->data;
	unsigned long long authority = 0;
	UCHAR count = sid[1];

	for (size_t i = 2; i < 8; i++)
		authority = authority << 8 | sid[i];
	text_add(&r->out, "S-%u-%llu", sid[0], authority);
	for (UCHAR i = 0; i < count && i < 15; i++) {
		ULONG part;

		memcpy(&part, sid + 8 + 4 * i, sizeof(part));
		text_add(&r->out, "-%u", part);
	}
}

static void add_ip(struct reading *r)
{
	char text[INET6_ADDRSTRLEN] = "";
	ULONG v4 = (ULONG)number(r);

	if (r->piece->kind == NETCX_WPP_IPV4)
		inet_ntop(AF_INET, &v4, text, sizeof(text));
	else
		inet_ntop(AF_INET6, (const void *)r->at->data, text, sizeof(text));
	text_add(&r->out, "%s", text);
}

static void add_mac(struct reading *r)
{
	UCHAR mac[6];

	memcpy(mac, (const void *)r->at->data, sizeof(mac));
	text_add(&r->out, "%02X-%02X-%02X-%02X-%02X-%02X", mac[0], mac[1], mac[2], mac[3], mac[4],
		 mac[5]);
}

/* ---- time ---- */

#define TICKS_PER_SECOND 10000000LL
#define SECONDS_TO_1970  11644473600LL /* from 1601 */

static void add_time(struct reading *r)
{
	long long ticks = (long long)number(r);
	time_t seconds = ticks / TICKS_PER_SECOND - SECONDS_TO_1970;
	struct tm tm;

	if (ticks < 0 || !gmtime_r(&seconds, &tm))
		text_add(&r->out, "%lld", ticks);
	else
		text_add(&r->out, "%04d-%02d-%02d %02d:%02d:%02d.%03lld", tm.tm_year + 1900,
			 tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
			 ticks % TICKS_PER_SECOND / 10000);
}

static void add_delta(struct reading *r)
{
	long long ms = (long long)number(r), s = ms / 1000;

	text_add(&r->out, "%s%lld~%lld:%lld:%lld", ms < 0 ? "-" : "", llabs(s / 86400),
		 llabs(s / 3600 % 24), llabs(s / 60 % 60), llabs(s % 60));
}

/* ---- all of them ---- */

/* Those that are their address, which may be NULL. */
static bool is_address(ULONG kind)
{
	return kind == NETCX_WPP_STRING || kind == NETCX_WPP_WIDE_STRING ||
	       kind == NETCX_WPP_ANSI_STRING || kind == NETCX_WPP_UNICODE_STRING ||
	       kind == NETCX_WPP_GUID || kind == NETCX_WPP_SID || kind == NETCX_WPP_IPV6 ||
	       kind == NETCX_WPP_MAC || kind == NETCX_WPP_DUMP;
}

static void add_signed(struct reading *r)
{
	text_add(&r->out, "%lld", (long long)number(r));
}

static void add_unsigned(struct reading *r)
{
	text_add(&r->out, "%llu", (unsigned long long)number(r));
}

static void add_hex(struct reading *r)
{
	text_add(&r->out, "0x%llx", (unsigned long long)number(r));
}

static void add_oid(struct reading *r)
{
	text_add(&r->out, "0x%08x", (ULONG)number(r));
}

static void add_pointer(struct reading *r)
{
	text_add(&r->out, "0x%016llX", (unsigned long long)(ULONG_PTR)r->at->data);
}

static void add_bool(struct reading *r)
{
	text_add(&r->out, "%s", number(r) ? "TRUE" : "FALSE");
}

static void add_status(struct reading *r)
{
	add_code(r, (ULONG)number(r), status_name((ULONG)number(r)));
}

static void add_hresult(struct reading *r)
{
	add_code(r, (ULONG)number(r), win_hresult_name((ULONG)number(r)));
}

static void add_win_error(struct reading *r)
{
	add_code(r, (ULONG)number(r), win_error_name((ULONG)number(r)));
}

static void add_port(struct reading *r)
{
	text_add(&r->out, "%u", __builtin_bswap16((USHORT)number(r)));
}

static void (*const adders[])(struct reading *r) = {
	[NETCX_WPP_SIGNED] = add_signed,
	[NETCX_WPP_UNSIGNED] = add_unsigned,
	[NETCX_WPP_HEX] = add_hex,
	[NETCX_WPP_POINTER] = add_pointer,
	[NETCX_WPP_CHARACTER] = add_character,
	[NETCX_WPP_WIDE_CHARACTER] = add_character,
	[NETCX_WPP_STRING] = add_string,
	[NETCX_WPP_WIDE_STRING] = add_wide_string,
	[NETCX_WPP_ANSI_STRING] = add_counted,
	[NETCX_WPP_UNICODE_STRING] = add_counted,
	[NETCX_WPP_DUMP] = add_dump,
	[NETCX_WPP_BOOL] = add_bool,
	[NETCX_WPP_IRQL] = add_irql,
	[NETCX_WPP_STATUS] = add_status,
	[NETCX_WPP_HRESULT] = add_hresult,
	[NETCX_WPP_WINERROR] = add_win_error,
	[NETCX_WPP_OID] = add_oid,
	[NETCX_WPP_GUID] = add_guid,
	[NETCX_WPP_SID] = add_sid,
	[NETCX_WPP_IPV4] = add_ip,
	[NETCX_WPP_IPV6] = add_ip,
	[NETCX_WPP_MAC] = add_mac,
	[NETCX_WPP_PORT] = add_port,
	[NETCX_WPP_TIME] = add_time,
	[NETCX_WPP_DELTA] = add_delta,
	[NETCX_WPP_LIST] = add_listed,
	[NETCX_WPP_SET] = add_set,
	[NETCX_WPP_ENUM] = add_enum,
};

void wpp_value_text(char *text, size_t room, const struct netcx_wpp_piece *piece,
		    const struct netcx_wpp_value *values, size_t count)
{
	struct reading r = {
		.out = text_in(text, room), .piece = piece, .at = values, .left = count
	};

	if (is_address(piece->kind) && !values->data)
		text_add(&r.out, "NULL");
	else if (piece->kind < RTL_NUMBER_OF(adders) && adders[piece->kind])
		adders[piece->kind](&r);
}
