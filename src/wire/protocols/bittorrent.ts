import { u32be } from '../../base/bytes.ts';
import { wholePdu } from '../codecs/whole-pdu.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE } from '../packet-view.ts';

const TYPES = {
  0: 'Choke', 1: 'Unchoke', 2: 'Interested', 3: 'Not Interested', 4: 'Have', 5: 'Bitfield', 6: 'Request', 7: 'Piece', 8: 'Cancel', 9: 'Port',
  13: 'Suggest', 14: 'Have All', 15: 'Have None', 16: 'Reject Request', 17: 'Allowed Fast', 20: 'Extended', 21: 'Hash Request', 22: 'Hashes', 23: 'Hash Reject',
} as const;

export const bittorrentFields = defineFields({
  nameLength: { name: 'bittorrent.protocol.name.length', ...put('u8', 'Protocol Name Length') },
  name: { name: 'bittorrent.protocol.name', ...put('string', 'Protocol Name') },
  reserved: { name: 'bittorrent.reserved', ...put('bytes', 'Reserved Extension Bytes') },
  infoHash: { name: 'bittorrent.info_hash', ...put('bytes', 'SHA1 Hash of info dictionary') },
  peerId: { name: 'bittorrent.peer_id', ...put('bytes', 'Peer ID') },
  message: { name: 'bittorrent.msg', ...put('none', 'Message') },
  length: { name: 'bittorrent.msg.length', ...put('u32', 'Message Length') },
  type: { name: 'bittorrent.msg.type', ...put('u8', 'Message Type', { values: TYPES }) },
  bitfield: { name: 'bittorrent.msg.bitfield', ...put('bytes', 'Bitfield data') },
  index: { name: 'bittorrent.piece.index', ...put('u32', 'Piece index', { base: 'hex' }) },
  begin: { name: 'bittorrent.piece.begin', ...put('u32', 'Begin offset of piece', { base: 'hex' }) },
  data: { name: 'bittorrent.piece.data', ...put('bytes', 'Data in a piece') },
  pieceLength: { name: 'bittorrent.piece.length', ...put('u32', 'Piece Length', { base: 'hex' }) },
  port: { name: 'bittorrent.port', ...put('u16', 'Port') },
  extendedId: { name: 'bittorrent.extended.id', ...put('u8', 'Extended Message ID') },
  extended: { name: 'bittorrent.extended', ...put('bytes', 'Extended Message') },
  rest: { name: 'bittorrent.continuous_data', ...put('bytes', 'Continuation data') },
});
const F = bittorrentFields;

const HANDSHAKE_LEN = 68;
const NAME = [19, 0x42, 0x69, 0x74, 0x54, 0x6f, 0x72, 0x72, 0x65, 0x6e, 0x74, 0x20, 0x70, 0x72, 0x6f, 0x74, 0x6f, 0x63, 0x6f, 0x6c];
/** Longest message that is waited for; a longer length is that of something else. */
const MAX_MESSAGE = 0x40000;

const HAVE = 4;
const BITFIELD = 5;
const REQUEST = 6;
const PIECE = 7;
const CANCEL = 8;
const DHT_PORT = 9;
const SUGGEST = 13;
const REJECT = 16;
const ALLOWED_FAST = 17;
const EXTENDED = 20;

/** BitTorrent between peers: a handshake, and messages with a length (BEP 3, BEP 6, BEP 10). */
export const bittorrent = defineDissector({
  name: 'bittorrent',
  title: 'BitTorrent',
  spec: ['BEP 3', 'BEP 6', 'BEP 10'],
  over: {},
  fields: bittorrentFields,
  stream: true,
  short: 'BitTorrent',
  column: 'BitTorrent',
  heuristicOver: ['tcp'],
  heuristic: (p, at, end) => isHandshake(p.bytes, at, end),
  dissect(p, at, end) {
    const b = p.bytes;
    if (end - at < 4) {
      const wait = p.more(0);
      return wait === DONE ? DECLINE : wait;
    }
    if (isHandshake(b, at, end)) {
      const wait = wholePdu(p, at, HANDSHAKE_LEN);
      return wait === DONE ? putHandshake(p, at, Math.min(end, p.wireEnd)) : wait;
    }
    const length = u32be(b, at);
    if (length > MAX_MESSAGE || (length > 0 && end - at > 4 && !(b[at + 4] in TYPES))) {
      p.put(F.rest, at, end - at);
      return DONE;
    }
    const wait = wholePdu(p, at, 4 + length);
    if (wait !== DONE) return wait;
    putMessage(p, at, Math.min(end, p.wireEnd), length);
    return DONE;
  },
  info: (row) => (row.has(F.name) ? 'Handshake' : row.all(F.type).map((t) => TYPES[Number(t) as keyof typeof TYPES] ?? t).join(', ')),
});

function isHandshake(b: Uint8Array, at: number, end: number): boolean {
  if (end - at < NAME.length) return false;
  for (let i = 0; i < NAME.length; i++) if (b[at + i] !== NAME[i]) return false;
  return true;
}

function putHandshake(p: PacketView, at: number, end: number): number {
  p.put(F.nameLength, at, 1);
  p.put(F.name, at + 1, 19);
  if (at + 28 <= end) p.put(F.reserved, at + 20, 8);
  if (at + 48 <= end) p.put(F.infoHash, at + 28, 20);
  if (at + HANDSHAKE_LEN <= end) p.put(F.peerId, at + 48, 20);
  return DONE;
}

function putMessage(p: PacketView, at: number, end: number, length: number): void {
  p.open(F.message, at);
  p.put(F.length, at, 4);
  if (length > 0 && at + 5 <= end) putBody(p, p.bytes[at + 4], at + 4, end);
  p.close(end);
}

function putBody(p: PacketView, type: number, at: number, end: number): void {
  const body = at + 1;
  p.put(F.type, at, 1);
  switch (type) {
    case HAVE: case SUGGEST: case ALLOWED_FAST: if (body + 4 <= end) p.put(F.index, body, 4); return;
    case BITFIELD: if (body < end) p.put(F.bitfield, body, end - body); return;
    case REQUEST: case CANCEL: case REJECT: case PIECE:
      if (body + 8 > end) return;
      p.put(F.index, body, 4);
      p.put(F.begin, body + 4, 4);
      if (type === PIECE) p.put(F.data, body + 8, end - body - 8);
      else if (body + 12 <= end) p.put(F.pieceLength, body + 8, 4);
      return;
    case DHT_PORT: if (body + 2 <= end) p.put(F.port, body, 2); return;
    case EXTENDED:
      if (body >= end) return;
      p.put(F.extendedId, body, 1);
      if (body + 1 < end) p.put(F.extended, body + 1, end - body - 1);
  }
}

export default bittorrent;
