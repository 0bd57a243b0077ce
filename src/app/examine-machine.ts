import { execFile } from 'node:child_process';
import dns from 'node:dns/promises';
import { existsSync, readFileSync, realpathSync, statfsSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { findSurroundings, readSurroundingFiles } from '../config/built-in.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import type { DoctorPorts } from '../doctor/define-check.ts';
import { runDoctor, type DoctorFinding } from '../doctor/run-doctor.ts';

export interface ExamineOptions {
  readonly dataDir: string;
  readonly loaded: LoadedConfig;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** This process listens on the configured port. */
  readonly listening: boolean;
}

const RUN_MS = 5000;

/** Runs doctor's checks on the machine at hand. */
export async function examineMachine({ dataDir, loaded, env, listening }: ExamineOptions): Promise<DoctorFinding[]> {
  const { config, file } = loaded;
  const surroundings = findSurroundings(readSurroundingFiles());
  const ports: DoctorPorts = {
    dataDir,
    node: { version: process.version, path: realpathSync(process.execPath) },
    uid: process.getuid?.() ?? 0,
    env,
    readFile(name) {
      try {
        return readFileSync(name, 'utf8');
      } catch {
        return undefined;
      }
    },
    run: (command, args) => new Promise((resolve) => {
      execFile(command, [...args], { timeout: RUN_MS, encoding: 'utf8' }, (error, stdout, stderr) => {
        const { code } = (error ?? { code: 0 }) as { code?: number | string };
        resolve(code === 'ENOENT' || code === 'EACCES' ? undefined : { code: typeof code === 'number' ? code : 1, stdout, stderr });
      });
    }),
    disk(folder) {
      let at = folder;
      while (!existsSync(at) && path.dirname(at) !== at) at = path.dirname(at);
      const { bavail, blocks, bsize } = statfsSync(at);
      return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
    },
    async resolve(name) {
      try {
        const { address } = await dns.lookup(name);
        return { ok: true, detail: address };
      } catch (error) {
        return { ok: false, detail: (error as NodeJS.ErrnoException).code ?? String(error) };
      }
    },
    findings: loaded.findings,
    config: {
      file,
      captureWanted: config.capture.enabled !== 'no',
      icmpWanted: config.targets.some((t) => t.checks.some((c) => c.type === 'icmp')),
      listen: { address: config.listen.address, port: config.listen.port },
    },
    gateways: surroundings.gateways.map((g) => g.address),
    resolvers: surroundings.resolvers,
    port: (address, port) => new Promise((resolve) => {
      if (listening) return resolve('ours');
      const server = net.createServer();
      server.once('error', () => resolve('taken'));
      server.listen(port, address, () => server.close(() => resolve('free')));
    }),
  };
  return await runDoctor(ports);
}
