/* SPDX-License-Identifier: MIT */
/*
 * The types of %!NAME!. Source: "What are the WPP extended format specification strings?", "How do
 * you define custom data types?" and "What is the syntax of the complex types definition?".
 */
#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "build/wpp/arguments.h"
#include "build/wpp/config.h"

struct known {
	const char *name;
	enum wpp_way way;
	const char *c_type, *kind;
};

#define POINTER "const volatile void *"

/* Those that a message may name. */
static const struct known named[] = {
	{ "FILE", WPP_TEXT, "", "FILE" },
	{ "LINE", WPP_TEXT, "", "LINE" },
	{ "LEVEL", WPP_TEXT, "", "LEVEL" },
	{ "FLAGS", WPP_TEXT, "", "FLAGS" },
	{ "FUNC", WPP_TEXT, "", "FUNC" },
	{ "STDPREFIX", WPP_TEXT, "", "" },
	{ "SPACE", WPP_TEXT, "", " " },
	{ "bool", WPP_UNSIGNED, "unsigned char", "NETCX_WPP_BOOL" },
	{ "bool8", WPP_UNSIGNED, "unsigned char", "NETCX_WPP_BOOL" },
	{ "boolean", WPP_UNSIGNED, "unsigned char", "NETCX_WPP_BOOL" },
	{ "BOOLEAN", WPP_UNSIGNED, "unsigned char", "NETCX_WPP_BOOL" },
	{ "irql", WPP_UNSIGNED, "unsigned char", "NETCX_WPP_IRQL" },
	{ "sid", WPP_ADDRESS, POINTER, "NETCX_WPP_SID" },
	{ "SID", WPP_ADDRESS, POINTER, "NETCX_WPP_SID" },
	{ "GUID", WPP_ADDRESS, POINTER, "NETCX_WPP_GUID" },
	{ "guid", WPP_ADDRESS, POINTER, "NETCX_WPP_GUID" },
	{ "CLSID", WPP_ADDRESS, POINTER, "NETCX_WPP_GUID" },
	{ "LIBID", WPP_ADDRESS, POINTER, "NETCX_WPP_GUID" },
	{ "IID", WPP_ADDRESS, POINTER, "NETCX_WPP_GUID" },
	{ "delta", WPP_SIGNED, "LONG64", "NETCX_WPP_DELTA" },
	{ "WAITTIME", WPP_SIGNED, "LONG64", "NETCX_WPP_DELTA" },
	{ "due", WPP_SIGNED, "LONG64", "NETCX_WPP_DELTA" },
	{ "TIMESTAMP", WPP_SIGNED, "LONG64", "NETCX_WPP_TIME" },
	{ "timestamp", WPP_SIGNED, "LONG64", "NETCX_WPP_TIME" },
	{ "datetime", WPP_SIGNED, "LONG64", "NETCX_WPP_TIME" },
	{ "TIME", WPP_SIGNED, "LONG64", "NETCX_WPP_TIME" },
	{ "time", WPP_SIGNED, "LONG64", "NETCX_WPP_TIME" },
	{ "DATE", WPP_SIGNED, "LONG64", "NETCX_WPP_TIME" },
	{ "date", WPP_SIGNED, "LONG64", "NETCX_WPP_TIME" },
	{ "STATUS", WPP_UNSIGNED, "LONG", "NETCX_WPP_STATUS" },
	{ "status", WPP_UNSIGNED, "LONG", "NETCX_WPP_STATUS" },
	{ "NDIS_STATUS", WPP_UNSIGNED, "LONG", "NETCX_WPP_STATUS" },
	{ "ndis_status", WPP_UNSIGNED, "LONG", "NETCX_WPP_STATUS" },
	{ "NDIS_OID", WPP_UNSIGNED, "ULONG", "NETCX_WPP_OID" },
	{ "ndis_oid", WPP_UNSIGNED, "ULONG", "NETCX_WPP_OID" },
	{ "WINERROR", WPP_UNSIGNED, "ULONG", "NETCX_WPP_WINERROR" },
	{ "winerr", WPP_UNSIGNED, "ULONG", "NETCX_WPP_WINERROR" },
	{ "HRESULT", WPP_UNSIGNED, "LONG", "NETCX_WPP_HRESULT" },
	{ "hresult", WPP_UNSIGNED, "LONG", "NETCX_WPP_HRESULT" },
	{ "IPADDR", WPP_UNSIGNED, "ULONG", "NETCX_WPP_IPV4" },
	{ "ipaddr", WPP_UNSIGNED, "ULONG", "NETCX_WPP_IPV4" },
	{ "IPV6ADDR", WPP_ADDRESS, POINTER, "NETCX_WPP_IPV6" },
	{ "PORT", WPP_UNSIGNED, "USHORT", "NETCX_WPP_PORT" },
	{ "port", WPP_UNSIGNED, "USHORT", "NETCX_WPP_PORT" },
	{ "MACADDR", WPP_ADDRESS, POINTER, "NETCX_WPP_MAC" },
	{ "ASTR", WPP_ADDRESS, "const char *", "NETCX_WPP_STRING" },
	{ "WSTR", WPP_ADDRESS, "const WCHAR *", "NETCX_WPP_WIDE_STRING" },
	{ "ANSTR", WPP_ADDRESS, "const STRING *", "NETCX_WPP_ANSI_STRING" },
	{ "USTR", WPP_ADDRESS, "const UNICODE_STRING *", "NETCX_WPP_UNICODE_STRING" },
};

