import { Gauge, Registry, type RegistryContentType } from 'prom-client';
import { secondsOf } from '../base/time.ts';
import type { App } from './create-app.ts';

/**
 * What /metrics shows, in Prometheus' names and base units. Values are read when somebody asks, so that nothing is counted twice.
 */
export function createRegistry(app: App, version: string): Registry<RegistryContentType> {
  const registry = new Registry<RegistryContentType>();
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[], read: (set: (labels: Record<L, string>, value: number) => void) => void): void => {
    const g: Gauge<L> = new Gauge<L>({
      name, help, labelNames: [...labelNames], registers: [registry as Registry],
      collect() {
        g.reset();
        read((labels, value) => g.set(labels as never, value));
      },
    });
  };
  gauge('wirewatch_build_info', 'Version of the program; always 1.', ['version'], (set) => set({ version }, 1));
  gauge('wirewatch_uptime_seconds', 'Time since the start.', [], (set) => set({}, secondsOf(app.now() - app.startedAt)));
  gauge('wirewatch_queue_dropped', 'Records given up since the start, by queue and reason.', ['queue', 'reason'], (set) => {
    for (const [reason, rows] of Object.entries(app.telemetry.state.dropped)) set({ queue: 'store', reason }, rows);
    set({ queue: 'prober', reason: 'backlog' }, app.probing.dropped);
    set({ queue: 'loop', reason: 'backlog' }, app.loop.dropped);
    set({ queue: 'merge', reason: 'early' }, app.watching.state.early);
  });
  gauge('wirewatch_store_backlog_rows', 'Rows that wait for the telemetry store.', [], (set) => set({}, app.telemetry.state.backlogRows));
  gauge('wirewatch_process_restarts', 'Restarts of child processes since the start.', ['process'], (set) => {
    set({ process: 'store' }, app.telemetry.state.restarts);
    set({ process: 'prober' }, app.probing.state.restarts);
    set({ process: 'capture' }, app.capturing.restarts);
  });
  gauge('wirewatch_merge_late_records', 'Records that came later than the stated lateness.', [], (set) => set({}, app.watching.state.late));
  gauge('wirewatch_detector_evicted', 'Entries that detectors gave up for lack of room.', ['detector'], (set) => {
    for (const [detector, n] of Object.entries(app.watching.state.evicted)) set({ detector }, n);
  });
  gauge('wirewatch_signals', 'Signals since the start.', [], (set) => set({}, app.watching.signals));
  gauge('wirewatch_alerts', 'Alerts that are held, by state.', ['state'], (set) => {
    const counts = { pending: 0, firing: 0, resolved: 0 };
    for (const { alert } of Object.values(app.loop.alertState.alerts)) counts[alert.state]++;
    for (const [state, n] of Object.entries(counts)) set({ state }, n);
  });
  gauge('wirewatch_outbox_messages', 'Messages that wait to be delivered.', [], (set) => set({}, Object.keys(app.loop.outboxState.items).length));
  gauge('wirewatch_check_up', 'State of each check: 1 = UP, 0.5 = DEGRADED, 0 = DOWN, absent where it is not known.', ['check', 'target'], (set) => {
    const values: Readonly<Record<string, number>> = { UP: 1, DEGRADED: 0.5, DOWN: 0 };
    for (const c of app.live.checks) if (c.state in values) set({ check: c.checkId, target: c.targetId }, values[c.state]);
  });
  gauge('wirewatch_check_rtt_seconds', 'Median round-trip time of the last round.', ['check', 'target'], (set) => {
    for (const c of app.live.checks) if (c.lastRttNs !== null) set({ check: c.checkId, target: c.targetId }, c.lastRttNs / 1e9);
  });
  gauge('wirewatch_check_loss_ratio', 'Loss of the last round, 0 to 1.', ['check', 'target'], (set) => {
    for (const c of app.live.checks) if (c.lastLoss !== null) set({ check: c.checkId, target: c.targetId }, c.lastLoss);
  });
  gauge('wirewatch_capture_packets', 'Packets seen by each capture since its start.', ['link'], (set) => {
    for (const c of app.live.captures) set({ link: c.linkId }, c.packets);
  });
  gauge('wirewatch_capture_dropped_packets', 'Packets that each capture lost since its start.', ['link'], (set) => {
    for (const c of app.live.captures) set({ link: c.linkId }, c.dropped);
  });
  return registry;
}
