import { u16be, u32be } from '../../base/bytes.ts';
import { cflowFields } from '../codecs/cflow-fields.ts';
import { CflowTemplates, putRecords, putTemplates } from '../codecs/cflow-sets.ts';
import { defineDissector } from '../define-dissector.ts';
import { layout, putLayout } from '../layout.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE, unfit } from '../packet-view.ts';

const HEADER_V5 = 24;
const RECORD_V5 = 48;
const HEADER_V9 = 20;
const HEADER_IPFIX = 16;

// Set ids (RFC 3954 §5, RFC 7011 §3.3.2).
const TEMPLATES_V9 = 0;
const OPTIONS_V9 = 1;
const TEMPLATES_IPFIX = 2;
const OPTIONS_IPFIX = 3;
const FIRST_DATA = 256;

const F = cflowFields;
const V5_TAIL = layout({ 12: F.unixNsecs, 16: F.sequence, 20: F.engineType, 21: F.engineId, 22: [F.samplingmode, F.samplerate] });
const V5_RECORD = layout({
  0: F.srcaddr, 4: F.dstaddr, 8: F.nexthop, 12: [[F.inputint, 2]], 14: [[F.outputint, 2]], 16: [[F.packets, 4]], 20: [[F.octets, 4]], 32: F.srcport, 34: F.dstport,
  36: [[F.padding, 1]], 37: F.tcpflags, 38: F.protocol, 39: F.tos, 40: [[F.srcas, 2]], 42: [[F.dstas, 2]], 44: F.srcmask, 45: F.dstmask, 46: [[F.padding, 2]],
});
const createTemplates = (): CflowTemplates => new CflowTemplates();

/** NetFlow versions 5 and 9 and IPFIX. */
export const cflow = defineDissector({
  name: 'cflow',
  title: 'Cisco NetFlow/IPFIX',
  spec: ['RFC 3954', 'RFC 7011', 'RFC 7012', 'Cisco "NetFlow Export Datagram Format"'],
  over: { 'udp.port': [2055, 4739, 9996], 'sctp.port': [4739], 'tcp.port': [4739] },
  fields: cflowFields,
  dissect(p, at, end) {
    if (end - at < 4) return p.tooShort(4);
    switch (u16be(p.bytes, at)) {
      case 5: return dissectFifth(p, at, end);
      case 9: return dissectNinth(p, at, end);
      case 10: return dissectIpfix(p, at, end);
      default: return DECLINE;
    }
  },
  info: (row) => `version ${row.text(F.version)}`,
});
export default cflow;

function putUptime(p: PacketView, at: number): void {
  const ms = u32be(p.bytes, at);
  p.putTime(F.sysuptime, at, 4, Math.floor(ms / 1000), (ms % 1000) * 1_000_000);
}

function putClock(p: PacketView, at: number, nanos: number): void {
  p.putTime(F.timestamp, at, 4, u32be(p.bytes, at), nanos);
  p.put(F.unixSecs, at, 4);
}

function dissectFifth(p: PacketView, at: number, end: number): number {
  if (end - at < HEADER_V5) return p.tooShort(HEADER_V5);
  const b = p.bytes;
  p.put(F.count, at + 2, 2);
  putUptime(p, at + 4);
  putClock(p, at + 8, u32be(b, at + 12));
  putLayout(p, V5_TAIL, at, end);
  let i = at + HEADER_V5;
  for (let n = u16be(b, at + 2); n > 0; n--, i += RECORD_V5) {
    if (i + RECORD_V5 > end) return p.tooShort(i + RECORD_V5 - at);
    putLayout(p, V5_RECORD, i, end);
    const first = u32be(b, i + 24);
    const last = u32be(b, i + 28);
    const span = last - first;
    p.putTime(F.timedelta, i + 24, 0, Math.trunc(span / 1000), (span % 1000) * 1_000_000);
    p.putTime(F.timestart, i + 24, 4, Math.floor(first / 1000), (first % 1000) * 1_000_000);
    p.putTime(F.timeend, i + 28, 4, Math.floor(last / 1000), (last % 1000) * 1_000_000);
  }
  return DONE;
}

function dissectNinth(p: PacketView, at: number, end: number): number {
  if (end - at < HEADER_V9) return p.tooShort(HEADER_V9);
  p.put(F.count, at + 2, 2);
  putUptime(p, at + 4);
  putClock(p, at + 8, 0);
  p.put(F.sequence, at + 12, 4);
  p.put(F.sourceId, at + 16, 4);
  return putSets(p, false, at, at + HEADER_V9, end);
}

function dissectIpfix(p: PacketView, at: number, end: number): number {
  if (end - at < HEADER_IPFIX) return p.tooShort(HEADER_IPFIX);
  p.put(F.len, at + 2, 2);
  p.putTime(F.timestamp, at + 4, 4, u32be(p.bytes, at + 4), 0);
  p.put(F.exporttime, at + 4, 4);
  p.put(F.sequence, at + 8, 4);
  p.put(F.odId, at + 12, 4);
  return putSets(p, true, at, at + HEADER_IPFIX, Math.min(end, at + u16be(p.bytes, at + 2)));
}

function putSets(p: PacketView, ipfix: boolean, message: number, at: number, end: number): number {
  const b = p.bytes;
  const templates = p.track && p.flow >= 0 ? p.trackers.state('cflow', p.flow, createTemplates) : undefined;
  for (let i = at; i + 4 <= end;) {
    const id = u16be(b, i);
    const length = u16be(b, i + 2);
    const next = i + length;
    p.put(F.flowsetId, i, 2);
    p.put(F.flowsetLength, i + 2, 2);
    if (length < 4) return unfit(p);
    if (next > end) return p.tooShort(next - message);
    if (id === (ipfix ? TEMPLATES_IPFIX : TEMPLATES_V9)) putTemplates(p, templates, ipfix, i + 4, next);
    else if (id === OPTIONS_V9 && !ipfix) putOptionTemplate(p, i + 4, next);
    else if (id === OPTIONS_IPFIX && ipfix && i + 10 <= next) p.put(F.templateId, i + 4, 2);
    else if (id >= FIRST_DATA) {
      const template = templates?.byId.get(id);
      if (template !== undefined) {
        p.putInt(F.templateFrame, i + 4, 0, template.frame);
        const rest = putRecords(p, template, i + 4, next);
        if (rest < next) p.put(F.padding, rest, next - rest);
      }
    }
    i = next;
  }
  return DONE;
}

/** What options an exporter tells, by scope (RFC 3954 §6.1). */
function putOptionTemplate(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  if (end - at < 6) return;
  const scopes = u16be(b, at + 2);
  const options = u16be(b, at + 4);
  p.put(F.templateId, at, 2);
  p.put(F.optionScopeLength, at + 2, 2);
  p.put(F.optionLength, at + 4, 2);
  let i = at + 6;
  for (const stop = i + scopes; i + 4 <= Math.min(stop, end); i += 4) {
    p.put(F.scopeFieldType, i, 2);
    p.put(F.templateFieldLength, i + 2, 2);
  }
  for (const stop = i + options; i + 4 <= Math.min(stop, end); i += 4) {
    p.put(F.templateFieldType, i, 2);
    p.put(F.templateFieldLength, i + 2, 2);
  }
  if (i < end) p.put(F.padding, i, end - i);
}
