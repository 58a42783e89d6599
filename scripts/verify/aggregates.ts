import { type Domain, kebabCase } from '#shared/definition/domain.ts';
import type { VerifiableAggregate } from '#shared/event-store/verify-stream.ts';

/** Every aggregate with its code. A manifest lists the aggregates themselves, of which most readers see the outside only. */
export async function aggregatesOf(domains: readonly Domain[]): Promise<VerifiableAggregate[]> {
  return Promise.all(
    domains.flatMap(({ name, aggregates }) =>
      Object.keys(aggregates).map(async (key) => {
        const type = kebabCase(key);
        const module: Record<string, VerifiableAggregate | undefined> = await import(
          `#domains/${name}/${type}/${type}.ts`
        );
        const aggregate = module[key];
        if (!aggregate) throw new Error(`domains/${name}/${type}/${type}.ts does not export ${key}.`);
        return aggregate;
      }),
    ),
  );
}
