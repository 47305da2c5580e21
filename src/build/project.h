/* SPDX-License-Identifier: MIT */
/* What is to be compiled: from a .vcxproj, or from a folder of sources. */
#ifndef BUILD_PROJECT_H
#define BUILD_PROJECT_H

#include "build/properties.h"

enum language { LANGUAGE_C, LANGUAGE_CXX };

/* What a project says about WPP's trace calls (wpp/settings.h). */
struct wpp_settings {
	bool enabled;
	struct strings scanned;        /* files with configuration blocks, absolute */
	struct strings configurations; /* files of statements alone, absolute */
	struct strings functions;      /* "TraceEvents(LEVEL,FLAGS,MSG,...)" */
	struct strings defines;        /* "NAME VALUE" */
};

struct source {
	char *path; /* absolute, as it is spelled on disk */
	enum language language;
	char *standard;      /* for -std= */
	bool late_templates; /* C++ as MSVC has it without /permissive- */
	bool optimize;
	char *object;  /* the file that cl would write: a source listed twice for one is compiled
			  once */
	unsigned pack; /* cl /Zp: bytes that a member is aligned to at most; 0: not said */
	bool no_standard_includes; /* cl /X: the kit is not looked through */
	/* in the order of the command line */
	struct strings include_folders; /* absolute */
	struct strings late_folders;    /* those behind the kit's */
	struct strings flags;           /* clang's words for further options of cl */
	struct strings defines;         /* NAME or NAME=VALUE */
	struct strings undefines;
	struct strings forced_includes; /* as written: looked up like an #include */
	struct wpp_settings wpp;
	char *generated; /* a folder of headers that were made for it, before all others; or NULL */
};

/* major 0: not said */
struct version {
	unsigned major, minor;
};

struct project {
	char *file;   /* the .vcxproj, or NULL */
	char *folder; /* absolute */
	char *name;   /* of the driver's binary, without an extension */
	struct source *sources;
	size_t source_count;
	struct version net;
	bool user_mode;       /* it is for UMDF (flavour.h) */
	struct version wdf;   /* of UMDF or KMDF */
	unsigned wdf_minimum; /* the oldest minor version of that at run time; 0: not said */
	unsigned
		net_minimum; /* the oldest minor version of NetAdapterCx at run time; 0: not said */
	struct version
		net_folder;      /* of the kit's folder that it names: ...\netcx\kmdf\adapter\2.3 */
	char *inf;               /* the .inf or .inx that belongs to it, or NULL */
	struct strings folders;  /* where headers may lie: the include overlay's */
	struct strings read;     /* the projects that it consists of, each absolute */
	struct strings warnings; /* whole sentences */
};

/*
 * project_read() - find out what @path is and read it
 * @path:    a .vcxproj, a folder with one, or a folder with .c and .cpp files
 * @globals: properties from the command line; Configuration and Platform are among them when a
 *           certain one is asked for
 * @error:   on failure one message, the caller's
 *
 * The result is the caller's to project_free(), also after a failure.
 */
bool project_read(struct project *project, const char *path, const struct properties *globals,
		  char **error);
void project_free(struct project *project);

/* For project_read()'s two halves: */
bool vcxproj_read(struct project *project, const char *file, const struct properties *globals,
		  char **error);
bool folder_read(struct project *project, const char *folder, const struct properties *globals,
		 char **error);
struct source *project_add(struct project *project, const char *path, enum language language);
void project_drop_last(struct project *project); /* the source that was added last */

/* source_packs() - its structures are laid out otherwise than the kit's. */
bool source_packs(const struct source *source);

/* project_language() - by the name's extension. Return: false when it is no source. */
bool project_language(const char *path, enum language *language);

#endif
