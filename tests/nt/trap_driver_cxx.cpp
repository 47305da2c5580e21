/* SPDX-License-Identifier: MIT */
#include "trap_driver.c"
