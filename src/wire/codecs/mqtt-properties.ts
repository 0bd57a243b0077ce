import { u16be } from '../../base/bytes.ts';
import type { Field } from '../../filter/field.ts';
import type { PacketView } from '../packet-view.ts';
import { mqttFields } from './mqtt-fields.ts';

const F = mqttFields;

/** What a property's value is (MQTT 5 §2.2.2.2), by its identifier: bytes of a number, or one of the letters below. */
const VARINT = -1;
const TEXT = -2;
const PAIR = -3;
const KIND: Readonly<Record<number, number>> = {
  0x01: 1, 0x02: 4, 0x03: TEXT, 0x08: TEXT, 0x09: TEXT, 0x0b: VARINT, 0x11: 4, 0x12: TEXT, 0x13: 2, 0x15: TEXT, 0x16: TEXT, 0x17: 1, 0x18: 4, 0x19: 1,
  0x1a: TEXT, 0x1c: TEXT, 0x1f: TEXT, 0x21: 2, 0x22: 2, 0x23: 2, 0x24: 1, 0x25: 1, 0x26: PAIR, 0x27: 4, 0x28: 1, 0x29: 1, 0x2a: 1,
};
/** Properties whose value has a field of its own. */
const OWN: Readonly<Record<number, Field>> = { 0x03: F.propertyContentType, 0x23: F.propertyTopicAlias, 0x24: F.propertyMaxQos };

/** Length of the variable byte integer that `varint` read; 0 where it is damaged. */
export let varintLen = 0;

/** Reads a variable byte integer (MQTT 5 §1.5.5); `varintLen` says how long it is. */
export function varint(b: Uint8Array, at: number, end: number): number {
  let value = 0;
  let factor = 1;
  for (let i = 0; i < 4 && at + i < end; i++) {
    value += (b[at + i] & 127) * factor;
    factor *= 128;
    if (b[at + i] < 128) {
      varintLen = i + 1;
      return value;
    }
  }
  varintLen = 0;
  return 0;
}

/** Puts a text or bytes behind a length of two. Returns where it ends, -1 where it is cut. */
export function putCounted(p: PacketView, at: number, end: number, len: Field, text: Field): number {
  if (at < 0 || at + 2 > end) return -1;
  const n = u16be(p.bytes, at);
  p.put(len, at, 2);
  if (at + 2 + n > end) return -1;
  p.put(text, at + 2, n);
  return at + 2 + n;
}

/** Puts the properties of a message. Returns where they end, -1 where they are cut. */
export function putProperties(p: PacketView, at: number, end: number, list: Field): number {
  if (at < 0 || at >= end) return -1;
  const total = varint(p.bytes, at, end);
  if (varintLen === 0) return -1;
  p.putInt(F.propertyLen, at, varintLen, total);
  let pos = at + varintLen;
  const to = pos + total;
  if (to > end) return -1;
  p.open(list, pos);
  while (pos >= 0 && pos < to) pos = putProperty(p, pos, to);
  p.close(to);
  return pos < 0 ? pos : to;
}

function putProperty(p: PacketView, at: number, end: number): number {
  const id = p.bytes[at];
  p.put(F.propertyId, at, 1);
  const pos = at + 1;
  const kind = KIND[id];
  const own = OWN[id];
  if (kind === undefined) return -1;
  if (kind === PAIR) return putCounted(p, putCounted(p, pos, end, F.propKeyLen, F.propKey), end, F.propValueLen, F.propValue);
  if (kind === TEXT && own === undefined) return putCounted(p, pos, end, F.propStringLen, F.propString);
  if (kind === TEXT) {
    const n = pos + 2 <= end ? u16be(p.bytes, pos) : end;
    if (pos + 2 + n > end) return -1;
    p.put(own, pos + 2, n);
    return pos + 2 + n;
  }
  if (kind === VARINT) {
    const value = varint(p.bytes, pos, end);
    p.putInt(F.propNumber, pos, varintLen, value);
    return varintLen === 0 ? -1 : pos + varintLen;
  }
  if (pos + kind > end) return -1;
  p.put(own ?? F.propNumber, pos, kind);
  return pos + kind;
}
