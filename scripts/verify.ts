import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { rememberFingerprints } from '#shared/event-store/fingerprints.ts';
import { createSealArchive, sealedHeads } from '#shared/event-store/seal-archive.ts';
import { findDomains } from '#stacks/find-domains.ts';
import { foldFingerprints } from './build/fold-fingerprints.ts';
import { aggregatesOf } from './verify/aggregates.ts';
import { runVerification } from './verify/run.ts';

const usage = `Proves the event store whole, or names the first commit of each stream that is not.

  npm run verify -- [options]

  --stream <tenant/type/id>  only this stream
  --tenant <tenant>          only the streams of this tenant
  --table <name>             by default skafu-local-platform-event-store
  --seals <bucket>           hold it against the newest seal in this bucket
  --endpoint <url>           of the local cloud, as npm start prints it; by default AWS
  --region <region>          by default us-east-1
  --segments <number>        parts that are read at once, by default 4

Exit code: 0 whole, 1 not whole, 2 could not be verified.`;

const { values } = parseArgs({
  options: {
    stream: { type: 'string' },
    tenant: { type: 'string' },
    table: { type: 'string', default: 'skafu-local-platform-event-store' },
    seals: { type: 'string' },
    endpoint: { type: 'string' },
    region: { type: 'string', default: 'us-east-1' },
    segments: { type: 'string', default: '4' },
    help: { type: 'boolean', default: false },
  },
});

async function main(): Promise<number> {
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const domains = await findDomains();
  // Snapshots of the code that stands here are folded anew and compared.
  rememberFingerprints(await foldFingerprints(process.cwd(), domains));
  const target = {
    region: values.region,
    ...(values.endpoint
      ? { endpoint: values.endpoint, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }
      : {}),
  };
  const client = new DynamoDBClient(target);
  const archive = values.seals
    ? createSealArchive(new S3Client({ ...target, forcePathStyle: Boolean(values.endpoint) }), values.seals)
    : undefined;
  const newest = await archive?.newest();
  if (archive && !newest) throw new Error(`There is no seal in ${values.seals}.`);
  return runVerification(client, values.table, {
    stream: values.stream,
    tenant: values.tenant,
    segments: Number(values.segments),
    aggregates: await aggregatesOf(domains),
    seal: newest?.seal,
    sealed: archive && newest ? await sealedHeads(archive, newest.seal) : undefined,
    print: console.log,
  });
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`Could not verify: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
