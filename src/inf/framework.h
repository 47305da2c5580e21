/* SPDX-License-Identifier: MIT */
/* Which framework an INF installs its driver for: [DDInstall.Wdf]. */
#ifndef INF_FRAMEWORK_H
#define INF_FRAMEWORK_H

#include "inf/inf.h"

enum inf_framework_kind { INF_FRAMEWORK_UNSAID, INF_FRAMEWORK_KMDF, INF_FRAMEWORK_UMDF };

/* Lives as long as its INF. */
struct inf_framework {
	enum inf_framework_kind kind;
	const struct inf_entry *service; /* the KmdfService or UmdfService line; NULL: none */
	const struct inf_entry *version; /* the ...LibraryVersion line; NULL: none */
	unsigned major, minor; /* of the library; 0.0: not said, or by a token of StampInf's */
	bool hardware_access;  /* UmdfDirectHardwareAccess */
	bool registers_mapped; /* UmdfRegisterAccessMode: plain accesses as well */
	bool alone;            /* UmdfHostProcessSharing: its host process is no other device's */
};

/*
 * inf_framework_read() - what an install section's [DDInstall.Wdf] says
 * @install: the section's name
 * Return: false with *error filled: it says both, a version that is none, a word that Windows does
 * not know, or names what is not there.
 */
bool inf_framework_read(const struct inf *inf, const char *install, struct inf_framework *framework,
			struct inf_error *error);

#endif
