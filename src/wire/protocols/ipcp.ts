import { PPP_CODES, pppControlFields, pppOptionFields, putPppData, readPppControl } from '../codecs/ppp-control.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';

const OPTIONS = {
  1: 'IP Addresses (deprecated)', 2: 'IP Compression Protocol', 3: 'IP Address', 4: 'Mobile Node\'s Home IP Address', 129: 'Primary DNS Server IP Address', 130: 'Primary NBNS Server IP Address',
  131: 'Secondary DNS Server IP Address', 132: 'Secondary NBNS Server IP Address',
} as const;
const O = pppOptionFields('ipcp', OPTIONS);

export const ipcpFields = defineFields({
  source: { name: 'ipcp.opt.src_address', ...put('ipv4', 'Source IP Address') },
  destination: { name: 'ipcp.opt.dst_address', ...put('ipv4', 'Destination IP Address') },
  compression: { name: 'ipcp.opt.compress_proto', ...put('u16', 'IP Compression Protocol', { base: 'hex', values: { 0x002d: 'Van Jacobson', 0x0061: 'IP Header Compression' } }) },
  maxSlot: { name: 'ipcp.opt.max_slot_id', ...put('u8', 'Max Slot ID') },
  slotCompressed: { name: 'ipcp.opt.comp_slot_id', ...put('boolean', 'Comp Slot ID', { mask: 0x01 }) },
  address: { name: 'ipcp.opt.ip_address', ...put('ipv4', 'IP Address') },
  dns: { name: 'ipcp.opt.pri_dns_address', ...put('ipv4', 'Primary DNS Address') },
  nbns: { name: 'ipcp.opt.pri_nbns_address', ...put('ipv4', 'Primary NBNS Address') },
  secondDns: { name: 'ipcp.opt.sec_dns_address', ...put('ipv4', 'Secondary DNS Address') },
  secondNbns: { name: 'ipcp.opt.sec_nbns_address', ...put('ipv4', 'Secondary NBNS Address') },
  data: { name: 'ipcp.data', ...put('bytes', 'Data') },
});
const F = ipcpFields;

export const ipcp = defineDissector({
  name: 'ipcp',
  title: 'PPP IP Control Protocol',
  short: 'PPP IPCP',
  spec: ['RFC 1332 §3', 'RFC 1877'],
  over: { 'ppp.protocol': [0x8021] },
  fields: { ...pppControlFields, optionType: O.type, optionLength: O.length, ...F },
  dissect: (p, at, end) => readPppControl(p, at, end, O.type, O.length, readOption, putPppData),
  info: (row) => PPP_CODES[row.num(pppControlFields.code) as keyof typeof PPP_CODES] ?? 'Unknown code',
});
export default ipcp;

function readOption(p: PacketView, type: number, at: number, end: number): void {
  const length = end - at;
  if (type === 1 && length >= 8) {
    p.put(F.source, at, 4);
    p.put(F.destination, at + 4, 4);
  } else if (type === 2 && length >= 2) {
    p.put(F.compression, at, 2);
    if (length >= 4) {
      p.put(F.maxSlot, at + 2, 1);
      p.put(F.slotCompressed, at + 3, 1);
    }
  } else if (length >= 4 && type === 3) p.put(F.address, at, 4);
  else if (length >= 4 && type === 129) p.put(F.dns, at, 4);
  else if (length >= 4 && type === 130) p.put(F.nbns, at, 4);
  else if (length >= 4 && type === 131) p.put(F.secondDns, at, 4);
  else if (length >= 4 && type === 132) p.put(F.secondNbns, at, 4);
  else if (length > 0) p.put(F.data, at, length);
}
