/* SPDX-License-Identifier: MIT */
/*
 * Files that are written: what is there already is replaced only by a whole new one. That is
 * written beside it without a name, or with one of its own, and takes its place at the end, by
 * rename(2). What is no regular file, such as a pipe or a device, is written as it is, and so is a
 * file that was not there or was empty: nothing can be lost, and others can watch it grow.
 */
#ifndef BASE_OUTPUT_H
#define BASE_OUTPUT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct output {
	FILE *file;    /* to be written; the output's own, never to be closed by others */
	char *path;    /* of a regular file, symbolic links followed; NULL: somebody's descriptor */
	bool replaces; /* it is written elsewhere until it is whole */
	char *fresh;   /* there; NULL: it has no name yet */
	bool standard; /* the process's standard output */
	bool regular;  /* a file on a disk */
	bool appeared; /* it was not there before */
	char *buffer;  /* the file's, of a regular one */
};

/*
 * output_open() - @path "-" is standard output
 * @stop: as for stream_open_path(); for pipes and the like
 * Return: false and errno.
 */
bool output_open(struct output *output, const char *path, const _Atomic bool *stop);

/*
 * output_close() - no more is written
 * @whole: it is as it is to be; else what was there before stays, and a file that is new or was
 *         empty keeps what it has got
 * Return: false and errno when not all of it reached the file; then what was there stays, and a new
 * file is removed.
 */
bool output_close(struct output *output, bool whole);

/*
 * output_keep() - a file that cannot be written on keeps its first @length bytes, which are good,
 * where nothing was there before; else as output_discard()
 */
void output_keep(struct output *output, uint64_t length);

/* output_discard() - as if nothing had been written, as far as that is possible */
void output_discard(struct output *output);

/* output_replaces() - is a file there that only a whole new one replaces? */
static inline bool output_replaces(const struct output *output)
{
	return output->replaces;
}

/*
 * output_is_input() - would writing @out destroy or feed what is read as @in?
 * @in, @out: paths; "-" is standard input, standard output
 * Return: true when both lead to one file or FIFO, by whatever names.
 */
bool output_is_input(const char *in, const char *out);

/*
 * output_fresh() - a new file beside @path, under a name that nobody has; never another's file
 * @mode:  its permissions, less the umask's
 * @fresh: out, its name, to be freed
 * Return: a descriptor to write to, or -1 and errno.
 */
int output_fresh(const char *path, unsigned mode, char **fresh);

#endif
