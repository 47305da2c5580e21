/* SPDX-License-Identifier: MIT */
/*
 * Generic tables. Both kinds are a treap: a search tree that is a heap as well, by a hash of each
 * node's address, so that it is balanced whatever is inserted in which order, and lookups change
 * nothing. Nodes have the sizes of Windows', since a driver's routine allocates them.
 */
#include <ntddk.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "nt/export.h"

/* What both kinds of links begin with. */
struct node {
	struct node *parent, *left, *right;
};

/* A node of an RTL_GENERIC_TABLE, in front of the driver's bytes. */
struct old_node {
	struct node node;
	LIST_ENTRY order; /* of insertion */
	LONGLONG element;
};

struct avl_node {
	struct node node;
	LONGLONG balance;
	LONGLONG element;
};

#define OLD_HEADER offsetof(struct old_node, element)
#define AVL_HEADER offsetof(struct avl_node, element)

C_ASSERT(OLD_HEADER == 40);
C_ASSERT(AVL_HEADER == 32);
C_ASSERT(offsetof(struct node, right) == offsetof(RTL_BALANCED_LINKS, RightChild));

/* A table of either kind, for the time of a call. */
struct table {
	void *driver; /* the driver's structure, for its routines */
	struct node **root;
	size_t header; /* bytes in front of an element */
	RTL_GENERIC_COMPARE_RESULTS (*compare)(const struct table *table, void *a, void *b);
};

static RTL_GENERIC_COMPARE_RESULTS compare_old(const struct table *table, void *a, void *b)
{
	PRTL_GENERIC_TABLE driver = table->driver;

	return driver->CompareRoutine(driver, a, b);
}

static RTL_GENERIC_COMPARE_RESULTS compare_avl(const struct table *table, void *a, void *b)
{
	PRTL_AVL_TABLE driver = table->driver;

	return driver->CompareRoutine(driver, a, b);
}

static struct table old(PRTL_GENERIC_TABLE table)
{
	return (struct table){ table, (struct node **)&table->TableRoot, OLD_HEADER, compare_old };
}

static struct table avl(PRTL_AVL_TABLE table)
{
	return (struct table){ table, (struct node **)&table->BalancedRoot.RightChild, AVL_HEADER,
			       compare_avl };
}

static void *element_of(const struct table *table, struct node *node)
{
	return node ? (char *)node + table->header : NULL;
}

static ULONGLONG rank(const struct node *node)
{
	return (ULONGLONG)(ULONG_PTR)node * 0x9E3779B97F4A7C15u;
}

static struct node **place_of(const struct table *table, struct node *node)
{
	if (!node->parent)
		return table->root;
	return node->parent->left == node ? &node->parent->left : &node->parent->right;
}

/* @node takes its parent's place, and has it for a child. */
static void rotate_up(const struct table *table, struct node *node)
{
	struct node *parent = node->parent, **place = place_of(table, parent), *moved;

	if (parent->left == node) {
		moved = node->right;
		parent->left = moved;
		node->right = parent;
	} else {
		moved = node->left;
		parent->right = moved;
		node->left = parent;
	}
	if (moved)
		moved->parent = parent;
	node->parent = parent->parent;
	parent->parent = node;
	*place = node;
}

/* Return: where @buffer is, or would be. @parent: what that hangs on */
static struct node **find(const struct table *table, void *buffer, struct node **parent)
{
	struct node **place = table->root;

	*parent = NULL;
	while (*place) {
		RTL_GENERIC_COMPARE_RESULTS result =
			table->compare(table, buffer, element_of(table, *place));

		if (result == GenericEqual)
			break;
		*parent = *place;
		place = result == GenericLessThan ? &(*place)->left : &(*place)->right;
	}
	return place;
}

static void *lookup(const struct table *table, void *buffer)
{
	struct node *parent;

	return element_of(table, *find(table, buffer, &parent));
}

static void hang_in(const struct table *table, struct node **place, struct node *parent,
		    struct node *node)
{
	*node = (struct node){ .parent = parent };
	*place = node;
	while (node->parent && rank(node) > rank(node->parent))
		rotate_up(table, node);
}

