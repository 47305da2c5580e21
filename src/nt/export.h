/* SPDX-License-Identifier: MIT */
/* What drivers may call: the host is built with hidden visibility, and its DDIs are marked. */
#ifndef NT_EXPORT_H
#define NT_EXPORT_H

#define NETCX_EXPORT __attribute__((visibility("default")))

#endif
