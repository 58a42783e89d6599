const LOCAL_PREFIX = 'arn:aws:dynamodb:ddblocal:000000000000:';

/** Turns ARNs between the region and account of the local cloud and those that DynamoDB Local writes. */
export interface Names {
  arnPrefix: string;
  toLocal(text: string): string;
  fromLocal(text: string): string;
}

export function createNames(region: string, accountId: string): Names {
  const arnPrefix = `arn:aws:dynamodb:${region}:${accountId}:`;
  return {
    arnPrefix,
    toLocal: (text) => text.replaceAll(arnPrefix, LOCAL_PREFIX),
    // The region of a stream record stands alone; within an item it would be escaped or typed.
    fromLocal: (text) =>
      text
        .replaceAll(LOCAL_PREFIX, arnPrefix)
        .replaceAll('"awsRegion":"ddblocal"', `"awsRegion":"${region}"`),
  };
}
