/* SPDX-License-Identifier: MIT */
/* What Windows wants of the INF of a user-mode network driver, and netcx could do without. */
#ifndef INF_USER_MODE_H
#define INF_USER_MODE_H

#include "base/text.h"
#include "inf/install.h"

/*
 * inf_user_mode_notes() - what is missing for Windows, a sentence each; nothing for kernel mode
 * @user_mode: the driver is compiled for it
 * @notes: with newlines between
 */
void inf_user_mode_notes(const struct inf *inf, const struct inf_install *install, bool user_mode,
			 struct text *notes);

#endif
