/* SPDX-License-Identifier: MIT */
#pragma once

struct _HABITS_ADAPTER;
typedef struct _HABITS_ADAPTER HABITS_ADAPTER;
