/* SPDX-License-Identifier: MIT */
#ifndef INF_PARAMS_H
#define INF_PARAMS_H

#include "inf/install.h"

/*
 * inf_read_params() - the keywords that an install section defines
 * @keywords: an empty list, which they are put into
 * Return: false with *error filled.
 */
bool inf_read_params(struct inf *inf, const char *install, struct inf_keyword **keywords,
		     struct inf_error *error);

#endif
