/* SPDX-License-Identifier: MIT */
/*
 * Source annotations where the pages "Using SAL annotations" and "SAL 2.0 annotations for drivers"
 * show them: in front of parameters, functions, callbacks and members, in declarations and, with
 * _Use_decl_annotations_, left out of definitions. compile.py compiles this as C and as C++.
 */
#include <ntddk.h>
#include <wdf.h>

typedef struct _ANNOTATED {
	WDFSPINLOCK Lock;
	_Guarded_by_(Lock) ULONG Guarded;
	_Write_guarded_by_(Lock) ULONG Written;
	_Interlocked_ LONG volatile Counted;
	_Field_range_(1, 16) ULONG Count;
	_Field_size_(Count) ULONG *Entries;
	_Field_size_bytes_(Count) PVOID Bytes;
	_Null_terminated_ PCSTR Text;
	_Field_size_part_(Count, Guarded) ULONG *Used;
	_Field_size_bytes_full_(Count) PVOID All;
} ANNOTATED;

/* one parameter; several on one; with an expression of others; on an array */
EXTERN_C VOID Parameters(_In_ ULONG Count, _In_opt_ PVOID Maybe, _Inout_ PULONG Both,
			 _Out_ PULONG Only, _In_reads_(Count) ULONG const *Elements,
			 _In_reads_bytes_(Count * sizeof(ULONG)) const VOID *Bytes,
			 _Out_writes_bytes_(Count) PVOID Written,
			 _Out_writes_bytes_to_(Count, *Only) PVOID Part,
			 _In_reads_bytes_opt_(sizeof(ULONG)) UCHAR const Address[6]);

_Use_decl_annotations_ VOID Parameters(ULONG Count, PVOID Maybe, PULONG Both, PULONG Only,
				       ULONG const *Elements, const VOID *Bytes, PVOID Written,
				       PVOID Part, UCHAR const Address[6])
{
	UNREFERENCED_PARAMETER(Maybe);
	UNREFERENCED_PARAMETER(Bytes);
	UNREFERENCED_PARAMETER(Written);
	UNREFERENCED_PARAMETER(Part);
	UNREFERENCED_PARAMETER(Address);
	__analysis_assume(Count > 0);
	__analysis_assume(Elements && *Both < Count);
	_Analysis_assume_(Count < 100);
	*Both += Count;
	*Only = Elements[Count - 1];
}

/* in both directions, by count and by size; pointers to what the function makes */
EXTERN_C VOID MoreParameters(_Inout_updates_(Count) ULONG *Updated,
			     _Inout_updates_to_(Count, *Done) ULONG *Part,
			     _Inout_updates_bytes_all_(Count) PVOID All,
			     _Out_writes_to_opt_(Count, *Done) ULONG *Maybe, _Out_ ULONG *Done,
			     _In_ ULONG Count, _Outptr_result_buffer_(Count) ULONG **Made,
			     _Outptr_opt_result_bytebuffer_to_(Count, *Done) PVOID *Bytes,
			     _Outptr_result_nullonfailure_ PVOID *Object);
_Ret_writes_bytes_to_(Count, Count) _On_failure_(_Ret_null_) _Result_nullonfailure_ EXTERN_C PVOID
	Makes(_In_ ULONG Count, _In_reads_or_z_(Count) PCSTR Text,
	      _Pre_null_ _Post_notnull_ PVOID *P);
_Ret_z_ EXTERN_C PCSTR Named(_Scanf_format_string_ PCSTR Format, ...);
_IRQL_always_function_min_(DISPATCH_LEVEL)
	_IRQL_always_function_max_(DISPATCH_LEVEL) _Kernel_float_used_ EXTERN_C VOID
	WholeFunction(VOID);

/* a pointer that comes back, text, what was there before and what is there after */
_Ret_maybenull_z_ _Post_writable_byte_size_(Size)
EXTERN_C PCHAR PointersBack(_In_reads_or_z_(Size) PCSTR Text, _In_ ULONG Size,
			    _Outptr_result_buffer_to_(Size, *Done) PULONG *Numbers,
			    _Outptr_opt_result_nullonfailure_ PVOID *Maybe,
			    _Inout_updates_bytes_to_(Size, *Done) PVOID Room,
			    _Deref_out_range_(0, Size) PULONG Done);
EXTERN_C VOID BeforeAndAfter(_Pre_opt_valid_ _Frees_ptr_opt_ PVOID Old,
			     _Pre_writable_byte_size_(4) _Post_readable_byte_size_(4) PVOID New,
			     _Pre_null_ _Post_notnull_ PVOID Null);
