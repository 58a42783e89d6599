import { type Input, number, objects, text } from './input.ts';
import type { SamplingRules } from './sampling-rules.ts';

const INTERVAL_SECONDS = 10;

interface Statistics {
  RuleName: string;
  Timestamp: number;
  RequestCount: number;
  BorrowCount: number;
  SampledCount: number;
}

/** What tracers report of their sampling, and how much each may sample next. */
export function createSamplingTargets(rules: SamplingRules) {
  const reported = new Map<string, Statistics & { client: string }>();
  return {
    targets(input: Input): object {
      const known = new Map(rules.all().map((record) => [record.SamplingRule.RuleName, record]));
      const now = Math.floor(Date.now() / 1_000);
      const targets: object[] = [];
      const refused: object[] = [];
      for (const document of objects(input, 'SamplingStatisticsDocuments')) {
        const name = text(document, 'RuleName') ?? '';
        const client = text(document, 'ClientID') ?? '';
        const rule = known.get(name)?.SamplingRule;
        if (!rule) {
          refused.push({ RuleName: name, ErrorCode: '400', Message: 'Unknown rule' });
          continue;
        }
        reported.set(`${client}\n${name}`, { client, ...statisticsOf(document, name, now) });
        const clients = [...reported.values()].filter((each) => each.RuleName === name).length;
        targets.push({
          RuleName: name,
          FixedRate: rule.FixedRate,
          // A rule's reservoir is shared by the tracers that report on it.
          ReservoirQuota: Math.ceil(rule.ReservoirSize / clients),
          ReservoirQuotaTTL: now + INTERVAL_SECONDS,
          Interval: INTERVAL_SECONDS,
        });
      }
      const modified = Math.max(...rules.all().map(({ ModifiedAt }) => ModifiedAt));
      return {
        SamplingTargetDocuments: targets,
        LastRuleModification: modified,
        UnprocessedStatistics: refused,
      };
    },
    summaries(): object {
      const byRule = new Map<string, Statistics>();
      for (const { client: _, ...each } of reported.values()) {
        const sum = byRule.get(each.RuleName);
        byRule.set(each.RuleName, {
          ...each,
          Timestamp: Math.max(sum?.Timestamp ?? 0, each.Timestamp),
          RequestCount: (sum?.RequestCount ?? 0) + each.RequestCount,
          BorrowCount: (sum?.BorrowCount ?? 0) + each.BorrowCount,
          SampledCount: (sum?.SampledCount ?? 0) + each.SampledCount,
        });
      }
      return { SamplingStatisticSummaries: [...byRule.values()] };
    },
  };
}

function statisticsOf(document: Input, name: string, now: number): Statistics {
  return {
    RuleName: name,
    Timestamp: number(document, 'Timestamp') ?? now,
    RequestCount: number(document, 'RequestCount') ?? 0,
    BorrowCount: number(document, 'BorrowCount') ?? 0,
    SampledCount: number(document, 'SampledCount') ?? 0,
  };
}
