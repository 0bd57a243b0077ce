import { isDigit } from '../codecs/text-line.ts';
import { toHex } from '../../base/bytes.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE } from '../packet-view.ts';

export const btDhtFields = defineFields({
  string: { name: 'bt-dht.bencoded.string', ...put('string', 'String') },
  list: { name: 'bt-dht.bencoded.list', ...put('none', 'List') },
  int: { name: 'bt-dht.bencoded.int', ...put('string', 'Int') },
  dict: { name: 'bt-dht.bencoded.dict', ...put('none', 'Dictionary') },
  entry: { name: 'bt-dht.bencoded.dict_entry', ...put('none', 'Dictionary Entry') },
  terminator: { name: 'bt-dht.bencoded.list.terminator', ...put('string', 'Terminator') },
  peer: { name: 'bt-dht.peer', ...put('none', 'Peer') },
  peers: { name: 'bt-dht.peers', ...put('none', 'Peers') },
  node: { name: 'bt-dht.node', ...put('none', 'Node') },
  nodes: { name: 'bt-dht.nodes', ...put('none', 'Nodes') },
  id: { name: 'bt-dht.id', ...put('bytes', 'ID') },
  ip: { name: 'bt-dht.ip', ...put('ipv4', 'IP') },
  port: { name: 'bt-dht.port', ...put('u16', 'Port') },
});
const F = btDhtFields;

const DICT = 0x64;
const LIST = 0x6c;
const INT = 0x69;
const END = 0x65;
const COLON = 58;
const MAX_DEPTH = 16;
const PEER_LEN = 6;
const NODE_LEN = 26;

/** Text of the string that `readString` found. */
let textAt = 0;

/** Mainline DHT of BitTorrent: one bencoded dictionary a datagram (BEP 5). */
export const btDht = defineDissector({
  name: 'bt-dht',
  title: 'BitTorrent DHT Protocol',
  spec: ['BEP 5', 'BEP 3'],
  over: {},
  fields: btDhtFields,
  short: 'BT-DHT',
  column: 'BT-DHT',
  heuristicOver: ['udp'],
  heuristic: (p, at, end) => isQuery(p.bytes, at, end),
  dissect(p, at, end) {
    if (!isQuery(p.bytes, at, end)) return DECLINE;
    p.put(F.dict, at, end - at);
    putDict(p, at + 1, end, 0);
    return DONE;
  },
});

/** `d1:ad`, `d1:rd`, `d1:el`, `d2:ip`: keys come sorted, so one of these is the first. */
function isQuery(b: Uint8Array, at: number, end: number): boolean {
  if (end - at < 12 || b[at] !== DICT || b[at + 2] !== COLON) return false;
  if (b[at + 1] === 0x32) return b[at + 3] === 0x69 && b[at + 4] === 0x70;
  return b[at + 1] === 0x31 && (((b[at + 3] === 0x61 || b[at + 3] === 0x72) && b[at + 4] === DICT) || (b[at + 3] === END && b[at + 4] === LIST));
}

/** `4:spam`. Returns where it ends and leaves its first byte in `textAt`; -1 where it is none. */
function readString(b: Uint8Array, at: number, end: number): number {
  let length = 0;
  let i = at;
  while (i < end && isDigit(b[i]) && length < 65_536) length = length * 10 + b[i++] - 48;
  if (i === at || i >= end || b[i] !== COLON || i + 1 + length > end) return -1;
  textAt = i + 1;
  return i + 1 + length;
}

/** Entries up to the end mark. Returns the byte behind it, -1 where it is damaged. */
function putDict(p: PacketView, at: number, end: number, depth: number): number {
  let pos = at;
  while (pos < end && p.bytes[pos] !== END) {
    p.open(F.entry, pos);
    const next = putEntry(p, pos, end, depth);
    p.close(Math.max(next, pos));
    if (next < 0) return -1;
    pos = next;
  }
  if (pos >= end) return -1;
  p.put(F.terminator, pos, 1);
  return pos + 1;
}

function putEntry(p: PacketView, at: number, end: number, depth: number): number {
  const b = p.bytes;
  const value = readString(b, at, end);
  if (value < 0 || value >= end) return -1;
  const key = p.host.latin1(b, textAt, value);
  p.put(F.string, textAt, value - textAt);
  if (key === 'nodes' && isDigit(b[value])) return putNodes(p, value, end);
  if (key === 'values' && b[value] === LIST) return putPeers(p, value, end);
  return putValue(p, value, end, key, depth);
}

function putValue(p: PacketView, at: number, end: number, key: string, depth: number): number {
  const b = p.bytes;
  if (b[at] === DICT) return depth >= MAX_DEPTH ? -1 : putDict(p, at + 1, end, depth + 1);
  if (b[at] === LIST) return depth >= MAX_DEPTH ? -1 : putList(p, at, end, key, depth);
  if (b[at] === INT) {
    let i = at + 1;
    while (i < end && b[i] !== END) i++;
    if (i >= end) return -1;
    p.put(F.int, at + 1, i - at - 1);
    return i + 1;
  }
  const to = readString(b, at, end);
  if (to < 0) return -1;
  // Words are shown as they are, everything else by its bytes.
  if (key === 'q' || key === 'y' || key === 'e') p.put(F.string, textAt, to - textAt);
  else if (p.wants(F.string)) p.putText(F.string, textAt, to - textAt, toHex(b, textAt, to));
  return to;
}

function putList(p: PacketView, at: number, end: number, key: string, depth: number): number {
  p.open(F.list, at);
  let pos = at + 1;
  while (pos >= 0 && pos < end && p.bytes[pos] !== END) pos = putValue(p, pos, end, key, depth + 1);
  p.close(Math.max(pos, at));
  if (pos < 0 || pos >= end) return -1;
  p.put(F.terminator, pos, 1);
  return pos + 1;
}

function putNodes(p: PacketView, at: number, end: number): number {
  const to = readString(p.bytes, at, end);
  if (to < 0) return -1;
  p.open(F.nodes, at);
  for (let i = textAt; i + NODE_LEN <= to; i += NODE_LEN) {
    p.open(F.node, i);
    p.put(F.id, i, 20);
    p.put(F.ip, i + 20, 4);
    p.put(F.port, i + 24, 2);
    p.close(i + NODE_LEN);
  }
  p.close(to);
  return to;
}

function putPeers(p: PacketView, at: number, end: number): number {
  p.open(F.peers, at);
  let pos = at + 1;
  while (pos >= 0 && pos < end && p.bytes[pos] !== END) {
    const to = readString(p.bytes, pos, end);
    if (to - textAt === PEER_LEN) {
      p.open(F.peer, pos);
      p.put(F.ip, textAt, 4);
      p.put(F.port, textAt + 4, 2);
      p.close(to);
    }
    pos = to;
  }
  p.close(Math.max(pos, at));
  if (pos < 0 || pos >= end) return -1;
  p.put(F.terminator, pos, 1);
  return pos + 1;
}

export default btDht;
