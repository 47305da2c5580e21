/* SPDX-License-Identifier: MIT */
/* bits/basic_string.tcc - the library's own, whose variables are named like annotations (oldsal.h). */
#pragma push_macro("__in")
#pragma push_macro("__out")
#undef __in
#undef __out
#include_next <bits/basic_string.tcc>
#pragma pop_macro("__out")
#pragma pop_macro("__in")
