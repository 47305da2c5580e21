// SPDX-License-Identifier: MIT
#pragma once

struct _HABITS_ADAPTER;
typedef struct _HABITS_ADAPTER HABITS_ADAPTER;

// The kit's C++ headers leave these to the driver.
#ifndef min
#define min(a, b) (((a) < (b)) ? (a) : (b))
#endif
#ifndef max
#define max(a, b) (((a) > (b)) ? (a) : (b))
#endif
