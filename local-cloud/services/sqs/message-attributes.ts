import { createHash } from 'node:crypto';
import { AwsError } from '../../core/errors.ts';

/** One message attribute, as the SQS API writes it. */
export interface MessageAttribute {
  StringValue?: string;
  BinaryValue?: string;
  DataType: string;
}

export type MessageAttributes = Record<string, MessageAttribute>;

export function md5(text: string | Buffer): string {
  return createHash('md5').update(text).digest('hex');
}

/** Reads the `MessageAttributes` of a request. Throws `InvalidParameterValue` for what AWS would refuse. */
export function readMessageAttributes(value: unknown): MessageAttributes {
  if (value === undefined || value === null) return {};
  const attributes = value as Record<string, Partial<MessageAttribute>>;
  for (const [name, attribute] of Object.entries(attributes)) {
    const { DataType, StringValue, BinaryValue } = attribute;
    const kind = DataType?.split('.')[0];
    const complete = kind === 'Binary' ? BinaryValue !== undefined : Boolean(StringValue);
    if (!['String', 'Number', 'Binary'].includes(kind ?? '') || !complete) {
      throw new AwsError(
        'InvalidParameterValue',
        `The message attribute '${name}' has no value of a known type.`,
      );
    }
  }
  return attributes as MessageAttributes;
}

/**
 * MD5 over the attributes in the form that SDKs compare with their own: in order of name, each as name, type, a byte
 * for the kind, and value, all with their length in four bytes.
 * Source: docs.aws.amazon.com, "Calculating the MD5 message digest for message attributes".
 */
export function md5OfAttributes(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const parts = names.flatMap((name) => {
    const { DataType = '', StringValue, BinaryValue } = attributes[name] ?? {};
    const isBinary = DataType.startsWith('Binary');
    const value = isBinary ? Buffer.from(BinaryValue ?? '', 'base64') : Buffer.from(StringValue ?? '');
    return [
      ...measured(Buffer.from(name)),
      ...measured(Buffer.from(DataType)),
      Buffer.from([isBinary ? 2 : 1]),
      ...measured(value),
    ];
  });
  return md5(Buffer.concat(parts));
}

function measured(bytes: Buffer): Buffer[] {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return [length, bytes];
}
