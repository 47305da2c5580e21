/* SPDX-License-Identifier: MIT */
#include "load/names.h"

#include <stdio.h>

const char *load_public_name(const char *symbol)
{
	unsigned major, minor;
	int n = 0;

	if (sscanf(symbol, "netcx_%u_%u_%n", &major, &minor, &n) == 2 && n > 0)
		return symbol + n;
	return symbol;
}
