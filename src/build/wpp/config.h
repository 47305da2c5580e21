/* SPDX-License-Identifier: MIT */
/*
 * What WPP is told about a driver's trace calls: functions, prefixes, types. From "begin_wpp
 * config" blocks in comments, from configuration files and from the project. Source: "WPP Software
 * Tracing" in Microsoft's documentation.
 */
#ifndef BUILD_WPP_CONFIG_H
#define BUILD_WPP_CONFIG_H

#include "build/strings.h"

/* Where a call's parentheses stand once more: Trace((LEVEL, MSG, ...)), Trace(LEVEL, (MSG, ...)).
 */
enum wpp_nesting { WPP_FLAT, WPP_ALL_NESTED, WPP_MESSAGE_NESTED };

/* Text that goes before or behind a function's messages, with values of its own. */
struct wpp_affix {
	char *format; /* as in the source, without quotes; NULL: none */
	struct strings values;
};

/* FUNC Name{LEVEL=...}(FLAGS, MSG, ...): a function that traces. */
struct wpp_function {
	char *name;
	struct strings fixed, fixed_values; /* conditions that are decided by the name */
	struct strings parameters;          /* as the call gives them; "MSG" may be among them */
	bool more;                          /* it ends with "..." */
	enum wpp_nesting nesting;
	struct wpp_affix prefix, suffix;
	char *place; /* file:line, for messages */
};

/* How a value is handed over. */
enum wpp_way {
	WPP_SIGNED,   /* a number, sign-extended */
	WPP_UNSIGNED, /* a number */
	WPP_REAL,     /* a double */
	WPP_ADDRESS,  /* where it is */
	WPP_ENUM,     /* a number whose name is looked up where it is traced */
	WPP_MACRO,    /* by a macro of the driver's, as WPP_LOGPAIR()s */
	WPP_TEXT,     /* nothing: the place of the call has it */
};

/* A type that %!NAME! may name. */
struct wpp_type {
	char *name;
	enum wpp_way way;
	char *c_type;   /* of the argument */
	char *kind;     /* NETCX_WPP_xxx, how it is shown; what WPP_TEXT is: FILE, LINE ... */
	char *list;     /* names, or the enumeration's own; NULL: none */
	char *macro;    /* of WPP_MACRO */
	unsigned slots; /* WPP_LOGPAIR()s of it */
};

struct wpp_config {
	struct wpp_function *functions;
	size_t function_count;
	struct wpp_type *types;
	size_t type_count;
	struct strings defines; /* "NAME(x) body", from WPP_FLAGS */
	struct strings errors;  /* whole sentences with file and line */
};

/* wpp_config_init() - with what WPP knows by itself: DoTraceMessage and the documented types */
void wpp_config_init(struct wpp_config *config);
void wpp_config_free(struct wpp_config *config);

/*
 * wpp_config_scan() - the blocks in a source's comments
 * @file: for messages
 */
void wpp_config_scan(struct wpp_config *config, const char *file, const char *text);

/* wpp_config_read() - a whole text of statements: a configuration file. @line: its first */
void wpp_config_read(struct wpp_config *config, const char *file, unsigned line, const char *text);

/* wpp_config_function() - one by its declaration, "TraceEvents(LEVEL,FLAGS,MSG,...)", from @place
 */
void wpp_config_function(struct wpp_config *config, const char *place, const char *declaration);

/* wpp_config_find() - a function by its name, or NULL. */
struct wpp_function *wpp_config_find(const struct wpp_config *config, const char *name);

/* wpp_config_type() - by its name between the marks, or NULL. */
const struct wpp_type *wpp_config_type(const struct wpp_config *config, const char *name);

/* wpp_config_add_type() - takes the texts over; one of the same name is replaced. */
void wpp_config_add_type(struct wpp_config *config, struct wpp_type type);

/* wpp_add_default_types() - those of the documentation. */
void wpp_add_default_types(struct wpp_config *config);

/*
 * wpp_item_type() - a type by the item that shows it: ItemListLong(a, b), ItemNTSTATUS
 * @error: on failure what is wrong, the caller's
 * Return: whether it is known; type->name is not set.
 */
bool wpp_item_type(struct wpp_type *type, const char *item, char **error);

void wpp_type_free(struct wpp_type *type);

#endif
