/* SPDX-License-Identifier: MIT */
/* Which of a driver's faulty variants it is: NETCX_MUTANT in the environment; 0: the good one. */
extern char *getenv(const char *name);
extern int atoi(const char *text);

int NetcxMutant;

__attribute__((constructor)) static void choose(void)
{
	const char *text = getenv("NETCX_MUTANT");

	NetcxMutant = text ? atoi(text) : 0;
}
