/* SPDX-License-Identifier: MIT */
/* bits/ranges_algo.h - the library's own, whose variables are named like annotations (oldsal.h). */
#pragma push_macro("__in")
#pragma push_macro("__out")
#undef __in
#undef __out
#include_next <bits/ranges_algo.h>
#pragma pop_macro("__out")
#pragma pop_macro("__in")
