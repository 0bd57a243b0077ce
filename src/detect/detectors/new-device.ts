import { BoundedMap } from '../../base/bounded-map.ts';
import { formatIp, type IpHex } from '../../base/ip.ts';
import { NS_PER_SECOND, type Nanos } from '../../base/time.ts';
import type { DatasetId, FlowRecord, ProtocolRecord, RecordId } from '../../model/index.ts';
import { defineDetector, type Detector, type DetectorContext } from '../define-detector.ts';

export interface NewDeviceOptions {
  /** Seconds from the first packet during which devices are learnt and nothing is reported. */
  readonly learnSeconds: number;
  /** Devices remembered; beyond it the one not seen for longest is forgotten and counted. */
  readonly maxDevices: number;
}

interface Device {
  firstSeen: string;
  lastSeen: string;
  ip: string;
  name: string | null;
}

const SNAPSHOT_VERSION = 1;

/** Bit 1 of the first octet: an address that the device made up (IEEE 802c), as phones do for privacy. */
function isLocallyAdministered(mac: string): boolean {
  return (Number.parseInt(mac.slice(0, 2), 16) & 2) !== 0;
}

function isGroupAddress(mac: string): boolean {
  return (Number.parseInt(mac.slice(0, 2), 16) & 1) !== 0;
}

class NewDeviceDetector implements Detector {
  readonly #o: NewDeviceOptions;
  readonly #devices: BoundedMap<string, Device>;
  /** When learning ends; null before the first packet. */
  #activeFrom: Nanos | null = null;

  constructor(options: NewDeviceOptions) {
    this.#o = options;
    this.#devices = new BoundedMap(options.maxDevices);
  }

  get evicted(): number {
    return this.#devices.evicted;
  }

  onFlow(flow: FlowRecord, ctx: DetectorContext): void {
    if (flow.srcMac !== null && ctx.networks.isLocal(flow.srcIp)) this.#see(flow.srcMac, flow.srcIp, null, flow, [flow.id], ctx);
  }

  onRecord(record: ProtocolRecord, ctx: DetectorContext): void {
    if (record.kind === 'arp') this.#see(record.senderMac, record.srcIp, null, record, [], ctx);
    else if (record.kind === 'dhcp') this.#see(record.clientMac, record.assignedIp ?? record.requestedIp ?? record.srcIp, record.hostname, record, [], ctx);
  }

  #see(
    mac: string, ip: IpHex, name: string | null, seen: { time: Nanos; firstFrame: number; dataset: DatasetId }, ids: readonly RecordId[], ctx: DetectorContext,
  ): void {
    if (isGroupAddress(mac) || mac === '00:00:00:00:00:00') return;
    this.#activeFrom ??= seen.time + BigInt(this.#o.learnSeconds) * NS_PER_SECOND;
    const known = this.#devices.touch(mac);
    if (known !== undefined) {
      known.lastSeen = String(seen.time);
      known.name ??= name;
      return;
    }
    this.#devices.set(mac, { firstSeen: String(seen.time), lastSeen: String(seen.time), ip: formatIp(ip), name });
    if (seen.time < this.#activeFrom) return;
    const random = isLocallyAdministered(mac);
    const who = name === null ? mac : `${name} (${mac})`;
    ctx.emit({
      kind: 'anomaly',
      name: 'new-device',
      status: 'firing',
      time: seen.time,
      startsAt: seen.time,
      labels: { alertname: 'new-device', mac },
      annotations: {
        summary: `${who} is on the network for the first time, at ${formatIp(ip)}.`,
        explanation: random
          ? 'The address is one that the device made up: a phone that changes its address looks like a new device.'
          : 'The address was assigned by its maker.',
        remedy: 'Find out whose it is, and name it in the inventory; or find its switch port and shut it.',
      },
      severity: random ? 'info' : 'warning',
      confidence: random ? 0.5 : 0.9,
      techniques: ['T1200'],
      evidence: [{ kind: 'flow', dataset: seen.dataset, ids, frames: [seen.firstFrame], filter: `eth.addr == ${mac}`, from: seen.time, to: seen.time }],
      loss: ctx.loss,
      score: { known_devices: this.#devices.size - 1 },
    });
  }

  snapshot(): unknown {
    return { version: SNAPSHOT_VERSION, activeFrom: this.#activeFrom === null ? null : String(this.#activeFrom), devices: [...this.#devices.entries()] };
  }

  restore(snapshot: unknown): boolean {
    const s = snapshot as { version?: unknown; activeFrom?: unknown; devices?: unknown };
    if (s?.version !== SNAPSHOT_VERSION || !Array.isArray(s.devices)) return false;
    this.#devices.clear();
    for (const [mac, device] of s.devices as [string, Device][]) this.#devices.set(mac, device);
    this.#activeFrom = typeof s.activeFrom === 'string' ? BigInt(s.activeFrom) : null;
    return true;
  }
}

export const newDevice = defineDetector<NewDeviceOptions>({
  name: 'new-device',
  title: 'A device that was never seen before',
  techniques: ['T1200'],
  defaults: { learnSeconds: 86_400, maxDevices: 20_000 },
  optionHelp: {
    learnSeconds: 'Seconds of traffic during which devices are learnt and nothing is reported.',
    maxDevices: 'Devices remembered.',
  },
  create: (options) => new NewDeviceDetector(options),
});
export default newDevice;
