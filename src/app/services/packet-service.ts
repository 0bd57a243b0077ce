import { stat } from 'node:fs/promises';
import path from 'node:path';
import { WirewatchError } from '../../base/errors.ts';
import { formatIp, isIpv4 } from '../../base/ip.ts';
import { nanosOf } from '../../base/time.ts';
import { readCaptureSync } from '../../capture/file-source.ts';
import { readColumns } from '../../export/packet-columns.ts';
import { packetTree, type TreeNode as ExportNode } from '../../export/packet-tree.ts';
import { compileFilter } from '../../filter/compile-filter.ts';
import type { FlowRecord } from '../../model/index.ts';
import { CaptureFramer } from '../../pcap/capture-framer.ts';
import { nodeHost } from '../../pipeline/node-host.ts';
import type { CaptureFile, EvidenceService, FilterField, FrameRow, PacketService, PacketsLocation, TreeNode } from '../../pipeline/services.ts';
import { Demand } from '../../wire/demand.ts';
import { Packet } from '../../wire/packet.ts';
import { protocols } from '../../wire/protocols.generated.ts';
import { Registry } from '../../wire/registry.ts';
import { evidenceDir } from '../evidence-jobs.ts';
import { evidenceCaptureId } from './evidence-service.ts';

/** Frames that one page looks at; the next page goes on after them. */
const MAX_SCAN = 100_000;
const ID = /^evidence:([0-9a-f]+):([A-Za-z0-9_.-]+)$/;

/** Captures that are kept as evidence: their frames as a list, and one frame in full detail. */
export class PacketFacade implements PacketService {
  readonly #evidence: EvidenceService;
  readonly #root: string;
  readonly #registry = new Registry(protocols);

  constructor(evidence: EvidenceService, root: string) {
    this.#evidence = evidence;
    this.#root = root;
  }

