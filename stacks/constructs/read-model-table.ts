import { tablesOf } from '#shared/read-models/rebuild/generations.ts';
import { Construct, DynamodbTable } from '../cdktf.ts';
import { readModelTable } from '../names.ts';
import { SkafuStack } from '../skafu-stack.ts';

const lists = 'lists';

/**
 * The rows of a read model by key (`k`), and in the order (`o`) of the list (`l`) in which they stand. There are two
 * such tables, of which one serves: a rebuild fills the other while that goes on.
 */
export class ReadModelTable extends Construct {
  readonly tableName: string;
  /** Of both tables; which of them serves is told by an item of the first. */
  readonly arns: readonly [string, string];
  readonly listsArns: readonly [string, string];

  constructor(scope: Construct, id: string, model: string) {
    super(scope, id);
    const { domain, settings } = SkafuStack.of(this);
    const [first, second] = tablesOf(readModelTable(settings.environment, domain, model));
    const serving = this.addTable('table', first);
    const other = this.addTable('second', second);
    this.tableName = serving.name;
    this.arns = [serving.arn, other.arn];
    this.listsArns = [`${serving.arn}/index/${lists}`, `${other.arn}/index/${lists}`];
  }

  private addTable(id: string, name: string): DynamodbTable {
    return new DynamodbTable(this, id, {
      name,
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
  }
}
