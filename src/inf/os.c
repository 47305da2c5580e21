/* SPDX-License-Identifier: MIT */
#include "inf/os.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"

#define WORKSTATION        1
#define SERVER             3

#define SUITE_TERMINAL     0x010u
#define SUITE_SINGLEUSERTS 0x100u

/*
 * Source: "NetAdapterCx version overview", and for 1.x the kit that each came with. 2.1 is Windows
 * Server 2022's. Decorations of the client product are what a driver's INF has, so the two that
 * only a server had count as their build.
 */
static const struct {
	unsigned major, minor, build;
} versions[] = {
	{ 1, 0, 15063 }, { 1, 1, 16299 }, { 1, 2, 17134 }, { 1, 3, 17763 }, { 2, 0, 19041 },
	{ 2, 1, 20348 }, { 2, 2, 22000 }, { 2, 3, 22621 }, { 2, 4, 25398 }, { 2, 5, 26100 },
};

static const struct {
	const char *name;
	unsigned product, suites;
} products[] = {
	{ "workstation", WORKSTATION, SUITE_SINGLEUSERTS },
	{ "domain-controller", 2, SUITE_TERMINAL | SUITE_SINGLEUSERTS },
	{ "server", SERVER, SUITE_TERMINAL | SUITE_SINGLEUSERTS },
};

struct inf_os inf_os_of_api(unsigned major, unsigned minor)
{
	struct inf_os os = { 10, 0, 17763, WORKSTATION, SUITE_SINGLEUSERTS };

	for (size_t i = 0; i < ARRAY_COUNT(versions); i++) {
		if (versions[i].major < major ||
		    (versions[i].major == major && versions[i].minor <= minor))
			os.build = versions[i].build;
	}
	return os;
}

/* Decimal digits up to @end; *text is behind it then. */
static bool read_number(const char **text, char end, unsigned *number)
{
	unsigned long value;
	char *after;

	if (!isdigit((unsigned char)**text))
		return false;
	value = strtoul(*text, &after, 10);
	if (*after != end || value > 0xFFFFFF)
		return false;
	*number = (unsigned)value;
	*text = after + (end != '\0');
	return true;
}

bool inf_os_parse(const char *text, struct inf_os *os, struct error *error)
{
	const char *product = strchr(text, ','), *at;
	char version[48];
	size_t n = product ? (size_t)(product - text) : strlen(text);

	product = product ? product + 1 : products[0].name;
	if (n < sizeof(version)) {
		memcpy(version, text, n);
		version[n] = '\0';
		at = version;
		for (size_t i = 0; i < ARRAY_COUNT(products); i++) {
			if (strcasecmp(product, products[i].name) != 0)
				continue;
			os->product = products[i].product;
			os->suites = products[i].suites;
			if (read_number(&at, '.', &os->major) && os->major &&
			    read_number(&at, '.', &os->minor) && read_number(&at, '\0', &os->build))
				return true;
		}
	}
	error_set(error,
		  "a version of Windows is expected, such as 10.0.17763 or 10.0.20348,server");
	return false;
}

const char *inf_os_text(const struct inf_os *os, char *text, size_t size)
{
	const char *product = "";

	for (size_t i = 1; i < ARRAY_COUNT(products); i++) {
		if (products[i].product == os->product)
			product = products[i].name;
	}
	snprintf(text, size, "%u.%u.%u%s%s", os->major, os->minor, os->build, *product ? "," : "",
		 product);
	return text;
}

/* The fields of a decoration; what it leaves out is -1. */
struct decoration {
	bool native; /* it names this machine's architecture, not just NT */
	long major, minor, product, suites, build;
};

/* "", decimal or 0x and hexadecimal, up to a dot or the end. */
static bool read_field(const char **text, long *field)
{
	bool hex = (*text)[0] == '0' && ((*text)[1] | 0x20) == 'x';
	char *end;

	*field = -1;
	if (**text != '.' && **text != '\0') {
		if (!isdigit((unsigned char)**text))
			return false;
		*field = strtol(*text, &end, hex ? 16 : 10);
		if ((*end != '.' && *end != '\0') || *field < 0 || *field > 0x7FFFFFFF)
			return false;
		*text = end;
	}
	*text += **text == '.';
	return true;
}

/* NT[architecture][.major[.minor[.product[.suites[.build]]]]]; false: not for this machine. */
static bool read_decoration(const char *text, struct decoration *d)
{
	long *const fields[] = { &d->major, &d->minor, &d->product, &d->suites, &d->build };
	static const char *const native[] = { INF_ARCHITECTURE, "NT$ARCH$" };
	size_t n = strcspn(text, ".");

	d->native = false;
	for (size_t i = 0; i < ARRAY_COUNT(native); i++) {
		if (strlen(native[i]) == n && strncasecmp(text, native[i], n) == 0)
			d->native = true;
	}
	if (!d->native && (n != 2 || strncasecmp(text, "NT", n) != 0))
		return false;
	text += n + (text[n] == '.');
	for (size_t i = 0; i < ARRAY_COUNT(fields); i++) {
		if (!read_field(&text, fields[i]))
			return false;
	}
	return *text == '\0';
}

static bool applies(const struct inf_os *os, const struct decoration *d)
{
	bool same = true; /* version, as far as it is given */

	if (d->major >= 0) {
		if (d->major > os->major)
			return false;
		same = d->major == os->major;
		if (same && d->minor >= 0) {
			if (d->minor > os->minor)
				return false;
			same = d->minor == os->minor;
		}
	}
	/* A build counts within its own version of Windows only. */
	if (same && d->build > (long)os->build)
		return false;
	if (d->product >= 0 && d->product != os->product)
		return false;
	return d->suites < 0 || ((unsigned)d->suites & ~os->suites) == 0;
}

/* Setup looks at the version first: a product or suite decides among equal versions only. */
bool inf_os_rank(const struct inf_os *os, const char *decoration, struct inf_os_rank *rank)
{
	struct decoration d;

	if (!read_decoration(decoration, &d) || !applies(os, &d))
		return false;
	*rank = (struct inf_os_rank){
		{ d.native, (unsigned)(d.major + 1), (unsigned)(d.minor + 1),
		  (unsigned)(d.build + 1), d.product >= 0,
		  d.suites < 0 ? 0 : 1 + (unsigned)__builtin_popcount((unsigned)d.suites) }
	};
	return true;
}

bool inf_os_higher(const struct inf_os_rank *a, const struct inf_os_rank *b)
{
	for (size_t i = 0; i < INF_OS_RANKS; i++) {
		if (a->by[i] != b->by[i])
			return a->by[i] > b->by[i];
	}
	return false;
}
