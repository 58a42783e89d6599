import { randomBytes } from 'node:crypto';
import type { Cloud } from '../../core/cloud.ts';
import { AwsError } from '../../core/errors.ts';
import type { Attributes, ResourceHandler } from '../../core/service.ts';
import type { Archives } from './archives.ts';
import type { Kept } from './kept.ts';
import { busNameOf, type Registry } from './registry.ts';
import { compileRule } from './rule-settings.ts';
import type { Scheduler } from './scheduler.ts';
import { readTarget } from './target-settings.ts';
import { optionalNumber, optionalText, requiredText } from './values.ts';

/** The Terraform types of EventBridge. */
export function createResources(
  cloud: Cloud,
  registry: Registry,
  scheduler: Scheduler,
  kept: Kept,
  archives: Archives,
): Record<string, ResourceHandler> {
  return {
    aws_cloudwatch_event_bus: busResource(registry, kept),
    aws_cloudwatch_event_rule: ruleResource(registry, scheduler, kept),
    aws_cloudwatch_event_target: targetResource(cloud, registry, kept),
    aws_cloudwatch_event_archive: archiveResource(cloud, registry, archives),
    aws_cloudwatch_event_bus_policy: policyResource(registry),
    aws_cloudwatch_event_permission: permissionResource(registry),
  };
}

function busResource(registry: Registry, kept: Kept): ResourceHandler {
  return {
    async apply({ desired }) {
      const name = requiredText(desired, 'name');
      const bus = registry.putBus(name);
      bus.tags = tagsOf(desired);
      const { arn } = bus;
      await kept.forgetBus(name);
      return { ...desired, id: name, name, arn };
    },
    async remove(_, previous) {
      registry.buses.delete(String(previous['name']));
      await kept.forgetBus(String(previous['name']));
    },
  };
}

function ruleResource(registry: Registry, scheduler: Scheduler, kept: Kept): ResourceHandler {
  return {
    async apply({ desired }, previous) {
      const name = nameOf(desired, previous);
      const busName = registry.bus(optionalText(desired, 'event_bus_name')).name;
      const state =
        optionalText(desired, 'state') ?? (desired['is_enabled'] === false ? 'DISABLED' : 'ENABLED');
      const rule = registry.putRule(
        compileRule({
          name,
          busName,
          enabled: state !== 'DISABLED',
          description: optionalText(desired, 'description'),
          roleArn: optionalText(desired, 'role_arn'),
          eventPattern: optionalText(desired, 'event_pattern'),
          scheduleExpression: optionalText(desired, 'schedule_expression'),
          tags: tagsOf(desired),
        }),
      );
      await kept.forgetRule(busName, name);
      await scheduler.changed(rule);
      const id = busName === 'default' ? name : `${busName}/${name}`;
      return { ...desired, id, name, arn: rule.arn, event_bus_name: busName, state };
    },
    async remove(_, previous) {
      registry.removeRule(String(previous['event_bus_name']), String(previous['name']));
      await kept.forgetRule(String(previous['event_bus_name']), String(previous['name']));
      await scheduler.removed(String(previous['arn']));
    },
  };
}

function tagsOf({ tags }: Attributes): Record<string, string> {
  return typeof tags === 'object' && tags !== null ? (tags as Record<string, string>) : {};
}

/** The given name, or the one made before, or a new one after the prefix as Terraform makes it. */
function nameOf(desired: Attributes, previous: Attributes | undefined): string {
  const given = optionalText(desired, 'name');
  if (given !== undefined) return given;
  const prefix = optionalText(desired, 'name_prefix') ?? 'terraform-';
  const before = previous && optionalText(previous, 'name');
  return before?.startsWith(prefix) ? before : prefix + randomBytes(13).toString('hex');
}

function targetResource(cloud: Cloud, registry: Registry, kept: Kept): ResourceHandler {
  return {
    async apply({ desired }, previous) {
      const busName = busNameOf(optionalText(desired, 'event_bus_name'));
      const rule = requiredText(desired, 'rule').replace(/^.*\//u, '');
      const before = previous && optionalText(previous, 'target_id');
      const targetId =
        optionalText(desired, 'target_id') ?? before ?? `terraform-${randomBytes(13).toString('hex')}`;
      registry.rule(busName, rule);
      const target = readTarget(desired, targetId);
      if (target.roleArn !== undefined)
        cloud.ports.access.requireTrust(target.roleArn, 'events.amazonaws.com');
      registry.putTarget(busName, rule, target);
      await kept.forgetTargets(busName, rule, [targetId]);
      return {
        ...desired,
        id: `${rule}-${targetId}`,
        target_id: targetId,
        event_bus_name: busName,
        arn: desired['arn'],
      };
    },
    async remove(_, previous) {
      const rule = String(previous['rule']).replace(/^.*\//u, '');
      const busName = String(previous['event_bus_name']);
      registry.removeTarget(busName, rule, String(previous['target_id']));
      await kept.forgetTargets(busName, rule, [String(previous['target_id'])]);
    },
  };
}

function archiveResource(cloud: Cloud, registry: Registry, archives: Archives): ResourceHandler {
  return {
    async apply({ desired }, previous) {
      const name = requiredText(desired, 'name');
      const { name: busName, arn: busArn } = registry.bus(requiredText(desired, 'event_source_arn'));
      const arn = `arn:aws:events:${cloud.region}:${cloud.accountId}:archive/${name}`;
      const createdAt = Number(previous?.['created_at'] ?? Date.now());
      archives.put({
        ...{ name, arn, busName, busArn, createdAt },
        description: optionalText(desired, 'description'),
        eventPattern: optionalText(desired, 'event_pattern'),
        retentionDays: optionalNumber(desired, 'retention_days') ?? 0,
      });
      return { ...desired, id: name, name, arn, created_at: createdAt };
    },
    remove: (_, previous) => archives.remove(String(previous['name'])),
  };
}

/** Kept and shown by DescribeEventBus. */
function policyResource(registry: Registry): ResourceHandler {
  return {
    async apply({ desired }) {
      const bus = registry.bus(optionalText(desired, 'event_bus_name'));
      bus.policy = requiredText(desired, 'policy');
      return { ...desired, id: bus.name, event_bus_name: bus.name };
    },
    async remove(_, previous) {
      const bus = registry.buses.get(String(previous['event_bus_name']));
      if (bus) delete bus.policy;
    },
  };
}

/** Accepted, with no local effect: there is one account, and it may always put events. */
function permissionResource(registry: Registry): ResourceHandler {
  return {
    async apply({ desired }) {
      const bus = registry.bus(optionalText(desired, 'event_bus_name'));
      const statementId = requiredText(desired, 'statement_id');
      if (!optionalText(desired, 'principal'))
        throw new AwsError('ValidationException', 'Parameter principal is required.');
      return { ...desired, id: `${bus.name}/${statementId}`, event_bus_name: bus.name };
    },
  };
}
