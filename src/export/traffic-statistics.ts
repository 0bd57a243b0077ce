import { ipHex, formatIp, type IpHex } from '../base/ip.ts';

/** One packet as the statistics see it. */
export interface CountedPacket {
  /** Protocol path, outermost first. */
  readonly path: readonly string[];
  readonly wireLen: number;
  readonly caplen: number;
  readonly seconds: number;
  readonly nanoseconds: number;
  readonly bytes: Uint8Array;
  /** 0 = no network layer. */
  readonly ipVersion: 0 | 4 | 6;
  readonly srcAt: number;
  readonly dstAt: number;
  readonly ipProto: number;
  readonly srcPort: number;
  readonly dstPort: number;
}

export interface ProtocolShare {
  readonly path: string;
  readonly frames: number;
  readonly bytes: number;
}

export interface ConversationShare {
  readonly proto: 'tcp' | 'udp' | 'ip';
  readonly a: string;
  readonly b: string;
  readonly framesAB: number;
  readonly framesBA: number;
  readonly bytesAB: number;
  readonly bytesBA: number;
  /** Seconds since the first packet of the capture. */
  readonly start: number;
  readonly duration: number;
}

export interface EndpointShare {
  readonly address: string;
  readonly framesOut: number;
  readonly framesIn: number;
  readonly bytesOut: number;
  readonly bytesIn: number;
}

export interface IntervalShare {
  readonly start: number;
  readonly frames: number;
  readonly bytes: number;
}

/** What `stats` prints: everything in it follows from the packets alone. */
export interface TrafficSummary {
  readonly frames: number;
  readonly bytes: number;
  /** Seconds from the first to the last packet. */
  readonly duration: number;
  readonly hierarchy: readonly ProtocolShare[];
  readonly conversations: readonly ConversationShare[];
  readonly endpoints: readonly EndpointShare[];
  readonly lengths: readonly { readonly from: number; readonly to: number; readonly frames: number; readonly bytes: number }[];
  readonly intervals: readonly IntervalShare[];
  readonly intervalSeconds: number;
  /** Packets whose conversation or endpoint was not counted because the tables were full. */
  readonly uncounted: number;
}

interface Talk {
  readonly proto: 'tcp' | 'udp' | 'ip';
  readonly a: string;
  readonly b: string;
  frames: [number, number];
  bytes: [number, number];
  readonly first: number;
  last: number;
}

interface Endpoint {
  out: number;
  in: number;
  bytesOut: number;
  bytesIn: number;
}

const MAX_TALKS = 200_000;
const MAX_ENDPOINTS = 200_000;
const MAX_INTERVALS = 100_000;
/** Upper ends of the packet length classes, bytes; the last is open. */
const LENGTH_CLASSES = [39, 79, 159, 319, 639, 1279, 2559, 5119, Number.POSITIVE_INFINITY];

/** Counts packets by protocol, conversation, endpoint, length and time. Bounded; what does not fit is counted as such. */
export class TrafficStatistics {
  readonly #interval: number;
  readonly #hierarchy = new Map<string, [number, number]>();
  readonly #talks = new Map<string, Talk>();
  readonly #endpoints = new Map<IpHex, Endpoint>();
  readonly #intervals = new Map<number, [number, number]>();
  readonly #lengths = LENGTH_CLASSES.map((): [number, number] => [0, 0]);
  #frames = 0;
  #bytes = 0;
  #origin = 0;
  #first = 0;
  #last = 0;
  #uncounted = 0;

  constructor(intervalSeconds: number) {
    this.#interval = intervalSeconds;
  }

