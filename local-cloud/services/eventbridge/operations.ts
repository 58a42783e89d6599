import { AwsError } from '../../core/errors.ts';
import type { Operation } from '../../core/service.ts';
import { compilePattern } from './pattern.ts';
import type { Bus, Registry, Rule, Target } from './registry.ts';
import { optionalText, page, requiredText } from './values.ts';

/** Rules, targets and buses as they stand. */
export function createOperations(registry: Registry): Record<string, Operation> {
  const ruleOf = (input: Record<string, unknown>, nameField: string) =>
    registry.rule(registry.bus(optionalText(input, 'EventBusName')).name, requiredText(input, nameField));

  return {
    async ListEventBuses(input) {
      const prefix = optionalText(input, 'NamePrefix') ?? '';
      const buses = [...registry.buses.values()].filter((bus) => bus.name.startsWith(prefix));
      const { items, next } = page(buses, input);
      return { EventBuses: items.map(describeBus), ...next };
    },
    async DescribeEventBus(input) {
      return describeBus(registry.bus(optionalText(input, 'Name')));
    },
    async ListRules(input) {
      const bus = registry.bus(optionalText(input, 'EventBusName'));
      const prefix = optionalText(input, 'NamePrefix') ?? '';
      const rules = registry.rules(bus.name).filter((rule) => rule.name.startsWith(prefix));
      const { items, next } = page(rules, input);
      return { Rules: items.map(describeRule), ...next };
    },
    async ListRuleNamesByTarget(input) {
      const bus = registry.bus(optionalText(input, 'EventBusName'));
      const arn = requiredText(input, 'TargetArn');
      const rules = registry
        .rules(bus.name)
        .filter((rule) => registry.targets(rule).some((each) => each.arn === arn));
      const { items, next } = page(rules, input);
      return { RuleNames: items.map((rule) => rule.name), ...next };
    },
    async DescribeRule(input) {
      return describeRule(ruleOf(input, 'Name'));
    },
    async ListTargetsByRule(input) {
      const { items, next } = page(registry.targets(ruleOf(input, 'Rule')), input);
      return { Targets: items.map(describeTarget), ...next };
    },
    async TestEventPattern(input) {
      const matches = compilePattern(requiredText(input, 'EventPattern'));
      return { Result: matches(readEvent(requiredText(input, 'Event'))) };
    },
  };
}

const eventFields = ['id', 'account', 'source', 'time', 'region', 'resources', 'detail-type'];

function readEvent(text: string): unknown {
  let event: unknown;
  try {
    event = JSON.parse(text);
  } catch {
    throw new AwsError('ValidationException', 'Parameter Event is not valid. Reason: it is not valid JSON.');
  }
  const missing = eventFields.filter(
    (name) => typeof event !== 'object' || event === null || !(name in event),
  );
  if (missing.length > 0) {
    throw new AwsError(
      'ValidationException',
      `Parameter Event is not valid. Reason: it lacks ${missing.join(', ')}.`,
    );
  }
  return event;
}

function describeBus({ name, arn, policy, description }: Bus) {
  return { Name: name, Arn: arn, Description: description, Policy: policy };
}

function describeRule(rule: Rule) {
  return {
    Name: rule.name,
    Arn: rule.arn,
    EventPattern: rule.eventPattern,
    ScheduleExpression: rule.scheduleExpression,
    State: rule.enabled ? 'ENABLED' : 'DISABLED',
    Description: rule.description,
    RoleArn: rule.roleArn,
    EventBusName: rule.busName,
  };
}

function describeTarget(target: Target) {
  const transformer = target.inputTransformer;
  return {
    Id: target.id,
    Arn: target.arn,
    RoleArn: target.roleArn,
    Input: target.input,
    InputPath: target.inputPath,
    InputTransformer: transformer && {
      InputPathsMap: transformer.paths,
      InputTemplate: transformer.template,
    },
    DeadLetterConfig: target.deadLetterArn === undefined ? undefined : { Arn: target.deadLetterArn },
    RetryPolicy: {
      MaximumRetryAttempts: target.maximumRetryAttempts,
      MaximumEventAgeInSeconds: target.maximumEventAgeInSeconds,
    },
  };
}
