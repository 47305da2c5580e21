/* SPDX-License-Identifier: MIT */
/*
 * The rules of 2.x by number. The numbers are those of 2004 for a driver of 2.0 and those of 21H2
 * for 2.1 and later: what later releases have is not public. The report names the driver's version.
 */
#ifndef CX_API_2_VERIFIER_H
#define CX_API_2_VERIFIER_H

#include "cx/api/2/public.h"
#include "cx/verifier.h"

struct wdf_driver;

/* The failure codes of the driver that has the code @caller. */
const struct cx_rule_book *cx2_book(const void *caller);

/* The sites of a DDI netcx_2_<Name>, and of a place that has other code of the driver at hand. */
#define CX_CALL (__func__ + sizeof("netcx_2_") - 1)
#define CX_AT(call, object, code) \
	(&(const struct cx_site){ (call), (object), cx2_book, (const void *)(code) })
#define CX_SITE(object) CX_AT(CX_CALL, object, __builtin_return_address(0))

/* cx2_minor() - of the driver's version: 0 to 5; 5 when it does not say */
unsigned cx2_minor(const struct wdf_driver *driver);

#endif
