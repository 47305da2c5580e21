/* SPDX-License-Identifier: MIT */
//
// forced.h - <ForcedIncludeFiles> of the project: no file includes it.
//
#define HABITS_FORCED 'HABT'
