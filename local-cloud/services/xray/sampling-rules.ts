import { block } from '../../core/blocks.ts';
import type { Cloud } from '../../core/cloud.ts';
import { AwsError } from '../../core/errors.ts';
import type { ResourceHandler } from '../../core/service.ts';
import { type Input, invalid, isObject, number, text } from './input.ts';

interface SamplingRule {
  RuleName: string;
  RuleARN: string;
  ResourceARN: string;
  Priority: number;
  FixedRate: number;
  ReservoirSize: number;
  ServiceName: string;
  ServiceType: string;
  Host: string;
  HTTPMethod: string;
  URLPath: string;
  Version: number;
  Attributes: Record<string, string>;
}

/** Times are epoch seconds. */
export interface RuleRecord {
  SamplingRule: SamplingRule;
  CreatedAt: number;
  ModifiedAt: number;
}

const DEFAULT = 'Default';
const MOST_RULES = 25;
const TEXTS = ['ResourceARN', 'ServiceName', 'ServiceType', 'Host', 'HTTPMethod', 'URLPath'] as const;
const NUMBERS = ['Priority', 'FixedRate', 'ReservoirSize'] as const;
const LIMITS: Record<(typeof NUMBERS)[number], [number, number]> = {
  Priority: [1, 9_999],
  FixedRate: [0, 1],
  ReservoirSize: [0, Number.MAX_SAFE_INTEGER],
};

/** Which requests tracers should sample. They last; a rule named Default is always there. */
export interface SamplingRules {
  /** In order of priority. */
  all(): RuleRecord[];
  create(input: Input): Promise<RuleRecord>;
  update(input: Input): Promise<RuleRecord>;
  remove(input: Input): Promise<RuleRecord>;
  /** `aws_xray_sampling_rule`. */
  resource: ResourceHandler;
}

export async function openSamplingRules(cloud: Cloud): Promise<SamplingRules> {
  const state = cloud.state.namespace('xray-sampling-rules');
  const rules = new Map<string, RuleRecord>();
  const arnOf = (name: string) => `arn:aws:xray:${cloud.region}:${cloud.accountId}:sampling-rule/${name}`;
  const defaults: SamplingRule = {
    ...{ RuleName: DEFAULT, RuleARN: arnOf(DEFAULT), ResourceARN: '*', Priority: 10_000, FixedRate: 1 },
    ...{ ReservoirSize: 1, ServiceName: '*', ServiceType: '*', Host: '*', HTTPMethod: '*', URLPath: '*' },
    ...{ Version: 1, Attributes: {} },
  };
  rules.set(DEFAULT, { SamplingRule: defaults, CreatedAt: 0, ModifiedAt: 0 });
  for (const { key, value } of await state.list<RuleRecord>()) rules.set(key, value);

  async function keep(rule: SamplingRule): Promise<RuleRecord> {
    const now = Math.floor(Date.now() / 1_000);
    const record = {
      SamplingRule: rule,
      CreatedAt: rules.get(rule.RuleName)?.CreatedAt ?? now,
      ModifiedAt: now,
    };
    await state.put(rule.RuleName, record);
    rules.set(rule.RuleName, record);
    return record;
  }

  function existing(input: Input): RuleRecord {
    const name = text(input, 'RuleName');
    const arn = text(input, 'RuleARN');
    const found = [...rules.values()].find(({ SamplingRule: rule }) =>
      name === undefined ? rule.RuleARN === arn : rule.RuleName === name,
    );
    if (!found) throw invalid('Sampling rule does not exist.');
    return found;
  }

  return {
    all: () =>
      [...rules.values()].sort((one, other) => one.SamplingRule.Priority - other.SamplingRule.Priority),
    async create(input) {
      const given = ruleOf(input, 'SamplingRule');
      const name = text(given, 'RuleName') ?? '';
      if (name === '' || name.length > 32) throw invalid('RuleName must have 1 to 32 characters.');
      if (rules.has(name)) throw invalid('Sampling rule already exists.');
      if (rules.size > MOST_RULES) {
        throw new AwsError('RuleLimitExceededException', 'The maximum number of rules has been reached.');
      }
      const absent = [...TEXTS, ...NUMBERS].find((field) => given[field] === undefined);
      if (absent !== undefined) throw invalid(`${absent} is required.`);
      if (given['Version'] !== 1) throw invalid('Version must be 1.');
      return keep(merged({ ...defaults, RuleName: name, RuleARN: arnOf(name) }, given));
    },
    async update(input) {
      const given = ruleOf(input, 'SamplingRuleUpdate');
      return keep(merged(existing(given).SamplingRule, given));
    },
    async remove(input) {
      const record = existing(input);
      const { RuleName: name } = record.SamplingRule;
      if (name === DEFAULT) throw invalid('The default rule cannot be deleted.');
      await state.delete(name);
      rules.delete(name);
      return record;
    },
    resource: {
      async apply({ desired }) {
        const name = String(desired['rule_name']);
        const record = await keep(
          merged({ ...defaults, RuleName: name, RuleARN: arnOf(name) }, fromTerraform(desired)),
        );
        const arn = record.SamplingRule.RuleARN;
        return { ...desired, id: name, arn, tags_all: desired['tags'] ?? {} };
      },
      async remove(_address, previous) {
        const name = String(previous['rule_name'] ?? previous['id']);
        await state.delete(name);
        rules.delete(name);
      },
    },
  };
}

function ruleOf(input: Input, name: string): Input {
  const rule = input[name];
  if (isObject(rule)) return rule;
  throw invalid(`${name} is required.`);
}

function merged(rule: SamplingRule, given: Input): SamplingRule {
  const changed = { ...rule };
  for (const field of TEXTS) changed[field] = text(given, field) ?? rule[field];
  for (const field of NUMBERS) {
    const value = number(given, field) ?? rule[field];
    const [least, most] = LIMITS[field];
    const isDefaultPriority = field === 'Priority' && rule.RuleName === DEFAULT;
    if ((value < least || value > most) && !isDefaultPriority) {
      throw invalid(`${field} must be from ${least} to ${most}.`);
    }
    changed[field] = value;
  }
  const attributes = given['Attributes'];
  if (isObject(attributes)) changed.Attributes = attributes as Record<string, string>;
  return changed;
}

function fromTerraform(desired: Record<string, unknown>): Input {
  return {
    ResourceARN: desired['resource_arn'],
    Priority: desired['priority'],
    FixedRate: desired['fixed_rate'],
    ReservoirSize: desired['reservoir_size'],
    ServiceName: desired['service_name'],
    ServiceType: desired['service_type'],
    Host: desired['host'],
    HTTPMethod: desired['http_method'],
    URLPath: desired['url_path'],
    Attributes: block(desired['attributes']),
  };
}
