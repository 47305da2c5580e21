/* SPDX-License-Identifier: MIT */
#include "checks.inc"
#include <evntrace.h>
#include <TraceLoggingProvider.h>
#include "checks_init.inc"
#include "checks_wdk.inc"