/* Those that CUSTOM_TYPE and DEFINE_CPLX_TYPE may name. */
static const struct known items[] = {
	{ "ItemChar", WPP_SIGNED, "CHAR", "NETCX_WPP_CHARACTER" },
	{ "ItemUChar", WPP_UNSIGNED, "UCHAR", "NETCX_WPP_CHARACTER" },
	{ "ItemWChar", WPP_UNSIGNED, "WCHAR", "NETCX_WPP_WIDE_CHARACTER" },
	{ "ItemShort", WPP_SIGNED, "SHORT", "NETCX_WPP_SIGNED" },
	{ "ItemUShort", WPP_UNSIGNED, "USHORT", "NETCX_WPP_UNSIGNED" },
	{ "ItemLong", WPP_SIGNED, "LONG", "NETCX_WPP_SIGNED" },
	{ "ItemULong", WPP_UNSIGNED, "ULONG", "NETCX_WPP_UNSIGNED" },
	{ "ItemULongX", WPP_UNSIGNED, "ULONG", "NETCX_WPP_HEX" },
	{ "ItemLongLong", WPP_SIGNED, "LONG64", "NETCX_WPP_SIGNED" },
	{ "ItemULongLong", WPP_UNSIGNED, "ULONG64", "NETCX_WPP_UNSIGNED" },
	{ "ItemLongLongX", WPP_UNSIGNED, "ULONG64", "NETCX_WPP_HEX" },
	{ "ItemPtr", WPP_ADDRESS, POINTER, "NETCX_WPP_POINTER" },
	{ "ItemDouble", WPP_REAL, "double", "NETCX_WPP_REAL" },
	{ "ItemString", WPP_ADDRESS, "const char *", "NETCX_WPP_STRING" },
	{ "ItemRString", WPP_ADDRESS, "const char *", "NETCX_WPP_STRING" },
	{ "ItemWString", WPP_ADDRESS, "const WCHAR *", "NETCX_WPP_WIDE_STRING" },
	{ "ItemRWString", WPP_ADDRESS, "const WCHAR *", "NETCX_WPP_WIDE_STRING" },
	{ "ItemPString", WPP_ADDRESS, "const STRING *", "NETCX_WPP_ANSI_STRING" },
	{ "ItemPWString", WPP_ADDRESS, "const UNICODE_STRING *", "NETCX_WPP_UNICODE_STRING" },
	{ "ItemHEXDump", WPP_ADDRESS, POINTER, "NETCX_WPP_DUMP" },
	{ "ItemHexDump", WPP_ADDRESS, POINTER, "NETCX_WPP_DUMP" },
	{ "ItemHexBytes", WPP_ADDRESS, POINTER, "NETCX_WPP_DUMP" },
	{ "ItemNTSTATUS", WPP_UNSIGNED, "LONG", "NETCX_WPP_STATUS" },
	{ "ItemNTerror", WPP_UNSIGNED, "LONG", "NETCX_WPP_STATUS" },
	{ "ItemNDIS_STATUS", WPP_UNSIGNED, "LONG", "NETCX_WPP_STATUS" },
	{ "ItemNDIS_OID", WPP_UNSIGNED, "ULONG", "NETCX_WPP_OID" },
	{ "ItemWINERROR", WPP_UNSIGNED, "ULONG", "NETCX_WPP_WINERROR" },
	{ "ItemHRESULT", WPP_UNSIGNED, "LONG", "NETCX_WPP_HRESULT" },
	{ "ItemGuid", WPP_ADDRESS, POINTER, "NETCX_WPP_GUID" },
	{ "ItemGUID", WPP_ADDRESS, POINTER, "NETCX_WPP_GUID" },
	{ "ItemCLSID", WPP_ADDRESS, POINTER, "NETCX_WPP_GUID" },
	{ "ItemLIBID", WPP_ADDRESS, POINTER, "NETCX_WPP_GUID" },
	{ "ItemIID", WPP_ADDRESS, POINTER, "NETCX_WPP_GUID" },
	{ "ItemSid", WPP_ADDRESS, POINTER, "NETCX_WPP_SID" },
	{ "ItemIPAddr", WPP_UNSIGNED, "ULONG", "NETCX_WPP_IPV4" },
	{ "ItemIPV6Addr", WPP_ADDRESS, POINTER, "NETCX_WPP_IPV6" },
	{ "ItemPort", WPP_UNSIGNED, "USHORT", "NETCX_WPP_PORT" },
	{ "ItemMACAddr", WPP_ADDRESS, POINTER, "NETCX_WPP_MAC" },
	{ "ItemTimestamp", WPP_SIGNED, "LONG64", "NETCX_WPP_TIME" },
	{ "ItemTimeDelta", WPP_SIGNED, "LONG64", "NETCX_WPP_DELTA" },
	{ "ItemWaitTime", WPP_SIGNED, "LONG64", "NETCX_WPP_DELTA" },
	/* With a list in parentheses. */
	{ "ItemListLong", WPP_UNSIGNED, "LONG", "NETCX_WPP_LIST" },
	{ "ItemListShort", WPP_UNSIGNED, "SHORT", "NETCX_WPP_LIST" },
	{ "ItemListByte", WPP_UNSIGNED, "UCHAR", "NETCX_WPP_LIST" },
	{ "ItemSetLong", WPP_UNSIGNED, "LONG", "NETCX_WPP_SET" },
	{ "ItemSetShort", WPP_UNSIGNED, "SHORT", "NETCX_WPP_SET" },
	{ "ItemSetByte", WPP_UNSIGNED, "UCHAR", "NETCX_WPP_SET" },
	/* With an enumeration's name in them. */
	{ "ItemEnum", WPP_ENUM, "LONG64", "NETCX_WPP_ENUM" },
	{ "ItemFlagsEnum", WPP_ENUM, "LONG64", "NETCX_WPP_ENUM" },
};

