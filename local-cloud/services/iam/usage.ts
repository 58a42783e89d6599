import type { Logger } from '../../core/logger.ts';
import type { StateNamespace } from '../../core/state.ts';
import type { Grant } from './decision.ts';
import type { Roles } from './roles.ts';

export interface RoleGrant extends Grant {
  readonly role: string;
}

const keyOf = (role: string, { action, resource }: Grant) => `used/${role}/${action} ${resource}`;

/** Remembers which grants of roles were ever used, over restarts. */
export class Usage {
  readonly #used: Set<string>;
  readonly #state: StateNamespace;
  readonly #logger: Logger;

  private constructor(used: Set<string>, state: StateNamespace, logger: Logger) {
    this.#used = used;
    this.#state = state;
    this.#logger = logger;
  }

  static async open(state: StateNamespace, logger: Logger): Promise<Usage> {
    return new Usage(new Set((await state.list('used/')).map(({ key }) => key)), state, logger);
  }

  note(role: string, grant: Grant): void {
    const key = keyOf(role, grant);
    if (this.#used.has(key)) return;
    this.#used.add(key);
    this.#state
      .put(key, new Date().toISOString())
      .catch((error: unknown) => this.#logger.error('The use of a grant could not be kept.', { error }));
  }

  /** What the roles that stand were granted and have never used: one line for each action on each resource. */
  unused(roles: Roles): RoleGrant[] {
    return roles.all().flatMap((role) =>
      roles
        .statementsOf(role)
        .filter(({ effect }) => effect === 'Allow')
        .flatMap(({ actions, resources }) =>
          actions.flatMap((action) =>
            resources.map((resource) => ({ role: role.name, action: action.text, resource: resource.text })),
          ),
        )
        .filter((grant) => !this.#used.has(keyOf(grant.role, grant))),
    );
  }
}
