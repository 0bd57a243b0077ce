import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

const TLV_HEAD = 4;
const DOMAIN = 1;
const STATUS = 2;
const KIND = 3;
const NEIGHBOR = 4;

export const dtpFields = defineFields({
  version: { name: 'dtp.version', ...fixed('u8', 0, 'Version') },
  type: { name: 'dtp.tlv_type', ...put('u16', 'Type', { base: 'hex', values: { 1: 'Domain', 2: 'Trunk Status', 3: 'Trunk Type', 4: 'Sender ID' } }) },
  length: { name: 'dtp.tlv_len', ...put('u16', 'Length') },
  domain: { name: 'dtp.domain', ...put('string', 'Domain') },
  operatingStatus: { name: 'dtp.tos', ...put('u8', 'Trunk Operating Status', { base: 'hex', mask: 0x80 }) },
  adminStatus: { name: 'dtp.tas', ...put('u8', 'Trunk Administrative Status', { base: 'hex', mask: 0x07 }) },
  operatingType: { name: 'dtp.tot', ...put('u8', 'Trunk Operating Type', { base: 'hex', mask: 0xe0 }) },
  adminType: { name: 'dtp.tat', ...put('u8', 'Trunk Administrative Type', { base: 'hex', mask: 0x07 }) },
  sender: { name: 'dtp.senderid', ...put('ether', 'Sender ID') },
  tooShort: { name: 'dtp.tlv_len.too_short', ...put('none', 'Indicated length is less than the minimum length') },
});
const F = dtpFields;

/** Cisco's negotiation of trunks. */
export const dtp = defineDissector({
  name: 'dtp',
  title: 'Dynamic Trunk Protocol',
  spec: ['Cisco, Dynamic Trunking Protocol'],
  over: { 'llc.cisco_pid': [0x2004] },
  fields: dtpFields,
  dissect(p, at, end) {
    if (end - at < 1) return p.tooShort(1);
    const b = p.bytes;
    for (let from = at + 1; end - from >= TLV_HEAD; ) {
      const type = u16be(b, from);
      const length = u16be(b, from + 2);
      p.put(F.type, from, 2);
      p.put(F.length, from + 2, 2);
      if (length < TLV_HEAD) {
        p.expert('warn', 'malformed', 'dtp.tlv_len.too_short', from + 2, 2);
        return DONE;
      }
      const value = from + TLV_HEAD;
      if (from + length > end) return p.tooShort(from + length - at);
      const size = length - TLV_HEAD;
      if (type === DOMAIN) p.put(F.domain, value, size);
      else if (type === STATUS && size >= 1) {
        p.put(F.operatingStatus, value, 1);
        p.put(F.adminStatus, value, 1);
      } else if (type === KIND && size >= 1) {
        p.put(F.operatingType, value, 1);
        p.put(F.adminType, value, 1);
      } else if (type === NEIGHBOR && size >= 6) p.put(F.sender, value, 6);
      from += length;
    }
    return DONE;
  },
  info: () => 'Trunk negotiation',
});
export default dtp;
