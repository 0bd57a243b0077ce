import path from 'node:path';
import { isoTime, msOf, nanosFromMs, type Nanos } from '../base/time.ts';
import { findSurroundings, readSurroundingFiles } from '../config/built-in.ts';
import type { ConfigHolder } from '../config/config-holder.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { re2Engine } from '../filter/regex.ts';
import type { CheckId, DatasetId, Delivery, Incident, Notification, PathTrace, StateChange } from '../model/index.ts';
import type { MaintenanceWindow } from '../alert/mute.ts';
import { OutboxRunner } from '../notify/outbox-runner.ts';
import { LoopRunner, type LoopEvent, type LoopJob } from '../pipeline/loop-runner.ts';
import { nodeHost } from '../pipeline/node-host.ts';
import { exportPackets, storedBytes } from '../pipeline/packet-export.ts';
import { StoreClient } from '../pipeline/store-client.ts';
import { comparePaths } from '../probe/path/path-identity.ts';
import type { ProberEvent } from '../probe/prober-messages.ts';
import type { RespondRunner } from '../respond/respond-runner.ts';
import { openStateStore } from '../store/adapters/sqlite.ts';
import type { StateStore } from '../store/state-store.ts';
import { Capturing, type CaptureSettings } from './capturing.ts';
import { EvidenceJobs, type PacketExport, type PacketRequest } from './evidence-jobs.ts';
import { LiveState } from './live-state.ts';
import type { Log } from './log.ts';
import { configuredSilences, maintainedChecks, maintenanceWindows } from './maintenance.ts';
import { Probing } from './probing.ts';
import { createRespondRunner, endFailures, recoveredTargets, RespondDisk, type RespondingDeps } from './responding.ts';
import { ScriptLog } from './script-log.ts';
import { anchorSpecsOf, channelsOf, checkSpecsOf, loopConfigOf, outboxConfigOf } from './section-adapters.ts';
import { troublesOf, Watching } from './watching.ts';

export interface AppOptions {
  readonly dataDir: string;
  readonly holder: ConfigHolder;
  readonly sensorId: string;
  readonly log: Log;
  /** Address of the console as people reach it; asked when a message is written. */
  consoleUrl(): string | null;
  /** A capture that is played in place of live interfaces (demo). */
  readonly captureFile?: string;
  /** The program runs in a drill: what it finds is marked as an exercise. */
  readonly drill?: boolean;
}