static struct node *higher_child(const struct node *node)
{
	if (!node->left || !node->right)
		return node->left ? node->left : node->right;
	return rank(node->left) > rank(node->right) ? node->left : node->right;
}

static void take_out(const struct table *table, struct node *node)
{
	struct node *child;

	while ((child = higher_child(node)))
		rotate_up(table, child);
	*place_of(table, node) = NULL;
}

static struct node *leftmost(struct node *node)
{
	while (node && node->left)
		node = node->left;
	return node;
}

/* In the order of elements; the first one after none. */
static struct node *next(const struct table *table, struct node *node)
{
	if (!node)
		return leftmost(*table->root);
	if (node->right)
		return leftmost(node->right);
	while (node->parent && node->parent->right == node)
		node = node->parent;
	return node->parent;
}

static void fill(void *node, size_t header, const void *buffer, CLONG size)
{
	memset(node, 0, header);
	memcpy((char *)node + header, buffer, size);
}

static void *found_or_new(void *element, bool new_one, PBOOLEAN said)
{
	if (said)
		*said = new_one;
	return element;
}

NETCX_EXPORT VOID RtlInitializeGenericTable(PRTL_GENERIC_TABLE Table,
					    PRTL_GENERIC_COMPARE_ROUTINE CompareRoutine,
					    PRTL_GENERIC_ALLOCATE_ROUTINE AllocateRoutine,
					    PRTL_GENERIC_FREE_ROUTINE FreeRoutine,
					    PVOID TableContext)
{
	*Table = (RTL_GENERIC_TABLE){ .CompareRoutine = CompareRoutine,
				      .AllocateRoutine = AllocateRoutine,
				      .FreeRoutine = FreeRoutine,
				      .TableContext = TableContext };
	InitializeListHead(&Table->InsertOrderList);
}

NETCX_EXPORT PVOID RtlInsertElementGenericTable(PRTL_GENERIC_TABLE Table, PVOID Buffer,
						CLONG BufferSize, PBOOLEAN NewElement)
{
	const struct table table = old(Table);
	struct node *parent, **place = find(&table, Buffer, &parent);
	struct old_node *node;

	if (*place)
		return found_or_new(element_of(&table, *place), false, NewElement);
	node = Table->AllocateRoutine(Table, BufferSize + OLD_HEADER);
	if (!node)
		return found_or_new(NULL, false, NewElement);
	fill(node, OLD_HEADER, Buffer, BufferSize);
	InsertTailList(&Table->InsertOrderList, &node->order);
	hang_in(&table, place, parent, &node->node);
	Table->NumberGenericTableElements++;
	return found_or_new(element_of(&table, &node->node), true, NewElement);
}

NETCX_EXPORT BOOLEAN RtlDeleteElementGenericTable(PRTL_GENERIC_TABLE Table, PVOID Buffer)
{
	const struct table table = old(Table);
	struct node *parent, *node = *find(&table, Buffer, &parent);

	if (!node)
		return FALSE;
	take_out(&table, node);
	RemoveEntryList(&((struct old_node *)node)->order);
	Table->NumberGenericTableElements--;
	Table->OrderedPointer = NULL;
	Table->FreeRoutine(Table, node);
	return TRUE;
}

NETCX_EXPORT PVOID RtlLookupElementGenericTable(PRTL_GENERIC_TABLE Table, PVOID Buffer)
{
	const struct table table = old(Table);

	return lookup(&table, Buffer);
}

NETCX_EXPORT PVOID RtlEnumerateGenericTableWithoutSplaying(PRTL_GENERIC_TABLE Table,
							   PVOID *RestartKey)
{
	const struct table table = old(Table);

	*RestartKey = next(&table, *RestartKey);
	return element_of(&table, *RestartKey);
}

/* Where it is: between two calls nothing is inserted or deleted. */
NETCX_EXPORT PVOID RtlEnumerateGenericTable(PRTL_GENERIC_TABLE Table, BOOLEAN Restart)
{
	PVOID key = Restart ? NULL : Table->OrderedPointer;
	PVOID element = RtlEnumerateGenericTableWithoutSplaying(Table, &key);

	Table->OrderedPointer = key;
	return element;
}

