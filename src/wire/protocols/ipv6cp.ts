import { PPP_CODES, pppControlFields, pppOptionFields, putPppData, readPppControl } from '../codecs/ppp-control.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';

const O = pppOptionFields('ipv6cp', { 1: 'Interface Identifier', 2: 'IPv6 compression' });

export const ipv6cpFields = defineFields({
  interfaceId: { name: 'ipv6cp.opt.interface_identifier', ...put('bytes', 'Interface Identifier') },
});
const F = ipv6cpFields;

export const ipv6cp = defineDissector({
  name: 'ipv6cp',
  title: 'PPP IPv6 Control Protocol',
  short: 'PPP IPV6CP',
  spec: ['RFC 5072 §4'],
  over: { 'ppp.protocol': [0x8057] },
  fields: { ...pppControlFields, optionType: O.type, optionLength: O.length, ...F },
  dissect: (p, at, end) => readPppControl(p, at, end, O.type, O.length, readOption, putPppData),
  info: (row) => PPP_CODES[row.num(pppControlFields.code) as keyof typeof PPP_CODES] ?? 'Unknown code',
});
export default ipv6cp;

function readOption(p: PacketView, type: number, at: number, end: number): void {
  if (type === 1 && end - at >= 8) p.put(F.interfaceId, at, 8);
}
