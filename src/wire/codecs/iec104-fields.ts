import { defineFields, put } from '../define-dissector.ts';

export const iec104Fields = defineFields({
  start: { name: 'iec60870_asdu.start', ...put('u8', 'START', { base: 'hex' }) },
  apdulen: { name: 'iec60870_104.apdulen', ...put('u8', 'ApduLen') },
  type: { name: 'iec60870_104.type', ...put('u32', 'Type', { base: 'hex', mask: 0x1, little: true }) },
  utype: { name: 'iec60870_104.utype', ...put('u32', 'UType', { base: 'hex', mask: 0xfc, little: true }) },
  tx: { name: 'iec60870_104.tx', ...put('u32', 'Tx', { mask: 0xfffe, little: true }) },
  rx: { name: 'iec60870_104.rx', ...put('u32', 'Rx', { mask: 0xfffe0000, little: true }) },
  data: { name: 'iec60870_104.data', ...put('bytes', 'Data') },
});
