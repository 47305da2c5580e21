/* SPDX-License-Identifier: MIT */
/* An INF file as a whole: read into memory, its sections found. */
#include "inf/inf.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "inf/os.h"
#include "inf/private.h"
#include "inf/text.h"

struct chunk {
	struct chunk *next;
	_Alignas(max_align_t) char data[];
};

void *inf_alloc(struct inf *inf, size_t size)
{
	size_t room = size > 16384 ? size : 16384;
	struct chunk *chunk;
	void *memory;

	size = (size + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
	if (!inf->chunks || inf->room - inf->used < size) {
		room = size > room ? size : room;
		chunk = calloc(1, sizeof(*chunk) + room);
		if (!chunk)
			return NULL;
		chunk->next = inf->chunks;
		inf->chunks = chunk;
		inf->room = room;
		inf->used = 0;
	}
	memory = inf->chunks->data + inf->used;
	inf->used += size;
	return memory;
}

bool inf_fail(struct inf_error *error, const struct inf_entry *entry, const char *format, ...)
{
	va_list list;

	*error = (struct inf_error){ 0 };
	if (entry) {
		error->line = entry->line;
		error->column = entry->column;
	}
	va_start(list, format);
	vsnprintf(error->text, sizeof(error->text), format, list);
	va_end(list);
	return false;
}

/*
 * The folder of the driver store that setup copies the file and its driver to: the file's name,
 * the architecture, and a number made from what is in it.
 */
static bool name_package(struct inf *inf, const char *name, const void *bytes, size_t size)
{
	static const char store[] = "C:\\Windows\\System32\\DriverStore\\FileRepository\\";
	uint64_t hash = 0xCBF29CE484222325u; /* FNV-1a */
	size_t room = sizeof(store) + strlen(name) + 32;
	char *package = inf_alloc(inf, room);

	if (!package)
		return false;
	for (size_t i = 0; i < size; i++)
		hash = (hash ^ ((const unsigned char *)bytes)[i]) * 0x100000001B3u;
	snprintf(package, room, "%s%s_%s_%016llx", store, name, &INF_ARCHITECTURE[2],
		 (unsigned long long)hash);
	inf->package = package;
	return true;
}

static bool parse(struct inf *inf, const char *text, size_t length, struct inf_error *error)
{
	struct scan *s = calloc(1, sizeof(*s));
	bool ok;

	if (!s)
		return inf_fail(error, NULL, "out of memory");
	*s = (struct scan){
		.inf = inf, .error = error, .p = text, .end = text + length, .line = 1, .column = 1
	};
	ok = scan_all(s) && scan_expand(s);
	free(s);
	return ok;
}

static struct inf *parse_named(const char *name, const void *bytes, size_t size, unsigned code_page,
			       struct inf_error *error)
{
	size_t length;
	char *text = inf_decode(bytes, size, code_page, &length, error);
	struct inf *inf = text ? calloc(1, sizeof(*inf)) : NULL;
	bool ok = false;

	if (inf) {
		inf->tail = &inf->sections;
		inf->crlf_utf16 = inf_is_crlf_utf16(bytes, size);
		inf->bare_utf8 = code_page != CODE_PAGE_UTF8 && inf_is_bare_utf8(bytes, size);
		ok = name_package(inf, name, bytes, size);
	}
	if (text && !ok)
		inf_fail(error, NULL, "out of memory");
	ok = ok && parse(inf, text, length, error);
	free(text);
	if (ok)
		return inf;
	inf_free(inf);
	return NULL;
}

struct inf *inf_parse(const void *bytes, size_t size, struct inf_error *error)
{
	return parse_named("driver.inf", bytes, size, 0, error);
}

struct inf *inf_open(const char *path, unsigned code_page, struct inf_error *error)
{
	FILE *file = file_open_regular(path);
	const char *slash = strrchr(path, '/');
	struct inf *inf = NULL;
	size_t size;
	char *bytes;

	if (!file) {
		inf_fail(error, NULL, "%s", file_error(errno));
		return NULL;
	}
	bytes = malloc(INF_MAX_FILE + 1);
	if (!bytes) {
		inf_fail(error, NULL, "out of memory");
		fclose(file);
		return NULL;
	}
	size = fread(bytes, 1, INF_MAX_FILE + 1, file);
	if (ferror(file))
		inf_fail(error, NULL, "%s", strerror(errno));
	else
		inf = parse_named(slash ? slash + 1 : path, bytes, size, code_page, error);
	free(bytes);
	fclose(file);
	return inf;
}

void inf_free(struct inf *inf)
{
	if (!inf)
		return;
	while (inf->chunks) {
		struct chunk *chunk = inf->chunks;

		inf->chunks = chunk->next;
		free(chunk);
	}
	free(inf);
}

const struct inf_section *inf_section(const struct inf *inf, const char *name)
{
	for (const struct inf_section *section = inf->sections; section; section = section->next) {
		if (strcasecmp(section->name, name) == 0)
			return section;
	}
	return NULL;
}

const char *inf_value(const struct inf_entry *entry, unsigned index)
{
	return index < entry->count ? entry->values[index] : "";
}

const char *inf_driver_version(const struct inf *inf)
{
	const struct inf_section *version = inf_section(inf, "Version");

	/* DriverVer = month/day/year, version */
	for (const struct inf_entry *e = version ? version->entries : NULL; e; e = e->next) {
		if (e->key && strcasecmp(e->key, "DriverVer") == 0)
			return inf_value(e, 1);
	}
	return "";
}
