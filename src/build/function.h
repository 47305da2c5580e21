/* SPDX-License-Identifier: MIT */
/*
 * MSBuild's property functions: $(Name.Replace('a', 'b')), $(Name[0]), $([MSBuild]::Add(1, 2)).
 * function.c reads them; what they do is in tables, one for each kind of receiver. Source:
 * "Property functions" in MSBuild's documentation, and its published sources where that is silent:
 * arguments are unescaped, a text that comes out is escaped again.
 */
#ifndef BUILD_FUNCTION_H
#define BUILD_FUNCTION_H

#include "build/properties.h"
#include "build/value.h"

/* One call. The arguments' texts are always there, "" for null, whatever their kind. */
struct call {
	const struct scope *scope;
	const struct value *self; /* NULL: static */
	const struct value *arguments;
	size_t count;
	struct value result;
	char *error; /* on failure what is wrong */
};

struct function {
	const char *name; /* without letter case, as MSBuild looks them up */
	unsigned least, most;
	void (*run)(struct call *call);
};

/* Ends with a function without a name. */
struct function_table {
	const char *type; /* "System.IO.Path" */
	const struct function *functions;
};

/* function_find() - by its name; NULL: @table has none, or is NULL. */
const struct function *function_find(const struct function *table, const char *name);

/* function_call() - @call's result, or its error with the function's name; both the caller's. */
void function_call(const struct function *function, struct call *call);

/* What a value can be asked, by its kind; NULL: nothing. */
const struct function *functions_of_kind(enum value_kind kind);

/* The static functions of a type; NULL: no such type is known. */
const struct function *functions_of_type(const char *type);

/* Functions that are there under several types. */
void function_yes(struct call *call);
void function_no(struct call *call);
void function_is_windows(struct call *call);
void function_file_exists(struct call *call);
void function_folder_exists(struct call *call);

extern const struct function text_functions[], list_functions[], version_functions[],
	number_functions[], boolean_functions[];
extern const struct function intrinsic_functions[], static_text_functions[], path_functions[],
	file_functions[], folder_functions[], environment_functions[], convert_functions[],
	static_version_functions[], static_number_functions[], math_functions[], char_functions[],
	runtime_functions[], platform_functions[], system_functions[];

#define ANY_NUMBER 64 /* of arguments, for what takes a list of them */
#define LONGEST    (1024 * 1024)

/* call_fail() - the first failure stays. */
void call_fail(struct call *call, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* An argument's text, "" when it was not given; as a number: 0 and a failure when it is none. */
const char *call_text(const struct call *call, size_t argument);
int call_int(struct call *call, size_t argument);

/* call_format() - a number as its ToString(format) has it, any other value as it is; the caller's.
 */
char *call_format(struct call *call, const struct value *value, const char *format);

/* call_give() - a text is the result. Takes @text over; NULL is null. */
void call_give(struct call *call, char *text);

/* call_joined() - all arguments as one path, as System.IO.Path.Combine has it; the caller's. */
char *call_joined(const struct call *call);

/*
 * call_not_here() - the function exists, and what it tells does not exist here
 * @what: a sentence's beginning: "there is no registry"
 */
void call_not_here(struct call *call, const char *what);

/*
 * function_evaluate() - the value of what stands between $( and )
 * @body:   a property's name, or a receiver and what is called on it
 * @error:  on failure what is wrong, the caller's
 *
 * What is not known gives null and a line in @scope's notes.
 */
bool function_evaluate(const struct scope *scope, const char *body, struct value *result,
		       char **error);

/* function_closing() - past the ')' that closes the '(' before @text, quotes skipped; or NULL. */
const char *function_closing(const char *text);

#endif
