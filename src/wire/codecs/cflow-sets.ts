import { u16be, u32be } from '../../base/bytes.ts';
import { layout, putLayout } from '../layout.ts';
import type { PacketView } from '../packet-view.ts';
import { CFLOW_VALUES, cflowFields as F } from './cflow-fields.ts';

const MAX_TEMPLATES = 512;
const MAX_FIELDS = 512;
const ENTERPRISE = 0x8000;
/** A length that the record itself says (RFC 7011 §7). */
const VARIABLE = 0xffff;
const STARTED = 22;
const ENDED = 21;
const STARTED_MILLISECONDS = 152;
const ENDED_MILLISECONDS = 153;
const TCP_FLAGS = 6;

/** What an exporter announced: types and lengths of a record's values, one after the other. */
export class CflowTemplate {
  readonly frame: number;
  readonly types: Int32Array;
  readonly lengths: Int32Array;

  constructor(frame: number, types: Int32Array, lengths: Int32Array) {
    this.frame = frame;
    this.types = types;
    this.lengths = lengths;
  }
}

/** Templates of one exporter by number. */
export class CflowTemplates {
  readonly byId = new Map<number, CflowTemplate>();
}

const TCP_FLAG_BITS = layout({ 0: [F.tcpflags, F.tcpflagsReserved, F.tcpflagsUrg, F.tcpflagsAck, F.tcpflagsPsh, F.tcpflagsRst, F.tcpflagsSyn, F.tcpflagsFin] });

/** Puts and keeps the templates of a set (RFC 3954 §5.2, RFC 7011 §3.4.1). */
export function putTemplates(p: PacketView, templates: CflowTemplates | undefined, ipfix: boolean, at: number, end: number): void {
  const b = p.bytes;
  for (let i = at; i + 4 <= end;) {
    const id = u16be(b, i);
    const count = u16be(b, i + 2);
    if (id < 256) return;
    p.put(F.templateId, i, 2);
    p.put(F.templateFieldCount, i + 2, 2);
    let q = i + 4;
    const n = Math.min(count, MAX_FIELDS);
    const types = new Int32Array(n);
    const lengths = new Int32Array(n);
    for (let k = 0; k < n; k++) {
      if (q + 4 > end) return;
      const own = ipfix && (u16be(b, q) & ENTERPRISE) !== 0;
      types[k] = own ? -1 : u16be(b, q);
      lengths[k] = u16be(b, q + 2);
      if (ipfix) p.put(F.templateIpfixPenProvided, q, 2);
      p.put(ipfix ? (own ? F.templateIpfixFieldTypeEnterprise : F.templateIpfixFieldType) : F.templateFieldType, q, 2);
      p.put(F.templateFieldLength, q + 2, 2);
      if (own && q + 8 <= end) p.put(F.templateIpfixFieldPen, q + 4, 4);
      q += own ? 8 : 4;
    }
    if (templates !== undefined) {
      if (templates.byId.size >= MAX_TEMPLATES) templates.byId.clear();
      templates.byId.set(id, new CflowTemplate(p.frame, types, lengths));
    }
    i = q;
  }
}

/** Puts the records of a data set by their template; returns where they end. */
export function putRecords(p: PacketView, template: CflowTemplate, at: number, end: number): number {
  const b = p.bytes;
  let i = at;
  for (;;) {
    let q = i;
    for (let k = 0; k < template.types.length; k++) {
      let size = template.lengths[k];
      if (size === VARIABLE) {
        if (q >= end) return i;
        size = b[q++];
        if (size === 255 && q + 2 <= end) {
          size = u16be(b, q);
          q += 2;
        }
      }
      if (q + size > end) return i;
      putValue(p, template.types[k], q, size);
      q += size;
    }
    if (q === i) return i;
    i = q;
  }
}

function putValue(p: PacketView, type: number, at: number, size: number): void {
  if (size === 4 && (type === STARTED || type === ENDED)) {
    const ms = u32be(p.bytes, at);
    p.putTime(type === STARTED ? F.timestart : F.timeend, at, 4, Math.floor(ms / 1000), (ms % 1000) * 1_000_000);
    return;
  }
  if (size === 8 && (type === STARTED_MILLISECONDS || type === ENDED_MILLISECONDS)) {
    const ms = u32be(p.bytes, at) * 0x1_0000_0000 + u32be(p.bytes, at + 4);
    p.putTime(type === STARTED_MILLISECONDS ? F.abstimestart : F.abstimeend, at, 8, Math.floor(ms / 1000), (ms % 1000) * 1_000_000);
    return;
  }
  if (type === TCP_FLAGS && size === 1) {
    putLayout(p, TCP_FLAG_BITS, at, at + 1);
    return;
  }
  const field = CFLOW_VALUES[type];
  if (field === undefined) return;
  const width = field.type === 'ipv4' ? 4 : field.type === 'ipv6' ? 16 : field.type === 'ether' ? 6 : 0;
  if (width === 0 ? size <= 8 : width === size) p.put(field, at, size);
}
