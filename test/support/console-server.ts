// The console in a real browser: builds it, serves it by the real API over whatever services a test brings, opens Chromium.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { createApi, type Api } from '../../src/api/create-api.ts';
import type { Services } from '../../src/pipeline/services.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export interface ConsoleServer {
  readonly api: Api;
  /** `http://127.0.0.1:port`. */
  readonly url: string;
  close(): Promise<void>;
}

/** Builds the console into a folder of its own and serves it on a free port. */
export async function startConsole(services: Services, nowMs: () => number = Date.now): Promise<ConsoleServer> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'wirewatch-console-'));
  const build = spawnSync(process.execPath, ['node_modules/vite/bin/vite.js', 'build', '--outDir', folder, '--emptyOutDir', '--logLevel', 'error'], { cwd: ROOT, encoding: 'utf8' });
  if (build.status !== 0) throw new Error(`the console does not build:\n${build.stdout}${build.stderr}`);
  const bugs: unknown[] = [];
  const api = await createApi(services, { version: '0.1.0', nowMs, consoleDir: folder, onBug: (error) => bugs.push(error) });
  const url = await api.listen({ port: 0 });
  return {
    api,
    url,
    async close() {
      await api.close();
      rmSync(folder, { recursive: true, force: true });
      if (bugs.length > 0) throw new AggregateError(bugs, 'requests ended with 500');
    },
  };
}

/** Chromium without anything that reaches out. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = CHROMIUM.find((file) => existsSync(file));
  if (executablePath === undefined) throw new Error('Chromium is missing: install the package chromium');
  return await chromium.launch({
    executablePath,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}