_IRQL_always_function_max_(PASSIVE_LEVEL) _Check_return_wat_ EXTERN_C NTSTATUS
	NeverAbove(_Pre_z_ PCSTR Text);

/* a whole function, alone and together, in front of and between what else belongs there */
_Requires_lock_held_(Annotated->Lock) EXTERN_C VOID NeedsTheLock(_In_ ANNOTATED *Annotated);
_Requires_lock_held_(Annotated->Lock) _IRQL_requires_(DISPATCH_LEVEL) EXTERN_C VOID
	NeedsTheLockAndAnIrql(_In_ ANNOTATED *Annotated);
_No_competing_thread_ EXTERN_C NTSTATUS Alone(_Inout_ ANNOTATED *Annotated);
_Must_inspect_result_ _Success_(return >= 0)
	_IRQL_requires_max_(PASSIVE_LEVEL) _No_competing_thread_ EXTERN_C NTSTATUS
	AloneToo(_In_ ANNOTATED *Annotated);
_Pre_satisfies_(Annotated->Count > 0 && Annotated->Count <= 16)
	_Post_satisfies_(Annotated->Guarded == 0) EXTERN_C VOID
	Satisfied(_Inout_ ANNOTATED *Annotated);
_When_(Wait == TRUE, _Acquires_lock_(Annotated->Lock)) _At_(*Result, _Post_valid_) EXTERN_C VOID
	Conditional(_In_ ANNOTATED *Annotated, _In_ BOOLEAN Wait, _Outptr_ PVOID *Result);
EXTERN_C VOID OnTheParameter(_In_ _Pre_satisfies_(*Count > 0) _Post_satisfies_(*Count == 0)
				     PULONG Count);

_Use_decl_annotations_ VOID NeedsTheLock(ANNOTATED *Annotated)
{
	Annotated->Guarded++;
}

_Use_decl_annotations_ NTSTATUS Alone(ANNOTATED *Annotated)
{
	_No_competing_thread_begin_ Annotated->Written = 1;
	_No_competing_thread_end_ return STATUS_SUCCESS;
}

_Use_decl_annotations_ VOID Satisfied(ANNOTATED *Annotated)
{
	Annotated->Guarded = 0;
}

/* kinds of function, and pointers to them */
typedef _Function_class_(ANNOTATED_CALLBACK) _IRQL_requires_same_
	_IRQL_requires_max_(DISPATCH_LEVEL)
VOID ANNOTATED_CALLBACK(_In_ WDFOBJECT Object, _In_reads_(Count) ULONG const *Entries,
			_In_ SIZE_T Count);
typedef ANNOTATED_CALLBACK *PFN_ANNOTATED_CALLBACK;
EXTERN_C ANNOTATED_CALLBACK AnnotatedCallback;

_Use_decl_annotations_ VOID AnnotatedCallback(WDFOBJECT Object, ULONG const *Entries, SIZE_T Count)
{
	UNREFERENCED_PARAMETER(Object);
	UNREFERENCED_PARAMETER(Entries);
	UNREFERENCED_PARAMETER(Count);
}

#ifdef __cplusplus
class Annotated
{
      public:
	_IRQL_requires_max_(PASSIVE_LEVEL) explicit Annotated(_In_ ULONG Count) : m_count(Count)
	{
	}
	_Requires_lock_held_(m_lock) ULONG Count() const
	{
		return m_lock ? m_count : 0;
	}
	_No_competing_thread_ void Fill(_Out_writes_bytes_(Size) void *Buffer, _In_ size_t Size);

      private:
	WDFSPINLOCK m_lock = nullptr;
	_Guarded_by_(m_lock) ULONG m_count;
};

_Use_decl_annotations_ void Annotated::Fill(void *Buffer, size_t Size)
{
	auto fill = [](_Out_writes_bytes_(size) void *buffer, _In_ size_t size, _In_ ULONG with) {
		RtlFillMemory(buffer, size, (UCHAR)with);
	};

	__analysis_assume(Buffer != nullptr);
	fill(Buffer, Size, Count());
}

template <typename T>
_Post_satisfies_(return >= 0) NTSTATUS Templated(_In_ T const &From, _Inout_ T *To,
						 _In_reads_(Count) T *Elements, _In_ size_t Count)
{
	*To = Count ? Elements[0] : From;
	return STATUS_SUCCESS;
}
template NTSTATUS Templated<ULONG>(ULONG const &, ULONG *, ULONG *, size_t);
#endif
