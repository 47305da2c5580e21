/* SPDX-License-Identifier: MIT */
#include "lessen.h"

struct lessened Lessened;
