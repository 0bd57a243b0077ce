import { u16be } from '../../base/bytes.ts';
import type { FieldRun } from '../codecs/field-run.ts';
import { cutShort, putRun } from '../codecs/field-run.ts';
import { hartIpFields } from '../codecs/hart-ip-fields.ts';
import { wholePdu } from '../codecs/whole-pdu.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE } from '../packet-view.ts';

const F = hartIpFields;
const PORT = 5094;
const TCP = 6;
const HEADER_LEN = 8;
const RESPONSE = 1;
const SESSION_INITIATE = 0;
const PASS_THROUGH = 3;
const LONG_ADDRESS = 0x80;
const HEAD: FieldRun = [[F.version, 1], [F.messageType, 1], [F.messageId, 1], [F.status, 1], [F.transactionId, 2], [F.msgLength, 2]];
const SESSION: FieldRun = [[F.sessionInitMasterType, 1], [F.sessionInitInactivityCloseTimer, 4]];
const SHORT: FieldRun = [[F.ptDelimiter, 1], [F.ptShortAddr, 1], [F.ptCommand, 1], [F.ptLength, 1]];
const LONG: FieldRun = [[F.ptDelimiter, 1], [F.ptLongAddress, 5], [F.ptCommand, 1], [F.ptLength, 1]];
const ANSWER: FieldRun = [[F.ptResponseCode, 1], [F.ptDeviceStatus, 1]];

/** HART over IP (HCF_SPEC-085). */
export default defineDissector({
  name: 'hart_ip',
  title: 'HART_IP Protocol',
  spec: ['HCF_SPEC-085 §10'],
  over: { 'tcp.port': [PORT], 'udp.port': [PORT] },
  fields: hartIpFields,
  stream: true,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) {
      const wait = p.ipProto === TCP ? p.more(HEADER_LEN - (end - at)) : DONE;
      return wait === DONE ? DECLINE : wait;
    }
    const length = u16be(p.bytes, at + 6);
    if (p.ipProto === TCP) {
      const wait = wholePdu(p, at, Math.max(length, HEADER_LEN));
      if (wait !== DONE) return wait;
    }
    const stop = Math.min(end, p.wireEnd, at + Math.max(length, HEADER_LEN));
    const body = putRun(p, at, stop, HEAD);
    if (body < 0) return cutShort(p, stop);
    if (body >= stop) return DONE;
    const id = p.bytes[at + 2];
    if (id === SESSION_INITIATE && p.ipProto !== TCP && p.dstPort === PORT) expectAnswer(p);
    if (id === SESSION_INITIATE) return putRun(p, body, stop, SESSION) < 0 ? cutShort(p, stop) : DONE;
    if (id === PASS_THROUGH) return putCommand(p, body, stop, p.bytes[at + 1] === RESPONSE) ? DONE : cutShort(p, stop);
    p.put(F.data, body, stop - body);
    return DONE;
  },
});

/** A device may go on from a port of its own. */
function expectAnswer(p: PacketView): void {
  const size = p.ipVersion === 6 ? 16 : 4;
  p.trackers.expected.expect(p.ipProto, p.network.slice(p.srcAt, p.srcAt + size), p.srcPort, p.network.slice(p.dstAt, p.dstAt + size), p.id('hart_ip'), undefined);
}

/** A frame of the HART token passing layer. */
function putCommand(p: PacketView, at: number, end: number, isResponse: boolean): boolean {
  let pos = putRun(p, at, end, (p.bytes[at] & LONG_ADDRESS) !== 0 ? LONG : SHORT);
  if (pos < 0) return false;
  const to = pos + p.bytes[pos - 1];
  if (to + 1 > end) return false;
  if (isResponse && to - pos >= 2) pos = putRun(p, pos, to, ANSWER);
  if (to > pos) p.put(F.ptPayload, pos, to - pos);
  p.put(F.ptChecksum, to, 1);
  return true;
}
