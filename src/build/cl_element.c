/* SPDX-License-Identifier: MIT */
/* The elements of <ClCompile> that are switches: the options that the CL task makes of them. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "build/cl.h"

struct choice {
	const char *value, *option;
};

/* An element and what it may say; "" is no option. What is not listed here decides nothing. */
struct element {
	const char *name;
	struct choice choices[12];
};

/* In the task's order, as far as one can change what another has said. */
static const struct element elements[] = {
	{ "CompileAs",
	  { { "Default", "" },
	    { "CompileAsC", "/TC" },
	    { "CompileAsCpp", "/TP" },
	    { "CompileAsCppModule", "/interface" },
	    { "CompileAsCppModuleInternalPartition", "/internalPartition" },
	    { "CompileAsHeaderUnit", "/exportHeader" } } },
	{ "LanguageStandard",
	  { { "Default", "" },
	    { "stdcpp14", "/std:c++14" },
	    { "stdcpp17", "/std:c++17" },
	    { "stdcpp20", "/std:c++20" },
	    { "stdcpp23", "/std:c++23preview" },
	    { "stdcpp23preview", "/std:c++23preview" },
	    { "stdcpplatest", "/std:c++latest" } } },
	{ "LanguageStandard_C",
	  { { "Default", "" },
	    { "stdc11", "/std:c11" },
	    { "stdc17", "/std:c17" },
	    { "stdclatest", "/std:clatest" } } },
	{ "Optimization",
	  { { "Custom", "" },
	    { "Disabled", "/Od" },
	    { "MinSpace", "/O1" },
	    { "MaxSpeed", "/O2" },
	    { "Full", "/Ox" } } },
	{ "InlineFunctionExpansion",
	  { { "Default", "" },
	    { "Disabled", "/Ob0" },
	    { "OnlyExplicitInline", "/Ob1" },
	    { "AnySuitable", "/Ob2" } } },
	{ "StructMemberAlignment",
	  { { "Default", "" },
	    { "1Byte", "/Zp1" },
	    { "2Bytes", "/Zp2" },
	    { "4Bytes", "/Zp4" },
	    { "8Bytes", "/Zp8" },
	    { "16Bytes", "/Zp16" } } },
	{ "TreatWChar_tAsBuiltInType", { { "true", "/Zc:wchar_t" }, { "false", "/Zc:wchar_t-" } } },
	{ "ConformanceMode", { { "true", "/permissive-" }, { "false", "/permissive" } } },
	{ "ForceConformanceInForLoopScope",
	  { { "true", "/Zc:forScope" }, { "false", "/Zc:forScope-" } } },
	{ "RuntimeTypeInfo", { { "true", "/GR" }, { "false", "/GR-" } } },
	{ "ExceptionHandling",
	  { { "false", "/EHs-c-" },
	    { "Sync", "/EHsc" },
	    { "SyncCThrow", "/EHs" },
	    { "Async", "/EHa" } } },
	{ "CallingConvention",
	  { { "Cdecl", "/Gd" },
	    { "FastCall", "/Gr" },
	    { "StdCall", "/Gz" },
	    { "VectorCall", "/Gv" } } },
	{ "EnableEnhancedInstructionSet",
	  { { "NotSet", "" },
	    { "NoExtensions", "" },
	    { "StreamingSIMDExtensions", "/arch:SSE" },
	    { "StreamingSIMDExtensions2", "/arch:SSE2" },
	    { "StreamingSIMDExtensions42", "/arch:SSE4.2" },
	    { "AdvancedVectorExtensions", "/arch:AVX" },
	    { "AdvancedVectorExtensions2", "/arch:AVX2" },
	    { "AdvancedVectorExtensions512", "/arch:AVX512" },
	    { "AdvancedVectorExtensions10.1", "/arch:AVX10.1" } } },
	{ "FloatingPointModel",
	  { { "Precise", "/fp:precise" }, { "Strict", "/fp:strict" }, { "Fast", "/fp:fast" } } },
	{ "FloatingPointExceptions", { { "true", "/fp:except" }, { "false", "" } } },
	{ "RuntimeLibrary",
	  { { "MultiThreaded", "/MT" },
	    { "MultiThreadedDebug", "/MTd" },
	    { "MultiThreadedDLL", "/MD" },
	    { "MultiThreadedDebugDLL", "/MDd" } } },
	{ "IgnoreStandardIncludePath", { { "true", "/X" }, { "false", "" } } },
	{ "UndefineAllPreprocessorDefinitions", { { "true", "/u" }, { "false", "" } } },
	{ "OpenMPSupport", { { "true", "/openmp" }, { "false", "" } } },
	{ "PreprocessToFile", { { "true", "/P" }, { "false", "" } } },
	{ "CompileAsWinRT", { { "true", "/ZW" }, { "false", "" } } },
	{ "EnableASAN", { { "true", "/fsanitize=address" }, { "false", "" } } },
	{ "CompileAsManaged",
	  { { "false", "" },
	    { "true", "/clr" },
	    { "Pure", "/clr:pure" },
	    { "Safe", "/clr:safe" },
	    { "OldSyntax", "/clr:oldSyntax" },
	    { "NetCore", "/clr:netcore" } } },
};

/* What an element says, without the blanks and line ends of its layout; the caller's. */
static char *said(const struct item *item, const char *name)
{
	char *text = string_trim(item_get(item, name));

	properties_unescape(text);
	return text;
}

static void read_element(struct cl *cl, const struct element *e, const char *value)
{
	struct buffer known = { 0 };

	for (const struct choice *c = e->choices; c->value; c++) {
		if (string_same(c->value, value)) {
			if (*c->option)
				cl_option(cl, c->option, e->name);
			buffer_free(&known);
			return;
		}
		buffer_add_format(&known, "%s%s", known.length ? ", " : "", c->value);
	}
	cl_warn(cl, "<%s> '%s' is left out; known are %s", e->name, value, known.at);
	buffer_free(&known);
}

void cl_elements(struct cl *cl, const struct item *item)
{
	for (size_t i = 0; i < ARRAY_COUNT(elements); i++) {
		char *value = said(item, elements[i].name);

		if (*value)
			read_element(cl, &elements[i], value);
		free(value);
	}
}
