import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, type PutCommand } from '@aws-sdk/lib-dynamodb';

/** The table of the installation's keys in memory: what stands in it, and a document client's `send` over it. */
export interface MemoryKeysTable {
  readonly keys: ReadonlyMap<string, Uint8Array>;
  readonly commands: readonly (GetCommand | PutCommand)[];
  send(command: GetCommand | PutCommand): Promise<object>;
}

/** Each call is answered after those that were begun with it, as over a network, so that callers meet. */
export function createMemoryKeysTable(): MemoryKeysTable {
  const keys = new Map<string, Uint8Array>();
  const commands: (GetCommand | PutCommand)[] = [];
  return {
    keys,
    commands,
    async send(command) {
      commands.push(command);
      await Promise.resolve();
      if (command instanceof GetCommand) {
        const { k } = command.input.Key as { k: string };
        const v = keys.get(k);
        return v ? { Item: { k, v } } : {};
      }
      const { Item: item, ConditionExpression: condition } = command.input;
      const { k, v } = item as { k: string; v: Uint8Array };
      if (condition === 'attribute_not_exists(k)' && keys.has(k))
        throw new ConditionalCheckFailedException({ message: 'The key stands already', $metadata: {} });
      keys.set(k, v);
      return {};
    },
  };
}
