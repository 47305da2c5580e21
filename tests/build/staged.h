/* SPDX-License-Identifier: MIT */
/* A project that a test writes, and what was read from it. */
#ifndef TESTS_BUILD_STAGED_H
#define TESTS_BUILD_STAGED_H

#include "build/msbuild.h"
#include "build/project.h"
#include "stage/files.h"

#define XMLNS "xmlns='http://schemas.microsoft.com/developer/msbuild/2003'"

/* A folder with files in it. Owns all it has. */
struct staged {
	char folder[FOLDER_ROOM];
	struct properties globals; /* Configuration Release, Platform x64, unless a test says */
	struct project project;    /* by staged_read() */
	struct msbuild msbuild;    /* by staged_evaluate() */
	char *error;
};

int staged_set_up(void **state);
int staged_tear_down(void **state);

/* staged_put() - a file of that text, and the folders that it lies in. */
void staged_put(struct staged *s, const char *name, const char *text);

/* staged_read() - a file as a project, staged_evaluate() - as MSBuild has it. False: error. */
bool staged_read(struct staged *s, const char *name);
bool staged_evaluate(struct staged *s, const char *name);

#endif
