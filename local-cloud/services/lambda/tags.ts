import type { Standing } from '../../core/service.ts';
import type { FunctionRegistry } from './function-registry.ts';
import type { MadeFunctions } from './made-functions.ts';

type Tags = Record<string, string>;

/** The tags of functions: at every start those of the Terraform; those of functions that clients made on disk. */
export class FunctionTags {
  readonly #registry: FunctionRegistry;
  readonly #made: MadeFunctions;
  readonly #tags = new Map<string, Tags>();

  constructor(registry: FunctionRegistry, made: MadeFunctions) {
    this.#registry = registry;
    this.#made = made;
  }

  async load(): Promise<void> {
    for (const { key, value } of await this.#registry.state.list<Tags>()) {
      if (key.endsWith('/tags')) this.#tags.set(key.slice(0, -'/tags'.length), value);
    }
  }

  survey({ resources }: Standing): void {
    for (const { type, attributes, tags } of resources) {
      if (type === 'aws_lambda_function') this.#tags.set(String(attributes['function_name']), tags);
    }
  }

  of(name: string): Tags {
    return this.#tags.get(name) ?? {};
  }

  async add(name: string, given: Record<string, unknown>): Promise<void> {
    if (Object.keys(given).length === 0) return;
    const added = Object.entries(given).map(([key, value]) => [key, String(value)]);
    await this.#put(name, { ...this.of(name), ...Object.fromEntries(added) });
  }

  async remove(name: string, keys: string[]): Promise<void> {
    await this.#put(
      name,
      Object.fromEntries(Object.entries(this.of(name)).filter(([key]) => !keys.includes(key))),
    );
  }

  forget(name: string): void {
    this.#tags.delete(name);
  }

  async #put(name: string, tags: Tags): Promise<void> {
    if (this.#made.has(name)) await this.#registry.state.put(`${name}/tags`, tags);
    this.#tags.set(name, tags);
  }
}
