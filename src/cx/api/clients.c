/* SPDX-License-Identifier: MIT */
/* The shapes of API that this build has. A new one is its folder, and a line here. */
#include <stdio.h>

#include "base/text.h"
#include "cx/client.h"

extern const struct cx_client cx13_client, cx2_client;

const struct cx_client *const cx_clients[] = { &cx13_client, &cx2_client, NULL };

const struct cx_client *cx_client_find(unsigned major, unsigned minor)
{
	for (size_t i = 0; cx_clients[i]; i++) {
		const struct cx_client *c = cx_clients[i];

		if (c->major == major && c->first_minor <= minor && minor <= c->minor)
			return c;
	}
	return NULL;
}

const char *cx_client_versions(char *text, size_t size)
{
	struct text versions = text_in(text, size);

	for (size_t i = 0; cx_clients[i]; i++) {
		const struct cx_client *c = cx_clients[i];

		text_add(&versions, "%s%u.%u", i ? ", " : "", c->major, c->first_minor);
		if (c->minor != c->first_minor)
			text_add(&versions, " to %u.%u", c->major, c->minor);
	}
	return text;
}
