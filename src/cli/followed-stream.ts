import type { WirewatchError } from '../base/errors.ts';
import { formatIp, ipHex } from '../base/ip.ts';
import { readCaptureSync } from '../capture/file-source.ts';
import { StreamFollower } from '../flow/follow.ts';
import { CaptureFramer } from '../pcap/capture-framer.ts';
import { nodeHost } from '../pipeline/node-host.ts';
import { Demand } from '../wire/demand.ts';
import { Packet } from '../wire/packet.ts';
import { protocols } from '../wire/protocols.generated.ts';
import { Registry } from '../wire/registry.ts';

/** Bytes of a conversation that are kept; what follows is counted and left out, which the output says. */
export const MAX_FOLLOWED_BYTES = 64 << 20;

/** What can be followed; all but UDP have the numbers of `tcp.stream`. */
export const PROTOCOLS = ['tcp', 'udp', 'http', 'websocket', 'tls'] as const;
export type FollowedProtocol = (typeof PROTOCOLS)[number];

export interface Piece {
  readonly dir: 0 | 1;
  readonly bytes: Uint8Array;
  readonly frame: number;
  readonly seconds: number;
  readonly nanoseconds: number;
}

export interface Followed {
  readonly pieces: Piece[];
  /** Both endpoints, the one that was seen first before the other; empty where the conversation has no payload. */
  peers: readonly { readonly host: string; readonly port: number }[];
  bytes: number;
  leftOut: number;
  seen: boolean;
  /** Where the file is cut or damaged: what was followed before it is valid. */
  damage: WirewatchError | undefined;
}

/** Puts the payload of one conversation of a capture file together. */
export function followFile(file: string, protocol: FollowedProtocol, number: number, secrets: readonly string[]): Followed {
  const transport = protocol === 'udp' ? 'udp' : 'tcp';
  const registry = new Registry(protocols);
  const payload = registry.find('websocket.payload')!;
  const wanted = [registry.find(`${transport}.stream`)!.id, payload.id, registry.find('tls.record.content_type')!.id];
  const packet = new Packet(registry, new Demand(registry, protocol === 'tls' || protocol === 'websocket' ? wanted : wanted.slice(0, 1), { track: true }), nodeHost);
  for (const text of secrets) packet.trackers.keyLog.add(text);
  const found: Followed = { pieces: [], peers: [], bytes: 0, leftOut: 0, seen: false, damage: undefined };
  const add = (dir: 0 | 1, bytes: Uint8Array, clock: { readonly frame: number; readonly seconds: number; readonly nanoseconds: number }): void => {
    if (found.bytes + bytes.length > MAX_FOLLOWED_BYTES) {
      found.leftOut += bytes.length;
      return;
    }
    found.bytes += bytes.length;
    found.pieces.push({ dir, bytes, frame: clock.frame, seconds: clock.seconds, nanoseconds: clock.nanoseconds });
  };
  const inside = protocol === 'tls' || protocol === 'websocket';
  let current: 0 | 1 | undefined;
  const follower: StreamFollower = new StreamFollower(transport, (stream) => {
    if (stream !== number) return false;
    found.seen = true;
    return true;
  }, {
    segment(_, p, dir) {
      current = dir;
      if (found.peers.length === 0) found.peers = peersOf(p, dir);
    },
    data: (_, dir, bytes, at, end) => {
      if (!inside) add(dir, bytes.slice(at, end), follower);
    },
    gap: (_, dir, length) => {
      if (!inside) add(dir, Buffer.from(`[${length} bytes missing in capture file]`), follower);
    },
  });
  if (protocol === 'tls') {
    packet.trackers.onDecrypted = (flow, dir, content) => {
      if (packet.trackers.conversations.stream[flow >> 1] === number) add(dir, content.slice(), packet);
    };
  }
  const framer = new CaptureFramer((head) => {
    current = undefined;
    packet.begin(head);
    packet.walk();
    follower.packet(packet);
    if (protocol !== 'websocket' || current === undefined) return;
    const { row } = packet;
    for (let i = 0; i < row.count(payload.id); i++) {
      const at = row.at(payload.id, i);
      add(current, row.source(payload.id, i).slice(at, at + row.len(payload.id, i)), packet);
    }
  });
  readCaptureSync(file, framer);
  follower.end();
  found.damage = framer.damage;
  return found;
}

function peersOf(p: Packet, dir: 0 | 1): Followed['peers'] {
  if (p.ipVersion === 0) return [];
  const bytes = p.row.sources[p.networkSource];
  const peer = (at: number, port: number): Followed['peers'][number] => ({ host: formatIp(ipHex(bytes, at, p.ipVersion as 4 | 6)), port });
  const peers = [peer(p.srcAt, p.srcPort), peer(p.dstAt, p.dstPort)];
  return dir === 0 ? peers : peers.reverse();
}
