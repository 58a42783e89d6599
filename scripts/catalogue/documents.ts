import { findDomains } from '#stacks/find-domains.ts';
import { asyncApiOf } from './asyncapi.ts';
import { openApiOf } from './openapi.ts';

/** The catalogue's files, by their place in the repository, as the manifests say they must be. */
export async function catalogueFiles(): Promise<ReadonlyMap<string, string>> {
  const domains = await findDomains();
  const written = (document: object) => `${JSON.stringify(document, null, 2)}\n`;
  return new Map([
    ['docs/catalogue/openapi.json', written(openApiOf(domains))],
    ['docs/catalogue/asyncapi.json', written(asyncApiOf(domains))],
  ]);
}
