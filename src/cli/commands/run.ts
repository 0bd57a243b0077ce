import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { WirewatchError } from '../../base/errors.ts';
import { createApi } from '../../api/create-api.ts';
import { makeDataDir, openLog, type Log } from '../../app/log.ts';
import { createApp } from '../../app/create-app.ts';
import { clearDemoData, startDemo, type Demo } from '../../app/demo/start-demo.ts';
import { createServices } from '../../app/create-services.ts';
import { DrillRunner } from '../../app/services/drill-service.ts';
import { lockDataDir } from '../../app/data-folder-lock.ts';
import { ConfigHolder } from '../../config/config-holder.ts';
import { openConfig } from '../../config/open-config.ts';
import { resolveSecret } from '../../config/secret.ts';
import type { LoadedConfig } from '../../config/load-config.ts';
import { examineMachine } from '../../app/examine-machine.ts';
import { createRegistry } from '../../app/metrics.ts';
import { packageRoot, packageVersion, socketPathOf } from '../data-folder.ts';
import { defineCommand, EXIT, type CommandContext } from '../define-command.ts';
import { loadExtensions } from '../extensions.ts';

/** Characters of a host name that a sensor's name may have. */
function sensorIdOf(loaded: LoadedConfig): string {
  return loaded.config.sensor.id ?? (os.hostname().replace(/[^A-Za-z0-9_.-]/g, '-').slice(0, 63) || 'sensor');
}

/** Resolves at SIGTERM, SIGINT, or when the caller gives up. A second signal within the first second is the terminal's own. */
function untilAsked(ctx: CommandContext): Promise<string> {
  return new Promise((resolve) => {
    const ask = (why: string) => () => resolve(why);
    process.once('SIGTERM', ask('SIGTERM'));
    process.once('SIGINT', ask('SIGINT'));
    ctx.signal.addEventListener('abort', ask('asked'), { once: true });
    if (ctx.signal.aborted) resolve('asked');
  });
}

/** Keys that listen beyond this machine need a certificate; the schema has refused them otherwise. */
function consoleUrlOf({ config }: LoadedConfig, address: string): string {
  return config.listen.publicUrl ?? address;
}

async function runProgram(ctx: CommandContext, configFile: string | undefined, demo: boolean, drill: boolean): Promise<number> {
  if (demo) return await runDemo(ctx);
  const extensions = await loadExtensions();
  const read = (): LoadedConfig => openConfig(configFile === undefined ? undefined : path.resolve(ctx.cwd, configFile), { env: ctx.env, extensions });
  const loaded = read();
  const dataDir = loaded.config.data === undefined || ctx.dataIsGiven ? ctx.dataDir : path.resolve(loaded.secrets.baseDir, loaded.config.data);
  makeDataDir(dataDir);
  const unlock = lockDataDir(dataDir);
  try {
    return await serve(ctx, loaded, read, dataDir, null, drill);
  } finally {
    unlock();
  }
}

/** The demo has a data folder of its own, begins from nothing each time, and leaves the real one alone. */
async function runDemo(ctx: CommandContext): Promise<number> {
  const dataDir = path.join(ctx.dataDir, 'demo');
  makeDataDir(ctx.dataDir);
  makeDataDir(dataDir);
  const unlock = lockDataDir(dataDir);
  try {
    clearDemoData(dataDir);
    const demo = await startDemo(dataDir, path.join(packageRoot(), 'demo/office.pcapng'));
    try {
      const extensions = await loadExtensions();
      const read = (): LoadedConfig => openConfig(demo.configFile, { env: ctx.env, extensions });
      return await serve(ctx, read(), read, dataDir, demo);
    } finally {
      await demo.stop();
    }
  } finally {
    unlock();
  }
}

