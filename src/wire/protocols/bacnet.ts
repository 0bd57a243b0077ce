import type { FieldRun } from '../codecs/field-run.ts';
import { cutShort, putRun } from '../codecs/field-run.ts';
import type { Field } from '../../filter/field.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

const bit = (mask: number, title: string) => put('boolean', title, { mask });

export const bacnetFields = defineFields({
  version: { name: 'bacnet.version', ...put('u8', 'Version') },
  control: { name: 'bacnet.control', ...put('u8', 'Control', { base: 'hex' }) },
  controlNet: { name: 'bacnet.control_net', ...bit(0x80, 'NSDU contains') },
  controlRes1: { name: 'bacnet.control_res1', ...bit(0x40, 'Reserved') },
  controlDest: { name: 'bacnet.control_dest', ...bit(0x20, 'Destination Specifier') },
  controlRes2: { name: 'bacnet.control_res2', ...bit(0x10, 'Reserved') },
  controlSrc: { name: 'bacnet.control_src', ...bit(0x08, 'Source specifier') },
  controlExpect: { name: 'bacnet.control_expect', ...bit(0x04, 'Expecting Reply') },
  controlHigh: { name: 'bacnet.control_prio_high', ...bit(0x02, 'Priority') },
  controlLow: { name: 'bacnet.control_prio_low', ...bit(0x01, 'Priority') },
  dnet: { name: 'bacnet.dnet', ...put('u16', 'Destination Network Address') },
  dlen: { name: 'bacnet.dlen', ...put('u8', 'Destination MAC Layer Address Length') },
  dadrEth: { name: 'bacnet.dadr_eth', ...put('ether', 'Destination ISO 8802-3 MAC Address') },
  dadrMstp: { name: 'bacnet.dadr_mstp', ...put('u8', 'DADR') },
  dadr: { name: 'bacnet.dadr_tmp', ...put('bytes', 'Unknown Destination MAC') },
  snet: { name: 'bacnet.snet', ...put('u16', 'Source Network Address') },
  slen: { name: 'bacnet.slen', ...put('u8', 'Source MAC Layer Address Length') },
  sadrEth: { name: 'bacnet.sadr_eth', ...put('ether', 'SADR') },
  sadrMstp: { name: 'bacnet.sadr_mstp', ...put('u8', 'SADR') },
  sadr: { name: 'bacnet.sadr_tmp', ...put('bytes', 'Unknown Source MAC') },
  hops: { name: 'bacnet.hopc', ...put('u8', 'Hop Count') },
  message: { name: 'bacnet.mesgtyp', ...put('u8', 'Network Layer Message Type', { base: 'hex' }) },
  vendor: { name: 'bacnet.vendor', ...put('u16', 'Vendor ID') },
});
const F = bacnetFields;

const CONTROL: FieldRun = [
  [F.version, 1], [F.control, 1, true], [F.controlNet, 1, true], [F.controlRes1, 1, true], [F.controlDest, 1, true], [F.controlRes2, 1, true],
  [F.controlSrc, 1, true], [F.controlExpect, 1, true], [F.controlHigh, 1, true], [F.controlLow, 1],
];
const NETWORK_MESSAGE = 0x80;
const DESTINATION = 0x20;
const SOURCE = 0x08;
const PROPRIETARY = 0x80;

/** BACnet network layer: NPDU (§6.2). */
export const bacnet = defineDissector({
  name: 'bacnet',
  title: 'Building Automation and Control Network NPDU',
  spec: ['ASHRAE 135-2016 §6'],
  over: { 'llc.dsap': [0x82] },
  fields: bacnetFields,
  short: 'BACnet',
  column: 'BACnet',
  dissect(p, at, end) {
    let pos = putRun(p, at, end, CONTROL);
    if (pos < 0) return cutShort(p, end);
    const control = p.bytes[at + 1];
    if ((control & DESTINATION) !== 0) pos = putAddress(p, pos, end, F.dnet, F.dlen, F.dadrMstp, F.dadrEth, F.dadr);
    if ((control & SOURCE) !== 0 && pos >= 0) pos = putAddress(p, pos, end, F.snet, F.slen, F.sadrMstp, F.sadrEth, F.sadr);
    if (pos < 0) return cutShort(p, end);
    if ((control & DESTINATION) !== 0) {
      if (pos >= end) return cutShort(p, end);
      p.put(F.hops, pos++, 1);
    }
    if ((control & NETWORK_MESSAGE) !== 0) {
      if (pos >= end) return cutShort(p, end);
      p.put(F.message, pos, 1);
      if (p.bytes[pos] >= PROPRIETARY && pos + 3 <= end) p.put(F.vendor, pos + 1, 2);
      return DONE;
    }
    if (pos >= end) return cutShort(p, end);
    p.call(p.id('bacapp'), pos, p.wireEnd);
    return DONE;
  },
});

function putAddress(p: PacketView, at: number, end: number, net: Field, length: Field, one: Field, six: Field, other: Field): number {
  if (at + 3 > end) return -1;
  p.put(net, at, 2);
  p.put(length, at + 2, 1);
  const n = p.bytes[at + 2];
  if (at + 3 + n > end) return -1;
  if (n > 0) p.put(n === 1 ? one : n === 6 ? six : other, at + 3, n);
  return at + 3 + n;
}

export default bacnet;
