/* SPDX-License-Identifier: MIT */
/* preview/netfuncenum.h - see netfuncenum.h: there is no table. */
#ifndef NETCX_PREVIEW_NETFUNCENUM_H
#define NETCX_PREVIEW_NETFUNCENUM_H

#include <netfuncenum.h>

#endif
