/* SPDX-License-Identifier: MIT */
#error "the project excludes this file"
