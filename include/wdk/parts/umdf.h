/* SPDX-License-Identifier: MIT */
/*
 * umdf.h - whether a unit belongs to a user-mode driver: the build passes UMDF_VERSION_MAJOR to
 * one, and _KERNEL_MODE to the others. What kernel mode alone has is left out of these headers
 * then.
 */
#ifndef NETCX_UMDF_H
#define NETCX_UMDF_H

#ifdef UMDF_VERSION_MAJOR
#ifdef _KERNEL_MODE
#error UMDF_VERSION_MAJOR is for user-mode drivers and _KERNEL_MODE for the others: both are set
#endif
#if UMDF_VERSION_MAJOR != 2
#error UMDF_VERSION_MAJOR: these headers have UMDF 2
#endif
#ifndef UMDF_VERSION_MINOR
#define UMDF_VERSION_MINOR 33
#endif
#ifndef UMDF_MINIMUM_VERSION_REQUIRED
#define UMDF_MINIMUM_VERSION_REQUIRED UMDF_VERSION_MINOR
#endif
#define NETCX_UMDF 1
#else
#define NETCX_UMDF 0
#endif

#endif
