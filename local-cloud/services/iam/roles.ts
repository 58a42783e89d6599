import type { Statement } from './policy.ts';

export interface Role {
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  readonly id: string;
  readonly description: string | undefined;
  /** JSON of who may assume it, as it was written. */
  readonly trustDocument: string;
  readonly trust: readonly Statement[];
  /** RFC 3339. */
  readonly created: string;
}

/** The roles that stand, with what their policies say. */
export class Roles {
  readonly #roles = new Map<string, Role>();
  readonly #inline = new Map<string, Map<string, readonly Statement[]>>();
  readonly #managed = new Map<string, readonly Statement[]>();
  readonly #attached = new Map<string, Set<string>>();
  /** Of each role since the last change of any policy: every call of every function asks for them. */
  readonly #statements = new Map<string, readonly Statement[]>();

  put(role: Role): void {
    this.#roles.set(role.name, role);
  }

  remove(name: string): void {
    this.#statements.clear();
    this.#roles.delete(name);
    this.#inline.delete(name);
    this.#attached.delete(name);
  }

  get(name: string): Role | undefined {
    return this.#roles.get(name);
  }

  byArn(arn: string): Role | undefined {
    const role = this.#roles.get(arn.slice(arn.lastIndexOf('/') + 1));
    return role?.arn === arn ? role : undefined;
  }

  all(): Role[] {
    return [...this.#roles.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  putInline(role: string, policy: string, statements: readonly Statement[]): void {
    this.#statements.clear();
    const policies = this.#inline.get(role) ?? new Map<string, readonly Statement[]>();
    this.#inline.set(role, policies.set(policy, statements));
  }

  removeInline(role: string, policy: string): void {
    this.#statements.clear();
    this.#inline.get(role)?.delete(policy);
  }

  putManaged(arn: string, statements: readonly Statement[]): void {
    this.#statements.clear();
    this.#managed.set(arn, statements);
  }

  removeManaged(arn: string): void {
    this.#statements.clear();
    this.#managed.delete(arn);
  }

  hasManaged(arn: string): boolean {
    return this.#managed.has(arn);
  }

  attach(role: string, policyArn: string): void {
    this.#statements.clear();
    this.#attached.set(role, (this.#attached.get(role) ?? new Set<string>()).add(policyArn));
  }

  detach(role: string, policyArn: string): void {
    this.#statements.clear();
    this.#attached.get(role)?.delete(policyArn);
  }

  /** All that its inline and its attached policies say. */
  statementsOf({ name }: Role): readonly Statement[] {
    const known = this.#statements.get(name);
    if (known) return known;
    const inline = [...(this.#inline.get(name)?.values() ?? [])];
    const managed = [...(this.#attached.get(name) ?? [])].map((arn) => this.#managed.get(arn) ?? []);
    const all = [...inline, ...managed].flat();
    this.#statements.set(name, all);
    return all;
  }
}
