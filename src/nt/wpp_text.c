/* SPDX-License-Identifier: MIT */
#include "nt/wpp_text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* Values being taken one after the other. */
struct taking {
	struct text out;
	const char *function;
	const struct netcx_wpp_value *at;
	size_t left;
};

#define ONE 600 /* bytes of one value's text */

static void step(struct taking *t, size_t count)
{
	count = count < t->left ? count : t->left;
	t->at += count;
	t->left -= count;
}

/* @form is what the build has made of the message's: its conversion is the argument's. */
#define ADD(t, form, stars, value)                                                \
	do {                                                                      \
		if ((stars)[0] == NO_STAR)                                        \
			text_add(&(t)->out, form, value);                         \
		else if ((stars)[1] == NO_STAR)                                   \
			text_add(&(t)->out, form, (stars)[0], value);             \
		else                                                              \
			text_add(&(t)->out, form, (stars)[0], (stars)[1], value); \
	} while (0)

#define NO_STAR      (-0x7fffffff - 1)
#define MOST_COLUMNS 512 /* that a width or precision asks for */

static int star(const struct netcx_wpp_value *value)
{
	int n = (int)value->number;

	return n > MOST_COLUMNS ? MOST_COLUMNS : n < -MOST_COLUMNS ? -MOST_COLUMNS : n;
}

/* A number, also one that a driver's macro has given by its address. */
static ULONG64 number_of(const struct netcx_wpp_value *v)
{
	ULONG64 number = 0;

	if (!v->data)
		return v->number;
	memcpy(&number, (const void *)v->data, v->size < sizeof(number) ? v->size : sizeof(number));
	return number;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-security"

static void add_number(struct taking *t, const struct netcx_wpp_piece *p, const int *stars)
{
	long long number = (long long)number_of(t->at);

	ADD(t, p->form, stars, number);
}

static void add_real(struct taking *t, const struct netcx_wpp_piece *p, const int *stars)
{
	ULONG64 bits = number_of(t->at);
	double real;

	const char *form = p->form ? p->form : "%g";

	memcpy(&real, &bits, sizeof(real));
	ADD(t, form, stars, real);
}

/* No more of a text is read than is shown: "%.*s" is for one that has no end. */
static struct netcx_wpp_value limited(const struct taking *t, const struct netcx_wpp_piece *p,
				      const int *stars)
{
	struct netcx_wpp_value v = *t->at;
	const char *dot = p->form ? strchr(p->form, '.') : NULL;
	int most = -1;

	if (!dot || v.size || (p->kind != NETCX_WPP_STRING && p->kind != NETCX_WPP_WIDE_STRING))
		return v;
	if (dot[1] != '*')
		most = (int)strtol(dot + 1, NULL, 10);
	else
		most = stars[1] != NO_STAR ? stars[1] : stars[0];
	if (most == 0)
		v.data = "\0";
	else if (most > 0)
		v.size = p->kind == NETCX_WPP_STRING ? (SIZE_T)most : (SIZE_T)most * sizeof(WCHAR);
	return v;
}

static void add_other(struct taking *t, const struct netcx_wpp_piece *p, const int *stars)
{
	bool list = p->kind == NETCX_WPP_LIST || p->kind == NETCX_WPP_SET;
	const char *form = list || !p->form ? "%s" : p->form;
	struct netcx_wpp_value first = limited(t, p, stars);
	char one[ONE];

	if (p->slots > 1)
		wpp_value_text(one, sizeof(one), p, t->at, t->left);
	else
		wpp_value_text(one, sizeof(one), p, &first, 1);
	ADD(t, form, stars, one);
}

#pragma GCC diagnostic pop

static void add_value(struct taking *t, const struct netcx_wpp_piece *p)
{
	int stars[2] = { NO_STAR, NO_STAR };

	for (ULONG i = 0; i < p->stars && i < 2 && t->left; i++) {
		stars[i] = star(t->at);
		step(t, 1);
	}
	if (t->left == 0)
		return;
	if (p->kind == NETCX_WPP_NUMBER)
		add_number(t, p, stars);
	else if (p->kind == NETCX_WPP_REAL)
		add_real(t, p, stars);
	else
		add_other(t, p, stars);
	step(t, p->slots);
}

void wpp_text(char *text, size_t room, const struct netcx_wpp_site *site, const char *function,
	      const struct netcx_wpp_value *values, size_t count)
{
	struct taking t = {
		.out = text_in(text, room), .function = function, .at = values, .left = count
	};

	for (ULONG i = 0; i < site->count; i++) {
		const struct netcx_wpp_piece *p = &site->pieces[i];

		text_add(&t.out, "%s", p->text);
		if (p->kind == NETCX_WPP_FUNCTION)
			text_add(&t.out, "%s", function);
		else if (p->kind != NETCX_WPP_NOTHING)
			add_value(&t, p);
	}
	/* Messages often end with a newline; an event is a line. */
	while (t.out.length && text[t.out.length - 1] == '\n')
		text[--t.out.length] = '\0';
}
