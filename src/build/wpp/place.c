/* SPDX-License-Identifier: MIT */
#include "build/wpp/place.h"

#include <string.h>

bool wpp_condition(const struct wpp_call *call, size_t n, struct wpp_condition *c)
{
	const struct wpp_function *f = call->function;

	if (n < f->fixed.count) {
		*c = (struct wpp_condition){ f->fixed.at[n], f->fixed_values.at[n],
					     f->fixed_values.at[n] };
		return true;
	}
	n -= f->fixed.count;
	for (size_t i = 0; i < f->parameters.count; i++) {
		if (strcmp(f->parameters.at[i], "MSG") == 0 || n-- > 0)
			continue;
		*c = (struct wpp_condition){ f->parameters.at[i], f->parameters.at[i],
					     call->parameters.at[i] };
		return true;
	}
	return false;
}

static bool find(const struct wpp_call *call, const char *word, struct wpp_condition *c)
{
	for (size_t i = 0; wpp_condition(call, i, c); i++) {
		if (strstr(c->name, word))
			return true;
	}
	return false;
}

/* Its only condition that says either is a LEVEL, and has flags. */
static bool has_flags_as_level(const struct wpp_call *call)
{
	struct wpp_condition c;

	return !find(call, "FLAG", &c) && find(call, "LEVEL", &c) &&
	       strncmp(c.value, "TRACE_LEVEL_", 12) != 0;
}

bool wpp_level(const struct wpp_call *call, struct wpp_condition *c)
{
	return !has_flags_as_level(call) && (find(call, "LEVEL", c) || find(call, "LVL", c));
}

bool wpp_flags(const struct wpp_call *call, struct wpp_condition *c)
{
	return has_flags_as_level(call) ? find(call, "LEVEL", c) : find(call, "FLAG", c);
}

struct wpp_place wpp_place_of(const struct wpp_call *call, const char *file)
{
	struct wpp_condition level, flags;
	bool has_level = wpp_level(call, &level), has_flags = wpp_flags(call, &flags);

	return (struct wpp_place){ .file = file,
				   .line = call->line,
				   .level = has_level ? level.value : NULL,
				   .flags = has_flags ? flags.value : NULL };
}