async function serve(ctx: CommandContext, loaded: LoadedConfig, read: () => LoadedConfig, dataDir: string, demo: Demo | null, drill = false): Promise<number> {
  const { terminal } = ctx;
  const opened = openLog(loaded, dataDir, terminal.err);
  const log: Log = opened.log;
  if (opened.replaced !== null) log('error', opened.replaced);
  for (const finding of loaded.findings) log('warn', `${finding.message}; to do: ${finding.remedy}`);
  const holder = new ConfigHolder(loaded, read);
  let address: string | null = null;
  const app = createApp({
    dataDir, holder, sensorId: sensorIdOf(loaded), log, consoleUrl: () => (address === null ? null : consoleUrlOf(holder.current, address)), drill,
    ...(demo === null ? {} : { captureFile: demo.captureFile }),
  });
  demo?.onMail((id) => app.live.emit({ type: 'mail', id }));
  const version = packageVersion();
  const drills = new DrillRunner({ store: app.store, now: app.now, onChange: (id) => app.live.emit({ type: 'drill', id }), log });
  const services = createServices(app, { version, holder, read, drill: drills, demo: demo !== null, ...(demo === null ? {} : { mail: demo.mail }), runDoctor: () => examineMachine({ dataDir, loaded: holder.current, env: ctx.env, listening: address !== null }) });
  const consoleDir = path.join(packageRoot(), 'dist/console');
  const { listen } = loaded.config;
  const api = await createApi(services, {
    version, nowMs: () => Date.now(), registry: createRegistry(app, version), consoleDir: existsSync(consoleDir) ? consoleDir : null,
    ...(listen.publicUrl === undefined ? {} : { allowedHosts: [new URL(listen.publicUrl).hostname] }),
    secureCookie: listen.publicUrl?.startsWith('https:') ?? false,
    onBug: (error, where) => log('error', `${where}: ${(error as Error).stack ?? String(error)}`),
  });
  if (listen.tls !== undefined) resolveSecret(listen.tls.key, loaded.secrets);
  const hup = (): void => {
    log('info', 'SIGHUP: the configuration is read anew');
    services.config.reload('system').catch((error: unknown) => {
      const told = error instanceof WirewatchError ? `${error.message}${error.where === undefined ? '' : `: ${error.where}`}` : String(error);
      log('error', `the old configuration stays in force: ${told}`);
    });
  };
  process.on('SIGHUP', hup);
  const bug = (error: unknown): void => log('error', `a bug: ${(error as Error).stack ?? String(error)}`);
  process.on('unhandledRejection', bug);
  try {
    await app.start();
    drills.forgetRunning();
    await api.listenSocket(socketPathOf(dataDir));
    address = await listenOn(api, listen, log);
    const setup = await api.setupPath();
    announce(ctx, { dataDir, address, setup, demo: demo !== null, loaded });
    const findings = await services.doctor.run();
    for (const f of findings.filter((f) => f.verdict === 'problem')) {
      log('warn', `${f.title}: ${f.detail}${f.remedy === null ? '' : `; to do: ${f.remedy}`}`);
    }
    const why = await untilAsked(ctx);
    log('info', `${why}: ending`);
    return EXIT.ok;
  } finally {
    process.off('SIGHUP', hup).off('unhandledRejection', bug);
    await api.close();
    await drills.stop();
    await app.stop();
    await opened.close();
  }
}

/** The configured port, or any free one where another program has it: watching does not wait for a port. */
async function listenOn(api: Awaited<ReturnType<typeof createApi>>, listen: LoadedConfig['config']['listen'], log: Log): Promise<string> {
  try {
    return await api.listen({ host: listen.address, port: listen.port });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    const address = await api.listen({ host: listen.address, port: 0 });
    log('warn', `port ${listen.port} is taken by another program; the console is at ${address}`);
    return address;
  }
}

function announce(ctx: CommandContext, about: { dataDir: string; address: string; setup: string | null; demo: boolean; loaded: LoadedConfig }): void {
  const { dataDir, address, setup, demo, loaded } = about;
  if (ctx.json) {
    ctx.terminal.out(`${JSON.stringify({ address, setup: setup === null ? null : `${address}${setup}`, dataDir, demo, config: loaded.file })}\n`);
    return;
  }
  const checks = loaded.config.targets.reduce((n, t) => n + t.checks.length, 0);
  ctx.terminal.out([
    '',
    `  Wirewatch runs: ${address}`,
    `  configuration:  ${loaded.file ?? 'built in'} (${loaded.config.targets.length} targets, ${checks} checks)`,
    `  data folder:    ${dataDir}`,
    ...(demo ? ['', '  Demo: within a minute a target fails and recovers, a printer scans, a machine calls home.', '  Alerts, incidents, evidence and mails follow in the console; nothing leaves this machine.'] : []),
    ...(setup === null ? [] : ['', '  First start: open this link once to make your account (valid for 24 hours):', `  ${address}${setup}`]),
    '', '',
  ].join('\n'));
}

export const run = defineCommand({
  name: 'run',
  summary: 'watch: probe, capture, detect, keep evidence, tell people; the console is on 127.0.0.1',
  permission: null,
  configure(command) {
    command
      .option('--config <file>', 'configuration (YAML or JSON); without one, gateways and resolvers of this machine are watched')
      .option('--demo', 'show it alive: a capture is played beside local targets, one of which fails and recovers')
      .option('--drill', 'mark everything that is found as an exercise; wirewatch drill runs the program so');
  },
  async run(ctx, _args, options) {
    return await runProgram(ctx, typeof options.config === 'string' ? options.config : undefined, options.demo === true, options.drill === true);
  },
});

export default run;
