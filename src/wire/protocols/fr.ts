import { u16be, u24be } from '../../base/bytes.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

const UNNUMBERED_INFORMATION = 0x03;
const NLPID_IP = 0xcc;
const NLPID_IPV6 = 0x8e;
const NLPID_Q933 = 0x08;
const NLPID_SNAP = 0x80;
const NLPID_CLNP = 0x81;
const NLPID_ESIS = 0x82;
const OUI_BRIDGED = 0x0080c2;
const LITTLE = { little: true } as const;

export const frFields = defineFields({
  first: { name: 'fr.first_addr_octet', ...put('u8', 'First address octet', { base: 'hex' }) },
  upper: { name: 'fr.upper_dlci', ...put('u8', 'Upper DLCI', { base: 'hex', mask: 0xfc }) },
  response: { name: 'fr.cr', ...put('boolean', 'CR', { mask: 0x02 }) },
  extended: { name: 'fr.ea', ...put('boolean', 'EA', { mask: 0x01 }) },
  second: { name: 'fr.second_addr_octet', ...put('u8', 'Second address octet', { base: 'hex' }) },
  secondDlci: { name: 'fr.second_dlci', ...put('u8', 'Second DLCI', { base: 'hex', mask: 0xf0 }) },
  fecn: { name: 'fr.fecn', ...put('boolean', 'FECN', { mask: 0x08 }) },
  becn: { name: 'fr.becn', ...put('boolean', 'BECN', { mask: 0x04 }) },
  discard: { name: 'fr.de', ...put('boolean', 'DE', { mask: 0x02 }) },
  third: { name: 'fr.third_addr_octet', ...put('u8', 'Third address octet', { base: 'hex' }) },
  thirdDlci: { name: 'fr.third_dlci', ...put('u8', 'Third DLCI', { base: 'hex', mask: 0xfe }) },
  lower: { name: 'fr.lower_dlci', ...put('u8', 'Lower DLCI', { base: 'hex', mask: 0xfc }) },
  core: { name: 'fr.dlcore_control', ...put('u8', 'DL-CORE Control', { base: 'hex', mask: 0xfc }) },
  isCore: { name: 'fr.dc', ...put('boolean', 'DC', { mask: 0x02 }) },
  dlci: { name: 'fr.dlci', ...put('u32', 'DLCI') },
  control: { name: 'fr.control', ...put('u8', 'Control Field', { base: 'hex' }) },
  command: { name: 'fr.control.u_modifier_cmd', ...put('u8', 'Command', { base: 'hex', mask: 0xec }) },
  frameType: { name: 'fr.control.ftype', ...put('u8', 'Frame type', { base: 'hex' }) },
  sent: { name: 'fr.control.n_s', ...put('u16', 'N(S)', { mask: 0x00fe, ...LITTLE }) },
  received: { name: 'fr.control.n_r', ...put('u16', 'N(R)', { mask: 0xfe00, ...LITTLE }) },
  nlpid: { name: 'fr.nlpid', ...put('u8', 'NLPID', { base: 'hex' }) },
  oui: { name: 'fr.snap.oui', ...put('u24', 'Organization Code') },
  snapType: { name: 'fr.snaptype', ...put('u16', 'Type', { base: 'hex' }) },
  pid: { name: 'fr.snap.pid', ...put('u16', 'Protocol ID', { base: 'hex' }) },
  type: { name: 'fr.chdlctype', ...put('u16', 'Type', { base: 'hex' }) },
  bogus: { name: 'fr.bogus_address', ...put('none', 'Bogus address') },
  notYet: { name: 'fr.frame_relay.lapf', ...put('none', 'Link access procedure not read') },
});
const F = frFields;

/** Frame Relay: an address of two to four bytes, then who follows, as RFC 2427 or as Cisco writes it. */
export const fr = defineDissector({
  name: 'fr',
  title: 'Frame Relay',
  spec: ['ITU-T Q.922 §3.3', 'RFC 2427 §3'],
  over: { link: [107], 'gre.proto': [0x6559] },
  fields: frFields,
  dissect(p, at, end) {
    const b = p.bytes;
    if (end - at < 2) return p.tooShort(2);
    const from = address(p, at, end);
    if (from < 0) return p.tooShort(end - at + 1);
    if (from === 0) return DONE;
    if (end - from < 1) return p.tooShort(from - at + 1);
    if (b[from] === UNNUMBERED_INFORMATION) {
      p.put(F.control, from, 1);
      p.put(F.command, from, 1);
      p.putInt(F.frameType, from, 1, 3);
      return identified(p, at, from + 1, end);
    }
    if (end - from < 2) return p.tooShort(from - at + 2);
    // Cisco's encapsulation has an EtherType at once.
    const type = u16be(b, from);
    p.payload(from + 2, p.wireEnd);
    const next = type === 0x0800 ? p.id('ip') : type === 0x86dd ? p.id('ipv6') : p.next('chdlc.protocol', type);
    if (next > 0) {
      p.put(F.type, from, 2);
      return next;
    }
    const isSignalling = isFirstLink(b, at, from);
    if ((b[from] & 1) === 0 && (isSignalling || (end - from >= 3 && isKnown(b[from + 2])))) {
      p.putInt(F.control, from, 2, u16be(b, from));
      p.put(F.received, from, 2);
      p.put(F.sent, from, 2);
      p.putInt(F.frameType, from, 2, 0);
      if (!isSignalling) return identified(p, at, from + 2, end);
      p.payload(from + 2, p.wireEnd);
      p.expert('warn', 'undecoded', F.notYet.name, from + 2, 0);
      return DONE;
    }
    p.payload(from, p.wireEnd);
    return DONE;
  },
  info: (row) => `DLCI ${row.text(F.dlci)}`,
});
export default fr;

