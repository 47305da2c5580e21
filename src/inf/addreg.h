/* SPDX-License-Identifier: MIT */
/* The AddReg directives that an install section reaches. */
#ifndef INF_ADDREG_H
#define INF_ADDREG_H

#include "inf/inf.h"

/* Which key HKR means. */
enum inf_key { INF_SOFTWARE, INF_HARDWARE, INF_SERVICE };

/* One line of an AddReg section: "HKR, subkey, name, flags, value...". */
struct inf_addreg {
	enum inf_key key;
	const char *subkey, *name;
	unsigned flags;
	const struct inf_entry *entry; /* its values from [4] on are the data */
};

#define INF_FLAG_BINARY    0x00000001u
#define INF_FLAG_NOCLOBBER 0x00000002u
#define INF_FLAG_DELETE    0x00000004u
#define INF_FLAG_KEY_ONLY  0x00000010u
#define INF_TYPE_MASK      0xFFFF0001u
#define INF_TYPE_SZ        0x00000000u
#define INF_TYPE_BINARY    0x00000001u
#define INF_TYPE_MULTI_SZ  0x00010000u
#define INF_TYPE_DWORD     0x00010001u
#define INF_TYPE_EXPAND_SZ 0x00020000u

/*
 * inf_each_addreg() - visit the AddReg lines with HKR of an install section: its own, those of its
 * .HW section and those of the services it adds
 * @visit: returns false, with *error filled, to stop
 */
bool inf_each_addreg(const struct inf *inf, const char *install,
		     bool (*visit)(void *context, const struct inf_addreg *addreg), void *context,
		     struct inf_error *error);

#endif
