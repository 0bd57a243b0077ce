import { u16be, u32be } from '../../base/bytes.ts';
import { doipFields } from '../codecs/doip-fields.ts';
import type { FieldRun } from '../codecs/field-run.ts';
import { putRun } from '../codecs/field-run.ts';
import { wholePdu } from '../codecs/whole-pdu.ts';
import { defineDissector } from '../define-dissector.ts';
import { DECLINE, DONE } from '../packet-view.ts';

const F = doipFields;
const TCP = 6;
const HEADER_LEN = 8;
const HEAD: FieldRun = [[F.version, 1], [F.inverse, 1], [F.type, 2], [F.length, 4]];
const NAMES: Readonly<Record<number, string>> = {
  0x0000: 'Generic DoIP header NACK', 0x0001: 'Vehicle identification request', 0x0002: 'Vehicle identification request with EID',
  0x0003: 'Vehicle identification request with VIN', 0x0004: 'Vehicle announcement message', 0x0005: 'Routing activation request',
  0x0006: 'Routing activation response', 0x0007: 'Alive check request', 0x0008: 'Alive check response', 0x4001: 'DoIP entity status request',
  0x4002: 'DoIP entity status response', 0x4003: 'Diagnostic power mode information request', 0x4004: 'Diagnostic power mode information response',
  0x8001: 'Diagnostic message', 0x8002: 'Diagnostic message ACK', 0x8003: 'Diagnostic message NACK',
};
const DIAGNOSTIC = 0x8001;
const ACK = 0x8002;
const NACK = 0x8003;

/** What the bodies hold (ISO 13400-2 §7 and §8), by type. */
const BODIES: Readonly<Record<number, FieldRun>> = {
  0x0000: [[F.nackCode, 1]],
  0x0002: [[F.eid, 6]],
  0x0003: [[F.vin, 17]],
  0x0004: [[F.vin, 17], [F.logicalAddress, 2], [F.eid, 6], [F.gid, 6], [F.futherAction, 1], [F.syncStatus, 1]],
  0x0005: [[F.sourceAddress, 2], [F.activationType, 1], [F.reservedIso, 4], [F.reservedOem, 4]],
  0x0006: [[F.testerLogicalAddress, 2], [F.sourceAddress, 2], [F.responseCode, 1], [F.reservedIso, 4], [F.reservedOem, 4]],
  0x0008: [[F.sourceAddress, 2]],
  0x4002: [[F.nodeType, 1], [F.maxSockets, 1], [F.sockets, 1], [F.maxDataSize, 4]],
  0x4004: [[F.powerMode, 1]],
  [DIAGNOSTIC]: [[F.sourceAddress, 2], [F.targetAddress, 2]],
  [ACK]: [[F.sourceAddress, 2], [F.targetAddress, 2], [F.diagAckCode, 1]],
  [NACK]: [[F.sourceAddress, 2], [F.targetAddress, 2], [F.diagNackCode, 1]],
};

/** Diagnostics over IP (ISO 13400-2). */
export const doip = defineDissector({
  name: 'doip',
  title: 'DoIP (ISO13400) Protocol',
  spec: ['ISO 13400-2'],
  over: { 'tcp.port': [13_400], 'udp.port': [13_400] },
  fields: doipFields,
  stream: true,
  short: 'DoIP',
  dissect(p, at, end) {
    const b = p.bytes;
    if (end - at < HEADER_LEN) {
      const wait = p.ipProto === TCP ? p.more(HEADER_LEN - (end - at)) : DONE;
      return wait === DONE ? DECLINE : wait;
    }
    if (((b[at] ^ 0xff) & 0xff) !== b[at + 1]) return DECLINE;
    const type = u16be(b, at + 2);
    if (p.ipProto === TCP) {
      const wait = wholePdu(p, at, HEADER_LEN + u32be(b, at + 4));
      if (wait !== DONE) return wait;
    }
    const stop = Math.min(end, p.wireEnd);
    putRun(p, at, stop, HEAD);
    const run = BODIES[type];
    const rest = run === undefined ? stop : putRun(p, at + HEADER_LEN, stop, run);
    if (rest < 0 || rest >= stop) return DONE;
    if (type === ACK || type === NACK) p.put(F.previous, rest, stop - rest);
    else if (type === DIAGNOSTIC) {
      p.put(F.data, rest, stop - rest);
      p.call(p.id('uds'), rest, p.wireEnd);
    }
    return DONE;
  },
  info: (row) => NAMES[row.num(F.type)] ?? 'Unknown message',
});
export default doip;
