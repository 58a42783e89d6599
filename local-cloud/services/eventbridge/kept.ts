import type { StateNamespace } from '../../core/state.ts';
import type { Bus, Registry, Rule, Target } from './registry.ts';
import { compileRule, type RuleSettings } from './rule-settings.ts';

interface KeptTarget {
  busName: string;
  ruleName: string;
  target: Target;
}

/**
 * Buses, rules and targets that clients made, which outlast a restart. What the Terraform says goes before: once it
 * applies one of the same name, the client's is forgotten.
 */
export interface Kept {
  /** Puts all that is kept into the registry, also rules of buses which the Terraform has yet to make. */
  load(): Promise<void>;
  /** Drops what belongs to a bus or a rule that is no longer there, once the Terraform stands. */
  prune(): Promise<void>;
  /** Whether a client made this rule, and not the Terraform. */
  isRuleKept(rule: Rule): boolean;
  keepBus(bus: Bus): Promise<void>;
  keepRule(rule: Rule): Promise<void>;
  keepTargets(rule: Rule, targets: Target[]): Promise<void>;
  forgetBus(name: string): Promise<void>;
  forgetRule(busName: string, name: string): Promise<void>;
  forgetTargets(busName: string, ruleName: string, ids: string[]): Promise<void>;
}

const busKey = (name: string) => `made/bus/${name}`;
const ruleKey = (busName: string, name: string) => `made/rule/${busName}/${name}`;
const targetKey = (busName: string, ruleName: string, id: string) =>
  `made/target/${busName}/${ruleName}/${id}`;

export function createKept(state: StateNamespace, registry: Registry): Kept {
  const keys = new Set<string>();

  async function write(entries: { put: string; value: unknown }[]): Promise<void> {
    for (const { put } of entries) keys.add(put);
    await state.batch(entries);
  }

  async function forget(...gone: string[]): Promise<void> {
    const known = gone.filter((key) => keys.delete(key));
    if (known.length > 0) await state.batch(known.map((key) => ({ delete: key })));
  }

  return {
    async load() {
      const [buses, rules, targets] = await Promise.all([
        state.list<Bus>('made/bus/'),
        state.list<RuleSettings>('made/rule/'),
        state.list<KeptTarget>('made/target/'),
      ]);
      for (const { value } of buses) Object.assign(registry.putBus(value.name), value);
      for (const { value } of rules) registry.putRule(compileRule(value));
      for (const { value } of targets) registry.putTarget(value.busName, value.ruleName, value.target);
      for (const { key } of [...buses, ...rules, ...targets]) keys.add(key);
    },
    async prune() {
      for (const { key, value } of await state.list<RuleSettings>('made/rule/')) {
        if (registry.buses.has(value.busName)) continue;
        registry.removeRule(value.busName, value.name);
        await forget(key);
      }
      for (const { key, value } of await state.list<KeptTarget>('made/target/')) {
        if (registry.rules(value.busName).some(({ name }) => name === value.ruleName)) continue;
        registry.removeTarget(value.busName, value.ruleName, value.target.id);
        await forget(key);
      }
    },
    isRuleKept: ({ busName, name }) => keys.has(ruleKey(busName, name)),
    keepBus: (bus) => write([{ put: busKey(bus.name), value: bus }]),
    async keepRule({ matches: _matches, schedule: _schedule, arn: _arn, ...settings }) {
      await write([{ put: ruleKey(settings.busName, settings.name), value: settings }]);
    },
    keepTargets: ({ busName, name }, targets) =>
      write(
        targets.map((target) => ({
          put: targetKey(busName, name, target.id),
          value: { busName, ruleName: name, target } satisfies KeptTarget,
        })),
      ),
    forgetBus: (name) => forget(busKey(name)),
    forgetRule: (busName, name) => forget(ruleKey(busName, name)),
    forgetTargets: (busName, ruleName, ids) => forget(...ids.map((id) => targetKey(busName, ruleName, id))),
  };
}
