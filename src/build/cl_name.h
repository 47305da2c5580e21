/* SPDX-License-Identifier: MIT */
/* The names of cl's options, and what each is for us. */
#ifndef BUILD_CL_NAME_H
#define BUILD_CL_NAME_H

/* How an option's argument is written. */
enum cl_form {
	ALONE,   /* there is none, and nothing may follow */
	SWITCH,  /* nothing may follow but a '-' that switches it off */
	DIGITS,  /* a number may follow at once */
	BEGINS,  /* it follows at once, if there is any */
	FOLLOWS, /* it follows at once or as the next word */
};

enum cl_effect {
	/* Choices: of all options with one of these effects the last one counts. */
	ARCHITECTURE,
	FLOATS,
	FLOAT_TRAPS,
	INLINING,
	ALIGNED_NEW,
	WCHAR,       /* @text: not NULL: it is no type of its own */
	CONFORMANCE, /* @text: not NULL: the standard's language and no other */
	EXCEPTIONS,  /* kernel mode has none: what switches them on is told there */
	RTTI,        /* likewise */
	RUNTIME,     /* @text: macros that the choice of runtime library defines */
	CHOICES,     /* how many; @text of the others: as with FLAGS, or NULL */

	NOTHING, /* no code comes out differently, or only for MSVC's own tools */
	FLAGS,   /* @text: clang's words, with blanks between */
	TELL,    /* @text: why it is left out */
	DEFINE,
	UNDEFINE,
	INCLUDE,
	FORCE,
	STANDARD,
	PACK,
	OBJECT,
	NO_KIT,
	AS_C,
	AS_CXX,
	FAST,
	SLOW,
	LINKER, /* all that follows is the linker's */
};

struct cl_name {
	const char *name;
	enum cl_form form;
	enum cl_effect effect;
	const char *text;
};

/*
 * cl_find() - what an option is
 * @text: behind its '/' or '-', with whatever follows
 * Return: NULL when there is no such option. Names are case-sensitive; the longest that fits is it.
 */
const struct cl_name *cl_find(const char *text);

#endif
