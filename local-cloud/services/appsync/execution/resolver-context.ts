import { type FieldNode, type GraphQLResolveInfo, print, type SelectionSetNode } from 'graphql';
import type { Execution } from './engine.ts';

/**
 * What a resolver gets to know, as functions see it who are called without a template.
 * https://docs.aws.amazon.com/appsync/latest/devguide/resolver-context-reference-js.html
 */
export interface ResolverContext {
  readonly arguments: unknown;
  readonly identity: object | null;
  readonly source: unknown;
  readonly request: { readonly headers: Readonly<Record<string, string>>; readonly domainName: null };
  readonly prev: { readonly result: unknown } | null;
  readonly info: {
    readonly selectionSetList: readonly string[];
    readonly selectionSetGraphQL: string;
    readonly parentTypeName: string;
    readonly fieldName: string;
    readonly variables: unknown;
  };
  readonly stash: Record<string, unknown>;
}

export function contextOf(
  { requester, headers }: Execution,
  source: unknown,
  args: unknown,
  info: GraphQLResolveInfo,
): ResolverContext {
  return {
    arguments: args,
    identity: requester.identity,
    source: info.path.prev === undefined ? null : (source ?? null),
    request: { headers, domainName: null },
    prev: null,
    info: {
      selectionSetList: [...new Set(info.fieldNodes.flatMap((node) => listOf(node.selectionSet, '', info)))],
      selectionSetGraphQL: info.fieldNodes.map(textOf).join('\n'),
      parentTypeName: info.parentType.name,
      fieldName: info.fieldName,
      variables: info.variableValues,
    },
    stash: {},
  };
}

const textOf = ({ selectionSet }: FieldNode) => (selectionSet ? print(selectionSet) : '');

/** Every field that is asked for, as paths: `author`, `author/name`. An alias stands in the place of a name. */
function listOf(
  selectionSet: SelectionSetNode | undefined,
  prefix: string,
  info: GraphQLResolveInfo,
): string[] {
  return (selectionSet?.selections ?? []).flatMap((selection) => {
    if (selection.kind === 'FragmentSpread')
      return listOf(info.fragments[selection.name.value]?.selectionSet, prefix, info);
    if (selection.kind === 'InlineFragment') return listOf(selection.selectionSet, prefix, info);
    const path = `${prefix}${selection.alias?.value ?? selection.name.value}`;
    return [path, ...listOf(selection.selectionSet, `${path}/`, info)];
  });
}
