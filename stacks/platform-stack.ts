import type { Construct } from './cdktf.ts';
import { ApiRoute } from './constructs/api-route.ts';
import { ErrorBus } from './constructs/error-bus.ts';
import { EventStore } from './constructs/event-store.ts';
import { EventsBus } from './constructs/events-bus.ts';
import { HttpApi } from './constructs/http-api.ts';
import { PlatformFunction } from './constructs/platform-function.ts';
import { Relay } from './constructs/relay.ts';
import { UserPool } from './constructs/user-pool.ts';
import type { Settings } from './settings.ts';
import { SkafuStack } from './skafu-stack.ts';

/** What every domain stands on: the event store and its way to the bus, the errors bus, users, and the API. */
export class PlatformStack extends SkafuStack {
  readonly api: HttpApi;

  constructor(scope: Construct, settings: Settings) {
    super(scope, 'platform', settings);
    const store = new EventStore(this, 'event-store');
    const events = new EventsBus(this, 'events');
    const errors = new ErrorBus(this, 'errors');
    new Relay(this, 'relay', { store, eventsBus: events.busName });
    const users = new UserPool(this, 'users');
    this.api = new HttpApi(this, 'http-api', { users });
    this.answer('health', 'GET /api/v1/health');
    this.answer('info', 'GET /api/v1/info');
    this.answer('unknown-route', '$default');
    this.addOutputs({
      apiId: this.api.apiId,
      apiEndpoint: this.api.endpoint,
      userPoolId: users.poolId,
      userPoolClientId: users.clientId,
      eventStoreTable: store.tableName,
      eventsBus: events.busName,
      errorsBus: errors.busName,
      region: settings.region,
    });
  }

  private answer(name: string, route: string): void {
    const handler = new PlatformFunction(this, name, { name, kind: 'endpoint' });
    new ApiRoute(this, `${name}-route`, { api: this.api, route, handler, open: true });
  }
}
