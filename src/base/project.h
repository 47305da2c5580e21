/* SPDX-License-Identifier: MIT */
/* What the project says of itself. The man pages take the address from here, too. */
#ifndef BASE_PROJECT_H
#define BASE_PROJECT_H

/* Where a user tells us of what is ours to mend. */
#define PROJECT_ISSUES "https://github.com/netcx/netcx/issues"

#endif
