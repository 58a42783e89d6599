import type { FunctionConfiguration } from './configuration.ts';
import type { DeployedFunction, FunctionRegistry } from './function-registry.ts';

interface KeptFunction {
  configuration: FunctionConfiguration;
  reservedConcurrency?: number;
}

/**
 * Functions that clients made, which outlast a restart. What the Terraform says goes before: once it applies one of the
 * same name, the client's is forgotten.
 */
export class MadeFunctions {
  /** Resolves when all that is kept stands. */
  readonly loaded: Promise<void>;
  readonly #registry: FunctionRegistry;
  readonly #names = new Set<string>();

  constructor(registry: FunctionRegistry) {
    this.#registry = registry;
    this.loaded = this.#load();
    // Whoever waits for it meets its failure; until then it must not count as unhandled.
    this.loaded.catch(() => {});
  }

  /** Writes down a function that a client makes. */
  async keep(deployed: DeployedFunction): Promise<void> {
    this.#names.add(deployed.configuration.name);
    await this.#write(deployed);
  }

  /** Writes down a change, of a function that a client made. */
  async keepChange(deployed: DeployedFunction): Promise<void> {
    if (this.#names.has(deployed.configuration.name)) await this.#write(deployed);
  }

  has(name: string): boolean {
    return this.#names.has(name);
  }

  async forget(name: string): Promise<void> {
    if (this.#names.delete(name)) await this.#registry.state.delete(keyOf(name));
  }

  async #write({ configuration, reservedConcurrency }: DeployedFunction): Promise<void> {
    const kept: KeptFunction = {
      configuration,
      ...(reservedConcurrency === undefined ? {} : { reservedConcurrency }),
    };
    await this.#registry.state.put(keyOf(configuration.name), kept);
  }

  async #load(): Promise<void> {
    await this.#registry.load();
    for (const { key, value } of await this.#registry.state.list<KeptFunction>()) {
      if (!key.endsWith('/made')) continue;
      const configuration = this.#registry.here(value.configuration);
      this.#names.add(configuration.name);
      this.#registry.deploy(configuration).reservedConcurrency = value.reservedConcurrency;
    }
  }
}

const keyOf = (name: string) => `${name}/made`;
