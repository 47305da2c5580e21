/* SPDX-License-Identifier: MIT */
/* Which liblso these headers belong to, for the preprocessor; lso.h includes it. */
#ifndef NETCX_LSO_VERSION_H
#define NETCX_LSO_VERSION_H

#define LSO_VERSION       "0.1.0"
#define LSO_VERSION_MAJOR 0
#define LSO_VERSION_MINOR 1

#endif
