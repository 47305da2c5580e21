/* SPDX-License-Identifier: MIT */
/*
 * Format: printf's as Microsoft's run time has it (%I64x, %ws, %wZ), and WPP's %!NAME!, where NAME
 * is a type or again printf's: %!s!, %04!x!.
 */
#include "build/wpp/format.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

/* One value being read, from the percent sign on. */
struct spec {
	const char *from, *end; /* the whole of it, for messages */
	const char *flags;      /* flags, width and precision ... */
	size_t flags_length;
	char size[4]; /* "", "hh", "h", "l", "ll", "I", "w" */
	char conversion;
	unsigned stars;
};

void wpp_quote(struct buffer *to, const char *text)
{
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			buffer_add(to, "\\");
		buffer_add_n(to, *text == '\n' ? " " : text, 1);
	}
}

static struct wpp_piece *add_piece(struct wpp_message *m)
{
	struct wpp_piece *piece;

	m->pieces = array_resize(m->pieces, m->count + 1, sizeof(*m->pieces));
	piece = &m->pieces[m->count++];
	*piece = (struct wpp_piece){ .text = buffer_take(&m->text) };
	return piece;
}

void wpp_format_end(struct wpp_message *m)
{
	if (m->text.length || m->count == 0)
		add_piece(m);
}

void wpp_message_free(struct wpp_message *m)
{
	for (size_t i = 0; i < m->count; i++) {
		struct wpp_piece *p = &m->pieces[i];

		free(p->text);
		free(p->kind);
		free(p->form);
		free(p->c_type);
		free(p->macro);
		free(p->enumeration);
	}
	free(m->pieces);
	buffer_free(&m->text);
	*m = (struct wpp_message){ 0 };
}

/* ---- what is in the place of the value ---- */

static void read_flags(struct spec *s)
{
	const char *at = s->flags;

	at += strspn(at, "-+ #0");
	at += *at == '*' ? 1 : strspn(at, "0123456789");
	if (*at == '.') {
		at++;
		at += *at == '*' ? 1 : strspn(at, "0123456789");
	}
	s->flags_length = (size_t)(at - s->flags);
	for (const char *c = s->flags; c < at; c++)
		s->stars += *c == '*';
	s->end = at;
}

static void read_size(struct spec *s)
{
	static const struct {
		const char *written, *means;
	} sizes[] = {
		{ "I64", "ll" }, { "I32", "" }, { "hh", "hh" }, { "ll", "ll" },
		{ "h", "h" },    { "l", "l" },  { "w", "w" },   { "I", "I" },
		{ "z", "I" },    { "t", "I" },  { "j", "ll" },  { "L", "" },
	};

	for (size_t i = 0; i < ARRAY_COUNT(sizes); i++) {
		size_t length = strlen(sizes[i].written);

		if (strncmp(s->end, sizes[i].written, length) != 0)
			continue;
		strcpy(s->size, sizes[i].means);
		s->end += length;
		return;
	}
}

/* The part of printf's behind the flags: "d", "I64x", "ws" */
static bool read_conversion(struct spec *s)
{
	read_size(s);
	s->conversion = *s->end;
	if (s->conversion == '\0')
		return false;
	s->end++;
	return true;
}

/* ---- what it means ---- */

struct meaning {
	const char *c_type, *kind;
	enum wpp_way way;
};

/* By the size in front: signed and unsigned. */
static struct meaning number(const struct spec *s)
{
	static const struct {
		const char *size, *types[2];
	} types[] = {
		{ "", { "int", "unsigned int" } }, { "hh", { "signed char", "unsigned char" } },
		{ "h", { "SHORT", "USHORT" } },    { "l", { "LONG", "ULONG" } },
		{ "ll", { "LONG64", "ULONG64" } }, { "I", { "LONG_PTR", "ULONG_PTR" } },
	};
	bool is_signed = strchr("di", s->conversion);

	for (size_t i = 0; i < ARRAY_COUNT(types); i++) {
		if (strcmp(types[i].size, s->size) == 0)
			return (struct meaning){ types[i].types[!is_signed], "NETCX_WPP_NUMBER",
						 is_signed ? WPP_SIGNED : WPP_UNSIGNED };
	}
	return (struct meaning){ 0 };
}

/* Capital letters are the other width than the small ones, in a driver's narrow message. */
static struct meaning text(const struct spec *s)
{
	bool wide = s->size[0] == 'w' || strcmp(s->size, "l") == 0 ||
		    (s->size[0] == '\0' && strchr("SC", s->conversion));

	switch (s->conversion) {
	case 'c':
	case 'C':
		return wide ? (struct meaning){ "WCHAR", "NETCX_WPP_WIDE_CHARACTER", WPP_UNSIGNED }
			    : (struct meaning){ "char", "NETCX_WPP_CHARACTER", WPP_UNSIGNED };
	case 's':
	case 'S':
		return wide ? (struct meaning){ "const WCHAR *", "NETCX_WPP_WIDE_STRING",
						WPP_ADDRESS }
			    : (struct meaning){ "const char *", "NETCX_WPP_STRING", WPP_ADDRESS };
	default:
		return wide ? (struct meaning){ "const UNICODE_STRING *",
						"NETCX_WPP_UNICODE_STRING", WPP_ADDRESS }
			    : (struct meaning){ "const STRING *", "NETCX_WPP_ANSI_STRING",
						WPP_ADDRESS };
	}
}