  fields(): readonly FilterField[] {
    const names = [...this.#registry.names()].sort();
    return names.flatMap((name) => {
      const field = this.#registry.find(name);
      return field === undefined ? [] : [{ name, title: field.title, type: field.type }];
    });
  }

  /** Throws the WW_FILTER_* of a filter that does not compile. */
  checkFilter(text: string): void {
    compileFilter(text, this.#registry);
  }

  async captures(): Promise<readonly CaptureFile[]> {
    const { rows } = await this.#evidence.list({ limit: 1000, cursor: null });
    return rows.flatMap(({ manifest, captures }) => Object.entries(captures).map(([name, id]): CaptureFile => {
      const file = manifest.files.find((f) => f.path === name)!;
      return { id, title: `Incident ${manifest.incidentId}: ${name}`, kind: 'evidence', incidentId: manifest.incidentId, sha256: file.sha256, bytes: file.bytes, frames: null, from: manifest.from, to: manifest.to };
    }));
  }

  /** Bundles whose window holds the flow, each with the filter that selects its frames. */
  async packetsOf(flow: FlowRecord): Promise<readonly PacketsLocation[]> {
    const protocol = flow.proto === 6 ? 'tcp' : flow.proto === 17 ? 'udp' : null;
    const ip = isIpv4(flow.srcIp) ? 'ip' : 'ipv6';
    const ends = `${ip}.addr == ${formatIp(flow.srcIp)} && ${ip}.addr == ${formatIp(flow.dstIp)}`;
    const filter = protocol === null ? ends : `${ends} && ${protocol}.port == ${flow.srcPort} && ${protocol}.port == ${flow.dstPort}`;
    return (await this.captures())
      .filter((c) => c.from !== null && c.to !== null && flow.time < c.to && flow.end >= c.from)
      .map((c) => ({ capture: c.id, title: c.title, filter }));
  }

  async frames(capture: string, query: { readonly filter: string; readonly after: number; readonly limit: number }): ReturnType<PacketService['frames']> {
    const file = await this.#file(capture);
    const filter = compileFilter(query.filter, this.#registry);
    const rows: FrameRow[] = [];
    let scanned = 0;
    let nextAfter: number | null = null;
    const problem = this.#walk(file, filter.uses, (packet, number, framer) => {
      if (number <= query.after) return;
      scanned++;
      if (filter.matches(packet.row)) rows.push(rowOf(packet));
      if (rows.length >= query.limit || scanned >= MAX_SCAN) {
        nextAfter = number;
        framer.stop();
      }
    });
    return { rows, nextAfter, scanned, problem };
  }

  async frame(capture: string, frame: number): ReturnType<PacketService['frame']> {
    let detail: Awaited<ReturnType<PacketService['frame']>> | undefined;
    // The frames before it make its conversation: streams and reassembly are as they were.
    this.#walk(await this.#file(capture), [], (packet, number, framer) => {
      if (number < frame) return;
      const sources = sourcesOf(packet);
      detail = { row: rowOf(packet), tree: packetTree(packet).filter((n) => !n.hidden).map(nodeOf), sources: sources.map(({ title, bytes }) => ({ title, length: bytes.length })) };
      framer.stop();
    });
    if (detail === undefined) throw new WirewatchError('WW_NOT_FOUND', `the capture has no frame ${frame}`);
    return detail;
  }

  async bytes(capture: string, frame: number): Promise<readonly Uint8Array[]> {
    let found: Uint8Array[] | undefined;
    this.#walk(await this.#file(capture), [], (packet, number, framer) => {
      if (number < frame) return;
      found = sourcesOf(packet).map((s) => s.bytes);
      framer.stop();
    });
    if (found === undefined) throw new WirewatchError('WW_NOT_FOUND', `the capture has no frame ${frame}`);
    return found;
  }

  async #file(capture: string): Promise<string> {
    const named = ID.exec(capture);
    const known = named === null ? undefined : (await this.#evidence.get(named[1])).captures[named[2]];
    if (named === null || known !== evidenceCaptureId(named[1], named[2])) throw new WirewatchError('WW_NOT_FOUND', `there is no capture ${capture}`);
    const file = path.join(evidenceDir(this.#root, named[1]), named[2]);
    await stat(file);
    return file;
  }

  /** Says why reading stopped early; null where it did not. */
  #walk(file: string, uses: readonly number[], visit: (packet: Packet, number: number, framer: CaptureFramer) => void): string | null {
    const packet = new Packet(this.#registry, new Demand(this.#registry, uses, { tree: true }), nodeHost);
    const framer: CaptureFramer = new CaptureFramer((head) => {
      packet.begin(head);
      packet.walk();
      visit(packet, framer.packets, framer);
    });
    readCaptureSync(file, framer);
    return framer.damage === undefined ? null : `${framer.damage.message}${framer.damage.where === undefined ? '' : ` (${framer.damage.where})`}`;
  }
}

function rowOf(packet: Packet): FrameRow {
  const { number, source, destination, protocol, info } = readColumns(packet);
  return { number, time: nanosOf(packet.seconds, packet.nanoseconds), source, destination, protocol, wireLen: packet.wireLen, caplen: packet.caplen, info };
}

/** Bytes that the tree points into, copied: the frame itself, then what was put together or unpacked. */
function sourcesOf(packet: Packet): { readonly title: string; readonly bytes: Uint8Array }[] {
  const used = new Set<number>([0]);
  for (let i = 0; i < packet.row.rowCount; i++) used.add(packet.row.rowSource[i]);
  for (let i = 0; i < packet.layers.count; i++) used.add(packet.layers.source[i]);
  const highest = Math.max(...used);
  return Array.from({ length: highest + 1 }, (_, i) => {
    const bytes = packet.row.sources[i];
    return i === 0 ? { title: 'Frame', bytes: bytes.slice(packet.frameAt, packet.frameAt + packet.caplen) } : { title: `Reassembled ${i}`, bytes: bytes.slice() };
  });
}

function nodeOf(node: ExportNode): TreeNode {
  const text = node.display === '' ? node.title : `${node.title}: ${node.display}`;
  return {
    name: node.name, text, source: node.source, at: node.at, length: node.len, filter: node.value === '' || node.display === '' ? null : filterOf(node), expert: null,
    children: node.children.filter((c) => !c.hidden).map(nodeOf),
  };
}

function filterOf(node: ExportNode): string {
  return /^-?(0x)?[0-9a-fA-F.:]+$/.test(node.value) ? `${node.name} == ${node.value}` : `${node.name} == ${JSON.stringify(node.value)}`;
}
