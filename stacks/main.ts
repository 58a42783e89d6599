import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Domain } from '#shared/definition/domain.ts';
import { App } from './cdktf.ts';
import { ConsoleStack } from './console-stack.ts';
import { DomainStack } from './domain-stack.ts';
import { findDomains } from './find-domains.ts';
import { OperationsStack } from './operations-stack.ts';
import { PlatformStack } from './platform-stack.ts';
import { type Choices, settingsFor } from './settings.ts';

export interface SynthesisOptions extends Choices {
  /** Gets `stacks/<stack>/`, each folder with everything that Terraform reads for it. */
  readonly outdir: string;
  /** By default every `domains/<name>/domain.ts`. */
  readonly domains?: readonly Domain[];
}

/**
 * Writes the Terraform of every stack. The same choices give the same bytes, and none holds a path of this machine.
 * Throws with one sentence when a function was not built or AWS would refuse a name.
 */
export async function synthesize({ outdir, domains, ...choices }: SynthesisOptions): Promise<void> {
  const settings = settingsFor(choices);
  const manifests = domains ?? (await findDomains());
  mkdirSync(outdir, { recursive: true });
  forgetBundles(outdir);

  const app = new App({ outdir, stackTraces: false });
  const platform = new PlatformStack(app, settings);
  const domainStacks = manifests.map(
    (manifest) => new DomainStack(app, manifest, { platform, domains: manifests, settings }),
  );
  const console = new ConsoleStack(app, { api: platform.api, settings });
  const stacks = [platform, ...domainStacks, console];
  // The event store is known to them by its name alone, which tells no order.
  for (const stack of domainStacks) stack.addDependency(platform);
  const operations = new OperationsStack(app, {
    domains: manifests,
    platform,
    domainStacks,
    console,
    settings,
  });
  for (const stack of stacks) operations.addDependency(stack);
  app.synth();
  forgetStacks(
    outdir,
    [...stacks, operations].map(({ domain }) => domain),
  );
}

/** Functions that are no more must not stay; what `terraform init` put beside them may. */
function forgetBundles(outdir: string): void {
  for (const stack of stacksIn(outdir))
    rmSync(join(outdir, 'stacks', stack, 'functions'), { recursive: true, force: true });
}

function forgetStacks(outdir: string, kept: readonly string[]): void {
  for (const stack of stacksIn(outdir)) {
    if (!kept.includes(stack)) rmSync(join(outdir, 'stacks', stack), { recursive: true });
  }
}

function stacksIn(outdir: string): string[] {
  mkdirSync(join(outdir, 'stacks'), { recursive: true });
  return readdirSync(join(outdir, 'stacks'));
}
