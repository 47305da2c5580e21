/* SPDX-License-Identifier: MIT */
/* Hosts of other users: they cannot be asked, but that they run can be told. */
#ifndef CLI_OTHERS_H
#define CLI_OTHERS_H

#include <jansson.h>
#include <stdio.h>

/* others_find() - [{"pid","user"}] of the hosts of other users; a new reference, may be empty */
json_t *others_find(void);

/* others_print() - a line for each: whose it is, and how to ask it */
void others_print(FILE *to, const char *command);

#endif
