import { defineDissector, defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

const ADDRESS_LEN = 7;
const HEAD_LEN = 2 * ADDRESS_LEN + 1;
const MAX_VIA = 8;

export const ax25Fields = defineFields({
  destination: { name: 'ax25.dst', ...put('string', 'Destination') },
  source: { name: 'ax25.src', ...put('string', 'Source') },
  control: { name: 'ax25.ctl', ...put('u8', 'Control', { base: 'hex' }) },
  pid: { name: 'ax25.pid', ...put('u8', 'Protocol ID', { base: 'hex' }) },
});
const F = ax25Fields;

/** Packet radio of amateurs: call signs as addresses, a control field, a protocol. */
export const ax25 = defineDissector({
  name: 'ax25',
  title: 'Amateur Radio AX.25',
  short: 'AX.25',
  spec: ['AX.25 Link Access Protocol v2.2 §3'],
  over: { link: [3] },
  fields: ax25Fields,
  dissect(p, at, end) {
    if (end - at < HEAD_LEN) return p.tooShort(HEAD_LEN);
    const b = p.bytes;
    putCall(p, F.destination, at);
    putCall(p, F.source, at + ADDRESS_LEN);
    let from = at + 2 * ADDRESS_LEN;
    // The lowest bit of an address ends the list.
    for (let i = 0; i < MAX_VIA && (b[from - 1] & 1) === 0; i++) {
      if (from + ADDRESS_LEN >= end) return p.tooShort(from + ADDRESS_LEN + 1 - at);
      from += ADDRESS_LEN;
    }
    p.put(F.control, from, 1);
    const control = b[from++];
    // Information frames, and unnumbered information, carry a protocol.
    if ((control & 1) !== 0 && (control & 0xef) !== 0x03) {
      p.payload(from, p.wireEnd);
      return DONE;
    }
    if (from >= end) return p.tooShort(from + 1 - at);
    p.put(F.pid, from, 1);
    p.payload(from + 1, p.wireEnd);
    if (b[from] === 0xcc) return p.id('ip');
    return b[from] === 0xcd ? p.id('arp') : DONE;
  },
  ends: (row) => [row.text(F.source), row.text(F.destination)],
  info: (row) => `Control ${row.text(F.control)}`,
});
export default ax25;

function putCall(p: PacketView, field: (typeof F)['source'], at: number): void {
  if (p.wants(field)) p.putText(field, at, ADDRESS_LEN, callText(p.bytes, at));
}

/** Six characters, each shifted left by one, and a station number. */
function callText(b: Uint8Array, at: number): string {
  let text = '';
  for (let i = 0; i < 6; i++) {
    const c = (b[at + i] >> 1) & 0x7f;
    if (c !== 0x20) text += c > 0x20 && c < 0x7f ? String.fromCharCode(c) : '.';
  }
  const station = (b[at + 6] >> 1) & 15;
  return station === 0 ? text : `${text}-${station}`;
}
