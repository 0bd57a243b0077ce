import { u16be, u24be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';

const SAP_SNAP = 0xaa;
const OUI_ETHERNET = 0x000000;
const OUI_CISCO = 0x00000c;
/** Frames of control without numbers (unnumbered) have a control field of one byte. */
const UNNUMBERED = 3;

export const llcFields = defineFields({
  dsap: { name: 'llc.dsap', ...fixed('u8', 0, 'DSAP', { base: 'hex' }) },
  dsapIg: { name: 'llc.dsap.ig', ...fixed('boolean', 0, 'IG Bit', { mask: 0x01 }) },
  ssap: { name: 'llc.ssap', ...fixed('u8', 1, 'SSAP', { base: 'hex' }) },
  ssapCr: { name: 'llc.ssap.cr', ...fixed('boolean', 1, 'CR Bit', { mask: 0x01 }) },
  control: { name: 'llc.control', ...put('u16', 'Control', { base: 'hex' }) },
  oui: { name: 'llc.oui', ...put('u24', 'Organization Code', { base: 'dec' }) },
  type: { name: 'llc.type', ...put('u16', 'Type', { base: 'hex' }) },
  pid: { name: 'llc.pid', ...put('u16', 'Protocol ID', { base: 'hex' }) },
  ciscoPid: { name: 'llc.cisco_pid', ...put('u16', 'PID', { base: 'hex' }) },
});
const F = llcFields;

export const llc = defineDissector({
  name: 'llc',
  title: 'Logical-Link Control',
  spec: ['IEEE 802.2', 'RFC 1042'],
  over: { link: [11, 100, 106] },
  tables: ['llc.dsap', 'llc.cisco_pid'],
  fields: llcFields,
  dissect(p, at, end) {
    if (end - at < 3) return p.tooShort(3);
    const b = p.bytes;
    const dsap = b[at];
    const controlLen = (b[at + 2] & UNNUMBERED) === UNNUMBERED ? 1 : 2;
    if (end - at < 2 + controlLen) return p.tooShort(2 + controlLen);
    p.put(F.control, at + 2, controlLen);
    const payload = at + 2 + controlLen;
    if (dsap !== SAP_SNAP || b[at + 1] !== SAP_SNAP) {
      p.payload(payload, p.wireEnd);
      return p.next('llc.dsap', dsap);
    }
    if (end - payload < 5) return p.tooShort(payload + 5 - at);
    const oui = u24be(b, payload);
    const type = u16be(b, payload + 3);
    p.put(F.oui, payload, 3);
    p.payload(payload + 5, p.wireEnd);
    if (oui === OUI_ETHERNET) {
      p.put(F.type, payload + 3, 2);
      return p.next('ethertype', type, -2);
    }
    if (oui === OUI_CISCO) {
      p.put(F.ciscoPid, payload + 3, 2);
      return p.next('llc.cisco_pid', type);
    }
    p.put(F.pid, payload + 3, 2);
    return 0;
  },
});
export default llc;
