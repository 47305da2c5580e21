/* SPDX-License-Identifier: MIT */
#include "build/net_names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "build/lexer.h"
#include "build/path.h"
#include "load/names.h"

/* What is NetAdapterCx's own; parameters and fields have other names. */
static bool is_public(const char *name, size_t length)
{
	static const char *const prefixes[] = { "Net", "NET", "PNET", "EVT_", "PFN_" };

	for (size_t i = 0; i < ARRAY_COUNT(prefixes); i++) {
		size_t prefix = strlen(prefixes[i]);

		if (length > prefix && memcmp(name, prefixes[i], prefix) == 0)
			return true;
	}
	return false;
}

/*
 * 2.1 and later declare them still, and call a driver that uses them wrong: a source that does is
 * one for 2.0.
 */
static bool is_refused(const struct net_version *version, const char *name)
{
	static const char *const refused[] = { "NetAdapterOffloadSetChecksumCapabilities",
					       "NetOffloadIsChecksumIPv4Enabled",
					       "NetOffloadIsChecksumTcpEnabled",
					       "NetOffloadIsChecksumUdpEnabled" };

	for (size_t i = 0; i < ARRAY_COUNT(refused); i++) {
		if (version->version.major == 2 && version->version.minor > 0 &&
		    strcmp(name, refused[i]) == 0)
			return true;
	}
	return false;
}

/* ---- reading ---- */

/* One version's headers being read. */
struct reading {
	struct net_name_set *set;
	const char *folder, *kit; /* absolute */
};

/* "net/gso.h", inside @path; NULL: it is not NetAdapterCx's. */
static const char *own_header(const struct reading *r, const char *path)
{
	size_t length = strlen(r->folder), kit = strlen(r->kit);

	if (strncmp(path, r->folder, length) == 0 && path[length] == '/')
		return path + length + 1;
	if (strncmp(path, r->kit, kit) == 0 && strncmp(path + kit, "/parts/netcx", 12) == 0)
		return path + kit + 1;
	return NULL;
}

static void add_name(struct reading *r, const char *text, size_t length, const char *header)
{
	struct net_name_set *set = r->set;
	char *symbol = string_copy_n(text, length);
	char *name = string_copy(load_public_name(symbol));

	free(symbol);
	if (!is_public(name, strlen(name)) || is_refused(set->version, name)) {
		free(name);
		return;
	}
	set->at = array_resize(set->at, set->count + 1, sizeof(*set->at));
	set->at[set->count] = (struct net_name){ name, string_copy(header), set->count };
	set->count++;
}

/* The file of "# 12 "path" 1", the caller's; NULL: another line. */
static char *line_marker(const char *line, size_t length)
{
	const char *from = memchr(line, '"', length), *to;

	if (length < 4 || line[0] != '#' || line[1] != ' ' || !from)
		return NULL;
	to = memchr(from + 1, '"', length - (size_t)(from + 1 - line));
	return to ? string_copy_n(from + 1, (size_t)(to - from) - 1) : NULL;
}

/* Of "#define NAME ..." the name only: what it stands for is another's. */
static void read_words(struct reading *r, const char *line, size_t length, const char *header)
{
	struct lexer lexer;
	struct token token;
	bool directive = length && *line == '#';

	lexer_begin(&lexer, line, length);
	while (lexer_next(&lexer, &token)) {
		if (token.kind != TOKEN_WORD || (directive && token_is(&token, "define")))
			continue;
		if (directive && token_is(&token, "undef"))
			return;
		add_name(r, token.at, token.length, header);
		if (directive)
			return;
	}
}

/* A part is of the header that brings it, which came last. */
static void read_text(struct reading *r, const char *text)
{
	char *path = NULL, *public = string_copy("netadaptercx.h");

	for (size_t length; *text; text += length + (text[length] == '\n')) {
		const char *header;
		char *next;

		length = strcspn(text, "\n");
		next = line_marker(text, length);
		if (next) {
			free(path);
			path = next;
			continue;
		}
		header = path ? own_header(r, path) : NULL;
		if (header && strncmp(header, "parts/", 6) != 0 && strcmp(header, public) != 0) {
			free(public);
			public = string_copy(header);
		}
		if (header)
			read_words(r, text, length, public);
	}
	free(public);
	free(path);
}

static int by_name(const void *a, const void *b)
{
	const struct net_name *one = a, *other = b;

	int order = strcmp(one->name, other->name);

	return order ? order : one->order < other->order ? -1 : 1;
}

