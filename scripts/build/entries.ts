import { type Domain, kebabCase } from '#shared/definition/domain.ts';
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
  ['operations', 'catch-up'],
] as const;

/** Every function of the platform, with the few lines that tie its definition to the runtime. */
export function entriesOf(domains: readonly Domain[]): Entry[] {
  const platform = platformFunctions.map(([stack, name]) => ({
    stack,
    name,
    source: `export { handler } from '#shared/functions/${name}.ts';\n`,
  }));
  return [...platform, ...domains.flatMap(entriesOfDomain)];
}

function entriesOfDomain(domain: Domain): Entry[] {
  const entry = (
    kind: string,
    key: string,
    serve: [module: string, call: string],
    validator?: string,
  ): Entry => {
    const name = kebabCase(key);
    const [module, call] = serve;
    const lines = [
      `import { ${key} as definition } from '#domains/${domain.name}/${kind}/${name}.ts';`,
      `import { ${call} } from '#shared/runtime/${module}.ts';`,
      ...(validator ? [`import validate from './${name}.validator.mjs';`] : []),
      `export const handler = ${call}(definition${validator ? ', validate' : ''});`,
    ];
    return { stack: domain.name, name, source: `${lines.join('\n')}\n`, ...(validator ? { validator } : {}) };
  };
  const keys = Object.keys;
  return [
    ...Object.entries(domain.commands).map(([key, { input }]) =>
      entry('commands', key, ['serve-command', 'serveCommand'], validatorSource(input, 'body')),
    ),
    ...Object.entries(domain.queries).map(([key, { input }]) =>
      entry('queries', key, ['serve-query', 'serveQuery'], validatorSource(input, 'parameters')),
    ),
    ...keys(domain.readModels).map((key) =>
      entry('read-models', key, ['serve-projection', 'serveProjection']),
    ),
    ...Object.entries(domain.reactors).map(([key, reactor]) =>
      entry('reactors', key, [
        'serve-reactor',
        'follows' in reactor ? 'serveReactor' : 'servePlatformReactor',
      ]),
    ),
  ];
}
