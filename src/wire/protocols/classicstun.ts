import { u16be, u32be } from '../../base/bytes.ts';
import type { Field } from '../../filter/field.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

const HEADER_LEN = 20;
const COOKIE = 0x2112a442;
const TYPES = new Set([0x0001, 0x0101, 0x0111, 0x0002, 0x0102, 0x0112, 0x0003, 0x0103, 0x0113, 0x0004, 0x0104, 0x0114, 0x0115, 0x0006, 0x0106, 0x0116]);

const classicstunFields = defineFields({
  type: { name: 'classicstun.type', ...put('u16', 'Message Type', { base: 'hex' }) },
  length: { name: 'classicstun.length', ...put('u16', 'Message Length', { base: 'hex' }) },
  id: { name: 'classicstun.id', ...put('bytes', 'Message Transaction ID') },
  responseTo: { name: 'classicstun.response_to', ...put('framenum', 'Request In') },
  time: { name: 'classicstun.time', ...put('reltime', 'Time') },
  attributes: { name: 'classicstun.att', ...put('none', 'Attributes') },
  attributeType: { name: 'classicstun.att.type', ...put('u16', 'Attribute Type', { base: 'hex' }) },
  attributeLength: { name: 'classicstun.att.length', ...put('u16', 'Attribute Length') },
  value: { name: 'classicstun.att.value', ...put('bytes', 'Value') },
  family: { name: 'classicstun.att.family', ...put('u16', 'Protocol Family', { base: 'hex' }) },
  ipv4: { name: 'classicstun.att.ipv4', ...put('ipv4', 'IP') },
  ipv6: { name: 'classicstun.att.ipv6', ...put('ipv6', 'IP') },
  port: { name: 'classicstun.att.port', ...put('u16', 'Port') },
  changeIp: { name: 'classicstun.att.change.ip', ...put('boolean', 'Change IP', { mask: 0x0004 }) },
  changePort: { name: 'classicstun.att.change.port', ...put('boolean', 'Change Port', { mask: 0x0002 }) },
  errorClass: { name: 'classicstun.att.error.class', ...put('u8', 'Error Class', { mask: 0x07 }) },
  error: { name: 'classicstun.att.error', ...put('u8', 'Error Code') },
  errorReason: { name: 'classicstun.att.error.reason', ...put('string', 'Error Reason Phrase') },
  server: { name: 'classicstun.att.server', ...put('string', 'Server version') },
  lifetime: { name: 'classicstun.att.lifetime', ...put('u32', 'Lifetime') },
});
const F = classicstunFields;

const ADDRESSES = new Set([0x0001, 0x0002, 0x0004, 0x0005, 0x000b, 0x000e, 0x0011, 0x0012, 0x0016]);

/** STUN before it had a cookie. */
export const classicstun = defineDissector({
  name: 'classicstun',
  title: 'Simple Traversal of UDP Through NAT',
  spec: ['RFC 3489'],
  over: {},
  fields: classicstunFields,
  short: 'CLASSIC-STUN',
  column: 'CLASSIC-STUN',
  heuristicOver: ['udp'],
  heuristic(p, at, end) {
    const b = p.bytes;
    return end - at >= HEADER_LEN && TYPES.has(u16be(b, at)) && HEADER_LEN + u16be(b, at + 2) === p.wireEnd - at && u32be(b, at + 4) !== COOKIE;
  },
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    p.put(F.type, at, 2);
    p.put(F.length, at + 2, 2);
    p.put(F.id, at + 4, 16);
    if (end > at + HEADER_LEN) p.put(F.attributes, at + HEADER_LEN, end - at - HEADER_LEN);
    for (let q = at + HEADER_LEN; q + 4 <= end;) {
      const length = Math.min(u16be(p.bytes, q + 2), end - q - 4);
      p.put(F.attributeType, q, 2);
      p.put(F.attributeLength, q + 2, 2);
      putAttribute(p, u16be(p.bytes, q), q + 4, q + 4 + length);
      q += 4 + length;
    }
    return DONE;
  },
  info: (row) => `Message ${row.text(F.type)}`,
});

function putAttribute(p: PacketView, type: number, at: number, end: number): void {
  if (ADDRESSES.has(type) && end - at >= 8) {
    const v6 = p.bytes[at + 1] === 2;
    p.put(F.family, at + 1, 1);
    p.put(F.port, at + 2, 2);
    if (at + 4 + (v6 ? 16 : 4) <= end) p.put(v6 ? F.ipv6 : F.ipv4, at + 4, v6 ? 16 : 4);
  } else if (type === 0x0003 && end - at >= 4) {
    p.put(F.changeIp, at + 2, 2);
    p.put(F.changePort, at + 2, 2);
  } else if (type === 0x0009 && end - at >= 4) {
    p.put(F.errorClass, at + 2, 1);
    p.put(F.error, at + 3, 1);
    if (end > at + 4) p.put(F.errorReason, at + 4, end - at - 4);
  } else if (end > at) {
    const f: Field = type === 0x8022 ? F.server : type === 0x000d && end - at === 4 ? F.lifetime : F.value;
    p.put(f, at, end - at);
  }
}

export default classicstun;