NETCX_EXPORT PVOID RtlGetElementGenericTable(PRTL_GENERIC_TABLE Table, ULONG I)
{
	PLIST_ENTRY entry = Table->InsertOrderList.Flink;

	if (I >= Table->NumberGenericTableElements)
		return NULL;
	while (I--)
		entry = entry->Flink;
	return &CONTAINING_RECORD(entry, struct old_node, order)->element;
}

NETCX_EXPORT ULONG RtlNumberGenericTableElements(PRTL_GENERIC_TABLE Table)
{
	return Table->NumberGenericTableElements;
}

NETCX_EXPORT BOOLEAN RtlIsGenericTableEmpty(PRTL_GENERIC_TABLE Table)
{
	return !Table->TableRoot;
}

NETCX_EXPORT VOID RtlInitializeGenericTableAvl(PRTL_AVL_TABLE Table,
					       PRTL_AVL_COMPARE_ROUTINE CompareRoutine,
					       PRTL_AVL_ALLOCATE_ROUTINE AllocateRoutine,
					       PRTL_AVL_FREE_ROUTINE FreeRoutine,
					       PVOID TableContext)
{
	*Table = (RTL_AVL_TABLE){ .CompareRoutine = CompareRoutine,
				  .AllocateRoutine = AllocateRoutine,
				  .FreeRoutine = FreeRoutine,
				  .TableContext = TableContext };
}

NETCX_EXPORT PVOID RtlInsertElementGenericTableAvl(PRTL_AVL_TABLE Table, PVOID Buffer,
						   CLONG BufferSize, PBOOLEAN NewElement)
{
	const struct table table = avl(Table);
	struct node *parent, **place = find(&table, Buffer, &parent), *node;

	if (*place)
		return found_or_new(element_of(&table, *place), false, NewElement);
	node = Table->AllocateRoutine(Table, BufferSize + AVL_HEADER);
	if (!node)
		return found_or_new(NULL, false, NewElement);
	fill(node, AVL_HEADER, Buffer, BufferSize);
	hang_in(&table, place, parent, node);
	Table->NumberGenericTableElements++;
	return found_or_new(element_of(&table, node), true, NewElement);
}

NETCX_EXPORT BOOLEAN RtlDeleteElementGenericTableAvl(PRTL_AVL_TABLE Table, PVOID Buffer)
{
	const struct table table = avl(Table);
	struct node *parent, *node = *find(&table, Buffer, &parent);

	if (!node)
		return FALSE;
	take_out(&table, node);
	Table->NumberGenericTableElements--;
	Table->DeleteCount++;
	Table->RestartKey = NULL;
	Table->FreeRoutine(Table, node);
	return TRUE;
}

NETCX_EXPORT PVOID RtlLookupElementGenericTableAvl(PRTL_AVL_TABLE Table, PVOID Buffer)
{
	const struct table table = avl(Table);

	return lookup(&table, Buffer);
}

NETCX_EXPORT PVOID RtlEnumerateGenericTableWithoutSplayingAvl(PRTL_AVL_TABLE Table,
							      PVOID *RestartKey)
{
	const struct table table = avl(Table);

	*RestartKey = next(&table, *RestartKey);
	return element_of(&table, *RestartKey);
}

NETCX_EXPORT PVOID RtlEnumerateGenericTableAvl(PRTL_AVL_TABLE Table, BOOLEAN Restart)
{
	PVOID key = Restart ? NULL : (PVOID)Table->RestartKey;
	PVOID element = RtlEnumerateGenericTableWithoutSplayingAvl(Table, &key);

	Table->RestartKey = key;
	return element;
}

NETCX_EXPORT PVOID RtlGetElementGenericTableAvl(PRTL_AVL_TABLE Table, ULONG I)
{
	const struct table table = avl(Table);
	struct node *node = next(&table, NULL);

	while (node && I--)
		node = next(&table, node);
	return element_of(&table, node);
}

NETCX_EXPORT ULONG RtlNumberGenericTableElementsAvl(PRTL_AVL_TABLE Table)
{
	return Table->NumberGenericTableElements;
}

NETCX_EXPORT BOOLEAN RtlIsGenericTableEmptyAvl(PRTL_AVL_TABLE Table)
{
	return !Table->NumberGenericTableElements;
}
