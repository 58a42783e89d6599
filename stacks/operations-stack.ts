import type { Domain } from '#shared/definition/domain.ts';
import {
  absenceOfCatchUp,
  ageOfCommitsFor,
  ageOfSeal,
  failuresOfApi,
  failuresOfCanary,
  failuresOfCatchUp,
  lagOf,
  lagOfReactions,
  lagOfTimers,
  messagesIn,
  rateOfErrors,
  streamsHeld,
  throttledFunctions,
  throttledRequests,
} from './alarms.ts';
import type { Construct } from './cdktf.ts';
import type { ConsoleStack } from './console-stack.ts';
import { Alarm } from './constructs/alarm.ts';
import { Canary } from './constructs/canary.ts';
import { CatchUp } from './constructs/catch-up.ts';
import { Dashboard } from './constructs/dashboard.ts';
import { TraceSampling } from './constructs/trace-sampling.ts';
import { domainDashboard } from './dashboards/domain-dashboard.ts';
import { platformDashboard } from './dashboards/platform-dashboard.ts';
import { readModelPath, resourceName } from './names.ts';
import type { PlatformStack } from './platform-stack.ts';
import type { Settings } from './settings.ts';
import { SkafuStack } from './skafu-stack.ts';

interface Props {
  domains: readonly Domain[];
  platform: PlatformStack;
  /** Of the domains, in their order. */
  domainStacks: readonly SkafuStack[];
  console: ConsoleStack;
  settings: Settings;
}

/** What looks at all others: catch-up, the canary, dashboards, and the alarms of the platform itself. Comes last. */
export class OperationsStack extends SkafuStack {
  constructor(scope: Construct, { domains, platform, domainStacks, console, settings }: Props) {
    super(scope, 'operations', settings);
    const catchUp = new CatchUp(this, 'catch-up', { domains }).functionName;
    const canary = new Canary(this, 'canary', { frontDoor: console.frontDoor.domainName }).functionName;
    new TraceSampling(this, 'trace-sampling');
    const watched = [platform, ...domainStacks, console, this];

    for (const { name, readModels } of domains) {
      for (const model of Object.keys(readModels)) {
        const path = readModelPath(name, model);
        new Alarm(this, `lag-${path.replace('/', '-')}`, lagOf(path));
      }
    }
    for (const queue of watched.flatMap(({ failureQueues }) => failureQueues)) {
      new Alarm(this, `queue-${queue.replace(`skafu-${settings.environment}-`, '')}`, messagesIn(queue));
    }
    this.watchPlatform(platform.api.apiId, catchUp);

    for (const [index, manifest] of domains.entries()) {
      const queues = domainStacks[index]?.failureQueues ?? [];
      new Dashboard(this, `dashboard-${manifest.name}`, {
        name: manifest.name,
        rows: domainDashboard(manifest, { stack: this, queues }),
      });
    }
    new Dashboard(this, 'dashboard-platform', {
      name: 'platform',
      rows: platformDashboard({
        stack: this,
        apiId: platform.api.apiId,
        distributionId: console.frontDoor.distributionId,
        firewall: console.resourceName('firewall'),
        functions: { catchUp, canary },
        queues: [...platform.failureQueues, ...console.failureQueues, ...this.failureQueues],
      }),
    });
  }

  private watchPlatform(apiId: string, catchUp: string): void {
    const { environment } = this.settings;
    const { eventStoreTable, errorsBus } = this.platform;
    const errors = { bus: errorsBus, rule: resourceName(environment, 'platform', 'log-errors') };
    new Alarm(this, 'canary-failing', failuresOfCanary());
    new Alarm(this, 'api-failing', failuresOfApi(apiId));
    new Alarm(this, 'errors-reported', rateOfErrors(errors));
    new Alarm(this, 'streams-held', streamsHeld());
    new Alarm(this, 'reactions-late', lagOfReactions());
    new Alarm(this, 'timers-late', lagOfTimers());
    new Alarm(this, 'relay-behind', ageOfCommitsFor(resourceName(environment, 'platform', 'relay')));
    new Alarm(this, 'seal-old', ageOfSeal());
    new Alarm(this, 'catch-up-failing', failuresOfCatchUp(catchUp));
    new Alarm(this, 'catch-up-not-running', absenceOfCatchUp(catchUp));
    new Alarm(this, 'store-reads-throttled', throttledRequests('Read', eventStoreTable));
    new Alarm(this, 'store-writes-throttled', throttledRequests('Write', eventStoreTable));
    new Alarm(this, 'functions-throttled', throttledFunctions());
  }
}
