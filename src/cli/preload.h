/* SPDX-License-Identifier: MIT */
#ifndef CLI_PRELOAD_H
#define CLI_PRELOAD_H

/*
 * cli_preload() - start this program again when the driver has a sanitizer in it whose runtime must
 * be there before any other library
 * @argc, @argv: the subcommand's. Returns when there is nothing to do, or that has been done.
 */
void cli_preload(const char *driver, int argc, char **argv);

#endif
