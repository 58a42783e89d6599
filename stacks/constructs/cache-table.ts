import { Construct, DynamodbTable } from '../cdktf.ts';
import { SkafuStack } from '../skafu-stack.ts';

/** The dear answers of a domain's queries by key (`k`), until they expire (`e`). Losing one costs asking again. */
export class CacheTable extends Construct {
  readonly tableName: string;
  readonly arn: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const table = new DynamodbTable(this, 'table', {
      name: SkafuStack.of(this).resourceName('cache'),
      billingMode: 'PAY_PER_REQUEST',
      hashKey: 'k',
      attribute: [{ name: 'k', type: 'S' }],
      ttl: { attributeName: 'e', enabled: true },
      serverSideEncryption: { enabled: true },
    });
    this.tableName = table.name;
    this.arn = table.arn;
  }
}
