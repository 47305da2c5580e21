/* SPDX-License-Identifier: MIT */
/* The other file, in C++. */
#include "api_driver.h"

PCWDF_OBJECT_CONTEXT_TYPE_INFO TypeInfoOfCxx(VOID)
{
	return WDF_GET_CONTEXT_TYPE_INFO(API_CONTEXT);
}
