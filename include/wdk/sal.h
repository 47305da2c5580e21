/* SPDX-License-Identifier: MIT */
/*
 * sal.h - source annotations. They steer Microsoft's static analyser and mean nothing to a
 * compiler, so each expands to nothing. The older forms with two leading underscores and lower case
 * (__in, __out) are there for netcx build alone: the C++ library uses those names for variables.
 */
#ifndef NETCX_SAL_H
#define NETCX_SAL_H

#ifdef __has_include
#if __has_include(<oldsal.h>)
#include <oldsal.h>
#endif
#endif

/* one parameter */
#define _In_
#define _In_opt_
#define _In_z_
#define _In_opt_z_
#define _In_reads_(count)
#define _In_reads_opt_(count)
#define _In_reads_bytes_(size)
#define _In_reads_bytes_opt_(size)
#define _In_reads_z_(count)
#define _In_range_(low, high)
#define _In_bytecount_(size)
#define _Out_
#define _Out_opt_
#define _Out_writes_(count)
#define _Out_writes_opt_(count)
#define _Out_writes_z_(count)
#define _Out_writes_all_(count)
#define _Out_writes_to_(count, done)
#define _Out_writes_bytes_(size)
#define _Out_writes_bytes_opt_(size)
#define _Out_writes_bytes_all_(size)
#define _Out_writes_bytes_to_(size, done)
#define _Out_writes_bytes_to_opt_(size, done)
#define _Out_range_(low, high)
#define _Outptr_
#define _Outptr_opt_
#define _Outptr_result_maybenull_
#define _Outptr_opt_result_maybenull_
#define _Outptr_result_bytebuffer_(size)
#define _Outptr_opt_result_bytebuffer_(size)
#define _Outptr_result_buffer_(count)
#define _COM_Outptr_
#define _Inout_
#define _Inout_opt_
#define _Inout_z_
#define _Inout_updates_(count)
#define _Inout_updates_opt_(count)
#define _Inout_updates_bytes_(size)
#define _Inout_updates_bytes_opt_(size)
#define _Reserved_
#define _Const_
#define _Printf_format_string_
#define _Notnull_
#define _Maybenull_
#define _Null_terminated_
#define _NullNull_terminated_
#define _Points_to_data_
#define _Strict_type_match_
#define _Frees_ptr_
#define _Frees_ptr_opt_
#define _Field_range_(low, high)
#define _Field_size_(count)
#define _Field_size_opt_(count)
#define _Field_size_bytes_(size)
#define _Field_size_bytes_opt_(size)
#define _Field_z_
#define _Struct_size_bytes_(size)
#define _COM_Outptr_opt_
#define _COM_Outptr_opt_result_maybenull_
#define _COM_Outptr_result_maybenull_
#define _Enum_is_bitflag_
#define _Field_size_bytes_full_(size)
#define _Field_size_bytes_full_opt_(size)
#define _Field_size_full_(count)
#define _Field_size_full_opt_(count)
#define _In_function_class_(name)
#define _In_reads_opt_z_(count)
#define _In_reads_or_z_(count)
#define _In_reads_or_z_opt_(count)
#define _Inout_opt_z_
#define _Inout_updates_all_(count)
#define _Inout_updates_all_opt_(count)
#define _Inout_updates_bytes_all_(size)
#define _Inout_updates_bytes_all_opt_(size)
#define _Inout_updates_bytes_to_(size, done)
#define _Inout_updates_bytes_to_opt_(size, done)
#define _Inout_updates_opt_z_(count)
#define _Inout_updates_to_(count, done)
#define _Inout_updates_to_opt_(count, done)
#define _Inout_updates_z_(count)
#define _Null_
#define _Out_writes_all_opt_(count)
#define _Out_writes_bytes_all_opt_(size)
#define _Out_writes_opt_z_(count)
#define _Out_writes_to_opt_(count, done)
#define _Outptr_opt_result_buffer_(count)
#define _Outptr_opt_result_buffer_all_(count)
#define _Outptr_opt_result_buffer_all_maybenull_(count)
#define _Outptr_opt_result_buffer_maybenull_(count)
#define _Outptr_opt_result_buffer_to_(count, done)
#define _Outptr_opt_result_buffer_to_maybenull_(count, done)
#define _Outptr_opt_result_bytebuffer_all_(size)
#define _Outptr_opt_result_bytebuffer_all_maybenull_(size)
#define _Outptr_opt_result_bytebuffer_maybenull_(size)
#define _Outptr_opt_result_bytebuffer_to_(size, done)
#define _Outptr_opt_result_bytebuffer_to_maybenull_(size, done)
#define _Outptr_opt_result_maybenull_z_
#define _Outptr_opt_result_nullonfailure_
#define _Outptr_opt_result_z_
#define _Outptr_result_buffer_all_(count)
#define _Outptr_result_buffer_all_maybenull_(count)
#define _Outptr_result_buffer_maybenull_(count)
#define _Outptr_result_buffer_to_(count, done)
#define _Outptr_result_buffer_to_maybenull_(count, done)
#define _Outptr_result_bytebuffer_all_(size)
#define _Outptr_result_bytebuffer_all_maybenull_(size)
#define _Outptr_result_bytebuffer_maybenull_(size)
#define _Outptr_result_bytebuffer_to_(size, done)
#define _Outptr_result_bytebuffer_to_maybenull_(size, done)
#define _Outptr_result_maybenull_z_
#define _Outptr_result_nullonfailure_
#define _Outptr_result_z_
#define _Scanf_format_string_
#define _Scanf_s_format_string_

