import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

/** Components with many messages that no other component contains, so that only an import of theirs needs them. */
const standalone = [
  'annotation-context',
  'attribute-editor',
  'cards',
  'code-editor',
  'copy-to-clipboard',
  'file-upload',
  'multiselect',
  'pie-chart',
  'prompt-input',
  'property-filter',
  's3-resource-selector',
  'slider',
  'split-panel',
  'tag-editor',
  'tree-view',
  'tutorial-panel',
  'wizard',
];

type Messages = Record<string, Record<string, Record<string, unknown>>>;

/** Leaves out Cloudscape's messages for components that no file below `folders` imports. */
export function usedMessages(folders: readonly string[]): Plugin {
  return {
    name: 'used-messages',
    transform: {
      filter: { id: /i18n\/messages\/all\.[\w-]+\.js$/ },
      handler: (code) => {
        const messages = JSON.parse(code.replace(/^export default /, '').replace(/;?\s*$/, '')) as Messages;
        const imported = importedComponents(folders);
        for (const locales of Object.values(messages)) {
          for (const components of Object.values(locales)) {
            for (const name of standalone) if (!imported.has(name)) delete components[name];
          }
        }
        return { code: `export default ${JSON.stringify(messages)};`, map: null };
      },
    },
  };
}

function importedComponents(folders: readonly string[]): Set<string> {
  const names = new Set<string>();
  for (const folder of folders) {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.tsx'),
    );
    for (const file of files) {
      for (const [, name] of readFileSync(join(folder, file), 'utf8').matchAll(
        /@cloudscape-design\/components\/([a-z0-9-]+)/g,
      )) {
        if (name) names.add(name);
      }
    }
  }
  return names;
}
