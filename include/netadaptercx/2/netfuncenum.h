/* SPDX-License-Identifier: MIT */
/*
 * netfuncenum.h - the function table's indices in the kit. A driver calls functions here by name,
 * so there is no table; the header is there for those who include it. Part of netadaptercx.h.
 */
#ifndef NETCX_NETFUNCENUM_2_H
#define NETCX_NETFUNCENUM_2_H

#include <parts/netcxversion.h>

#endif