/* a whole function or callback type */
#define _Must_inspect_result_
#define _Check_return_
#define _Success_(condition)
#define _Return_type_success_(condition)
#define _Ret_maybenull_
#define _Ret_notnull_
#define _Ret_null_
#define _Ret_range_(low, high)
#define _Ret_writes_bytes_(size)
#define _Function_class_(name)
#define _Use_decl_annotations_
#define _IRQL_requires_(irql)
#define _IRQL_requires_max_(irql)
#define _IRQL_requires_min_(irql)
#define _IRQL_requires_same_
#define _IRQL_saves_
#define _IRQL_restores_
#define _IRQL_raises_(irql)
#define _IRQL_always_function_max_(irql)
#define _IRQL_always_function_min_(irql)
#define _IRQL_is_cancel_
#define _IRQL_saves_global_(kind, name)
#define _IRQL_restores_global_(kind, name)
#define _When_(condition, annotations)
#define _At_(target, annotations)
#define _Pre_
#define _Post_
#define _Pre_satisfies_(condition)
#define _Post_satisfies_(condition)
#define _Pre_notnull_
#define _Pre_valid_
#define _Pre_maybenull_
#define _Post_valid_
#define _Post_invalid_
#define _Post_ptr_invalid_
#define _Post_equals_last_error_
#define _Translates_last_error_to_HRESULT_
#define _Translates_NTSTATUS_to_HRESULT_(status)
#define _Translates_Win32_to_HRESULT_(error)
#define _Ret_opt_bytecap_(size)
#define _Post_equal_to_(value)
#define _Post_writable_byte_size_(size)
#define _Prepost_z_
#define _Out_when_invalid_
#define _Analysis_assume_(condition)
#define _Analysis_noreturn_
#define _Group_(annotations)
#define _Kernel_float_saved_
#define _Dispatch_type_(type)
#define _At_buffer_(...)
#define _Called_from_function_class_(name)
#define _IRQL_always_function_max_(irql)
#define _IRQL_always_function_min_(irql)
#define _IRQL_uses_cancel_
#define _Kernel_acquires_resource_(kind)
#define _Kernel_float_restored_
#define _Kernel_float_used_
#define _Kernel_releases_resource_(kind)
#define _Kernel_requires_resource_held_(kind)
#define _Kernel_requires_resource_not_held_(kind)
#define _Maybe_raises_SEH_exception_
#define _On_failure_(annotations)
#define _Post_maybenull_
#define _Post_notnull_
#define _Post_null_
#define _Post_readable_byte_size_(size)
#define _Post_readable_size_(count)
#define _Post_writable_size_(count)
#define _Post_z_
#define _Pre_equal_to_(value)
#define _Pre_invalid_
#define _Pre_null_
#define _Pre_opt_z_
#define _Pre_readable_byte_size_(size)
#define _Pre_readable_size_(count)
#define _Pre_readonly_
#define _Pre_writable_byte_size_(size)
#define _Pre_writable_size_(count)
#define _Pre_writeonly_
#define _Pre_z_
#define _Raises_SEH_exception_
#define _Result_nullonfailure_
#define _Result_zeroonfailure_
#define _Ret_maybenull_z_
#define _Ret_valid_
#define _Ret_writes_(count)
#define _Ret_writes_bytes_maybenull_(size)
#define _Ret_writes_bytes_to_(size, done)
#define _Ret_writes_bytes_to_maybenull_(size, done)
#define _Ret_writes_maybenull_(count)
#define _Ret_writes_maybenull_z_(count)
#define _Ret_writes_to_(count, done)
#define _Ret_writes_to_maybenull_(count, done)
#define _Ret_writes_z_(count)
#define _Ret_z_