/* Sorted, each once; the first header that had it stays. */
static void sort(struct net_name_set *set)
{
	size_t kept = 0;

	if (set->count == 0)
		return;
	qsort(set->at, set->count, sizeof(*set->at), by_name);
	for (size_t i = 0; i < set->count; i++) {
		if (kept && strcmp(set->at[kept - 1].name, set->at[i].name) == 0) {
			free(set->at[i].name);
			free(set->at[i].header);
		} else {
			set->at[kept++] = set->at[i];
		}
	}
	set->count = kept;
}

/* A source that includes all headers of a version. Return: false: it could not be written. */
static bool write_source(const char *folder, const char *path)
{
	static const char *const patterns[] = { "*.h", "net/*.h", "net/wifi/*.h", "preview/*.h" };
	FILE *file = fopen(path, "we");
	struct strings headers = { 0 };

	if (!file)
		return false;
	fputs("#include <ntddk.h>\n#include <wdf.h>\n#include <netadaptercx.h>\n", file);
	for (size_t i = 0; i < ARRAY_COUNT(patterns); i++)
		path_glob(&headers, folder, patterns[i]);
	for (size_t i = 0; i < headers.count; i++)
		fprintf(file, "#include <%s>\n", headers.at[i] + strlen(folder) + 1);
	strings_free(&headers);
	return fclose(file) == 0;
}

static char *preprocess(const struct compiler *compiler, const struct net_version *version,
			const char *kit, const char *folder, const char *source)
{
	struct strings options = { 0 };
	char *text;

	strings_format(&options, "-DNETADAPTER_VERSION_MAJOR=%u", version->version.major);
	strings_format(&options, "-DNETADAPTER_VERSION_MINOR=%u", version->version.minor);
	strings_format(&options, "-I%s", kit);
	strings_format(&options, "-I%s", folder);
	text = compiler_read_headers(compiler, &options, source);
	strings_free(&options);
	return text;
}

static bool read_version(struct net_name_set *set, const struct compiler *compiler,
			 const char *root, const char *temporary)
{
	char *kit = string_format("%s/wdk", root);
	char *folder = string_format("%s/netadaptercx/%s", root, set->version->folder);
	char *source = string_format("%s/names.c", temporary);
	struct reading r = { .set = set, .folder = folder, .kit = kit };
	char *text = write_source(folder, source)
			     ? preprocess(compiler, set->version, kit, folder, source)
			     : NULL;
	bool ok = text;

	if (ok)
		read_text(&r, text);
	sort(set);
	free(text);
	free(source);
	free(folder);
	free(kit);
	return ok;
}

bool net_names_read(struct net_names *names, const struct compiler *compiler,
		    const char *include_root, const char *temporary)
{
	if (names->sets)
		return true;
	while (net_version_at(names->count))
		names->count++;
	names->sets = array_new(names->count, sizeof(*names->sets));
	for (size_t i = 0; i < names->count; i++) {
		names->sets[i].version = net_version_at(i);
		if (!read_version(&names->sets[i], compiler, include_root, temporary)) {
			net_names_free(names);
			return false;
		}
	}
	return true;
}

void net_names_free(struct net_names *names)
{
	for (size_t i = 0; i < names->count; i++) {
		for (size_t j = 0; j < names->sets[i].count; j++) {
			free(names->sets[i].at[j].name);
			free(names->sets[i].at[j].header);
		}
		free(names->sets[i].at);
	}
	free(names->sets);
	*names = (struct net_names){ 0 };
}

/* ---- asking ---- */

