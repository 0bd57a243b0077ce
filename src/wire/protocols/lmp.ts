import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { layout, putLayout } from '../layout.ts';
import { DONE } from '../packet-view.ts';

const HEADER_LEN = 8;
const NOT_PRESENT = 3;

const MESSAGES = {
  1: 'Config Message', 2: 'ConfigAck Message', 3: 'ConfigNack Message', 4: 'Hello Message', 5: 'BeginVerify Message', 6: 'BeginVerifyAck Message',
  7: 'BeginVerifyNack Message', 8: 'EndVerify Message', 9: 'EndVerifyAck Message', 10: 'Test Message', 14: 'LinkSummary Message', 15: 'LinkSummaryAck Message',
} as const;

export const lmpFields = defineFields({
  version: { name: 'lmp.version', ...fixed('u8', 0, 'LMP Version') },
  headerFlags: { name: 'lmp.header_flags', ...fixed('u8', 2, 'Flags', { base: 'hex' }) },
  msg: { name: 'lmp.msg', ...fixed('u8', 3, 'Message Type', { values: MESSAGES }) },
  headerLength: { name: 'lmp.header_length', ...fixed('u16', 4, 'Length') },
  checksum: { name: 'lmp.checksum', ...fixed('u16', 6, 'Message Checksum', { base: 'hex' }) },
  hdrCcdown: { name: 'lmp.hdr.ccdown', ...put('boolean', 'ControlChannelDown', { mask: 0x1 }) },
  hdrReboot: { name: 'lmp.hdr.reboot', ...put('boolean', 'Reboot', { mask: 0x2 }) },
  objCtype: { name: 'lmp.obj.ctype', ...put('u8', 'Object C-Type', { mask: 0x7f }) },
  negotiable: { name: 'lmp.negotiable', ...put('boolean', 'Negotiable', { mask: 0x80 }) },
  objectClass: { name: 'lmp.object_class', ...put('u8', 'Object Class') },
  objectLength: { name: 'lmp.object_length', ...put('u16', 'Length') },
  checksumStatus: { name: 'lmp.checksum.status', ...put('u8', 'Checksum Status') },
  object: { name: 'lmp.object', ...put('u8', 'Object') },
});
const F = lmpFields;
const FLAGS = layout({ 2: [F.hdrCcdown, F.hdrReboot] });
const OBJECT = layout({ 0: [F.negotiable, F.objCtype], 1: F.objectClass, 2: F.objectLength });

/** Links between optical switches: head and objects by their heads. */
export const lmp = defineDissector({
  name: 'lmp',
  title: 'Link Management Protocol (LMP)',
  spec: ['RFC 4204 §12'],
  over: { 'udp.port': [701] },
  fields: lmpFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const b = p.bytes;
    putLayout(p, FLAGS, at, end);
    p.putInt(F.checksumStatus, at + 6, 2, NOT_PRESENT);
    const stop = Math.min(end, at + u16be(b, at + 4));
    for (let i = at + HEADER_LEN; i + 4 <= stop;) {
      const length = u16be(b, i + 2);
      if (length < 4) return DONE;
      p.putInt(F.object, i, 1, b[i + 1]);
      putLayout(p, OBJECT, i, end);
      i += length;
    }
    return DONE;
  },
  info: (row) => (MESSAGES as Readonly<Record<number, string>>)[row.num(F.msg)] ?? 'Unknown',
});
export default lmp;
