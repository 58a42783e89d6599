import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { anchorOf } from './constructs/alarm.ts';
import { findDomains } from './find-domains.ts';
import { Workbench } from './testing/synthesis.ts';

let bench: Workbench;
let descriptions: string[];

beforeAll(async () => {
  bench = new Workbench(await findDomains());
  await bench.synthesize('cdktf.out');
  const alarms = bench.stack('cdktf.out', 'operations').resource['aws_cloudwatch_metric_alarm'] ?? {};
  descriptions = Object.values(alarms).map((alarm) => String(alarm['alarm_description']));
}, 60_000);
afterAll(() => bench.remove());

const page = readFileSync(join(import.meta.dirname, '..', 'docs', 'on-call.md'), 'utf8');
const sections = [...page.matchAll(/^### (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));
const sectionOf = (description: string) => /docs\/on-call\.md#([a-z0-9-]+)\.$/.exec(description)?.[1];

it('says of each alarm what it means, what to do, and where the page for on-call tells more', () => {
  expect(descriptions.length).toBeGreaterThan(15);
  for (const description of descriptions) {
    expect(description.split(/[.:] /).length, description).toBeGreaterThan(2);
    expect(description.length, description).toBeLessThan(1024);
    expect(sections, description).toContain(sectionOf(description));
  }
});

it('has a section in the page for on-call for nothing but alarms that there are', () => {
  const told = new Set(descriptions.map(sectionOf));
  expect(sections.filter((section) => !told.has(section))).toEqual([]);
});
