/* SPDX-License-Identifier: MIT */
/* wdfobject.h - attributes, typed contexts, references and deletion, common to all objects. Part of
 * wdf.h. */
#ifndef NETCX_WDFOBJECT_H
#define NETCX_WDFOBJECT_H

#include <wdftypes.h>
#include <parts/wdmrtl.h>

typedef enum _WDF_EXECUTION_LEVEL NETCX_INT_ENUM {
	WdfExecutionLevelInvalid = 0,
	WdfExecutionLevelInheritFromParent,
	WdfExecutionLevelPassive,
	WdfExecutionLevelDispatch
} WDF_EXECUTION_LEVEL;

typedef enum _WDF_SYNCHRONIZATION_SCOPE NETCX_INT_ENUM {
	WdfSynchronizationScopeInvalid = 0,
	WdfSynchronizationScopeInheritFromParent,
	WdfSynchronizationScopeDevice,
	WdfSynchronizationScopeQueue,
	WdfSynchronizationScopeNone
} WDF_SYNCHRONIZATION_SCOPE;

typedef VOID EVT_WDF_OBJECT_CONTEXT_CLEANUP(_In_ WDFOBJECT Object);
typedef EVT_WDF_OBJECT_CONTEXT_CLEANUP *PFN_WDF_OBJECT_CONTEXT_CLEANUP;
typedef VOID EVT_WDF_OBJECT_CONTEXT_DESTROY(_In_ WDFOBJECT Object);
typedef EVT_WDF_OBJECT_CONTEXT_DESTROY *PFN_WDF_OBJECT_CONTEXT_DESTROY;
typedef EVT_WDF_OBJECT_CONTEXT_CLEANUP EVT_WDF_DEVICE_CONTEXT_CLEANUP;
typedef EVT_WDF_OBJECT_CONTEXT_DESTROY EVT_WDF_DEVICE_CONTEXT_DESTROY;

/*
 * Names a context type. Each declaration makes one, so the same type can have several in a program;
 * those with equal ContextName and ContextSize are the same type.
 */
typedef struct _WDF_OBJECT_CONTEXT_TYPE_INFO {
	ULONG Size;
	PCSTR ContextName;
	size_t ContextSize;
	const struct _WDF_OBJECT_CONTEXT_TYPE_INFO *UniqueType;
	const struct _WDF_OBJECT_CONTEXT_TYPE_INFO *(*EvtDriverGetUniqueContextType)(VOID);
} WDF_OBJECT_CONTEXT_TYPE_INFO, *PWDF_OBJECT_CONTEXT_TYPE_INFO;
typedef const WDF_OBJECT_CONTEXT_TYPE_INFO *PCWDF_OBJECT_CONTEXT_TYPE_INFO;

typedef struct _WDF_OBJECT_ATTRIBUTES {
	ULONG Size;
	PFN_WDF_OBJECT_CONTEXT_CLEANUP EvtCleanupCallback;
	PFN_WDF_OBJECT_CONTEXT_DESTROY EvtDestroyCallback;
	WDF_EXECUTION_LEVEL ExecutionLevel;
	WDF_SYNCHRONIZATION_SCOPE SynchronizationScope;
	WDFOBJECT ParentObject;
	size_t ContextSizeOverride; /* 0, or at least ContextTypeInfo->ContextSize */
	PCWDF_OBJECT_CONTEXT_TYPE_INFO ContextTypeInfo;
} WDF_OBJECT_ATTRIBUTES, *PWDF_OBJECT_ATTRIBUTES;

FORCEINLINE VOID WDF_OBJECT_ATTRIBUTES_INIT(PWDF_OBJECT_ATTRIBUTES Attributes)
{
	WDF_STRUCT_INIT(Attributes, WDF_OBJECT_ATTRIBUTES);
	Attributes->ExecutionLevel = WdfExecutionLevelInheritFromParent;
	Attributes->SynchronizationScope = WdfSynchronizationScopeInheritFromParent;
}

EXTERN_C_START

