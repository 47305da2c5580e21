/* SPDX-License-Identifier: MIT */
/* How the functions of an API are called in drivers' files, and to their authors. */
#ifndef LOAD_NAMES_H
#define LOAD_NAMES_H

/* load_public_name() - "NetAdapterStart" for "netcx_1_3_NetAdapterStart" and for
 * "netcx_2_NetAdapterStart", inside @symbol. */
const char *load_public_name(const char *symbol);

#endif