static const char *header_in(const struct net_name_set *set, const char *name, size_t length)
{
	size_t low = 0, high = set->count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = strncmp(set->at[middle].name, name, length);

		if (order == 0 && set->at[middle].name[length] == '\0')
			return set->at[middle].header;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

const char *net_names_header(const struct net_names *names, const struct net_version *version,
			     const char *name, size_t length)
{
	for (size_t i = 0; i < names->count; i++) {
		if (names->sets[i].version == version)
			return header_in(&names->sets[i], name, length);
	}
	return NULL;
}

char *net_names_where(const struct net_names *names, const struct net_version *version,
		      const char *name)
{
	size_t length = strlen(name);
	const char *header = net_names_header(names, version, name, length);
	struct buffer text = { 0 };

	if (header)
		return string_format("declared in %s, which has to be included", header);
	for (size_t i = 0; i < names->count; i++) {
		const struct version *v = &names->sets[i].version->version;

		header = header_in(&names->sets[i], name, length);
		if (header)
			buffer_add_format(&text, "%s%u.%u%s",
					  text.length ? ", " : "of NetAdapterCx ", v->major,
					  v->minor,
					  strncmp(header, "preview/", 8) == 0 ? " (preview)" : "");
	}
	return text.length ? buffer_take(&text) : NULL;
}

/* ---- choosing ---- */

/* The sources being looked through. */
struct search {
	const struct net_names *names;
	const struct project *project;
	struct strings read; /* files */
	bool *fits;          /* of each version */
	char **first;        /* of each version: what it has not, and where; the search's */
};

static void note_name(struct search *s, const struct token *token, const char *file)
{
	const struct net_names *names = s->names;
	bool known = false;

	if (!is_public(token->at, token->length))
		return;
	for (size_t i = 0; i < names->count && !known; i++)
		known = header_in(&names->sets[i], token->at, token->length);
	for (size_t i = 0; i < names->count && known; i++) {
		if (header_in(&names->sets[i], token->at, token->length))
			continue;
		s->fits[i] = false;
		if (!s->first[i])
			s->first[i] = string_format("%.*s (%s:%u)", (int)token->length, token->at,
						    path_name(file), token->line);
	}
}

static void read_file(struct search *s, const struct source *source, const char *path);

/* The text between the marks of an #include whose '"' or '<' is at @token. */
static void read_include(struct search *s, const struct source *source, const char *file,
			 const struct token *token, const char *end)
{
	size_t length = (size_t)(end - token->at);
	const char *close = memchr(token->at + 1, *token->at == '<' ? '>' : '"', length - 1);
	char *name, *folder = path_folder(file), *found;

	name = close ? string_copy_n(token->at + 1, (size_t)(close - token->at) - 1)
		     : string_copy("");
	found = path_find(folder, name);
	for (size_t i = 0; i < source->include_folders.count && !found; i++)
		found = path_find(source->include_folders.at[i], name);
	if (found && path_is_file(found))
		read_file(s, source, found);
	free(found);
	free(folder);
	free(name);
}

static void read_file(struct search *s, const struct source *source, const char *path)
{
	const char *why;
	char *text;
	struct lexer lexer;
	struct token token, last = { 0 };
	bool directive = false;

	if (strings_has(&s->read, path))
		return;
	strings_copy(&s->read, path);
	text = path_read_text("", path, &why);
	if (!text)
		return;
	lexer_begin(&lexer, text, strlen(text));
	for (; lexer_next(&lexer, &token); last = token) {
		if (token.starts_line)
			directive = token_is(&token, "#");
		if (directive && token_is(&last, "include") &&
		    (*token.at == '"' || *token.at == '<'))
			read_include(s, source, path, &token, lexer.end);
		else if (token.kind == TOKEN_WORD)
			note_name(s, &token, path);
	}
	free(text);
}

static void leave_out_below_minimum(struct search *s)
{
	unsigned minimum = s->project->net_minimum;

	for (size_t i = 0; i < s->names->count && minimum; i++) {
		const struct version *v = &s->names->sets[i].version->version;

		if (v->major < 2 || v->minor < minimum)
			s->fits[i] = false;
	}
}

const struct net_version *net_names_choose(const struct net_names *names,
					   const struct project *project, char **why)
{
	struct search s = { .names = names, .project = project };
	size_t newest = names->count - 1, best = newest;

	if (project->user_mode) {
		*why = string_copy("the first with user-mode drivers is taken");
		return net_version_newest();
	}
	s.fits = array_new(names->count, sizeof(*s.fits));
	s.first = array_new(names->count, sizeof(*s.first));
	for (size_t i = 0; i < names->count; i++)
		s.fits[i] = true;
	for (size_t i = 0; i < project->source_count; i++)
		read_file(&s, &project->sources[i], project->sources[i].path);
	leave_out_below_minimum(&s);
	while (best > 0 && !s.fits[best])
		best--;
	best = s.fits[best] ? best : newest;
	if (best == newest)
		*why = string_copy(
			"the newest is taken (NETADAPTER_VERSION_MAJOR and NETADAPTER_VERSION_MINOR)");
	else
		*why = string_format("%s is not in %u.%u",
				     s.first[best + 1] ? s.first[best + 1] : "what is asked for",
				     names->sets[best + 1].version->version.major,
				     names->sets[best + 1].version->version.minor);
	for (size_t i = 0; i < names->count; i++)
		free(s.first[i]);
	free(s.first);
	free(s.fits);
	strings_free(&s.read);
	return names->sets[best].version;
}