/* Return: the object's context of that type, or NULL if it has none. IRQL: <= DISPATCH_LEVEL, not
 * checked */
PVOID WdfObjectGetTypedContextWorker(WDFOBJECT Handle, PCWDF_OBJECT_CONTEXT_TYPE_INFO TypeInfo);

/* A further context. STATUS_OBJECT_NAME_EXISTS, with the one there is, if the object has that type.
 */
NTSTATUS WdfObjectAllocateContext(WDFOBJECT Handle, PWDF_OBJECT_ATTRIBUTES Attributes,
				  PVOID *Context);
WDFOBJECT WdfObjectContextGetObject(PVOID Context);

NTSTATUS WdfObjectCreate(PWDF_OBJECT_ATTRIBUTES Attributes, WDFOBJECT *Object);
VOID WdfObjectDelete(WDFOBJECT Object);
VOID WdfObjectReferenceActual(WDFOBJECT Handle, PVOID Tag, LONG Line, PCSTR File);
VOID WdfObjectDereferenceActual(WDFOBJECT Handle, PVOID Tag, LONG Line, PCSTR File);

EXTERN_C_END

#define WdfObjectReference(handle)   WdfObjectReferenceActual(handle, NULL, __LINE__, __FILE__)
#define WdfObjectDereference(handle) WdfObjectDereferenceActual(handle, NULL, __LINE__, __FILE__)
#define WdfObjectReferenceWithTag(handle, tag) \
	WdfObjectReferenceActual(handle, tag, __LINE__, __FILE__)
#define WdfObjectDereferenceWithTag(handle, tag) \
	WdfObjectDereferenceActual(handle, tag, __LINE__, __FILE__)

/*
 * Context types. The type's name leads to its WDF_OBJECT_CONTEXT_TYPE_INFO: one weak constant per
 * program that all files share. Declared with the casting function, which returns a handle's
 * context.
 */
#define WDF_TYPE_NAME_TO_TYPE_INFO(type) netcx_wdf_type_##type
#define WDF_GET_CONTEXT_TYPE_INFO(type)  (&WDF_TYPE_NAME_TO_TYPE_INFO(type))

#define WDF_DECLARE_TYPE_INFO(type)                                                  \
	EXTERN_C const WDF_OBJECT_CONTEXT_TYPE_INFO WDF_TYPE_NAME_TO_TYPE_INFO(type) \
		__attribute__((weak, visibility("hidden")));                         \
	const WDF_OBJECT_CONTEXT_TYPE_INFO WDF_TYPE_NAME_TO_TYPE_INFO(               \
		type) = { sizeof(WDF_OBJECT_CONTEXT_TYPE_INFO), #type, sizeof(type), \
			  &WDF_TYPE_NAME_TO_TYPE_INFO(type), NULL };

#define WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(type, casting_function)                              \
	WDF_DECLARE_TYPE_INFO(type)                                                             \
	__attribute__((unused)) static inline type *casting_function(WDFOBJECT Handle)          \
	{                                                                                       \
		return (type *)WdfObjectGetTypedContextWorker(Handle,                           \
							      WDF_GET_CONTEXT_TYPE_INFO(type)); \
	}
#define WDF_DECLARE_CONTEXT_TYPE(type) WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(type, WdfObjectGet_##type)

#define WdfObjectGetTypedContext(handle, type)                       \
	((type *)WdfObjectGetTypedContextWorker((WDFOBJECT)(handle), \
						WDF_GET_CONTEXT_TYPE_INFO(type)))

#define WDF_OBJECT_ATTRIBUTES_SET_CONTEXT_TYPE(attributes, type) \
	((attributes)->ContextTypeInfo = WDF_GET_CONTEXT_TYPE_INFO(type))

#define WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(attributes, type)         \
	do {                                                              \
		WDF_OBJECT_ATTRIBUTES_INIT(attributes);                   \
		WDF_OBJECT_ATTRIBUTES_SET_CONTEXT_TYPE(attributes, type); \
	} while (0)

#endif