/** Where the address ends; -1 where it is cut, 0 where it goes on beyond four bytes. The lowest bit of its last byte is set. */
function address(p: PacketView, at: number, end: number): number {
  const b = p.bytes;
  p.put(F.first, at, 1);
  p.put(F.upper, at, 1);
  p.put(F.response, at, 1);
  p.put(F.extended, at, 1);
  p.put(F.second, at + 1, 1);
  p.put(F.secondDlci, at + 1, 1);
  p.put(F.fecn, at + 1, 1);
  p.put(F.becn, at + 1, 1);
  p.put(F.discard, at + 1, 1);
  p.put(F.extended, at + 1, 1);
  let dlci = ((b[at] >> 2) << 4) | (b[at + 1] >> 4);
  let last = at + 1;
  if ((b[last] & 1) === 0) {
    if (++last >= end) return -1;
    // A third byte that is not the last one carries seven bits more.
    if ((b[last] & 1) === 0) {
      dlci = (dlci << 7) | (b[last] >> 1);
      p.put(F.third, last, 1);
      p.put(F.thirdDlci, last, 1);
      p.put(F.extended, last, 1);
      if (++last >= end) return -1;
    }
    const isCore = (b[last] & 2) !== 0;
    if (!isCore) dlci = dlci * 64 + (b[last] >> 2);
    p.put(isCore ? F.core : F.lower, last, 1);
    p.put(F.isCore, last, 1);
    p.put(F.extended, last, 1);
  }
  p.putInt(F.dlci, at, last + 1 - at, dlci);
  if ((b[last] & 1) !== 0) return last + 1;
  // Every byte up to the one that ends the address is one too many.
  do {
    if (++last >= end) return -1;
    p.expert('warn', 'protocol', F.bogus.name, last, 1);
  } while ((b[last] & 1) === 0);
  return 0;
}

/** True for link 0, on which acknowledged signalling runs (ITU-T Q.922 §3.3.6); a DL-CORE byte is no part of its number. */
function isFirstLink(b: Uint8Array, at: number, end: number): boolean {
  if ((b[at] & 0xfc) !== 0 || (b[at + 1] & 0xf0) !== 0) return false;
  for (let i = at + 2; i < end; i++) if ((b[i] & 2) === 0 && (b[i] & 0xfc) !== 0) return false;
  return true;
}

/** Numbers that are read behind a numbered control field; of others all is data. */
function isKnown(nlpid: number): boolean {
  return nlpid === NLPID_CLNP || nlpid === NLPID_ESIS || nlpid === NLPID_IP || nlpid === NLPID_IPV6 || nlpid === NLPID_SNAP || nlpid === NLPID_Q933;
}

/** Behind a control field stands a byte that says whose packet it is. */
function identified(p: PacketView, start: number, at: number, end: number): number {
  const b = p.bytes;
  let from = at;
  if (from >= end) return p.tooShort(from - start + 1);
  if (b[from] === 0 && end - from > 1) from++;
  const nlpid = b[from];
  p.payload(from + 1, p.wireEnd);
  if (nlpid === NLPID_SNAP) {
    p.put(F.nlpid, from, 1);
    if (end - from < 6) return p.tooShort(from - start + 6);
    p.put(F.oui, from + 1, 3);
    p.payload(from + 6, p.wireEnd);
    const oui = u24be(b, from + 1);
    p.put(oui === 0 ? F.snapType : F.pid, from + 4, 2);
    if (oui === 0) return p.next('ethertype', u16be(b, from + 4), -2);
    if (oui !== OUI_BRIDGED) return 0;
    const pid = u16be(b, from + 4);
    if (pid === 0x000e) return p.id('stp');
    return pid === 0x0007 || pid === 0x0001 ? p.id('eth') : 0;
  }
  if (nlpid === NLPID_IP || nlpid === NLPID_IPV6) {
    p.put(F.nlpid, from, 1);
    return nlpid === NLPID_IP ? p.id('ip') : p.id('ipv6');
  }
  // Other network protocols keep the byte as their own first one.
  p.payload(from, p.wireEnd);
  const next = nlpid === NLPID_Q933 ? p.id('q933') : nlpid === NLPID_CLNP || nlpid === NLPID_ESIS ? p.next('osi.nlpid', nlpid) : 0;
  if (next === 0) {
    p.put(F.nlpid, from, 1);
    p.payload(from + 1, p.wireEnd);
  }
  return next;
}
