/* SPDX-License-Identifier: MIT */
/* Source: RFC 8259 section 7 (strings). */
#include "control/json_line.h"

#include <stdio.h>
#include <string.h>

#include "base/utf.h"

/* Kept free for `,"cut":true}` and newline. */
#define TAIL 16

void json_line_begin(struct json_line *j, char *text, size_t size)
{
	*j = (struct json_line){ .text = text, .size = size };
	text[j->length++] = '{';
}

static bool put(struct json_line *j, const char *bytes, size_t length)
{
	if (length > j->size - TAIL - j->length)
		return false;
	memcpy(j->text + j->length, bytes, length);
	j->length += length;
	return true;
}

static bool put_string(struct json_line *j, const char *value)
{
	const unsigned char *p = (const unsigned char *)value;
	bool ok = put(j, "\"", 1);

	while (ok && *p) {
		size_t n = utf8_sequence(p, UTF8_MOST);
		char escape[8];

		if (n == 0) {
			ok = put(j, "\\ufffd", 6);
			n = 1;
		} else if (*p == '"' || *p == '\\') {
			escape[0] = '\\';
			escape[1] = (char)*p;
			ok = put(j, escape, 2);
		} else if (*p == '\n') {
			ok = put(j, "\\n", 2);
		} else if (*p < 0x20) {
			snprintf(escape, sizeof(escape), "\\u%04x", *p);
			ok = put(j, escape, 6);
		} else {
			ok = put(j, (const char *)p, n);
		}
		p += n;
	}
	return ok && put(j, "\"", 1);
}

static bool put_name(struct json_line *j, const char *name)
{
	return (j->length == 1 || put(j, ",", 1)) && put_string(j, name) && put(j, ":", 1);
}

/* A member that does not fit is taken back; texts are shortened instead where possible. */
static void finish(struct json_line *j, size_t start, bool ok)
{
	if (!ok) {
		j->length = start;
		j->cut = true;
	}
}

void json_line_text(struct json_line *j, const char *name, const char *value)
{
	size_t start = j->length, room;
	char shorter[512];

	if (put_name(j, name) && put_string(j, value))
		return;
	j->length = start;
	j->cut = true;
	/* An escape takes up to 6 bytes for one; cut so that it must fit. */
	room = j->size - TAIL - j->length;
	room = room > strlen(name) * 6 + 16 ? (room - strlen(name) * 6 - 16) / 6 : 0;
	if (room > sizeof(shorter) - 1)
		room = sizeof(shorter) - 1;
	if (room > strlen(value))
		room = strlen(value);
	memcpy(shorter, value, room);
	shorter[room] = '\0';
	finish(j, start, put_name(j, name) && put_string(j, shorter));
}

static void put_plain(struct json_line *j, const char *name, const char *value)
{
	size_t start = j->length;

	finish(j, start, put_name(j, name) && put(j, value, strlen(value)));
}

void json_line_uint(struct json_line *j, const char *name, uint64_t value)
{
	char text[32];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)value);
	put_plain(j, name, text);
}

void json_line_bool(struct json_line *j, const char *name, bool value)
{
	put_plain(j, name, value ? "true" : "false");
}

void json_line_ms(struct json_line *j, const char *name, uint64_t ns)
{
	char text[48];

	snprintf(text, sizeof(text), "%llu.%03llu", (unsigned long long)(ns / 1000000),
		 (unsigned long long)(ns / 1000 % 1000));
	put_plain(j, name, text);
}

size_t json_line_end(struct json_line *j)
{
	if (j->cut) {
		memcpy(j->text + j->length, ",\"cut\":true", 11);
		j->length += 11;
	}
	memcpy(j->text + j->length, "}\n", 3);
	j->length += 2;
	return j->length;
}
