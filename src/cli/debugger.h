/* SPDX-License-Identifier: MIT */
/* netcx run under a debugger that stops where a report was made. */
#ifndef CLI_DEBUGGER_H
#define CLI_DEBUGGER_H

/*
 * debugger_start() - does not return when it could be started
 * @name: gdb or lldb, looked for in PATH
 * @argv: of `netcx run`, [0] is "run"; the option that asks for the debugger is left out
 * Return: CLI_FAILED after a message.
 */
int debugger_start(const char *name, int argc, char **argv);

#endif
