import { Construct, DynamodbTable } from '../cdktf.ts';
import { SkafuStack } from '../skafu-stack.ts';

/**
 * The keys (`k` name) from which a domain derives secrets, apart from events and read models: who may read those reads no
 * secret. A key is made by its first use and never changes, so the table is guarded as the event store is.
 */
export class KeysTable extends Construct {
  readonly tableName: string;
  readonly arn: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const stack = SkafuStack.of(this);
    const table = new DynamodbTable(this, 'table', {
      name: stack.resourceName('keys'),
      billingMode: 'PAY_PER_REQUEST',
      hashKey: 'k',
      attribute: [{ name: 'k', type: 'S' }],
      pointInTimeRecovery: { enabled: true },
      serverSideEncryption: { enabled: true },
      deletionProtectionEnabled: stack.settings.lasting,
    });
    this.tableName = table.name;
    this.arn = table.arn;
  }
}
