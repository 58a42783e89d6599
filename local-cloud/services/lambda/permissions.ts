import type { Cloud } from '../../core/cloud.ts';
import { AwsError } from '../../core/errors.ts';
import type { Standing } from '../../core/service.ts';
import type { FunctionRegistry } from './function-registry.ts';

/** One statement of a function's policy, as GetPolicy tells it. */
export interface PermissionStatement {
  Sid: string;
  Effect: 'Allow';
  Principal: string | Record<string, string>;
  Action: string;
  /** ARN of the function, with the qualifier that it is about. */
  Resource: string;
  Condition?: Record<string, Record<string, string>>;
}

/** Who may invoke a function: what clients said, on disk, and what the Terraform says, to be told. */
export class Permissions {
  readonly #registry: FunctionRegistry;
  /** By function, in the order in which they were given. */
  readonly #made = new Map<string, PermissionStatement[]>();
  #terraform: PermissionStatement[] = [];

  constructor(cloud: Cloud, registry: FunctionRegistry) {
    this.#registry = registry;
    cloud.ports.access.addPolicies('lambda', (arn) => {
      const made = this.#made.get(arn.split(':')[6] ?? '');
      return made?.length ? JSON.stringify({ Version: '2012-10-17', Statement: made }) : undefined;
    });
  }

  async load(): Promise<void> {
    for (const { key, value } of await this.#registry.state.list<PermissionStatement>()) {
      const [name = '', kind] = key.split('/');
      if (kind === 'permission') this.#made.set(name, [...(this.#made.get(name) ?? []), value]);
    }
  }

  /** Remembers what the Terraform says, which the IAM service keeps and decides by. */
  survey({ resources }: Standing): void {
    this.#terraform = resources
      .filter(({ type }) => type === 'aws_lambda_permission')
      .map(({ attributes }) => ({
        Sid: String(attributes['statement_id']),
        Effect: 'Allow',
        Principal: principalOf(String(attributes['principal'])),
        Action: String(attributes['action']),
        Resource: String(attributes['policy_of']),
        ...conditionOf(attributes['source_arn'], attributes['source_account']),
      }));
  }

  /** Answers the statement once it is on disk. Throws when there is one of that name. */
  async add(statement: PermissionStatement): Promise<void> {
    const { Sid, Resource } = statement;
    if (this.of(Resource).some((standing) => standing.Sid === Sid)) {
      throw new AwsError(
        'ResourceConflictException',
        `The statement id (${Sid}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
        409,
      );
    }
    await this.#registry.state.put(keyOf(statement), statement);
    const name = nameIn(Resource);
    this.#made.set(name, [...(this.#made.get(name) ?? []), statement]);
  }

  async remove(resource: string, sid: string): Promise<void> {
    const name = nameIn(resource);
    const made = this.#made.get(name) ?? [];
    const statement = made.find(({ Sid, Resource }) => Sid === sid && Resource === resource);
    if (!statement && this.of(resource).some(({ Sid }) => Sid === sid)) {
      throw new AwsError(
        'NotImplemented',
        `The statement ${sid} stands in the Terraform (aws_lambda_permission): remove it there.`,
        501,
      );
    }
    if (!statement) {
      throw new AwsError(
        'ResourceNotFoundException',
        `Statement ${sid} is not found in resource policy.`,
        404,
      );
    }
    await this.#registry.state.delete(keyOf(statement));
    this.#made.set(
      name,
      made.filter((standing) => standing !== statement),
    );
  }

  /** The statements about a function, or about one of its versions or aliases, and no other. */
  of(resource: string): PermissionStatement[] {
    const made = this.#made.get(nameIn(resource)) ?? [];
    return [...this.#terraform, ...made].filter(({ Resource }) => Resource === resource);
  }

  /** After the function itself was removed, with all that was kept of it. */
  forget(name: string): void {
    this.#made.delete(name);
  }
}

/** A service, an account or a role, or everybody, as a policy names them. */
export function principalOf(principal: string): PermissionStatement['Principal'] {
  if (/\.amazonaws\.com$/u.test(principal)) return { Service: principal };
  if (principal === '*') return principal;
  return { AWS: /^\d{12}$/u.test(principal) ? `arn:aws:iam::${principal}:root` : principal };
}

export function conditionOf(
  sourceArn: unknown,
  sourceAccount: unknown,
): Pick<PermissionStatement, 'Condition'> {
  const conditions = {
    ...(sourceAccount ? { StringEquals: { 'AWS:SourceAccount': String(sourceAccount) } } : {}),
    ...(sourceArn ? { ArnLike: { 'AWS:SourceArn': String(sourceArn) } } : {}),
  };
  return Object.keys(conditions).length > 0 ? { Condition: conditions } : {};
}

const nameIn = (resource: string) => resource.split(':')[6] ?? '';

function keyOf({ Sid, Resource }: PermissionStatement): string {
  return `${nameIn(Resource)}/permission/${Resource.split(':')[7] ?? ''}/${Sid}`;
}