static struct wpp_type make(const struct known *k)
{
	return (struct wpp_type){ .way = k->way,
				  .slots = 1,
				  .c_type = string_copy(k->c_type),
				  .kind = string_copy(k->kind) };
}

void wpp_add_default_types(struct wpp_config *config)
{
	for (size_t i = 0; i < ARRAY_COUNT(named); i++) {
		struct wpp_type type = make(&named[i]);

		type.name = string_copy(named[i].name);
		wpp_config_add_type(config, type);
	}
}

static bool wants_list(const struct known *k)
{
	return k->way == WPP_ENUM || strstr(k->kind, "LIST") || strstr(k->kind, "SET");
}

/* What an item's values are: of a list numbers, of a set bits. */
struct span {
	long least, most;
};

static struct span span_of(const struct known *k)
{
	const long bits = !strcmp(k->c_type, "UCHAR") ? 8 : !strcmp(k->c_type, "SHORT") ? 16 : 32;

	if (strstr(k->kind, "SET"))
		return (struct span){ 0, bits - 1 };
	if (bits == 8)
		return (struct span){ 0, UCHAR_MAX };
	return (struct span){ -(1L << (bits - 1)), (1L << bits) - 1 };
}

/* A LONG of 0xffffffff is -1 when it comes to be shown. */
static long as_shown(const struct span *span, long number)
{
	return span->least < 0 && number > span->most / 2 ? number - span->most - 1 : number;
}

