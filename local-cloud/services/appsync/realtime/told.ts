import type {
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  OperationDefinitionNode,
  SelectionSetNode,
} from 'graphql';

/** What one mutation of an operation has answered, by the names of fields. */
export interface Told {
  readonly mutation: string;
  readonly result: unknown;
}

/**
 * What an answer tells subscribers: for each mutation the fields that it selected, without aliases; all others are null
 * to them. A mutation that answered null tells nothing.
 */
export function toldOf(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  data: Readonly<Record<string, unknown>> | null,
): Told[] {
  const fragments = new Map(
    document.definitions
      .filter((each): each is FragmentDefinitionNode => each.kind === 'FragmentDefinition')
      .map((each) => [each.name.value, each] as const),
  );
  return fieldsOf(operation.selectionSet, fragments).flatMap((node) => {
    const result = data?.[node.alias?.value ?? node.name.value];
    if (result === undefined || result === null) return [];
    return [{ mutation: node.name.value, result: named(result, node.selectionSet, fragments) }];
  });
}

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

function fieldsOf(selectionSet: SelectionSetNode | undefined, fragments: Fragments): FieldNode[] {
  return (selectionSet?.selections ?? []).flatMap((selection) => {
    if (selection.kind === 'Field') return [selection];
    if (selection.kind === 'InlineFragment') return fieldsOf(selection.selectionSet, fragments);
    return fieldsOf(fragments.get(selection.name.value)?.selectionSet, fragments);
  });
}

function named(value: unknown, selectionSet: SelectionSetNode | undefined, fragments: Fragments): unknown {
  if (!selectionSet || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => named(each, selectionSet, fragments));
  const record = value as Record<string, unknown>;
  const result: Record<string, unknown> = {};
  for (const node of fieldsOf(selectionSet, fragments)) {
    const key = node.alias?.value ?? node.name.value;
    if (!Object.hasOwn(record, key)) continue;
    const part = named(record[key], node.selectionSet, fragments);
    const before = result[node.name.value];
    result[node.name.value] = isPlain(before) && isPlain(part) ? { ...before, ...part } : part;
  }
  return result;
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
