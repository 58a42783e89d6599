import type { AnyAggregate } from './aggregate.ts';
import type { AnyCommand } from './command.ts';
import type { AnyQuery } from './query.ts';
import type { AnyReactor } from './reactor.ts';
import type { ReadModel } from './read-model.ts';

/** One statement of a function's policy. Resources may hold `{environment}`, `{region}`, `{account}` and `{userPool}`. */
export interface Permission {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** Allows actions on `*`: only for actions that AWS offers no resource-level permission for. */
export function allow(...actions: string[]): Permission {
  return { actions, resources: ['*'] };
}

/** Allows actions on these resources only. */
export function allowOn(resources: readonly string[], ...actions: string[]): Permission {
  return { actions, resources };
}

/**
 * The back end of a domain. The key of each entry is its name everywhere: `acknowledgeAlert` is exported by
 * `commands/acknowledge-alert.ts` and becomes the function `skafu-<env>-<domain>-acknowledge-alert`.
 */
export interface Domain {
  readonly name: string;
  readonly aggregates: Readonly<Record<string, AnyAggregate>>;
  readonly commands: Readonly<Record<string, AnyCommand>>;
  readonly queries: Readonly<Record<string, AnyQuery>>;
  readonly readModels: Readonly<Record<string, ReadModel>>;
  readonly reactors: Readonly<Record<string, AnyReactor>>;
  /** What functions need beyond what their definition tells, by their name. */
  readonly permissions: Readonly<Record<string, readonly Permission[]>>;
}

type Parts = {
  readonly aggregates: Readonly<Record<string, unknown>>;
  readonly commands: Readonly<Record<string, { kind: 'command' }>>;
  readonly queries: Readonly<Record<string, { kind: 'query' }>>;
  readonly readModels: Readonly<Record<string, { kind: 'read-model' }>>;
  readonly reactors: Readonly<Record<string, { kind: 'reactor' }>>;
  readonly permissions?: Readonly<Record<string, readonly Permission[]>>;
};

/** Defines a domain. Throws when a permission names no function of it, which would otherwise grant nothing in silence. */
export function domain(name: string, parts: Parts): Domain {
  const functions = { ...parts.commands, ...parts.queries, ...parts.readModels, ...parts.reactors };
  for (const named of Object.keys(parts.permissions ?? {})) {
    if (!(named in functions))
      throw new Error(`Domain ${name} gives permissions to ${named}, which it does not have.`);
  }
  // Each part was checked by its own `command`, `query`, … ; here only their outside is needed.
  return { permissions: {}, name, ...parts } as unknown as Domain;
}

/** `acknowledgeAlert` → `acknowledge-alert`. */
export function kebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