  add(p: CountedPacket): void {
    if (this.#frames++ === 0) this.#origin = p.seconds;
    const now = p.seconds - this.#origin + p.nanoseconds / 1e9;
    if (this.#frames === 1) this.#first = now;
    this.#last = Math.max(this.#last, now);
    this.#bytes += p.wireLen;
    let path = '';
    for (const name of p.path) {
      path = path === '' ? name : `${path}:${name}`;
      bump(this.#hierarchy, path, p.wireLen);
    }
    const lengths = this.#lengths[LENGTH_CLASSES.findIndex((to) => p.wireLen <= to)];
    lengths[0]++;
    lengths[1] += p.wireLen;
    const interval = Math.floor((now - this.#first) / this.#interval);
    if (this.#intervals.size < MAX_INTERVALS || this.#intervals.has(interval)) bump(this.#intervals, interval, p.wireLen);
    if (p.ipVersion !== 0) this.#addNetwork(p, now);
  }

  #addNetwork(p: CountedPacket, now: number): void {
    const family = p.ipVersion === 4 ? 4 : 6;
    const src = ipHex(p.bytes, p.srcAt, family);
    const dst = ipHex(p.bytes, p.dstAt, family);
    const from = this.#endpoint(src);
    const to = this.#endpoint(dst);
    if (from !== undefined) {
      from.out++;
      from.bytesOut += p.wireLen;
    }
    if (to !== undefined) {
      to.in++;
      to.bytesIn += p.wireLen;
    }
    const proto = p.ipProto === 6 ? 'tcp' : p.ipProto === 17 ? 'udp' : 'ip';
    const a = proto === 'ip' ? src : `${src} ${p.srcPort}`;
    const b = proto === 'ip' ? dst : `${dst} ${p.dstPort}`;
    let dir = 0;
    let talk = this.#talks.get(`${proto} ${a} ${b}`);
    if (talk === undefined) {
      const back = this.#talks.get(`${proto} ${b} ${a}`);
      if (back !== undefined) {
        talk = back;
        dir = 1;
      } else if (this.#talks.size < MAX_TALKS) {
        talk = { proto, a, b, frames: [0, 0], bytes: [0, 0], first: now - this.#first, last: now - this.#first };
        this.#talks.set(`${proto} ${a} ${b}`, talk);
      } else {
        this.#uncounted++;
        return;
      }
    }
    talk.frames[dir]++;
    talk.bytes[dir] += p.wireLen;
    talk.last = Math.max(talk.last, now - this.#first);
  }

  #endpoint(ip: IpHex): Endpoint | undefined {
    let found = this.#endpoints.get(ip);
    if (found === undefined && this.#endpoints.size < MAX_ENDPOINTS) {
      found = { out: 0, in: 0, bytesOut: 0, bytesIn: 0 };
      this.#endpoints.set(ip, found);
    }
    return found;
  }

  /** The `top` conversations and endpoints by bytes; all of the rest whole. */
  summary(top: number): TrafficSummary {
    const talks = [...this.#talks.values()].sort((x, y) => y.bytes[0] + y.bytes[1] - x.bytes[0] - x.bytes[1] || x.first - y.first);
    const endpoints = [...this.#endpoints].sort((x, y) => y[1].bytesOut + y[1].bytesIn - x[1].bytesOut - x[1].bytesIn || (x[0] < y[0] ? -1 : 1));
    return {
      frames: this.#frames,
      bytes: this.#bytes,
      duration: this.#last - this.#first,
      hierarchy: [...this.#hierarchy].map(([path, [frames, bytes]]) => ({ path, frames, bytes })).sort((x, y) => comparePaths(x.path, y.path)),
      conversations: talks.slice(0, top).map((t) => ({
        proto: t.proto, a: endText(t.a), b: endText(t.b), framesAB: t.frames[0], framesBA: t.frames[1], bytesAB: t.bytes[0], bytesBA: t.bytes[1],
        start: t.first, duration: t.last - t.first,
      })),
      endpoints: endpoints.slice(0, top).map(([ip, e]) => ({ address: formatIp(ip), framesOut: e.out, framesIn: e.in, bytesOut: e.bytesOut, bytesIn: e.bytesIn })),
      lengths: this.#lengths.map(([frames, bytes], i) => ({ from: i === 0 ? 0 : LENGTH_CLASSES[i - 1] + 1, to: LENGTH_CLASSES[i], frames, bytes })).filter((c) => c.frames > 0),
      intervals: [...this.#intervals].sort((x, y) => x[0] - y[0]).map(([i, [frames, bytes]]) => ({ start: i * this.#interval, frames, bytes })),
      intervalSeconds: this.#interval,
      uncounted: this.#uncounted,
    };
  }
}

function bump<K>(map: Map<K, [number, number]>, key: K, bytes: number): void {
  const sum = map.get(key);
  if (sum === undefined) map.set(key, [1, bytes]);
  else {
    sum[0]++;
    sum[1] += bytes;
  }
}

function endText(key: string): string {
  const [ip, port] = key.split(' ');
  const text = formatIp(ip as IpHex);
  if (port === undefined) return text;
  return text.includes(':') ? `[${text}]:${port}` : `${text}:${port}`;
}

/** A parent before its children, siblings by name. */
function comparePaths(a: string, b: string): number {
  const x = a.split(':');
  const y = b.split(':');
  for (let i = 0; i < Math.min(x.length, y.length); i++) if (x[i] !== y[i]) return x[i] < y[i] ? -1 : 1;
  return x.length - y.length;
}
