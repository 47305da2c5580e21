// SPDX-License-Identifier: MIT
#include "pch.hpp"
