import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const embedded = /url\((["']?)data:[^,;]*font[^,;]*;(?:charset=[^,;]*;)?base64,([A-Za-z0-9+/=]+)\1\)/g;

/**
 * Cloudscape's global styles carry eight faces of Open Sans as base64: 140 kB that every visitor would load before the
 * first paint. This writes each face to `folder` and refers to it, so that a browser loads only the faces it uses.
 */
export function fontFiles(folder: string): Plugin {
  return {
    name: 'font-files',
    enforce: 'pre',
    transform: {
      filter: { id: /global-styles\/index\.css$/ },
      handler: (code) => ({
        code: code.replace(embedded, (_, __, face: string) => write(folder, face)),
        map: null,
      }),
    },
  };
}

function write(folder: string, face: string): string {
  const bytes = Buffer.from(face, 'base64');
  const name = `open-sans-${createHash('sha256').update(bytes).digest('hex').slice(0, 8)}.woff2`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), bytes);
  return `url("${join(folder, name)}")`;
}
