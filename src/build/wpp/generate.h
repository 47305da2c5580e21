/* SPDX-License-Identifier: MIT */
/* The trace message headers of a project. */
#ifndef BUILD_WPP_GENERATE_H
#define BUILD_WPP_GENERATE_H

#include "build/project.h"

/* What is said while they are made, whole sentences. */
struct wpp_report {
	struct strings errors, notes;
};

/*
 * wpp_generate() - for each source the .tmh that it and its headers include
 * @system_folders: the kit's headers, where enumerations may be
 * @into:           a folder of ours, made when there is one; a source's `generated` is below it
 * Return: 0 or -errno. The report is the caller's to wpp_report_free().
 */
int wpp_generate(struct project *project, const struct strings *system_folders, const char *into,
		 struct wpp_report *report);
void wpp_report_free(struct wpp_report *report);

#endif
