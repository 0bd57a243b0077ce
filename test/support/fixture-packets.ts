// A small capture with its field trees, written out by hand: an HTTP exchange over IPv4 and the same over IPv6.
import { WirewatchError } from '../../src/base/errors.ts';
import { formatIp, isIpv4, type IpHex } from '../../src/base/ip.ts';
import { fromHex, put16be, put32be } from '../../src/base/bytes.ts';
import type { FrameDetail, FrameRow, PacketService, TreeNode } from '../../src/pipeline/services.ts';

const ETH = 14;
const TCP = 20;

interface Frame {
  readonly bytes: Uint8Array;
  readonly detail: FrameDetail;
}

function node(name: string, text: string, at: number, length: number, children: TreeNode[] = [], filter: string | null = null): TreeNode {
  return { name, text, source: 0, at, length, filter, expert: null, children };
}

/** One TCP segment in Ethernet with its tree. */
export function tcpFrame(number: number, time: bigint, src: IpHex, dst: IpHex, srcPort: number, dstPort: number, flags: string, payload: string): Frame {
  const v4 = isIpv4(src);
  const ipLen = v4 ? 20 : 40;
  const data = new TextEncoder().encode(payload);
  const bytes = new Uint8Array(ETH + ipLen + TCP + data.length);
  bytes.set(fromHex('020000000001')!, 0);
  bytes.set(fromHex('02000a010203')!, 6);
  put16be(bytes, 12, v4 ? 0x0800 : 0x86dd);
  if (v4) {
    bytes[ETH] = 0x45;
    put16be(bytes, ETH + 2, ipLen + TCP + data.length);
    bytes[ETH + 8] = 64;
    bytes[ETH + 9] = 6;
    bytes.set(fromHex(src.slice(24))!, ETH + 12);
    bytes.set(fromHex(dst.slice(24))!, ETH + 16);
  } else {
    bytes[ETH] = 0x60;
    put16be(bytes, ETH + 4, TCP + data.length);
    bytes[ETH + 6] = 6;
    bytes[ETH + 7] = 64;
    bytes.set(fromHex(src)!, ETH + 8);
    bytes.set(fromHex(dst)!, ETH + 24);
  }
  const tcpAt = ETH + ipLen;
  put16be(bytes, tcpAt, srcPort);
  put16be(bytes, tcpAt + 2, dstPort);
  put32be(bytes, tcpAt + 4, 1);
  bytes[tcpAt + 12] = 0x50;
  bytes[tcpAt + 13] = flags === 'SYN' ? 2 : 0x18;
  bytes.set(data, tcpAt + TCP);
  const ip = v4 ? 'ip' : 'ipv6';
  const [s, d] = [formatIp(src), formatIp(dst)];
  const http = data.length > 0;
  const tree = [
    node('frame', `Frame ${number}: ${bytes.length} bytes on wire, ${bytes.length} captured`, 0, bytes.length),
    node('eth', 'Ethernet II', 0, ETH, [
      node('eth.dst', 'Destination: 02:00:00:00:00:01', 0, 6, [], 'eth.dst == 02:00:00:00:00:01'),
      node('eth.src', 'Source: 02:00:0a:01:02:03', 6, 6, [], 'eth.src == 02:00:0a:01:02:03'),
      node('eth.type', `Type: ${v4 ? 'IPv4 (0x0800)' : 'IPv6 (0x86dd)'}`, 12, 2),
    ]),
    node(ip, `Internet Protocol Version ${v4 ? 4 : 6}, ${s} to ${d}`, ETH, ipLen, [
      node(`${ip}.src`, `Source: ${s}`, ETH + (v4 ? 12 : 8), v4 ? 4 : 16, [], `${ip}.src == ${s}`),
      node(`${ip}.dst`, `Destination: ${d}`, ETH + (v4 ? 16 : 24), v4 ? 4 : 16, [], `${ip}.dst == ${d}`),
    ]),
    node('tcp', `Transmission Control Protocol, ${srcPort} to ${dstPort}, ${data.length} bytes of payload`, tcpAt, TCP, [
      node('tcp.srcport', `Source port: ${srcPort}`, tcpAt, 2, [], `tcp.srcport == ${srcPort}`),
      node('tcp.dstport', `Destination port: ${dstPort}`, tcpAt + 2, 2, [], `tcp.dstport == ${dstPort}`),
      node('tcp.flags', `Flags: ${flags}`, tcpAt + 13, 1),
    ]),
    ...(http ? [node('http', 'Hypertext Transfer Protocol', tcpAt + TCP, data.length, [
      node('http.request.line', payload.split('\r\n')[0], tcpAt + TCP, payload.indexOf('\r\n') + 2),
    ])] : []),
  ];
  const row: FrameRow = {
    number, time, source: s, destination: d, protocol: http ? 'HTTP' : 'TCP', wireLen: bytes.length, caplen: bytes.length,
    info: http ? payload.split('\r\n')[0] : `${srcPort} → ${dstPort} [${flags}]`,
  };
  return { bytes, detail: { row, tree, sources: [{ title: 'Frame', length: bytes.length }] } };
}

/** Serves the frames as the one capture `id`. The filter is a protocol's name, or empty. */
export function fixturePackets(id: string, incidentId: string, frames: readonly Frame[]): PacketService {
  const find = (capture: string, number: number): Frame => {
    const frame = capture === id ? frames[number - 1] : undefined;
    if (frame === undefined) throw new WirewatchError('WW_NOT_FOUND', `there is no frame ${number} in ${capture}`);
    return frame;
  };
  return {
    captures: async () => [{
      id, title: 'packets.pcapng', kind: 'evidence', incidentId, sha256: 'ab'.repeat(32), bytes: 4096, frames: frames.length,
      from: frames[0].detail.row.time, to: frames.at(-1)!.detail.row.time,
    }],
    frames: async (capture, query) => {
      find(capture, 1);
      const text = query.filter.trim();
      if (/[^a-z. ]/.test(text)) throw new WirewatchError('WW_FILTER_SYNTAX', 'this capture is filtered by a name of a protocol', { where: `${text}\n^` });
      const rows = frames.map((f) => f.detail).filter((d) => d.row.number > query.after && (text === '' || d.tree.some((t) => t.name === text))).map((d) => d.row);
      return { rows: rows.slice(0, query.limit), nextAfter: rows.length > query.limit ? rows[query.limit - 1].number : null, scanned: frames.length, problem: null };
    },
    frame: async (capture, number) => find(capture, number).detail,
    bytes: async (capture, number) => [find(capture, number).bytes],
  };
}
