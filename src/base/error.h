/* SPDX-License-Identifier: MIT */
/*
 * What went wrong, in words for a person: what failed, why, and what to do if that is known. A
 * function that can fail takes a struct error and returns false, NULL or a number; whoever knows
 * the audience converts it: NTSTATUS for a driver, JSON for a client, netcx_error for a program.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

/* The caller's. One line without newline and full stop; empty until something fails. */
struct error {
	char text[768];
};

/*
 * error_set() - say what failed; a text that is there already is replaced, one too long is cut
 * @error: NULL when nobody wants to know
 * Return: NULL, so that a constructor can return it.
 */
void *error_set(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* error_number() - the same. Return: @number, so that a function that returns one can. */
int error_number(struct error *error, int number, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* error_prefix() - put words before those that are there: what a caller knows of the place. */
void error_prefix(struct error *error, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
