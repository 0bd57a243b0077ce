// Logs of what was seen for the first time, derived from the other records: Zeek's known_hosts, known_services and software.
import { BoundedMap } from '../base/bounded-map.ts';
import { formatIp, type IpHex } from '../base/ip.ts';
import { secondsOf, type Nanos } from '../base/time.ts';
import { Networks, type FlowRecord, type ProtocolRecord } from '../model/index.ts';
import type { ZeekRow } from './zeek-logs.ts';
import { flowProto } from './flow-text.ts';
import { parseSoftware } from './software-version.ts';

/** Hosts, services and programs that are remembered, each; one that was forgotten is told again. */
const MAX_KNOWN = 65_536;
const TCP = 6;
/** States of connections whose handshake was completed. */
const ESTABLISHED: ReadonlySet<string> = new Set(['S1', 'S2', 'S3', 'SF', 'RSTO', 'RSTR']);

/** What a run has met. Only hosts of the own networks are told, as Zeek does it. */
export class KnownLogs {
  readonly #networks: Networks;
  readonly #hosts = new BoundedMap<string, true>(MAX_KNOWN);
  readonly #services = new BoundedMap<string, true>(MAX_KNOWN);
  readonly #software = new BoundedMap<string, true>(MAX_KNOWN);

  constructor(networks = new Networks()) {
    this.#networks = networks;
  }

  /** Hosts that completed a TCP handshake; servers whose protocol was recognised. */
  flow(f: FlowRecord): ZeekRow[] {
    const rows: ZeekRow[] = [];
    const established = f.proto === TCP && ESTABLISHED.has(f.connState);
    const local = [f.srcIp, f.dstIp].filter((ip) => this.#isLocal(ip));
    for (const ip of established ? local : []) if (isNew(this.#hosts, ip)) rows.push({ path: 'known_hosts', values: [secondsOf(f.time), formatIp(ip)] });
    const answered = established || (f.proto !== TCP && f.dstPackets > 0);
    if (!answered || f.service.length === 0 || !local.includes(f.dstIp)) return rows;
    const service = f.service.map((name) => name.toUpperCase()).sort();
    if (isNew(this.#services, `${f.dstIp} ${f.proto} ${f.dstPort} ${service.join(',')}`)) {
      rows.push({ path: 'known_services', values: [secondsOf(f.time), formatIp(f.dstIp), f.dstPort, flowProto(f.proto), service] });
    }
    return rows;
  }

  /** Programs that name themselves. */
  record(r: ProtocolRecord): ZeekRow[] {
    if (r.kind === 'http') {
      return [...this.#program(r.time, r.srcIp, null, 'HTTP::BROWSER', r.userAgent), ...this.#program(r.time, r.dstIp, r.dstPort, 'HTTP::SERVER', r.server)];
    }
    if (r.kind !== 'transaction') return [];
    const text = (name: string): string | null => (typeof r.values[name] === 'string' ? r.values[name] : null);
    if (r.protocol === 'ssh') {
      const program = (greeting: string | null): string | null => greeting?.replace(/^SSH-[^-]*-/, '') ?? null;
      return [...this.#program(r.time, r.srcIp, null, 'SSH::CLIENT', program(text('client'))), ...this.#program(r.time, r.dstIp, r.dstPort, 'SSH::SERVER', program(text('server')))];
    }
    return r.protocol === 'smtp' ? this.#program(r.time, r.srcIp, null, 'SMTP::MAIL_CLIENT', text('user_agent')) : [];
  }

  #program(time: Nanos, ip: IpHex, port: number | null, type: string, unparsed: string | null): ZeekRow[] {
    if (unparsed === null || unparsed === '' || !this.#isLocal(ip)) return [];
    if (!isNew(this.#software, `${ip} ${port ?? ''} ${type} ${unparsed.slice(0, 512)}`)) return [];
    const { name, numbers, addl } = parseSoftware(unparsed);
    return [{ path: 'software', values: [secondsOf(time), formatIp(ip), port, type, name, ...[0, 1, 2, 3].map((i) => numbers[i] ?? null), addl, unparsed] }];
  }

  #isLocal(ip: IpHex): boolean {
    return this.#networks.isLocal(ip);
  }
}

/** Remembers a thing; true where it was not known. */
function isNew(known: BoundedMap<string, true>, key: string): boolean {
  if (known.touch(key) === true) return false;
  known.set(key, true);
  return true;
}
