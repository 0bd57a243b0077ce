import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { layout, putLayout } from '../layout.ts';
import { DONE, type PacketView } from '../packet-view.ts';

const INFORMATION = 1;
const FLUSH = 2;
const HEAD_LEN = 54;
const TLV_HEAD = 4;

export const pagpFields = defineFields({
  version: { name: 'pagp.version', ...fixed('u8', 0, 'Version', { base: 'hex', values: { 1: 'Info PDU', 2: 'Flush PDU' } }) },
  flags: { name: 'pagp.flags', ...put('u8', 'Flags', { base: 'hex' }) },
  slow: { name: 'pagp.flags.slowhello', ...put('boolean', 'Slow Hello', { mask: 0x01 }) },
  auto: { name: 'pagp.flags.automode', ...put('boolean', 'Auto Mode', { mask: 0x02 }) },
  state: { name: 'pagp.flags.state', ...put('boolean', 'Consistent State', { mask: 0x04 }) },
  localDevice: { name: 'pagp.localdevid', ...put('ether', 'Local Device ID') },
  localLearn: { name: 'pagp.localearncap', ...put('u8', 'Local Learn Capability', { base: 'hex' }) },
  localPriority: { name: 'pagp.localportpri', ...put('u8', 'Local Port Hot Standby Priority') },
  localPort: { name: 'pagp.localsentportifindex', ...put('u32', 'Local Sent Port ifindex') },
  localGroup: { name: 'pagp.localgroupcap', ...put('u32', 'Local Group Capability', { base: 'hex' }) },
  localIndex: { name: 'pagp.localgroupifindex', ...put('u32', 'Local Group ifindex') },
  partnerDevice: { name: 'pagp.partnerdevid', ...put('ether', 'Partner Device ID') },
  partnerLearn: { name: 'pagp.partnerlearncap', ...put('u8', 'Partner Learn Capability', { base: 'hex' }) },
  partnerPriority: { name: 'pagp.partnerportpri', ...put('u8', 'Partner Port Hot Standby Priority') },
  partnerPort: { name: 'pagp.partnersentportifindex', ...put('u32', 'Partner Sent Port ifindex') },
  partnerGroup: { name: 'pagp.partnergroupcap', ...put('u32', 'Partner Group Capability', { base: 'hex' }) },
  partnerIndex: { name: 'pagp.partnergroupifindex', ...put('u32', 'Partner Group ifindex') },
  partners: { name: 'pagp.partnercount', ...put('u16', 'Partner Count') },
  tlvs: { name: 'pagp.numtlvs', ...put('u16', 'Number of TLVs') },
  type: { name: 'pagp.tlv', ...put('u16', 'Type') },
  length: { name: 'pagp.tlv_length', ...put('u16', 'Length') },
  deviceName: { name: 'pagp.tlvdevname', ...put('string', 'Device Name') },
  portName: { name: 'pagp.tlvportname', ...put('string', 'Physical Port Name') },
  portMac: { name: 'pagp.tlvagportmac', ...put('ether', 'Agport MAC Address') },
  flushLocal: { name: 'pagp.flushlocaldevid', ...put('ether', 'Flush Local Device ID') },
  flushPartner: { name: 'pagp.flushpartnerdevid', ...put('ether', 'Flush Partner Device ID') },
  transaction: { name: 'pagp.transid', ...put('u32', 'Transaction ID', { base: 'hex' }) },
});
const F = pagpFields;

const HEAD = layout({
  1: [F.flags, F.slow, F.auto, F.state], 2: F.localDevice, 8: F.localLearn, 9: F.localPriority, 10: F.localPort, 14: F.localGroup, 18: F.localIndex,
  22: F.partnerDevice, 28: F.partnerLearn, 29: F.partnerPriority, 30: F.partnerPort, 34: F.partnerGroup, 38: F.partnerIndex, 42: F.partners, 44: F.tlvs,
});

/** Cisco's bundling of links. */
export const pagp = defineDissector({
  name: 'pagp',
  title: 'Port Aggregation Protocol',
  spec: ['Cisco, Port Aggregation Protocol'],
  over: { 'llc.cisco_pid': [0x0104] },
  fields: pagpFields,
  dissect(p, at, end) {
    if (end - at < 2) return p.tooShort(2);
    const b = p.bytes;
    if (b[at] === FLUSH) {
      if (end - at < 18) return p.tooShort(18);
      p.put(F.flushLocal, at + 2, 6);
      p.put(F.flushPartner, at + 8, 6);
      p.put(F.transaction, at + 14, 4);
      return DONE;
    }
    if (b[at] !== INFORMATION) return DONE;
    if (!putLayout(p, HEAD, at, end)) return p.tooShort(HEAD_LEN);
    return readTlvs(p, at, at + 46, end, u16be(b, at + 44));
  },
  info: (row) => `Local DevID: ${row.text(F.localDevice)}, Partner DevID: ${row.text(F.partnerDevice)}`,
});
export default pagp;

function readTlvs(p: PacketView, start: number, at: number, end: number, count: number): number {
  let from = at;
  for (let n = count; n > 0; n--) {
    if (end - from < TLV_HEAD) return p.tooShort(from - start + TLV_HEAD);
    const length = u16be(p.bytes, from + 2);
    p.put(F.type, from, 2);
    p.put(F.length, from + 2, 2);
    if (length < TLV_HEAD) return DONE;
    if (from + length > end) return p.tooShort(from + length - start);
    const type = u16be(p.bytes, from);
    if (type === 1) p.put(F.deviceName, from + 4, length - 4);
    else if (type === 2) p.put(F.portName, from + 4, length - 4);
    else if (type === 3 && length >= 10) p.put(F.portMac, from + 4, 6);
    from += length;
  }
  return DONE;
}
