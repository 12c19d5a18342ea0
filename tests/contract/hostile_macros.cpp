// SPDX-License-Identifier: MIT
// <windows.h> defines these names as macros. curtail must compile behind it, so it may not use one of them bare.
#include "foreign_headers.hpp"

#define min(a, b) hostile
#define max(a, b) hostile
#define interface hostile struct
#define small hostile char
#define near hostile
#define far hostile
#define ERROR hostile 0
#define DELETE hostile 1
#define IN hostile
#define OUT hostile
#define OPTIONAL hostile
#define IGNORE hostile 2
#define STRICT hostile 3
#define TRUE hostile 4
#define FALSE hostile 5
#define CreateFile hostile
#define GetMessage hostile
#define SendMessage hostile

#include "every_header.hpp"
