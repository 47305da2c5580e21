/* SPDX-License-Identifier: MIT */
/* A WPP message's text, from its pieces and values. Any IRQL; allocates nothing. */
#ifndef NT_WPP_TEXT_H
#define NT_WPP_TEXT_H

#include <parts/wpp.h>
#include <stddef.h>

/*
 * wpp_text() - what does not fit is cut
 * @text: @room bytes, at least 1
 * @function: for NETCX_WPP_FUNCTION
 * A value that is missing is shown as nothing, and an address that is NULL as NULL.
 */
void wpp_text(char *text, size_t room, const struct netcx_wpp_site *site, const char *function,
	      const struct netcx_wpp_value *values, size_t count);

/* wpp_value_text() - one that is no number, by @kind, without width and precision. */
void wpp_value_text(char *text, size_t room, const struct netcx_wpp_piece *piece,
		    const struct netcx_wpp_value *values, size_t count);

#endif
