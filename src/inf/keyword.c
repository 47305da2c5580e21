/* SPDX-License-Identifier: MIT */
#include "inf/keyword.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

bool keyword_split(const char *text, struct keyword_setting *setting, struct error *error)
{
	const char *equals = strchr(text, '=');
	size_t name = equals ? (size_t)(equals - text) : 0;

	if (!equals || name == 0) {
		error_set(error, "KEYWORD=VALUE is expected, such as '*LsoV2IPv4=0'");
		return false;
	}
	if (name > KEYWORD_MAX_NAME || strlen(equals + 1) > KEYWORD_MAX_VALUE) {
		error_set(error, "a keyword has at most %d characters, its value %d",
			  KEYWORD_MAX_NAME, KEYWORD_MAX_VALUE);
		return false;
	}
	for (const char *c = text; *c; c++) {
		if ((unsigned char)*c < 0x20 || *c == 0x7F) {
			error_set(error, "a control character in it");
			return false;
		}
		if (c < equals && (*c == '\\' || *c == ' ')) {
			error_set(error, "a keyword has no %s in its name",
				  *c == ' ' ? "blank" : "backslash");
			return false;
		}
	}
	memcpy(setting->name, text, name);
	setting->name[name] = '\0';
	memcpy(setting->value, equals + 1, strlen(equals + 1) + 1);
	return true;
}

/* "0 (off), 1 (transmit) or 2" */
static void list_options(const struct keyword *k, struct text *list)
{
	for (unsigned i = 0; i < k->option_count; i++) {
		const char *between = i == 0 ? "" : i + 1 == k->option_count ? " or " : ", ";

		text_add(list, "%s%ld", between, k->options[i].value);
		if (k->options[i].text && k->options[i].text[0])
			text_add(list, " (%s)", k->options[i].text);
	}
}

static bool check_enum(const struct keyword *k, const char *value, struct error *error)
{
	char room[384];
	struct text list = text_in(room, sizeof(room));
	char *end;
	long number;

	errno = 0;
	number = strtol(value, &end, 10);
	if (isdigit((unsigned char)value[0]) && *end == '\0' && errno == 0) {
		for (unsigned i = 0; i < k->option_count; i++) {
			if (k->options[i].value == number)
				return true;
		}
	}
	list_options(k, &list);
	error_set(error, "the keyword takes %s", room);
	return false;
}

static bool check_number(const struct keyword *k, const char *value, struct error *error)
{
	int base = k->base == 16 ? 16 : 10;
	char *end;
	long number;

	errno = 0;
	number = strtol(value, &end, base);
	if (!isxdigit((unsigned char)value[0]) || *end != '\0' || errno || number < k->minimum ||
	    number > k->maximum) {
		error_set(error,
			  base == 16 ? "the keyword takes a hexadecimal number from %lx to %lx"
				     : "the keyword takes a number from %ld to %ld",
			  k->minimum, k->maximum);
		return false;
	}
	if (k->step > 1 && (number - k->minimum) % k->step != 0) {
		error_set(error, "the keyword takes a number from %ld to %ld in steps of %ld",
			  k->minimum, k->maximum, k->step);
		return false;
	}
	return true;
}

static bool check_address(const char *value, struct error *error)
{
	if (strlen(value) == 12 && strspn(value, "0123456789abcdefABCDEF") == 12)
		return true;
	error_set(error, "the keyword takes 12 hexadecimal digits, such as 02AABBCCDDEE");
	return false;
}

bool keyword_check(const struct keyword *keyword, const char *value, struct error *error)
{
	switch (keyword->type) {
	case KEYWORD_ENUM:
		return check_enum(keyword, value, error);
	case KEYWORD_NUMBER:
		return check_number(keyword, value, error);
	case KEYWORD_ADDRESS:
		return check_address(value, error);
	case KEYWORD_TEXT:
		break;
	}
	return true;
}