/* Return: false: NAME=NUMBER is expected. */
static bool read_name(const char *text, char **name, long *number)
{
	const char *is = strchr(text, '=');
	size_t length = is ? (size_t)(is - text) : strlen(text);
	char *end = "", *bare = string_copy_n(text, length);

	*name = string_trim(bare);
	free(bare);
	if (is)
		*number = strtol(is + 1 + (is[1] == '('), &end, 0);
	return **name && !isdigit((unsigned char)**name) && (*end == '\0' || *end == ')');
}

/* "Low=1, High" as the run time reads it: each name with its number, "1Low,2High". */
static char *number_names(const struct known *k, const struct strings *names, char **error)
{
	const struct span span = span_of(k);
	struct buffer list = { 0 };
	long next = 0;

	for (size_t i = 0; i < names->count; i++) {
		char *name;

		if (!read_name(names->at[i], &name, &next))
			*error =
				string_format("'%s' in its list: a name or NAME=NUMBER is expected",
					      names->at[i]);
		else if (next < span.least || next > span.most)
			*error = string_format("'%s' in its list is %ld: %s takes %ld to %ld",
					       names->at[i], next, k->name, span.least, span.most);
		else
			buffer_add_format(&list, "%s%ld%s", i ? "," : "", as_shown(&span, next++),
					  name);
		free(name);
		if (*error)
			break;
	}
	return buffer_take(&list);
}

static bool read_list(struct wpp_type *type, const struct known *k, const char *list, char **error)
{
	struct strings names = { 0 };

	if (!wpp_split(&names, list) || names.count == 0)
		*error = string_format("%s wants %s behind it in parentheses", k->name,
				       k->way == WPP_ENUM ? "an enumeration's name" : "names");
	else if (k->way == WPP_ENUM)
		type->list = string_copy(names.at[0]);
	else
		type->list = number_names(k, &names, error);
	strings_free(&names);
	return !*error;
}

bool wpp_item_type(struct wpp_type *type, const char *item, char **error)
{
	size_t length = strcspn(item, " \t\r\n(");

	*error = NULL;
	for (size_t i = 0; i < ARRAY_COUNT(items); i++) {
		const struct known *k = &items[i];

		if (strlen(k->name) != length || strncmp(k->name, item, length) != 0)
			continue;
		*type = make(k);
		if (wants_list(k) && !read_list(type, k, item + length, error)) {
			wpp_type_free(type);
			return false;
		}
		return true;
	}
	*error =
		string_format("'%.*s' is no item that is known: ItemListLong(a, b), ItemSetLong(a, "
			      "b), ItemEnum(NAME), ItemNTSTATUS, ItemHEXDump ...",
			      (int)length, item);
	return false;
}

void wpp_type_free(struct wpp_type *type)
{
	free(type->name);
	free(type->c_type);
	free(type->kind);
	free(type->list);
	free(type->macro);
	*type = (struct wpp_type){ 0 };
}
