/* SPDX-License-Identifier: MIT */
#include "lso_page.inc"
