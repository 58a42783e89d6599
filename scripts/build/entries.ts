import { type Domain, kebabCase } from '#shared/definition/domain.ts';
import type { PlatformPart } from '#shared/definition/query.ts';
import type { AnyReactor, ReactorPart } from '#shared/definition/reactor.ts';
import { validatorSource } from './validators.ts';

/** One Lambda function to bundle: `<stack>/<name>` and the sources of its entry. */
export interface Entry {
  readonly stack: string;
  readonly name: string;
  readonly source: string;
  /** The precompiled validator that stands beside the entry as `<name>.validator.mjs`. */
  readonly validator?: string;
}

/** Functions of the platform itself, each a module of `shared/functions/`. */
const platformFunctions = [
  ['platform', 'relay'],
  ['platform', 'health'],
  ['platform', 'info'],
  ['platform', 'unknown-route'],
  ['platform', 'seal'],
  ['platform', 'report-failure'],
  ['operations', 'catch-up'],
  ['operations', 'canary'],
] as const;

/**
 * Every function of the platform, with the few lines that tie its definition to the runtime.
 *
 * @param fingerprints of the aggregates, by `domain/type`
 */
export function entriesOf(
  domains: readonly Domain[],
  fingerprints: Readonly<Record<string, string>>,
): Entry[] {
  const platform = platformFunctions.map(([stack, name]) => ({
    stack,
    name,
    source: `export { handler } from '#shared/functions/${name}.ts';\n`,
  }));
  return [...platform, ...domains.flatMap((domain) => entriesOfDomain(domain, domains, fingerprints))];
}

function entriesOfDomain(
  domain: Domain,
  all: readonly Domain[],
  fingerprints: Readonly<Record<string, string>>,
): Entry[] {
  const types = Object.keys(domain.aggregates).map(kebabCase);
  const entry = (
    kind: string,
    key: string,
    serve: [module: string, call: string],
    {
      validator,
      folds = [],
      definitions,
    }: { validator?: string; folds?: readonly string[]; definitions?: BundledDefinitions | undefined } = {},
  ): Entry => {
    const name = kebabCase(key);
    const [module, call] = serve;
    const lines = [
      ...(folds.length > 0 ? [fingerprintsLine(domain.name, folds, fingerprints)] : []),
      `import { ${key} as definition } from '#domains/${domain.name}/${kind}/${name}.ts';`,
      `import { ${call} } from '#shared/runtime/${module}.ts';`,
      ...(validator ? [`import validate from './${name}.validator.mjs';`] : []),
      ...(definitions?.imports ?? []),
      `export const handler = ${call}(definition${validator ? ', validate' : ''}${definitions ? `, undefined${validator ? '' : ', undefined'}, ${definitions.value}` : ''});`,
    ];
    return { stack: domain.name, name, source: `${lines.join('\n')}\n`, ...(validator ? { validator } : {}) };
  };
  const keys = Object.keys;
  return [
    ...Object.entries(domain.commands).map(([key, { input, aggregate }]) =>
      entry('commands', key, ['serve-command', 'serveCommand'], {
        validator: validatorSource(input, 'body'),
        folds: [aggregate.type],
      }),
    ),
    ...Object.entries(domain.queries).map(([key, { input, uses }]) =>
      entry('queries', key, ['serve-query', 'serveQuery'], {
        validator: validatorSource(input, 'parameters'),
        definitions: definitionsFor(uses, all),
      }),
    ),
    ...keys(domain.readModels).map((key) =>
      entry('read-models', key, ['serve-projection', 'serveProjection']),
    ),
    ...Object.entries(domain.reactors).map(([key, reactor]) =>
      entry(
        'reactors',
        key,
        ['process' in reactor ? 'serve-process-manager' : 'serve-reactor', serverOf(reactor)],
        // It may load and change any aggregate of its domain.
        { folds: types, definitions: definitionsFor(reactor.uses ?? [], all) },
      ),
    ),
    ...(types.length > 0 ? [snapshotsEntry(domain, fingerprints)] : []),
  ];
}

/** The lines that bundle code of every domain with a function, and the expression that hands it over. */
interface BundledDefinitions {
  readonly imports: readonly string[];
  readonly value: string;
}

function definitionsFor(
  uses: readonly (PlatformPart | ReactorPart)[],
  domains: readonly Domain[],
): BundledDefinitions | undefined {
  const namesOf = (part: PlatformPart, kind: 'aggregates' | 'readModels') =>
    uses.includes(part)
      ? domains.flatMap(({ name: domain, [kind]: parts }) =>
          Object.keys(parts).map((key) => ({ domain, key, name: kebabCase(key) })),
        )
      : [];
  const aggregates = namesOf('aggregates', 'aggregates');
  const projections = namesOf('projections', 'readModels');
  if (aggregates.length + projections.length === 0) return undefined;
  return {
    imports: [
      ...aggregates.map(
        ({ domain, key, name }, index) =>
          `import { ${key} as aggregate${index} } from '#domains/${domain}/${name}/${name}.ts';`,
      ),
      ...projections.map(
        ({ domain, key, name }, index) =>
          `import { ${key} as projection${index} } from '#domains/${domain}/read-models/${name}.ts';`,
      ),
    ],
    value: `{ aggregates: [${aggregates.map((_, index) => `aggregate${index}`).join(', ')}], projections: { ${projections
      .map(({ domain, name }, index) => `'${domain}/${name}': projection${index}`)
      .join(', ')} } }`,
  };
}

function serverOf(reactor: AnyReactor): string {
  if ('process' in reactor) return 'serveProcessManager';
  if ('follows' in reactor) return 'serveReactor';
  return 'gathers' in reactor ? 'serveErrorsReactor' : 'servePlatformReactor';
}

function snapshotsEntry({ name, aggregates }: Domain, fingerprints: Readonly<Record<string, string>>): Entry {
  const keys = Object.keys(aggregates);
  const lines = [
    fingerprintsLine(name, keys.map(kebabCase), fingerprints),
    ...keys.map((key) => `import { ${key} } from '#domains/${name}/${kebabCase(key)}/${kebabCase(key)}.ts';`),
    `import { serveSnapshots } from '#shared/runtime/serve-snapshots.ts';`,
    `export const handler = serveSnapshots([${keys.join(', ')}]);`,
  ];
  return { stack: name, name: 'keep-snapshots', source: `${lines.join('\n')}\n` };
}

/** Tells the function which code folds these aggregates. */
function fingerprintsLine(
  domain: string,
  types: readonly string[],
  fingerprints: Readonly<Record<string, string>>,
): string {
  const known = Object.fromEntries(
    types.map((type) => [`${domain}/${type}`, fingerprints[`${domain}/${type}`]]),
  );
  return [
    "import { rememberFingerprints } from '#shared/event-store/fingerprints.ts';",
    `rememberFingerprints(${JSON.stringify(known)});`,
  ].join('\n');
}
