/* SPDX-License-Identifier: MIT */
#include "load/names.h"

#include <stdio.h>

const char *load_public_name(const char *symbol)
{
	unsigned major, minor;
	int n = 0, shape = 0;

	sscanf(symbol, "netcx_%u_%n%u_%n", &major, &shape, &minor, &n);
	return symbol + (n > 0 ? n : shape);
}
