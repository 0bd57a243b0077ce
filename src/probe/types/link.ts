import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { defineProbe, failedOutcome, failure } from '../define-probe.ts';

/** A file of the kernel's about an interface, without its line end; undefined where there is none or the driver does not say. */
function read(name: string, file: string): string | undefined {
  try {
    return readFileSync(`/sys/class/net/${name}/${file}`, 'latin1').trim();
  } catch {
    return undefined;
  }
}

const COUNTERS = ['rx_bytes', 'tx_bytes', 'rx_errors', 'tx_errors', 'rx_dropped', 'tx_dropped', 'rx_crc_errors', 'collisions'] as const;

/** Link of an interface of this machine: up, with a carrier, at the speed that it should have, and its error counters. */
export const link = defineProbe({
  name: 'link',
  title: 'Link of an own interface',
  options: z.strictObject({
    interface: z.string().regex(/^[^/\s.][^/\s]{0,14}$/).describe('Interface of this machine.'),
    minSpeed: z.number().positive().optional().describe('Megabits a second that the link must have: one that fell back to 100 Mbit/s is a fault.'),
    duplex: z.enum(['full', 'half']).optional(),
    maxErrors: z.number().min(0).optional().describe('Received and sent frames with errors since the interface came up.'),
  }),
  run(ctx, _target, o) {
    const startedNs = ctx.monotonicNs();
    const state = read(o.interface, 'operstate');
    if (state === undefined) return Promise.resolve(failedOutcome(failure('unreachable', `there is no interface ${o.interface}`)));
    const measurements: Record<string, number> = {};
    const number = (name: string, file: string): void => {
      const value = Number(read(o.interface, file) ?? Number.NaN);
      if (Number.isFinite(value) && value >= 0) measurements[name] = value;
    };
    number('speed_megabits', 'speed');
    number('mtu_bytes', 'mtu');
    number('carrier_changes', 'carrier_changes');
    for (const counter of COUNTERS) number(counter, `statistics/${counter}`);
    const carrier = read(o.interface, 'carrier');
    const duplex = read(o.interface, 'duplex');
    ctx.log(`${o.interface}: ${state}, carrier ${carrier ?? 'unknown'}`);
    const errors = (measurements.rx_errors ?? 0) + (measurements.tx_errors ?? 0);
    const up = (state === 'up' || state === 'unknown') && carrier !== '0' && carrier !== undefined;
    const wrong =
      o.minSpeed !== undefined && (measurements.speed_megabits ?? 0) < o.minSpeed ? `the link runs at ${measurements.speed_megabits ?? 'an unknown number of'} Mbit/s`
      : o.duplex !== undefined && duplex !== o.duplex ? `the duplex is ${duplex ?? 'unknown'}`
      : o.maxErrors !== undefined && errors > o.maxErrors ? `${errors} frames had errors`
      : null;
    const failed = !up ? failure('unreachable', `${o.interface} is ${state}${carrier === '0' ? ', without a carrier' : ''}`) : wrong === null ? null : failure('content', wrong);
    const notes = { interface: o.interface, state, carrier: carrier ?? 'unknown', ...(duplex === undefined ? {} : { duplex }), mac: read(o.interface, 'address') ?? '' };
    return Promise.resolve({ ok: failed === null, failure: failed, sent: 1, received: up ? 1 : 0, rttNs: [up ? Number(ctx.monotonicNs() - startedNs) : null], measurements, notes });
  },
});
export default link;