static struct meaning meaning_of(const struct spec *s)
{
	if (strchr("diuoxX", s->conversion))
		return number(s);
	if (strchr("sScCZ", s->conversion))
		return text(s);
	if (strchr("eEfFgGaA", s->conversion))
		return (struct meaning){ "double", "NETCX_WPP_REAL", WPP_REAL };
	if (s->conversion == 'p')
		return (struct meaning){ "const volatile void *", "NETCX_WPP_POINTER",
					 WPP_ADDRESS };
	return (struct meaning){ 0 };
}

/* As the run time hands it to printf: numbers are long long, and all others text. */
static char *form_of(const struct spec *s, const char *kind)
{
	int length = (int)s->flags_length;

	if (strcmp(kind, "NETCX_WPP_NUMBER") == 0)
		return string_format("%%%.*sll%c", length, s->flags, s->conversion);
	if (strcmp(kind, "NETCX_WPP_REAL") == 0)
		return string_format("%%%.*s%c", length, s->flags, s->conversion);
	return string_format("%%%.*ss", length, s->flags);
}

static bool add_value(struct wpp_message *m, const struct spec *s, char **error)
{
	struct meaning meaning = meaning_of(s);
	struct wpp_piece *piece;

	if (!meaning.kind) {
		*error = string_format(
			"'%.*s' is no conversion; there are d i u o x X with h l ll I I64 before, "
			"c s S ws Z wZ p e f g a, and %%!NAME!",
			(int)(s->end - s->from), s->from);
		return false;
	}
	piece = add_piece(m);
	piece->kind = string_copy(meaning.kind);
	piece->c_type = string_copy(meaning.c_type);
	piece->way = meaning.way;
	piece->slots = 1;
	piece->form = form_of(s, meaning.kind);
	piece->stars = s->stars;
	m->values += 1 + s->stars;
	return true;
}

static void add_type(struct wpp_message *m, const struct spec *s, const struct wpp_type *type)
{
	struct wpp_piece *piece = add_piece(m);

	piece->kind = string_copy(type->kind);
	piece->c_type = string_copy(type->c_type);
	piece->macro = string_copy(type->macro);
	piece->way = type->way;
	piece->slots = type->slots;
	if (strstr(type->kind, "ENUM"))
		piece->enumeration = string_copy(type->list);
	if (type->list && !piece->enumeration)
		piece->form = string_copy(type->list);
	else
		piece->form = form_of(s, "");
	piece->stars = s->stars;
	m->values += 1 + s->stars;
}

/* What the place of the call says, and no argument. */
static void add_place(struct wpp_message *m, const struct wpp_place *place, const char *what)
{
	char line[16];

	snprintf(line, sizeof(line), "%u", place->line);
	if (strcmp(what, "FUNC") == 0)
		add_piece(m)->kind = string_copy("NETCX_WPP_FUNCTION");
	else if (strcmp(what, "FILE") == 0)
		wpp_quote(&m->text, place->file);
	else if (strcmp(what, "LINE") == 0)
		wpp_quote(&m->text, line);
	else if (strcmp(what, "LEVEL") == 0)
		wpp_quote(&m->text, place->level ? place->level : "");
	else if (strcmp(what, "FLAGS") == 0)
		wpp_quote(&m->text, place->flags ? place->flags : "");
	else
		wpp_quote(&m->text, what);
}

/* The name between the marks is one of printf's: "x", "I64d" */
static bool add_bare(struct wpp_message *m, struct spec *s, const char *name)
{
	struct spec inner = *s;
	char *ignored = NULL;
	bool ok;

	inner.end = name;
	ok = read_conversion(&inner) && *inner.end == '\0' && add_value(m, &inner, &ignored);
	free(ignored);
	return ok;
}

/* %!NAME! */
static bool add_named(struct wpp_message *m, const struct wpp_config *config,
		      const struct wpp_place *place, struct spec *s, char **error)
{
	const char *from = s->end + 1, *mark = strchr(from, '!');
	const struct wpp_type *type;
	char *name;

	if (!mark) {
		*error = string_format("'%s' has no second '!': %%!NAME! is expected", s->from);
		return false;
	}
	name = string_copy_n(from, (size_t)(mark - from));
	type = wpp_config_type(config, name);
	s->end = mark + 1;
	if (type && type->way == WPP_TEXT)
		add_place(m, place, type->kind);
	else if (type)
		add_type(m, s, type);
	else if (!add_bare(m, s, name))
		*error = string_format(
			"'%.*s' is no type that is known; %%!STATUS!, %%!HRESULT!, %%!GUID!, "
			"%%!bool!, %%!IPADDR! ... are, and CUSTOM_TYPE(%s, ItemListLong(...)) in "
			"a configuration block would make it one",
			(int)(s->end - s->from), s->from, name);
	free(name);
	return !*error;
}

bool wpp_format(struct wpp_message *m, const struct wpp_config *config,
		const struct wpp_place *place, const char *format, char **error)
{
	bool ok = true;

	*error = NULL;
	while (*format && ok) {
		size_t length = strcspn(format, "%");
		struct spec s = { .from = format + length, .flags = format + length + 1 };

		buffer_add_n(&m->text, format, length);
		format += length;
		if (*format == '\0')
			break;
		/* "50%\n" is taken as it is meant. */
		if (format[1] == '%' || format[1] == '\\') {
			buffer_add(&m->text, "%");
			format += format[1] == '%' ? 2 : 1;
			continue;
		}
		read_flags(&s);
		if (*s.end == '!') {
			ok = add_named(m, config, place, &s, error);
		} else if (!read_conversion(&s)) {
			*error = string_format("'%s' ends in the middle of a value; a percent "
					       "sign is written %%%%",
					       s.from);
			ok = false;
		} else {
			ok = add_value(m, &s, error);
		}
		format = s.end;
	}
	return ok;
}
