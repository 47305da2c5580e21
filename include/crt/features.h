/* SPDX-License-Identifier: MIT */
/* features.h - libstdc++ asks it which glibc there is; a driver is compiled against none. */
#ifndef NETCX_CRT_FEATURES_H
#define NETCX_CRT_FEATURES_H

#define __GLIBC_PREREQ(major, minor) 0

#endif
