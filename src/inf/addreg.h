/* SPDX-License-Identifier: MIT */
/* The AddReg and DelReg directives that an install section reaches. */
#ifndef INF_ADDREG_H
#define INF_ADDREG_H

#include "base/text.h"
#include "inf/inf.h"

/* Which key HKR means. */
enum inf_key { INF_SOFTWARE, INF_HARDWARE, INF_SERVICE };

/* One line of an AddReg section, "HKR, subkey, name, flags, value...", or of a DelReg section. */
struct inf_addreg {
	enum inf_key key;
	const char *subkey, *name;
	unsigned flags;
	bool remove;                   /* a value, or without a name the key */
	const struct inf_entry *entry; /* its values from [INF_DATA] on are the data */
};

#define INF_DATA                4

#define INF_FLAG_BINARY         0x00000001u
#define INF_FLAG_NOCLOBBER      0x00000002u /* what is there stays */
#define INF_FLAG_DELETE         0x00000004u
#define INF_FLAG_APPEND         0x00000008u /* MULTI_SZ: behind the strings that are there */
#define INF_FLAG_KEY_ONLY       0x00000010u
#define INF_FLAG_OVERWRITE_ONLY 0x00000020u /* what is not there is not made */
#define INF_FLAG_KEY_COMMON     0x00002000u /* KEY_ONLY, also for DelReg */
#define INF_FLAG_DELREG         0x00008000u /* a line for DelReg alone */
#define INF_DELETE_STRING       0x00018002u /* DelReg: out of a MULTI_SZ */
#define INF_TYPE_MASK           0xFFFF0001u /* any other: the type is the high word */
#define INF_TYPE_SZ             0x00000000u
#define INF_TYPE_BINARY         0x00000001u
#define INF_TYPE_MULTI_SZ       0x00010000u
#define INF_TYPE_DWORD          0x00010001u
#define INF_TYPE_EXPAND_SZ      0x00020000u
#define INF_TYPE_NONE           0x00020001u

/*
 * inf_may_set() - whether NOCLOBBER and OVERWRITE_ONLY let a line set a value
 * @exists: there is one already
 */
bool inf_may_set(const struct inf_addreg *addreg, bool exists);

/*
 * inf_each_addreg() - visit the lines with HKR of an install section: its own, those of its .HW
 * section, those of the services it adds, and those of the sections that they need; in each of
 * them DelReg before AddReg, as setup does
 * @visit: returns false, with *error filled, to stop
 */
bool inf_each_addreg(const struct inf *inf, const char *install,
		     bool (*visit)(void *context, const struct inf_addreg *addreg), void *context,
		     struct inf_error *error);

/*
 * inf_each_service() - visit the AddService entries of an install section
 * @visit: returns false to stop
 */
void inf_each_service(const struct inf *inf, const char *install,
		      bool (*visit)(void *context, const struct inf_entry *entry), void *context);

/*
 * inf_notes() - what is left out or guessed, for a person: sections of Windows' own INF files that
 * Needs names, flags that are no number, UTF-8 without a mark, bytes that git has put in
 * @notes: with newlines between
 */
void inf_notes(const struct inf *inf, const char *install, struct text *notes);

#endif
