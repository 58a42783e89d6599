import { writeFileSync } from 'node:fs';
import { catalogueFiles } from './catalogue/documents.ts';

for (const [path, content] of await catalogueFiles()) {
  writeFileSync(path, content);
  console.log(`wrote ${path}`);
}
