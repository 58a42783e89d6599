import { AwsError, notSupported } from '../../core/errors.ts';
import type { Operation } from '../../core/service.ts';
import type { Kept } from './kept.ts';
import { busNameOf, type Registry, type Rule } from './registry.ts';
import { readRequestedTarget } from './requested-target.ts';
import { compileRule } from './rule-settings.ts';
import type { Scheduler } from './scheduler.ts';
import { readTags } from './tags.ts';
import { optionalText, requiredText } from './values.ts';

type Input = Record<string, unknown>;

const mostTargets = 5;
const ruleStates = ['ENABLED', 'DISABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS'];

/** What makes and changes buses, rules and targets. Each change is on disk when it is answered. */
export function createChanges(
  registry: Registry,
  scheduler: Scheduler,
  kept: Kept,
): Record<string, Operation> {
  const busOf = (input: Input) => registry.bus(optionalText(input, 'EventBusName'));
  const ruleOf = (input: Input, field: string) =>
    registry.rule(busOf(input).name, requiredText(input, field));
  const enable = (enabled: boolean): Operation => {
    return async (input) => {
      const rule = ruleOf(input, 'Name');
      rule.enabled = enabled;
      // What the Terraform made has its state from there at the next start.
      if (kept.isRuleKept(rule)) await kept.keepRule(rule);
      await scheduler.changed(rule);
      return {};
    };
  };

  return {
    async CreateEventBus(input) {
      const name = requiredText(input, 'Name');
      refuse(input, 'CreateEventBus', [
        'EventSourceName',
        'KmsKeyIdentifier',
        'DeadLetterConfig',
        'LogConfig',
      ]);
      if (!/^[\w.-]{1,256}$/u.test(name)) throw invalid(`Parameter Name is not valid: ${name}.`);
      if (registry.buses.has(name))
        throw new AwsError('ResourceAlreadyExistsException', `Event bus ${name} already exists.`);
      const description = optionalText(input, 'Description');
      const bus = registry.putBus(name);
      Object.assign(bus, { tags: readTags(input) }, description === undefined ? {} : { description });
      await kept.keepBus(bus);
      return { EventBusArn: bus.arn, Description: description };
    },
    async DeleteEventBus(input) {
      const name = busNameOf(requiredText(input, 'Name'));
      if (name === 'default') throw invalid('Cannot delete event bus default.');
      if (registry.rules(name).length > 0) throw invalid("Event bus can't be deleted since it has rules.");
      registry.buses.delete(name);
      await kept.forgetBus(name);
      return {};
    },
    async PutRule(input) {
      const bus = busOf(input);
      const name = requiredText(input, 'Name');
      if (!/^[\w.-]{1,64}$/u.test(name)) throw invalid(`Parameter Name is not valid: ${name}.`);
      const state = optionalText(input, 'State') ?? 'ENABLED';
      if (!ruleStates.includes(state)) throw invalid(`Parameter State is not valid: ${state}.`);
      const standing = registry.rules(bus.name).find((rule) => rule.name === name);
      const rule = registry.putRule(
        compileRule({
          name,
          busName: bus.name,
          enabled: state !== 'DISABLED',
          description: optionalText(input, 'Description'),
          roleArn: optionalText(input, 'RoleArn'),
          eventPattern: filled(input, 'EventPattern'),
          scheduleExpression: filled(input, 'ScheduleExpression'),
          // As on AWS, a rule that stands keeps the tags it has.
          tags: standing?.tags ?? readTags(input),
        }),
      );
      await kept.keepRule(rule);
      await scheduler.changed(rule);
      return { RuleArn: rule.arn };
    },
    async DeleteRule(input) {
      const bus = busOf(input);
      const name = requiredText(input, 'Name');
      const rule = registry.rules(bus.name).find((each) => each.name === name);
      if (!rule) return {};
      if (registry.targets(rule).length > 0) throw invalid("Rule can't be deleted since it has targets.");
      registry.removeRule(bus.name, name);
      await kept.forgetRule(bus.name, name);
      await scheduler.removed(rule.arn);
      return {};
    },
    async PutTargets(input) {
      const rule = ruleOf(input, 'Rule');
      const targets = listOf(input, 'Targets').map(readRequestedTarget);
      refuseTooMany(registry, rule, targets);
      for (const target of targets) registry.putTarget(rule.busName, rule.name, target);
      await kept.keepTargets(rule, targets);
      return { FailedEntryCount: 0, FailedEntries: [] };
    },
    async RemoveTargets(input) {
      const { busName, name } = ruleOf(input, 'Rule');
      const ids = Array.isArray(input['Ids']) ? input['Ids'].map(String) : [];
      if (ids.length === 0) throw invalid('Parameter Ids is required.');
      for (const id of ids) registry.removeTarget(busName, name, id);
      await kept.forgetTargets(busName, name, ids);
      return { FailedEntryCount: 0, FailedEntries: [] };
    },
    EnableRule: enable(true),
    DisableRule: enable(false),
  };
}

function refuseTooMany(registry: Registry, rule: Rule, targets: { id: string }[]): void {
  const ids = new Set([...registry.targets(rule), ...targets].map(({ id }) => id));
  if (ids.size <= mostTargets) return;
  throw new AwsError(
    'LimitExceededException',
    `The requested resource exceeds the maximum number allowed: a rule has at most ${mostTargets} targets.`,
  );
}

function refuse(input: Input, operation: string, names: string[]): void {
  for (const name of names) {
    if (input[name]) throw notSupported('events', `${operation} with ${name}`);
  }
}

/** A text; an empty one counts as absent. */
function filled(input: Input, name: string): string | undefined {
  return optionalText(input, name) || undefined;
}

function listOf(input: Input, name: string): Input[] {
  const value = input[name];
  if (!Array.isArray(value) || value.length === 0) throw invalid(`Parameter ${name} is required.`);
  if (value.every((each) => typeof each === 'object' && each !== null && !Array.isArray(each))) return value;
  throw new AwsError('SerializationException', `The value of ${name} has the wrong type.`);
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
