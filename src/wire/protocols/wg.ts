import { u32be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE } from '../packet-view.ts';

const INITIATION = 1;
const RESPONSE = 2;
const COOKIE_REPLY = 3;
const TRANSPORT = 4;
/** Lengths of the three fixed messages, and of a transport message without data (whitepaper §5.4). */
const LENGTHS = [0, 148, 92, 64];
const MIN_TRANSPORT = 32;

const TYPES = { 1: 'Handshake Initiation', 2: 'Handshake Response', 3: 'Cookie Reply', 4: 'Transport Data' } as const;

export const wgFields = defineFields({ 
  type: { name: 'wg.type', ...fixed('u8', 0, 'Type', { values: TYPES }) },
  reserved: { name: 'wg.reserved', ...put('bytes', 'Reserved') },
  sender: { name: 'wg.sender', ...put('u32', 'Sender', { base: 'hex' }) },
  encryptedStatic: { name: 'wg.encrypted_static', ...put('none', 'Encrypted Static') },
  encryptedTimestamp: { name: 'wg.encrypted_timestamp', ...put('none', 'Encrypted Timestamp') },
  mac1: { name: 'wg.mac1', ...put('bytes', 'mac1') },
  mac2: { name: 'wg.mac2', ...put('bytes', 'mac2') },
  receiver: { name: 'wg.receiver', ...put('u32', 'Receiver', { base: 'hex' }) },
  encryptedEmpty: { name: 'wg.encrypted_empty', ...put('none', 'Encrypted Empty') },
  nonce: { name: 'wg.nonce', ...put('bytes', 'Nonce') },
  encryptedCookie: { name: 'wg.encrypted_cookie', ...put('bytes', 'Encrypted Cookie') },
  counter: { name: 'wg.counter', ...put('u64', 'Counter') },
  encryptedPacket: { name: 'wg.encrypted_packet', ...put('none', 'Encrypted Packet') },
  ephemeral: { name: 'wg.ephemeral', ...put('string', 'Ephemeral') },
  noteKeepalive: { name: 'wg.keepalive', ...put('none', 'This is a Keepalive message') },
});
const F = wgFields;

function isMessage(b: Uint8Array, at: number, length: number): boolean {
  if (length < MIN_TRANSPORT || b[at + 1] !== 0 || b[at + 2] !== 0 || b[at + 3] !== 0) return false;
  const type = b[at];
  return type === TRANSPORT || (type >= INITIATION && type <= COOKIE_REPLY && length === LENGTHS[type]);
}

/** WireGuard, known by its looks on any port. */
export const wg = defineDissector({
  name: 'wg',
  title: 'WireGuard Protocol',
  short: 'WireGuard',
  spec: ['WireGuard whitepaper §5.4'],
  over: {},
  heuristicOver: ['udp'],
  heuristic: (p, at, end) => end - at >= 4 && isMessage(p.bytes, at, p.wireEnd - at),
  fields: wgFields,
  dissect(p, at, end) {
    const b = p.bytes;
    if (end - at < 4 || !isMessage(b, at, p.wireEnd - at)) return DECLINE;
    const type = b[at];
    p.put(F.reserved, at + 1, 3);
    if (type !== TRANSPORT && end < p.wireEnd) return p.tooShort(p.wireEnd - at);
    if (end - at < 16) return p.tooShort(16);
    switch (type) {
      case INITIATION:
        p.putInt(F.sender, at + 4, 4, swapped(b, at + 4));
        putKey(p, at + 8);
        p.put(F.encryptedStatic, at + 40, 48);
        p.put(F.encryptedTimestamp, at + 88, 28);
        p.put(F.mac1, at + 116, 16);
        p.put(F.mac2, at + 132, 16);
        return DONE;
      case RESPONSE:
        p.putInt(F.sender, at + 4, 4, swapped(b, at + 4));
        p.putInt(F.receiver, at + 8, 4, swapped(b, at + 8));
        putKey(p, at + 12);
        p.put(F.encryptedEmpty, at + 44, 16);
        p.put(F.mac1, at + 60, 16);
        p.put(F.mac2, at + 76, 16);
        return DONE;
      case COOKIE_REPLY:
        p.putInt(F.receiver, at + 4, 4, swapped(b, at + 4));
        p.put(F.nonce, at + 8, 24);
        p.put(F.encryptedCookie, at + 32, 32);
        return DONE;
      default:
        p.putInt(F.receiver, at + 4, 4, swapped(b, at + 4));
        p.putInt(F.counter, at + 8, 8, swapped(b, at + 8) + swapped(b, at + 12) * 0x1_0000_0000);
        if (end > at + 16) p.put(F.encryptedPacket, at + 16, end - at - 16);
        if (p.wireEnd - at === MIN_TRANSPORT) p.expert('chat', 'sequence', 'wg.keepalive', at + 16, 0);
        return DONE;
    }
  },
  info: (row) => (TYPES as Readonly<Record<number, string>>)[row.num(F.type)] ?? 'Unknown',
});
export default wg;

function swapped(b: Uint8Array, at: number): number {
  const v = u32be(b, at);
  return (((v & 0xff) << 24) | ((v & 0xff00) << 8) | ((v >>> 8) & 0xff00) | (v >>> 24)) >>> 0;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** A key of 32 bytes in base 64, as WireGuard's tools write it. */
function putKey(p: PacketView, at: number): void {
  if (!p.wants(F.ephemeral)) return;
  const b = p.bytes;
  let text = '';
  for (let i = at; i < at + 30; i += 3) {
    const v = (b[i] << 16) | (b[i + 1] << 8) | b[i + 2];
    text += ALPHABET[v >> 18] + ALPHABET[(v >> 12) & 63] + ALPHABET[(v >> 6) & 63] + ALPHABET[v & 63];
  }
  const v = (b[at + 30] << 16) | (b[at + 31] << 8);
  p.putText(F.ephemeral, at, 32, `${text}${ALPHABET[v >> 18]}${ALPHABET[(v >> 12) & 63]}${ALPHABET[(v >> 6) & 63]}=`);
}
