import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { fontFiles } from './frontend/build/font-files.ts';

/** Builds the console into `frontend/dist`. Everything in `assets/` is named by its content and never changes. */
export default defineConfig({
  root: fileURLToPath(new URL('./frontend', import.meta.url)),
  plugins: [fontFiles(fileURLToPath(new URL('./.cache/console-fonts', import.meta.url))), react()],
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
  },
});
