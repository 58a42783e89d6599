import { Construct, DynamodbTable } from '../cdktf.ts';
import { SkafuStack } from '../skafu-stack.ts';

/**
 * The keys of people (`p` tenant and person), apart from the events that they open. There is no point-in-time recovery on
 * purpose: whoever was forgotten could be brought back with it for 35 days. Against loss it is guarded from deletion.
 */
export class PersonalKeysTable extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const { settings, platform } = SkafuStack.of(this);
    new DynamodbTable(this, 'table', {
      name: platform.personalKeysTable,
      billingMode: 'PAY_PER_REQUEST',
      hashKey: 'p',
      attribute: [{ name: 'p', type: 'S' }],
      pointInTimeRecovery: { enabled: false },
      serverSideEncryption: { enabled: true },
      deletionProtectionEnabled: settings.lasting,
    });
  }
}
