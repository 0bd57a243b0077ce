import { u16le, u32le } from '../../base/bytes.ts';
import { amsFields } from '../codecs/ams-fields.ts';
import type { FieldRun } from '../codecs/field-run.ts';
import { cutShort, putRun } from '../codecs/field-run.ts';
import { noteStray } from '../codecs/stray-text.ts';
import { wholePdu } from '../codecs/whole-pdu.ts';
import type { Field } from '../../filter/field.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE } from '../packet-view.ts';

const F = amsFields;

// AMS/TCP head: reserved, length. AMS head: target, sender (net id of 6, port), command, flags, length, error, invoke id.
const TCP_HEAD = 6;
const HEADER_LEN = 32;
const COMMAND = 16;
const FLAGS = 18;
const RESPONSE = 1;
const READ_DEVICE_INFO = 1;
const DEVICE_NAME_LEN = 16;

const STATE: FieldRun = [
  [F.stateflags, 2, true], [F.stateResponse, 2, true], [F.stateNoreturn, 2, true], [F.stateAdscmd, 2, true], [F.stateSyscmd, 2, true], [F.stateHighprio, 2, true],
  [F.stateTimestampadded, 2, true], [F.stateUdp, 2, true], [F.stateInitcmd, 2, true], [F.stateBroadcast, 2],
];
const REST: FieldRun = [[F.cbdata, 4], [F.errorcode, 4], [F.invokeid, 4]];
const ADDRESS: FieldRun = [[F.adsIndexgroup, 4], [F.adsIndexoffset, 4], [F.adsCblength, 4]];
const READ_WRITE: FieldRun = [[F.adsIndexgroup, 4], [F.adsIndexoffset, 4], [F.adsCbreadlength, 4], [F.adsCbwritelength, 4]];
const RESULT: FieldRun = [[F.adsresult, 4]];
const RESULT_LENGTH: FieldRun = [[F.adsresult, 4], [F.adsCblength, 4]];
const RESULT_STATE: FieldRun = [[F.adsresult, 4], [F.adsState, 2], [F.adsDevicestate, 2]];
const STATE_LENGTH: FieldRun = [[F.adsState, 2], [F.adsDevicestate, 2], [F.adsCblength, 4]];
const DEVICE: FieldRun = [[F.adsresult, 4], [F.adsVersionversion, 1], [F.adsVersionrevision, 1], [F.adsVersionbuild, 2], [F.adsDevicename, DEVICE_NAME_LEN]];

/** Requests and responses by command (Beckhoff Information System, ADS Commands). */
const REQUESTS: Readonly<Record<number, FieldRun>> = { 2: ADDRESS, 3: ADDRESS, 5: STATE_LENGTH, 9: READ_WRITE };
const RESPONSES: Readonly<Record<number, FieldRun>> = { 1: DEVICE, 2: RESULT_LENGTH, 3: RESULT, 4: RESULT_STATE, 5: RESULT, 6: RESULT, 7: RESULT, 9: RESULT_LENGTH };
const LABELS: Readonly<Record<number, readonly [request: Field, response: Field]>> = {
  1: [F.adsReaddinfoReq, F.adsReaddinfoRes], 2: [F.adsReadReq, F.adsReadRes], 3: [F.adsWriteReq, F.adsWriteRes], 4: [F.adsReadstateReq, F.adsReadstateRes],
  5: [F.adsWritectrlReq, F.adsWritectrlRes], 6: [F.adsAdddnReq, F.adsAdddnRes], 7: [F.adsDeldnReq, F.adsDeldnRes], 9: [F.adsReadwriteReq, F.adsReadwriteRes],
};

/** AMS and ADS: messages between TwinCAT devices. */
export const ams = defineDissector({
  name: 'ams',
  title: 'AMS',
  spec: ['Beckhoff Information System, AMS/ADS'],
  over: { 'tcp.port': [48_898] },
  fields: amsFields,
  stream: true,
  dissect(p, at, end) {
    if (end - at < TCP_HEAD) {
      const wait = p.more(0);
      return wait === DONE ? DECLINE : wait;
    }
    if (u16le(p.bytes, at) !== 0) return DECLINE;
    const wait = wholePdu(p, at, TCP_HEAD + u32le(p.bytes, at + 2));
    if (wait !== DONE) return wait;
    const stop = Math.min(end, p.wireEnd);
    return putMessage(p, at + TCP_HEAD, stop) ? DONE : cutShort(p, stop);
  },
});

function putMessage(p: PacketView, at: number, end: number): boolean {
  const b = p.bytes;
  if (at + HEADER_LEN > end) return false;
  putNetId(p, F.targetnetid, at);
  p.put(F.targetport, at + 6, 2);
  putNetId(p, F.sendernetid, at + 8);
  p.put(F.senderport, at + 14, 2);
  p.put(F.cmdid, at + COMMAND, 2);
  putRun(p, at + FLAGS, end, STATE);
  putRun(p, at + FLAGS + 2, end, REST);
  const command = u16le(b, at + COMMAND);
  const isResponse = (b[at + FLAGS] & RESPONSE) !== 0;
  const body = at + HEADER_LEN;
  const label = LABELS[command];
  if (label === undefined) return true;
  p.open(isResponse ? label[1] : label[0], body);
  const run = (isResponse ? RESPONSES : REQUESTS)[command];
  const rest = run === undefined || body >= end ? body : putRun(p, body, end, run);
  if (command === READ_DEVICE_INFO && isResponse && rest > body) noteStray(p, rest - DEVICE_NAME_LEN, rest);
  if (rest >= 0 && rest < end) p.put(F.adsData, rest, end - rest);
  p.close(end);
  return rest >= 0;
}

/** Six numbers with full stops between them. */
function putNetId(p: PacketView, f: Field, at: number): void {
  if (!p.wants(f)) return;
  let text = String(p.bytes[at]);
  for (let i = 1; i < 6; i++) text += `.${p.bytes[at + i]}`;
  p.putText(f, at, 6, text);
}

export default ams;
