import type { Cloud } from '../../core/cloud.ts';
import { AwsError } from '../../core/errors.ts';
import type { Schedule } from '../../core/schedule-expression.ts';
import type { EventMatcher } from './pattern.ts';

export interface Bus {
  name: string;
  arn: string;
  /** JSON text of the resource policy, once one is set. */
  policy?: string;
  description?: string;
  tags?: Record<string, string>;
}

export interface Rule {
  name: string;
  arn: string;
  busName: string;
  enabled: boolean;
  description?: string;
  roleArn?: string;
  eventPattern?: string;
  /** Compiled from `eventPattern`. */
  matches?: EventMatcher;
  scheduleExpression?: string;
  /** Compiled from `scheduleExpression`. */
  schedule?: Schedule;
  tags?: Record<string, string>;
}

export interface InputTransformer {
  /** JSONPath by variable name. */
  paths: Record<string, string>;
  template: string;
}

export interface Target {
  id: string;
  arn: string;
  roleArn?: string;
  /** JSON text handed over instead of the event. */
  input?: string;
  inputPath?: string;
  inputTransformer?: InputTransformer;
  maximumRetryAttempts: number;
  maximumEventAgeInSeconds: number;
  deadLetterArn?: string;
}

/** Buses, rules and targets as they stand now. The bus `default` always stands. */
export interface Registry {
  buses: Map<string, Bus>;
  putBus(name: string): Bus;
  /** Throws `ResourceNotFoundException`. */
  bus(nameOrArn: string | undefined): Bus;
  /** Its bus may come later. */
  putRule(rule: Omit<Rule, 'arn'>): Rule;
  /** Throws `ResourceNotFoundException`. */
  rule(busName: string, name: string): Rule;
  rules(busName: string): Rule[];
  removeRule(busName: string, name: string): void;
  putTarget(busName: string, ruleName: string, target: Target): void;
  removeTarget(busName: string, ruleName: string, id: string): void;
  targets(rule: Rule): Target[];
}

/** `name` from a name or an ARN of a bus; `default` when absent. */
export function busNameOf(nameOrArn: string | undefined): string {
  if (!nameOrArn) return 'default';
  return nameOrArn.startsWith('arn:') ? nameOrArn.slice(nameOrArn.indexOf(':event-bus/') + 11) : nameOrArn;
}

export function createRegistry(cloud: Pick<Cloud, 'region' | 'accountId'>): Registry {
  const prefix = `arn:aws:events:${cloud.region}:${cloud.accountId}`;
  const buses = new Map<string, Bus>();
  const rules = new Map<string, Map<string, Rule>>();
  const targets = new Map<string, Map<string, Target>>();
  const key = (busName: string, name: string) => `${busName}/${name}`;

  const registry: Registry = {
    buses,
    putBus(name) {
      const bus = buses.get(name) ?? { name, arn: `${prefix}:event-bus/${name}` };
      buses.set(name, bus);
      return bus;
    },
    bus(nameOrArn) {
      const name = busNameOf(nameOrArn);
      const bus = buses.get(name);
      if (!bus) throw notFound(`Event bus ${name} does not exist.`);
      return bus;
    },
    putRule(given) {
      const path = given.busName === 'default' ? given.name : `${given.busName}/${given.name}`;
      const rule = { ...given, arn: `${prefix}:rule/${path}` };
      const ofBus = rules.get(given.busName) ?? new Map<string, Rule>();
      rules.set(given.busName, ofBus.set(given.name, rule));
      return rule;
    },
    rule(busName, name) {
      const rule = rules.get(registry.bus(busName).name)?.get(name);
      if (!rule) throw notFound(`Rule ${name} does not exist on EventBus ${busName}.`);
      return rule;
    },
    rules: (busName) => [...(rules.get(busName)?.values() ?? [])],
    removeRule(busName, name) {
      rules.get(busName)?.delete(name);
      targets.delete(key(busName, name));
    },
    putTarget(busName, ruleName, target) {
      const ofRule = targets.get(key(busName, ruleName)) ?? new Map<string, Target>();
      targets.set(key(busName, ruleName), ofRule.set(target.id, target));
    },
    removeTarget(busName, ruleName, id) {
      targets.get(key(busName, ruleName))?.delete(id);
    },
    targets: (rule) => [...(targets.get(key(rule.busName, rule.name))?.values() ?? [])],
  };
  registry.putBus('default');
  return registry;
}

function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message);
}
