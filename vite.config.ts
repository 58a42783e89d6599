import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { fontFiles } from './frontend/build/font-files.ts';
import { startChunks } from './frontend/build/start-chunks.ts';
import { usedMessages } from './frontend/build/used-messages.ts';

const folder = (name: string): string => fileURLToPath(new URL(`./${name}`, import.meta.url));

/** Builds the console into `frontend/dist`. Everything in `assets/` is named by its content and never changes. */
export default defineConfig({
  root: folder('frontend'),
  plugins: [
    fontFiles(folder('.cache/console-fonts')),
    usedMessages([folder('frontend/src'), folder('shared/frontend'), folder('domains')]),
    react(),
  ],
  resolve: {
    // Its own entry is the development build, with checks and messages that nobody reads in production.
    alias: [
      { find: /^react-router$/, replacement: folder('node_modules/react-router/dist/production/index.mjs') },
    ],
  },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    assetsDir: 'assets',
    manifest: true,
    target: 'es2023',
    modulePreload: { polyfill: false },
    // The gate on sizes is `frontend/budget.ts`, which knows what a page loads.
    chunkSizeWarningLimit: 2000,
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [{ name: startChunks(folder('frontend')), debugName: 'start' }],
        },
      },
    },
  },
});
