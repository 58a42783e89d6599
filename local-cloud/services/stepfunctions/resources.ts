import { randomBytes } from 'node:crypto';
import { block, blocks } from '../../core/blocks.ts';
import type { Cloud } from '../../core/cloud.ts';
import { AwsError } from '../../core/errors.ts';
import type { Attributes, ResourceHandler } from '../../core/service.ts';
import type { StateNamespace } from '../../core/state.ts';
import { checkDefinition } from './definition-check.ts';
import { readLogging } from './logging.ts';
import type { StateMachine } from './machines.ts';
import { aliasOf, routingOf } from './operations/aliases.ts';
import type { Registry } from './registry.ts';
import { textOf } from './values.ts';

/** `aws_sfn_state_machine`, `aws_sfn_alias` and `aws_sfn_activity`. */
export function stepFunctionsResources(
  cloud: Cloud,
  state: StateNamespace,
  registry: Registry,
): Record<string, ResourceHandler> {
  return {
    aws_sfn_state_machine: machineResource(cloud, state, registry),
    aws_sfn_alias: aliasResource(registry),
    aws_sfn_activity: activityResource(cloud, registry),
  };
}

function machineResource(cloud: Cloud, state: StateNamespace, registry: Registry): ResourceHandler {
  return {
    async apply({ desired }, previous) {
      const name = nameOf(desired, previous);
      const type = textOf(desired, 'type') ?? 'STANDARD';
      if (type !== 'STANDARD' && type !== 'EXPRESS') throw invalid(`Unknown state machine type '${type}'.`);
      const text = textOf(desired, 'definition');
      const roleArn = textOf(desired, 'role_arn');
      if (text === undefined || roleArn === undefined)
        throw invalid('A state machine needs definition and role_arn.');
      cloud.ports.access.requireTrust(roleArn, 'states.amazonaws.com');
      const createdAt = previous ? Date.parse(String(previous['creation_date'])) : Date.now();
      const machine: StateMachine = {
        arn: `arn:aws:states:${cloud.region}:${cloud.accountId}:stateMachine:${name}`,
        name,
        type,
        roleArn,
        text,
        definition: await checkDefinition(text, type, state),
        createdAt,
        logging: readLogging(block(desired['logging_configuration']) ?? {}),
        tracing: block(desired['tracing_configuration'])?.['enabled'] === true,
        tags: tagsIn(desired),
      };
      await registry.keep('machine', machine);
      const description = textOf(desired, 'version_description') ?? '';
      const version = desired['publish'] === true ? await registry.publish(machine, description) : undefined;
      return {
        ...desired,
        id: machine.arn,
        arn: machine.arn,
        name,
        type,
        status: 'ACTIVE',
        revision_id: '',
        state_machine_version_arn: version?.arn ?? '',
        creation_date: new Date(createdAt).toISOString(),
      };
    },
    async remove(_, previous) {
      const arn = String(previous['arn']);
      for (const version of registry.versionsOf(arn)) await registry.remove('version', version.arn);
      await registry.remove('machine', arn);
    },
  };
}

function aliasResource(registry: Registry): ResourceHandler {
  return {
    async apply({ desired }) {
      const name = textOf(desired, 'name');
      if (name === undefined) throw invalid('An alias needs a name.');
      const routes = blocks(desired['routing_configuration']).map((route) => ({
        stateMachineVersionArn: route['state_machine_version_arn'],
        weight: route['weight'],
      }));
      const wanted = aliasOf(name, textOf(desired, 'description') ?? '', routingOf(routes, registry));
      const before = registry.aliases.get(wanted.arn);
      const alias = { ...wanted, createdAt: before?.createdAt ?? wanted.createdAt };
      await registry.keep('alias', alias);
      const creation = new Date(alias.createdAt).toISOString();
      return { ...desired, id: alias.arn, arn: alias.arn, creation_date: creation };
    },
    remove: (_, previous) => registry.remove('alias', String(previous['arn'])),
  };
}

function activityResource({ region, accountId }: Cloud, registry: Registry): ResourceHandler {
  return {
    async apply({ desired }) {
      const name = textOf(desired, 'name');
      if (name === undefined) throw invalid('An activity needs a name.');
      const arn = `arn:aws:states:${region}:${accountId}:activity:${name}`;
      const createdAt = registry.activities.get(arn)?.createdAt ?? Date.now();
      await registry.keep('activity', { arn, name, createdAt, tags: tagsIn(desired) });
      return { ...desired, id: arn, arn, creation_date: new Date(createdAt).toISOString() };
    },
    remove: (_, previous) => registry.remove('activity', String(previous['arn'])),
  };
}

function tagsIn(desired: Attributes): Record<string, string> {
  return { ...(desired['tags'] as Record<string, string> | undefined) };
}

function nameOf(desired: Attributes, previous: Attributes | undefined): string {
  const given = textOf(desired, 'name');
  if (given !== undefined) return given;
  const prefix = textOf(desired, 'name_prefix') ?? 'terraform-';
  const before = previous && textOf(previous, 'name');
  return before?.startsWith(prefix) ? before : prefix + randomBytes(13).toString('hex');
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
