/* SPDX-License-Identifier: MIT */
/* The shapes of API that this build has. A new one is its folder, and a line here. */
#include <stdio.h>

#include "cx/client.h"

extern const struct cx_client cx13_client;

const struct cx_client *const cx_clients[] = { &cx13_client, NULL };

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
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; cx_clients[i] && used < size; i++) {
		const struct cx_client *c = cx_clients[i];

		used += (size_t)snprintf(text + used, size - used, "%s%u.%u", i ? ", " : "",
					 c->major, c->first_minor);
		if (c->minor != c->first_minor && used < size)
			used += (size_t)snprintf(text + used, size - used, " to %u.%u", c->major,
						 c->minor);
	}
	return text;
}