/* locks */
#define _Acquires_lock_(lock)
#define _Releases_lock_(lock)
#define _Requires_lock_held_(lock)
#define _Requires_lock_not_held_(lock)
#define _Requires_no_locks_held_
#define _Requires_shared_lock_held_(lock)
#define _Requires_exclusive_lock_held_(lock)
#define _Acquires_exclusive_lock_(lock)
#define _Releases_exclusive_lock_(lock)
#define _Acquires_shared_lock_(lock)
#define _Releases_shared_lock_(lock)
#define _Acquires_nonreentrant_lock_(lock)
#define _Releases_nonreentrant_lock_(lock)
#define _Guarded_by_(lock)
#define _Write_guarded_by_(lock)
#define _Interlocked_
#define _Interlocked_operand_
#define _No_competing_thread_
#define _No_competing_thread_begin_
#define _No_competing_thread_end_
#define _Analysis_assume_lock_acquired_(lock)
#define _Analysis_assume_lock_held_(lock)
#define _Analysis_assume_lock_not_held_(lock)
#define _Analysis_assume_lock_released_(lock)
#define _Analysis_assume_same_lock_(lock, other)
#define _Analysis_assume_section_locked_(section)
#define _Analysis_assume_section_unlocked_(section)
#define _Analysis_suppress_lock_checking_(lock)
#define _Benign_race_begin_
#define _Benign_race_end_
#define _Function_ignore_lock_checking_(lock)
#define _Post_same_lock_(lock, other)
#define __drv_allocatesMem(kind)
#define __drv_freesMem(kind)
#define __drv_aliasesMem
#define __drv_sameIRQL
#define __drv_maxIRQL(irql)
#define __drv_requiresIRQL(irql)
#define __drv_functionClass(name)
#define __drv_dispatchType(type)
#define __drv_strictTypeMatch(kind)
#define __drv_when(condition, annotations)

/* and what is rarer */
#define _In_reads_to_ptr_(end)
#define _In_reads_to_ptr_opt_(end)
#define _Out_writes_to_ptr_(end)
#define _Deref_in_range_(low, high)
#define _Deref_out_range_(low, high)
#define _Deref_inout_range_(low, high)
#define _Field_size_part_(count, done)
#define _Field_size_bytes_part_(size, done)
#define _Field_size_bytes_part_opt_(size, done)
#define _Pre_unknown_
#define _Pre_opt_valid_
#define _Post_maybez_
#define _Always_(annotations)
#define _Unchanged_(value)
#define _Notref_
#define _Literal_
#define _Notliteral_
#define _Check_return_opt_
#define _Check_return_wat_
#define _Readable_bytes_(size)
#define _Readable_elements_(count)
#define _Writable_bytes_(size)
#define _Writable_elements_(count)
#define _Kernel_clear_do_init_(value)
#define _Kernel_IoGetDmaAdapter_
#define _Has_lock_kind_(kind)
#define _Create_lock_level_(name)
#define _Lock_level_order_(one, other)
#define _Has_lock_level_(name)

#define __analysis_assume(expression) ((void)0)
#define __analysis_assert(expression) ((void)0)

#endif
