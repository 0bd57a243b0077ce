import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { layout, putLayout } from '../layout.ts';
import { DONE } from '../packet-view.ts';

const RESPONSE = 0x80;
const OPCODES = { 0: 'External Address Request', 1: 'Map UDP Request', 2: 'Map TCP Request', 128: 'External Address Response', 129: 'Map UDP Response', 130: 'Map TCP Response' } as const;

export const natPmpFields = defineFields({
  version: { name: 'nat-pmp.version', ...fixed('u8', 0, 'Version') },
  opcode: { name: 'nat-pmp.opcode', ...fixed('u8', 1, 'Opcode', { values: OPCODES }) },
  resultCode: { name: 'nat-pmp.result_code', ...put('u16', 'Result Code') },
  sssoe: { name: 'nat-pmp.sssoe', ...put('u32', 'Seconds Since Start of Epoch') },
  reserved: { name: 'nat-pmp.reserved', ...put('u16', 'Reserved') },
  internalPort: { name: 'nat-pmp.internal_port', ...put('u16', 'Internal Port') },
  externalPort: { name: 'nat-pmp.external_port', ...put('u16', 'Requested External Port') },
  pml: { name: 'nat-pmp.pml', ...put('u32', 'Requested Port Mapping Lifetime') },
  externalIp: { name: 'nat-pmp.external_ip', ...put('ipv4', 'External IP Address') },
});
const F = natPmpFields;
const RESULT = layout({ 2: F.resultCode, 4: F.sssoe });
const MAP = layout({ 2: [[F.reserved, 2]], 4: F.internalPort, 6: F.externalPort, 8: F.pml });
const MAPPED = layout({ 8: F.internalPort, 10: F.externalPort, 12: F.pml });

/** NAT port mapping; Port Control Protocol shares its ports and hands version 0 on. */
export const natPmp = defineDissector({
  name: 'nat-pmp',
  title: 'NAT Port Mapping Protocol',
  short: 'NAT-PMP',
  spec: ['RFC 6886 §3'],
  over: {},
  fields: natPmpFields,
  column: 'NAT-PMP',
  dissect(p, at, end) {
    if (end - at < 2) return p.tooShort(2);
    const opcode = p.bytes[at + 1];
    if ((opcode & RESPONSE) === 0) {
      if (opcode === 0) return DONE;
      return putLayout(p, MAP, at, end) ? DONE : p.tooShort(MAP.length);
    }
    if (!putLayout(p, RESULT, at, end)) return p.tooShort(RESULT.length);
    if (opcode === RESPONSE) {
      if (end - at >= 12) p.put(F.externalIp, at + 8, 4);
      return DONE;
    }
    putLayout(p, MAPPED, at, end);
    return DONE;
  },
});
export default natPmp;