/** Rounds and traces of the prober, records of the capture, all stores, and the loop that joins them. */
export interface App {
  readonly store: StateStore;
  readonly telemetry: StoreClient;
  readonly loop: LoopRunner;
  readonly probing: Probing;
  readonly capturing: Capturing;
  readonly watching: Watching;
  readonly live: LiveState;
  readonly evidence: EvidenceJobs;
  readonly evidenceRoot: string;
  readonly startedAt: Nanos;
  outbox(): OutboxRunner;
  respond(): RespondRunner;
  now(): Nanos;
  /** Sends a test message by a receiver, past routing; deliveries as they stand when its channels had a moment. */
  sendTest(receiver: string, actor: string): Promise<readonly Delivery[]>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

const ATTEMPT_TIMEOUT_MS = 30_000;
const EXPIRE_EVERY_MS = 600_000;
const TROUBLE_EVERY_MS = 30_000;
const SESSION_SWEEP_KINDS = ['session'] as const;
const TEST_WAIT_MS = 5000;

/** Wall clock in nanoseconds that never steps back: a step of the system's clock is clamped, and recorded by its caller. */
function createClock(): () => Nanos {
  let last = 0n;
  return () => {
    const now = nanosFromMs(performance.timeOrigin + performance.now());
    const wall = BigInt(Date.now()) * 1_000_000n;
    // The monotonic clock has the digits, the wall clock the truth (it may have been set since the start).
    const difference = now > wall ? now - wall : wall - now;
    const t = difference < 50_000_000n ? now : wall;
    if (t > last) last = t;
    return last;
  };
}

/** Wires everything by hand. Nothing runs before `start()`. */
export function createApp(options: AppOptions): App {
  const { dataDir, holder, log, sensorId } = options;
  const now = createClock();
  const startedAt = now();
  const { config } = holder.current;
  const store = openStateStore({ file: path.join(dataDir, 'state.db') });
  const live = new LiveState();
  const telemetry = new StoreClient({
    folder: path.join(dataDir, 'telemetry'), memoryBytes: config.store.memory, threads: config.store.threads, queryDeadlineMs: config.store.queryDeadline,
    epoch: `${startedAt}-${process.pid}`, log,
  });
  const evidenceRoot = path.join(dataDir, 'evidence');
  let scriptLog: ScriptLog | undefined;
  let outbox: OutboxRunner;
  let respond: RespondRunner;
  let expiry: NodeJS.Timeout | undefined;
  let running = false;

  const loop = new LoopRunner(loopConfigOf(holder.current), {
    store, host: nodeHost, regex: (pattern) => re2Engine.compile(pattern), now, log,
    linkOf: (id) => {
      const url = options.consoleUrl();
      return url === null ? null : `${url.replace(/\/$/, '')}/incidents/${encodeURIComponent(id)}`;
    },
    onEvent, startJob, wakeOutbox: () => outbox.wake(),
  });
  const watching = new Watching(holder.current, { host: nodeHost, store, telemetry, now, log, drill: options.drill ?? false, onSignal: (signal) => loop.signal(signal) });
  const probing = new Probing({ store, log, plan, onEvents: onProbeEvents });
  const capturing = new Capturing({
    dataDir, sensorId, siteId: config.sensor.site, log, now,
    onBatch: (link, batch) => watching.observeBatch(link, batch),
    onWatermark: (link, time) => watching.watermark(link, time),
    onEnd: (link) => watching.endSource(link),
    onLoss: (loss) => watching.setLoss(loss),
    onStatus: (status) => live.setCapture(status),
    onTraffic: (sample) => live.addTraffic(sample),
  });
  const responding: RespondingDeps = { store, loop, live, log, now, probe: (checkId) => probing.run(checkId) };
  const respondDisk = new RespondDisk(responding);
  let captured = '';
  let windows: readonly MaintenanceWindow[] = [];
  const evidence = new EvidenceJobs({
    root: evidenceRoot, sensorId, host: nodeHost, store, telemetry, loop, now, log,
    packets: packetsOf,
    maxPacketBytes: () => holder.current.config.evidence.maxSize,
    trace: (target) => probing.trace(target),
  });
  outbox = createOutbox(holder.current);
  respond = createRespondRunner(holder.current, respondDisk, responding);

  function plan(): ReturnType<ConstructorParameters<typeof Probing>[0]['plan']> {
    const { current } = holder;
    const surroundings = findSurroundings(readSurroundingFiles());
    return {
      source: { dataset: `${sensorId}/prober/${startedAt}` as DatasetId, sensorId, siteId: current.config.sensor.site, linkId: 'prober', sampling: 1 },
      checks: checkSpecsOf(current),
      anchors: anchorSpecsOf(current),
      gateways: surroundings.gateways.map((g) => g.address),
      maintenance: maintainedChecks(windows, checkSpecsOf(current), (pattern) => re2Engine.compile(pattern)),
      tracing: { enabled: current.config.tracing.enabled, intervalMs: current.config.tracing.interval, maxHops: current.config.tracing.maxHops },
    };
  }

  /** What is captured: the demo's file, or the interfaces of the configuration, or those that lead to the default gateways. */
  function captureSettings({ config: c }: LoadedConfig): CaptureSettings {
    const { capture } = c;
    const ways = findSurroundings(readSurroundingFiles()).gateways.map((g) => g.interface);
    return {
      interfaces: capture.enabled === 'no' ? [] : capture.interfaces.length > 0 ? capture.interfaces : [...new Set(ways)],
      file: options.captureFile ?? null, filter: capture.filter, snaplen: capture.snaplen, promiscuous: capture.promiscuous, ringBytes: capture.ring, networks: c.networks,
      packets: { enabled: capture.packets.enabled, maxBytes: capture.packets.maxSize, maxAgeMs: capture.packets.maxAge },
    };
  }

  async function packetsOf({ from, to, maxBytes, hosts, onCut }: PacketRequest): ReturnType<PacketExport> {
    const links = capturing.stored;
    if (links.length === 0) return { missing: live.captures.find((c) => c.detail !== null)?.detail ?? 'no capture was running' };
    await capturing.flush();
    for (const gap of capturing.gapsWithin(from, to)) onCut(gap);
    // Where the window holds more than a bundle may, the packets of the hosts in question come before those of all others.
    const crowded = hosts.length > 0 && storedBytes(links, from, to) > maxBytes;
    if (crowded) onCut('packets of other hosts were left out for room (evidence.maxSize)');
    return exportPackets(
      links, from, to, maxBytes, `Wirewatch ${sensorId}: packets from ${isoTime(from)} to ${isoTime(to)}`,
      crowded ? { hosts, conversations: [] } : undefined, (link) => onCut(`the last packets of ${link} did not fit (evidence.maxSize)`),
    );
  }

  function createOutbox(loaded: LoadedConfig): OutboxRunner {
    return new OutboxRunner({
      store: { update: (step) => loop.updateOutbox(step) },
      channels: channelsOf(loaded), config: outboxConfigOf(loaded), host: nodeHost, now, attemptTimeoutMs: ATTEMPT_TIMEOUT_MS,
      onOutputs: (outputs) => loop.onOutboxOutputs(outputs),
      onStoreError: (error) => log('error', `the outbox cannot be written: ${(error as Error).message}; nothing is sent before it can`),
    });
  }

  function startJob(job: LoopJob): void {
    if (job.kind === 'freezeEvidence') return evidence.add(job);
    const { key, incidentId, action, options: given, subject, labels, checkId, drill } = job;
    respond.request({ key, incidentId, action, options: given, subject, labels, checkId, drill }).catch((error: unknown) => {
      log('error', `no plan for ${action} on ${subject}: ${(error as Error).message}`);
    }).finally(() => loop.jobDone(job.key));
  }

  function onEvent(event: LoopEvent): void {
    switch (event.kind) {
      case 'alert':
        if (event.change === 'firing' || event.change === 'resolved') log(event.change === 'firing' ? 'warn' : 'info', `alert ${event.change}: ${event.alert.annotations.summary ?? event.alert.name}`);
        if (event.change === 'resolved' && event.alert.name === 'check-down') endFailures(new Set([event.alert.labels.target]), loop, now());
        return live.emit({ type: 'alert', fingerprint: event.alert.fingerprint, state: event.alert.state });
      case 'incident':
        if (event.change !== 'updated') log('info', `incident ${event.change}: ${event.incident.title} (${event.incident.id})`);
        return live.emit({ type: 'incident', id: event.incident.id });
      case 'timeline':
        return live.emit({ type: 'incident', id: event.incidentId as never });
      case 'delivery': {
        const { delivery, notification } = event;
        const last = delivery.attempts.at(-1);
        if (delivery.state === 'delivered') log('info', `told ${delivery.receiver} through ${delivery.channel}: ${notification.subject}`);
        else if (last !== undefined && delivery.state !== 'sending' && delivery.state !== 'queued') log('warn', `${delivery.channel}: ${delivery.state}: ${last.outcome}: ${notification.subject}`);
        return;
      }
      default:
    }
  }

  function onProbeEvents(events: readonly ProberEvent[]): void {
    for (const event of events) {
      switch (event.kind) {
        case 'result':
          watching.observeNow({ kind: 'probe', result: event.result });
          live.onRound(event.result);
          scriptLog?.onRound(event.result);
          break;
        case 'state': {
          const { change } = event;
          watching.observeNow({ kind: 'state', change });
          live.onState(change);
          scriptLog?.onState(change);
          if (change.hard) {
            log(change.to === 'UP' ? 'info' : 'warn', `${change.labels.name ?? change.checkId}: ${change.from} -> ${change.to}: ${change.reason}`);
            keep({ kind: 'check', id: change.checkId, parent: change.targetId, time: change.time, state: change.to, body: change });
          }
          break;
        }
        case 'uplink':
          watching.observeNow({ kind: 'uplink', verdict: event.verdict });
          live.onUplink(event.verdict);
          break;
        case 'path': {
          const { trace } = event;
          const [before] = store.find<PathTrace>({ kind: 'path', parent: trace.targetId, limit: 1 });
          keep({ kind: 'path', id: `${trace.targetId}/${trace.time}`, parent: trace.targetId, time: trace.time, state: trace.reached ? 'reached' : 'unreached', body: trace });
          if (before !== undefined) notePath(before.body, trace);
        }
      }
    }
  }

  let keepTroubleAt = 0;

  /** Documents that can be had again: where they cannot be written (a full disk) that is told, and watching goes on. */
  function keep(document: Parameters<StateStore['put']>[0]): void {
    try {
      store.put(document);
    } catch (error) {
      if (performance.now() - keepTroubleAt < TROUBLE_EVERY_MS && keepTroubleAt > 0) return;
      keepTroubleAt = performance.now();
      log('error', `${(error as Error).message}: states and paths are not kept until there is room`);
    }
  }

  /** A path that differs from the one before is a line in the log, and in the open incidents of its target. */
  function notePath(before: PathTrace, after: PathTrace): void {
    const difference = comparePaths(before, after);
    if (difference.same) return;
    log('info', `${after.targetId}: ${difference.summary}`);
    for (const { body } of store.find<Incident>({ kind: 'incident', limit: 200 })) {
      if (body.phase === 'closed' || body.joinKey !== after.targetId) continue;
      const refs = { target: after.targetId, before: String(before.time), after: String(after.time), ...(difference.divergesAt === null ? {} : { diverges_at: String(difference.divergesAt) }) };
      loop.give({ to: 'incident', input: { kind: 'line', id: body.id, time: after.time, line: 'path', text: difference.summary, refs } }).catch(() => undefined);
    }
  }

  function useConfig(loaded: LoadedConfig): void {
    const specs = checkSpecsOf(loaded);
    const known = new Map(store.find<StateChange>({ kind: 'check', limit: 100_000 }).map((d) => [d.id as CheckId, d.body]));
    live.setChecks(specs, known);
    scriptLog = loaded.form === 'seed-002' || loaded.config.logging.form === 'script'
      ? new ScriptLog(new Map(specs.map((s) => [s.id, { name: s.labels.name, host: s.address, latencyMs: s.thresholds.latencyMs }])), log)
      : undefined;
  }

  /** Nobody will say of a check that was taken out that it is well again: its alerts end. */
  function retireChecks(loaded: LoadedConfig): void {
    const keep = checkSpecsOf(loaded).map((s) => s.id);
    loop.give({ to: 'alert', input: { kind: 'retire', label: 'check', keep } }).catch((error: unknown) => log('warn', `alerts of checks that are gone: ${(error as Error).message}`));
  }

  /** Silences and maintenance windows of the configuration; windows are made anew now and then, days ahead. */
  function applyMutes(): void {
    const told = (error: unknown): void => log('warn', `silences and maintenance windows: ${(error as Error).message}`);
    for (const silence of configuredSilences(holder.current, now())) {
      const known = loop.alertState.silences[silence.id];
      // One that somebody ended early stays ended.
      if (known === undefined) loop.give({ to: 'alert', input: { kind: 'silence', silence } }).catch(told);
    }
    windows = maintenanceWindows(holder.current, msOf(now()));
    loop.give({ to: 'alert', input: { kind: 'maintenance', windows } }).catch(told);
    // The prober measures on, and judges no more.
    probing.replan();
  }

  async function expire(): Promise<void> {
    const { retention } = holder.current.config;
    const at = now();
    applyMutes();
    try {
      for (const kind of SESSION_SWEEP_KINDS) store.expire(kind, at);
      const before = at - nanosFromMs(retention.records);
      for (const kind of ['path', 'decision'] as const) store.expire(kind, before);
      const { deletedFiles } = await telemetry.expire(before, retention.maxSize, at);
      if (deletedFiles.length > 0) log('info', `retention: ${deletedFiles.join(', ')} deleted`);
    } catch (error) {
      if (running) log('warn', `retention: ${(error as Error).message}`);
    }
  }

  holder.onChange(async (loaded) => {
    // First what may refuse (a channel whose secret is of a wrong form), so that nothing is stopped for it.
    const nextOutbox = createOutbox(loaded);
    useConfig(loaded);
    loop.reconfigure(loopConfigOf(loaded));
    retireChecks(loaded);
    applyMutes();
    watching.reconfigure(loaded);
    probing.replan();
    const settings = captureSettings(loaded);
    if (JSON.stringify(settings) !== captured) {
      await capturing.stop();
      captured = JSON.stringify(settings);
      capturing.start(settings);
    }
    await outbox.stop();
    outbox = nextOutbox;
    await outbox.start();
    await respond.stop();
    respond = createRespondRunner(loaded, respondDisk, responding);
    await respond.start();
    log('info', 'the configuration was reloaded');
  });

  return {
    store, telemetry, loop, probing, capturing, watching, live, evidence, evidenceRoot, startedAt, now,
    outbox: () => outbox,
    respond: () => respond,
    async sendTest(receiver, actor) {
      const createdAt = now();
      const id = `test-${createdAt}`;
      const notification: Notification = {
        schema: 1, id, groupKey: id, groupLabels: {}, receiver, reason: 'first', status: 'firing', severity: 'info', subject: `Wirewatch: test message to ${receiver}`,
        body: `${actor} asked for this message. Nothing has happened.\n`, incidentId: null, link: options.consoleUrl(), alerts: [], createdAt, drill: false,
      };
      await outbox.notify(receiver, notification);
      const deadline = performance.now() + TEST_WAIT_MS;
      for (;;) {
        const deliveries = store.find<Delivery>({ kind: 'delivery', parent: id, limit: 100 }).map((d) => d.body);
        if (deliveries.some((d) => d.state === 'delivered' || d.state === 'failed') || performance.now() > deadline) return deliveries;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
    async start() {
      running = true;
      useConfig(holder.current);
      telemetry.start();
      await evidence.start();
      loop.start();
      retireChecks(holder.current);
      applyMutes();
      endFailures(recoveredTargets(Object.values(loop.alertState.alerts).map((t) => t.alert)), loop, now());
      await respond.start();
      await outbox.start();
      const troubles = troublesOf(Object.values(loop.alertState.alerts).map((t) => t.alert));
      watching.start(troubles);
      probing.start(troubles);
      const settings = captureSettings(holder.current);
      captured = JSON.stringify(settings);
      capturing.start(settings);
      expiry = setInterval(() => void expire(), EXPIRE_EVERY_MS);
    },
    async stop() {
      running = false;
      clearInterval(expiry);
      await Promise.all([probing.stop(), capturing.stop()]);
      watching.stop();
      await loop.stop();
      await Promise.all([outbox.stop(), respond.stop(), evidence.stop()]);
      await telemetry.stop();
      store.close();
      log('info', `stopped after ${(msOf(now() - startedAt) / 1000).toFixed(0)} s`);
    },
  };
}

