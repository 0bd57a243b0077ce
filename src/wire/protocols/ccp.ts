import { PPP_CODES, pppControlFields, pppOptionFields, putPppData, readPppControl } from '../codecs/ppp-control.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';

const O = pppOptionFields('ccp', { 0: 'OUI', 1: 'Predictor type 1', 2: 'Predictor type 2', 17: 'Stac Electronics LZS', 18: 'Microsoft PPE/PPC', 21: 'BSD LZW Compress', 26: 'Deflate' });

export const ccpFields = defineFields({
  oui: { name: 'ccp.opt.oui', ...put('u24', 'OUI') },
  subtype: { name: 'ccp.opt.subtype', ...put('u8', 'Subtype') },
  historyCount: { name: 'ccp.opt.history_count', ...put('u16', 'History Count') },
  checkMode: { name: 'ccp.opt.check_mode', ...put('u8', 'Check Mode') },
  supported: { name: 'ccp.opt.supported_bits', ...put('u32', 'Supported Bits', { base: 'hex' }) },
});
const F = ccpFields;

export const ccp = defineDissector({
  name: 'ccp',
  title: 'PPP Compression Control Protocol',
  short: 'PPP CCP',
  spec: ['RFC 1962', 'RFC 1974', 'RFC 3078'],
  over: { 'ppp.protocol': [0x80fd] },
  fields: { ...pppControlFields, optionType: O.type, optionLength: O.length, ...F },
  dissect: (p, at, end) => readPppControl(p, at, end, O.type, O.length, readOption, putPppData),
  info: (row) => PPP_CODES[row.num(pppControlFields.code) as keyof typeof PPP_CODES] ?? 'Unknown code',
});
export default ccp;

function readOption(p: PacketView, type: number, at: number, end: number): void {
  const length = end - at;
  if (type === 0 && length >= 4) {
    p.put(F.oui, at, 3);
    p.put(F.subtype, at + 3, 1);
  } else if (type === 17 && length >= 3) {
    p.put(F.historyCount, at, 2);
    p.put(F.checkMode, at + 2, 1);
  } else if (type === 18 && length >= 4) p.put(F.supported, at, 4);
}
