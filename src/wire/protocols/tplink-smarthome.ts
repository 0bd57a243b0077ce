import { u32be } from '../../base/bytes.ts';
import { wholePdu } from '../codecs/whole-pdu.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE } from '../packet-view.ts';

export const tplinkFields = defineFields({
  length: { name: 'tplink_smarthome.len', ...put('u32', 'Len') },
  message: { name: 'tplink_smarthome.msg', ...put('string', 'Message') },
});
const F = tplinkFields;
const TCP = 6;
const LENGTH_LEN = 4;
/** Each byte is combined with the one before it; this goes before the first. */
const KEY = 171;

/** TP-Link Smart Home: JSON behind a cipher that hides nothing. */
export default defineDissector({
  name: 'tplink-smarthome',
  title: 'TP-Link Smart Home Protocol',
  spec: ['Observed behaviour'],
  over: { 'tcp.port': [9999], 'udp.port': [9999] },
  fields: tplinkFields,
  stream: true,
  short: 'TPLINK-SMARTHOME',
  column: 'TPLINK-SMARTHOME/JSON',
  dissect(p, at, end) {
    const b = p.bytes;
    if (p.ipProto !== TCP) {
      if (at >= end || (b[at] ^ KEY) !== 0x7b) return DECLINE;
      putMessage(p, at, end);
      return DONE;
    }
    if (end - at < LENGTH_LEN) {
      const wait = p.more(LENGTH_LEN - (end - at));
      return wait === DONE ? DECLINE : wait;
    }
    const length = u32be(b, at);
    if (length > 0xffff || (end - at > LENGTH_LEN && (b[at + LENGTH_LEN] ^ KEY) !== 0x7b)) return DECLINE;
    const wait = wholePdu(p, at, LENGTH_LEN + length);
    if (wait !== DONE) return wait;
    p.put(F.length, at, LENGTH_LEN);
    putMessage(p, at + LENGTH_LEN, Math.min(end, p.wireEnd));
    return DONE;
  },
});

function putMessage(p: PacketView, at: number, end: number): void {
  const plain = decipher(p.bytes, at, end);
  const source = p.derive(plain, 'decoded');
  if (source < 0) return;
  if (p.wants(F.message)) p.putText(F.message, at, end - at, p.host.utf8(plain, 0, plain.length));
  p.callInside(p.id('json'), source, 0, plain.length);
}

function decipher(b: Uint8Array, at: number, end: number): Uint8Array {
  const plain = b.slice(at, end);
  for (let i = 0; i < plain.length; i++) plain[i] ^= i === 0 ? KEY : b[at + i - 1];
  return plain;
}
