/* SPDX-License-Identifier: MIT */
#ifndef CLI_PRELOAD_H
#define CLI_PRELOAD_H

/*
 * cli_preload() - start again as what the sanitizer in a driver asks for: this program with the
 * runtime before any other library, or netcx-thread, a host with the thread sanitizer in it
 * @argc, @argv: the subcommand's; messages begin with its name
 * Return: CLI_OK when there is nothing to do, or that has been done; else the reason was said.
 */
int cli_preload(const char *driver, int argc, char **argv);

#endif
