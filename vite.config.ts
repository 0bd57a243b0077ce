// Builds the console into dist/console. No external resources, nothing inlined: the server's Content-Security-Policy allows only
// files of its own.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: 'src/console',
  plugins: [react()],
  build: { outDir: '../../dist/console', emptyOutDir: true, assetsInlineLimit: 0, modulePreload: { polyfill: false }, target: 'es2023' },
  server: { host: '127.0.0.1', proxy: { '/api': process.env.WIREWATCH_API ?? 'http://127.0.0.1:8470' } },
});
