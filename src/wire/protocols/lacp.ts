import { defineBits, namedFields, putBits } from '../bit-fields.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import { layout, putLayout } from '../layout.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

// Version 1; records of actor 20, partner 20, collector 16, each behind type 1 and length 1 (IEEE 802.1AX §6.4.2.3).
const ACTOR = 1;
const PARTNER = 2;
const COLLECTOR = 3;
const SIDE_LEN = 20;

const side = (name: string, title: string, systemTitle: string) =>
  defineFields({
    priority: { name: `lacp.${name}.sys_priority`, ...put('u16', `${title} System Priority`) },
    system: { name: `lacp.${name}.sysid`, ...put('ether', systemTitle) },
    key: { name: `lacp.${name}.key`, ...put('u16', `${title} Key`) },
    portPriority: { name: `lacp.${name}.port_priority`, ...put('u16', `${title} Port Priority`) },
    port: { name: `lacp.${name}.port`, ...put('u16', `${title} Port`) },
    stateText: { name: `lacp.${name}.state_str`, ...put('string', `${title} State Flags`) },
    reserved: { name: `lacp.${name}.reserved`, ...put('bytes', 'Reserved') },
  });
const A = side('actor', 'Actor', 'Actor System ID');
const B = side('partner', 'Partner', 'Partner System');
const SIDES = [A, B].map((f) => layout({ 2: f.priority, 4: f.system, 10: f.key, 12: f.portPriority, 14: f.port, 17: [[f.reserved, 3]] }));

const ACTOR_STATE = defineBits('lacp.actor.state', [
  ['lacp.actor.state', 0x0, 'Actor State', 'u8', 'hex'],
  ['.activity', 0x1, 'LACP Activity'],
  ['.timeout', 0x2, 'LACP Timeout'],
  ['.aggregation', 0x4, 'Aggregation'],
  ['.synchronization', 0x8, 'Synchronization'],
  ['.collecting', 0x10, 'Collecting'],
  ['.distributing', 0x20, 'Distributing'],
  ['.defaulted', 0x40, 'Defaulted'],
  ['.expired', 0x80, 'Expired'],
]);
const PARTNER_STATE = defineBits('lacp.partner.state', [
  ['lacp.partner.state', 0x0, 'Partner State', 'u8', 'hex'],
  ['.activity', 0x1, 'LACP Activity'],
  ['.timeout', 0x2, 'LACP Timeout'],
  ['.aggregation', 0x4, 'Aggregation'],
  ['.synchronization', 0x8, 'Synchronization'],
  ['.collecting', 0x10, 'Collecting'],
  ['.distributing', 0x20, 'Distributing'],
  ['.defaulted', 0x40, 'Defaulted'],
  ['.expired', 0x80, 'Expired'],
]);

export const lacpFields = defineFields({
  version: { name: 'lacp.version', ...put('u8', 'LACP Version', { base: 'hex' }) },
  type: { name: 'lacp.tlv_type', ...put('u8', 'TLV Type', { base: 'hex', values: { 0: 'Terminator', 1: 'Actor Information', 2: 'Partner Information', 3: 'Collector Information' } }) },
  length: { name: 'lacp.tlv_length', ...put('u8', 'TLV Length', { base: 'hex' }) },
  delay: { name: 'lacp.collector.max_delay', ...put('u16', 'Collector Max Delay') },
  collectorReserved: { name: 'lacp.coll_reserved', ...put('bytes', 'Reserved') },
  pad: { name: 'lacp.pad', ...put('bytes', 'Pad') },
});
const F = lacpFields;

/** Bundling of links by the standard: each end says who it is and what it sees of the other. */
export const lacp = defineDissector({
  name: 'lacp',
  title: 'Link Aggregation Control Protocol',
  spec: ['IEEE 802.1AX-2014 §6.4'],
  over: { 'slow.subtype': [1] },
  fields: { ...F, ...namedFields(Object.values(A), Object.values(B), ACTOR_STATE, PARTNER_STATE) },
  dissect(p, at, end) {
    if (end - at < 1) return p.tooShort(1);
    const b = p.bytes;
    p.put(F.version, at, 1);
    for (let from = at + 1; end - from >= 2; ) {
      const type = b[from];
      const length = b[from + 1];
      p.put(F.type, from, 1);
      p.put(F.length, from + 1, 1);
      if (type === 0 || length < 2) {
        if (from + 2 < end) p.put(F.pad, from + 2, end - from - 2);
        return DONE;
      }
      if (from + length > end) return p.tooShort(from + length - at);
      if ((type === ACTOR || type === PARTNER) && length >= SIDE_LEN) readSide(p, type, from, end);
      else if (type === COLLECTOR && length >= 16) {
        p.put(F.delay, from + 2, 2);
        p.put(F.collectorReserved, from + 4, 12);
      }
      from += length;
    }
    return DONE;
  },
  info: (row) => `Actor ${row.text(A.system)} port ${row.text(A.port)}, partner ${row.text(B.system)} port ${row.text(B.port)}`,
});
export default lacp;

function readSide(p: PacketView, type: number, at: number, end: number): void {
  const F1 = type === ACTOR ? A : B;
  putLayout(p, SIDES[type - 1], at, end);
  putBits(p, type === ACTOR ? ACTOR_STATE : PARTNER_STATE, at + 16, 1);
  if (p.wants(F1.stateText)) p.putText(F1.stateText, at + 16, 1, stateText(p.bytes[at + 16]));
}

/** `**DCSGSA`: a letter a flag, the highest first. */
function stateText(state: number): string {
  let text = '';
  for (let i = 0; i < 8; i++) {
    const isSet = (state & (0x80 >> i)) !== 0;
    // Timeout is long or short, activity active or passive: they have a letter either way.
    if (i === 2 && isSet) text += 'D';
    else if (i === 3 && isSet) text += 'C';
    else if (i === 4 && isSet) text += 'S';
    else if (i === 5) text += isSet ? 'G' : 'I';
    else if (i === 6 && isSet) text += 'S';
    else if (i === 7 && isSet) text += 'A';
    else if (i === 1 && isSet) text += 'F';
    else if (i === 0 && isSet) text += 'E';
    else text += '*';
  }
  return text;
}
