import type { Cloud } from '../../core/cloud.ts';
import type { StateNamespace } from '../../core/state.ts';
import type { UserPool } from './model.ts';

const usageTypes: Record<string, string> = {
  LITE: 'USE1-CognitoUserPoolsMAU',
  ESSENTIALS: 'USE1-CognitoEssentialsMAU',
  PLUS: 'USE1-CognitoPlusMAU',
};

/** Counts each user for the bill at the first sign-up, sign-in or refresh of a calendar month (UTC). */
export class ActiveUsers {
  private readonly cloud: Cloud;
  private readonly state: StateNamespace;
  private readonly now: () => number;
  private readonly known = new Set<string>();

  constructor(cloud: Cloud, state: StateNamespace, now: () => number = Date.now) {
    this.cloud = cloud;
    this.state = state;
    this.now = now;
  }

  async load(): Promise<void> {
    const current = prefix(this.now());
    for (const { key } of await this.state.list('active/')) {
      if (key.startsWith(current)) this.known.add(key);
      else await this.state.delete(key);
    }
  }

  async seen(pool: UserPool, username: string): Promise<void> {
    const time = this.now();
    const key = `${prefix(time)}${pool.id}/${encodeURIComponent(username)}`;
    if (this.known.has(key)) return;
    this.known.add(key);
    await this.state.put(key, time);
    this.cloud.telemetry.usage({
      service: 'Amazon Cognito',
      usageType: usageTypes[pool.tier] ?? 'USE1-CognitoEssentialsMAU',
      operation: 'UserPoolMAU',
      resource: pool.arn,
      quantity: 1,
      time,
    });
  }
}

function prefix(time: number): string {
  return `active/${new Date(time).toISOString().slice(0, 7)}/`;
}
