import type { Permission } from '#shared/definition/domain.ts';

/** One statement of an IAM policy. */
export interface Statement {
  readonly Effect: 'Allow';
  readonly Principal?: { readonly Service: string | readonly string[] };
  readonly Action: readonly string[];
  readonly Resource?: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/**
 * Begins a statement, which then reads as a sentence: `allow('dynamodb:Query').on(table.arn)`,
 * `allow('sqs:SendMessage').to('events.amazonaws.com').on(queue.arn).from(rule.arn)`.
 */
export function allow(...actions: string[]) {
  return {
    on: (...resources: string[]) => statement(actions, resources),
    /** Only for actions that AWS offers no resource-level permission for. */
    onEverything: () => statement(actions, ['*']),
    /** For policies of resources: who may. */
    to: (...services: string[]) => ({
      on: (...resources: string[]) => ({
        ...statement(actions, resources),
        Principal: { Service: services },
        /** Only in the name of this resource, so that no other account's resource can borrow the service. */
        from: (source: string) => ({
          ...statement(actions, resources),
          Principal: { Service: services },
          Condition: { ArnEquals: { 'aws:SourceArn': source } },
        }),
      }),
    }),
  };
}

function statement(actions: readonly string[], resources: readonly string[]): Statement {
  return { Effect: 'Allow', Action: actions, Resource: resources };
}

/** The JSON of a policy. */
export function policyDocument(statements: readonly Statement[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

/** A manifest's permission as a statement; its placeholders become what they are in this stack. */
export function fromManifest(
  { actions, resources }: Permission,
  values: { environment: string; region: string; account: string; userPool: string },
): Statement {
  return statement(
    actions,
    resources.map((resource) =>
      resource.replace(
        /\{(environment|region|account|userPool)\}/g,
        (_, name: keyof typeof values) => values[name],
      ),
    ),
  );
}
