/* SPDX-License-Identifier: MIT */
/* What an INF installs for one device: values for the registry, and the adapter's keywords. */
#ifndef INF_INSTALL_H
#define INF_INSTALL_H

#include "inf/framework.h"
#include "inf/inf.h"
#include "inf/keyword.h"
#include "inf/os.h"

struct nt_reg_key;

/* A keyword under Ndi\params. Lives as long as its INF. */
struct inf_keyword {
	struct keyword keyword;
	const char *description;
	const char *default_value;     /* NULL: none given */
	const char *value;             /* that AddReg gives it itself; NULL: none */
	bool optional;                 /* not set unless someone sets it */
	const struct inf_entry *entry; /* the first of its lines */
	struct inf_keyword *next;
};

/* Where installing writes to; any may be NULL. */
struct inf_keys {
	struct nt_reg_key *software; /* the adapter's: keywords */
	struct nt_reg_key *hardware; /* "Device Parameters" */
	struct nt_reg_key *service;  /* the driver's */
};

struct inf_install {
	struct inf_os os;              /* the Windows it is for */
	const char *section;           /* the DDInstall section that was taken */
	const char *description;       /* of the device */
	const struct inf_entry *model; /* its values from [1] on are the hardware IDs */
	const char *service;           /* AddService's name; NULL: none */
	struct inf_framework framework;
	struct inf_keyword *keywords;
};

/*
 * inf_install() - follow [Manufacturer] to the device's install section and read its keywords
 * @os: decides between sections with decorations
 * @hardware_id: "PCI\VEN_10EC&DEV_8168", matched by its beginning; NULL or without a match: the
 *               first device in the file
 *
 * Return: false with *error filled.
 */
bool inf_install(struct inf *inf, const struct inf_os *os, const char *hardware_id,
		 struct inf_install *install, struct inf_error *error);

/* inf_find_keyword() - by name, without case; NULL. */
const struct inf_keyword *inf_find_keyword(const struct inf_install *install, const char *name);

/* inf_initial_value() - what a keyword has when nobody sets it; NULL: it is absent. @k may be NULL.
 */
const char *inf_initial_value(const struct inf_keyword *k);

/*
 * inf_apply() - write AddReg values and the keywords' defaults into the registry
 * Return: false with *error filled: a value that its type does not take, or no memory.
 */
bool inf_apply(struct inf *inf, const struct inf_install *install, const struct inf_keys *keys,
	       struct inf_error *error);

#endif
