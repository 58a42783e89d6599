import { CloudwatchEventArchive, CloudwatchEventBus, Construct } from '../cdktf.ts';
import { SkafuStack } from '../skafu-stack.ts';

/** The bus of domain events, with an archive of everything that passed. */
export class EventsBus extends Construct {
  readonly busName: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const { platform, settings } = SkafuStack.of(this);
    const bus = new CloudwatchEventBus(this, 'bus', { name: platform.eventsBus });
    this.busName = bus.name;
    new CloudwatchEventArchive(this, 'archive', {
      name: platform.eventsBus,
      eventSourceArn: bus.arn,
      retentionDays: settings.archiveRetentionDays,
    });
  }
}
