import { Construct, DynamodbTable } from '../cdktf.ts';
import { SkafuStack } from '../skafu-stack.ts';

/** The table of commits (`s` stream, `c` commit number), whose stream is the outbox. */
export class EventStore extends Construct {
  readonly tableName: string;
  readonly streamArn: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const { settings, platform } = SkafuStack.of(this);
    const table = new DynamodbTable(this, 'table', {
      name: platform.eventStoreTable,
      billingMode: 'PAY_PER_REQUEST',
      hashKey: 's',
      rangeKey: 'c',
      attribute: [
        { name: 's', type: 'S' },
        { name: 'c', type: 'N' },
      ],
      streamEnabled: true,
      streamViewType: 'NEW_IMAGE',
      pointInTimeRecovery: { enabled: true },
      serverSideEncryption: { enabled: true },
      deletionProtectionEnabled: settings.lasting,
    });
    this.tableName = table.name;
    this.streamArn = table.streamArn;
  }
}
