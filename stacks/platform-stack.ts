import type { Construct } from './cdktf.ts';
import { ApiRoute } from './constructs/api-route.ts';
import { ErrorBus } from './constructs/error-bus.ts';
import { EventStore } from './constructs/event-store.ts';
import { EventsBus } from './constructs/events-bus.ts';
import { HttpApi } from './constructs/http-api.ts';
import { PersonalKeysTable } from './constructs/personal-keys-table.ts';
import { type FunctionProps, PlatformFunction } from './constructs/platform-function.ts';
import { Relay } from './constructs/relay.ts';
import { Seals } from './constructs/seals.ts';
import { UserPool } from './constructs/user-pool.ts';
import { allow } from './policy.ts';
import type { Settings } from './settings.ts';
import { SkafuStack } from './skafu-stack.ts';

/** What every domain stands on: the event store and its way to the bus, the errors bus, users, and the API. */
export class PlatformStack extends SkafuStack {
  readonly api: HttpApi;
  readonly eventsBus: EventsBus;
  readonly users: UserPool;

  constructor(scope: Construct, settings: Settings) {
    super(scope, 'platform', settings);
    const store = new EventStore(this, 'event-store');
    this.eventsBus = new EventsBus(this, 'events');
    const errors = new ErrorBus(this, 'errors');
    new Relay(this, 'relay', { store, eventsBus: this.eventsBus });
    new PersonalKeysTable(this, 'personal-keys');
    const seals = new Seals(this, 'seals', { store });
    this.users = new UserPool(this, 'users');
    this.api = new HttpApi(this, 'http-api', { users: this.users });
    this.answer('GET /api/v1/health', {
      name: 'health',
      environment: { EVENT_STORE_TABLE: store.tableName },
      permissions: [allow('dynamodb:GetItem').on(this.eventStoreArn)],
    });
    this.answer('GET /api/v1/info', { name: 'info' });
    this.answer('$default', { name: 'unknown-route' });
    this.answer('POST /api/v1/failures', { name: 'report-failure' }, { open: false });
    this.addOutputs({
      apiId: this.api.apiId,
      apiEndpoint: this.api.endpoint,
      userPoolId: this.users.poolId,
      userPoolClientId: this.users.clientId,
      eventStoreTable: store.tableName,
      eventsBus: this.eventsBus.busName,
      errorsBus: errors.busName,
      sealsBucket: seals.bucketName,
      region: settings.region,
    });
  }

  /** A route of the platform itself, open to everybody unless it is said not to be. */
  private answer(route: string, endpoint: Omit<FunctionProps, 'kind'>, { open } = { open: true }): void {
    const handler = new PlatformFunction(this, endpoint.name, { ...endpoint, kind: 'endpoint' });
    new ApiRoute(this, `${endpoint.name}-route`, { api: this.api, route, handler, open });
  }
}
