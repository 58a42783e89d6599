import { Construct, DynamodbTable } from '../cdktf.ts';
import { readModelTable } from '../names.ts';
import { SkafuStack } from '../skafu-stack.ts';

const lists = 'lists';

/** The rows of a read model by key (`k`), and in the order (`o`) of the list (`l`) in which they stand. */
export class ReadModelTable extends Construct {
  readonly tableName: string;
  readonly arn: string;
  readonly listsArn: string;

  constructor(scope: Construct, id: string, model: string) {
    super(scope, id);
    const { domain, settings } = SkafuStack.of(this);
    const table = new DynamodbTable(this, 'table', {
      name: readModelTable(settings.environment, domain, model),
      billingMode: 'PAY_PER_REQUEST',
      hashKey: 'k',
      attribute: [
        { name: 'k', type: 'S' },
        { name: 'l', type: 'S' },
        { name: 'o', type: 'S' },
      ],
      globalSecondaryIndex: [{ name: lists, hashKey: 'l', rangeKey: 'o', projectionType: 'ALL' }],
      pointInTimeRecovery: { enabled: true },
      serverSideEncryption: { enabled: true },
    });
    this.tableName = table.name;
    this.arn = table.arn;
    this.listsArn = `${table.arn}/index/${lists}`;
  }
}
