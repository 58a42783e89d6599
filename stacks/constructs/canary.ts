import { Construct } from '../cdktf.ts';
import { EveryMinute } from './every-minute.ts';
import { PlatformFunction } from './platform-function.ts';

/** Each minute opens the console as a browser does, through the front door, and records whether all was well. */
export class Canary extends Construct {
  readonly functionName: string;

  constructor(scope: Construct, id: string, { frontDoor }: { frontDoor: string }) {
    super(scope, id);
    const handler = new PlatformFunction(this, 'function', {
      name: 'canary',
      kind: 'canary',
      environment: { FRONT_DOOR: frontDoor },
    });
    this.functionName = handler.name;
    // A run that could not be started is missed by the alarm on what canaries record, and needs no queue.
    new EveryMinute(this, 'schedule', { name: 'canary', handler });
  }
}
