import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import { DECLINE, DONE, SILENT } from '../packet-view.ts';

export const bvlcFields = defineFields({
  type: { name: 'bvlc.type', ...put('u8', 'Type', { base: 'hex' }) },
  function: { name: 'bvlc.function', ...put('u8', 'Function', { base: 'hex' }) },
  length: { name: 'bvlc.length', ...put('u16', 'BVLC-Length') },
  result: { name: 'bvlc.result', ...put('u16', 'Result', { base: 'hex' }) },
  forwardIp: { name: 'bvlc.fwd_ip', ...put('ipv4', 'IP') },
  forwardPort: { name: 'bvlc.fwd_port', ...put('u16', 'Port') },
  ttl: { name: 'bvlc.reg_ttl', ...put('u16', 'TTL') },
  bdtIp: { name: 'bvlc.bdt_ip', ...put('ipv4', 'IP') },
  bdtPort: { name: 'bvlc.bdt_port', ...put('u16', 'Port') },
  bdtMask: { name: 'bvlc.bdt_mask', ...put('bytes', 'Mask') },
  fdtIp: { name: 'bvlc.fdt_ip', ...put('ipv4', 'IP') },
  fdtPort: { name: 'bvlc.fdt_port', ...put('u16', 'Port') },
  fdtTtl: { name: 'bvlc.fdt_ttl', ...put('u16', 'TTL') },
  fdtTimeout: { name: 'bvlc.fdt_timeout', ...put('u16', 'Timeout') },
});
const F = bvlcFields;

const BACNET_IP = 0x81;
const HEADER_LEN = 4;
const RESULT = 0;
const WRITE_TABLE = 1;
const TABLE = 3;
const FORWARDED = 4;
const REGISTER = 5;
const FOREIGN_TABLE = 7;
const DELETE_FOREIGN = 8;
const DISTRIBUTE = 9;

/** BACnet Virtual Link Control: BACnet over UDP (Annex J). */
export const bvlc = defineDissector({
  name: 'bvlc',
  title: 'BACnet Virtual Link Control',
  spec: ['ASHRAE 135-2016 Annex J'],
  over: { 'udp.port': [47_808] },
  fields: bvlcFields,
  column: 'BVLC',
  dissect(p, at, end) {
    const b = p.bytes;
    if (end - at < HEADER_LEN) return end < p.wireEnd ? p.tooShort(HEADER_LEN) : DECLINE;
    if (b[at] !== BACNET_IP) return SILENT;
    p.put(F.type, at, 1);
    p.put(F.function, at + 1, 1);
    const func = b[at + 1];
    const length = u16be(b, at + 2);
    const body = at + HEADER_LEN;
    // The length that is shown is that of this head; the message's own stands in the bytes.
    p.putInt(F.length, at + 2, 2, func >= DISTRIBUTE ? HEADER_LEN : func === FORWARDED ? 10 : length);
    if (func === FORWARDED && body + 6 <= end) {
      p.put(F.forwardIp, body, 4);
      p.put(F.forwardPort, body + 4, 2);
    } else if (func === RESULT && body + 2 <= end) p.put(F.result, body, 2);
    else if (func === REGISTER && body + 2 <= end) p.put(F.ttl, body, 2);
    else if (func === WRITE_TABLE || func === TABLE) {
      for (let i = body; i + 10 <= end; i += 10) {
        p.put(F.bdtIp, i, 4);
        p.put(F.bdtPort, i + 4, 2);
        p.put(F.bdtMask, i + 6, 4);
      }
    } else if (func === FOREIGN_TABLE || func === DELETE_FOREIGN) {
      for (let i = body; i + 6 <= end; i += func === FOREIGN_TABLE ? 10 : 6) {
        p.put(F.fdtIp, i, 4);
        p.put(F.fdtPort, i + 4, 2);
        if (func === DELETE_FOREIGN || i + 10 > end) continue;
        p.put(F.fdtTtl, i + 6, 2);
        p.put(F.fdtTimeout, i + 8, 2);
      }
    }
    const network = func === FORWARDED ? body + 6 : func >= DISTRIBUTE && func <= 11 ? body : end;
    if (network < end) p.call(p.id('bacnet'), network, p.wireEnd);
    return DONE;
  },
});
export default bvlc;
