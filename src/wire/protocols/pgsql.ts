import { u16be, u32be } from '../../base/bytes.ts';
import type { FieldRun } from '../codecs/field-run.ts';
import { cutShort, putRun } from '../codecs/field-run.ts';
import { pgsqlFields } from '../codecs/pgsql-fields.ts';
import { BACKEND, ERROR_FIELDS, FRONTEND } from '../codecs/pgsql-messages.ts';
import { wholePdu } from '../codecs/whole-pdu.ts';
import type { Field } from '../../filter/field.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE, SILENT } from '../packet-view.ts';

const F = pgsqlFields;
const PORT = 5432;
/** Type and length; the first messages of a client have no type. */
const HEADER_LEN = 5;

const CANCEL = 80_877_102;
const TLS = 80_877_103;
const GSS_ENCRYPTION = 80_877_104;

const AUTH_MD5 = 5;
const AUTH_CRYPT = 4;
const AUTH_GSS = 7;
const AUTH_CONTINUE = 8;
const AUTH_SASL = 10;
const AUTH_SASL_CONTINUE = 11;
const AUTH_SASL_FINAL = 12;

const KEY: FieldRun = [[F.pid, 4], [F.key, 4]];
const VERSION: FieldRun = [[F.versionMajor, 2], [F.versionMinor, 2]];
const COLUMN: FieldRun = [[F.oidTable, 4], [F.colIndex, 2], [F.oidType, 4], [F.valLength, 2], [F.colTypemod, 4], [F.format, 2]];

/** What decides how the next messages are read. */
interface Connection {
  /** Authentication that the server asked for last. */
  auth: number;
  /** TLS was asked for, and the answer of one byte is awaited. */
  asked: boolean;
}

/** PostgreSQL, protocol 3. */
export const pgsql = defineDissector({
  name: 'pgsql',
  title: 'PostgreSQL',
  spec: ['PostgreSQL 16 §55'],
  over: { 'tcp.port': [PORT] },
  fields: pgsqlFields,
  stream: true,
  dissect(p, at, end) {
    const b = p.bytes;
    const isFrontend = p.dstPort === PORT;
    const talk = p.flow >= 0 ? p.trackers.state('pgsql', p.flow, createConnection) : undefined;
    if (talk?.asked === true && !isFrontend && at + 1 === p.wireEnd) return answeredTls(p, at, talk);
    if (end - at < HEADER_LEN) {
      const wait = p.more(0);
      return wait === DONE ? DECLINE : wait;
    }
    const typed = b[at] !== 0 ? 1 : 0;
    const length = u32be(b, at + typed);
    if (length < 4) return DECLINE;
    const wait = wholePdu(p, at, length + typed);
    if (wait !== DONE) return wait;
    const stop = Math.min(end, p.wireEnd);
    if (p.wants(F.type)) p.putText(F.type, at, typed, typeName(b, at, typed, isFrontend, talk));
    p.put(F.length, at + typed, 4);
    p.putInt(F.frontend, at, 0, isFrontend ? 1 : 0);
    const body = at + typed + 4;
    const done = typed === 0 ? putStartup(p, body, stop, talk) : isFrontend ? putFrontend(p, b[at], body, stop, talk) : putBackend(p, b[at], body, stop, talk);
    return done < 0 ? cutShort(p, stop) : DONE;
  },
  info: (row) => row.all(F.type).join(', '),
});

const createConnection = (): Connection => ({ auth: -1, asked: false });

function answeredTls(p: PacketView, at: number, talk: Connection): number {
  talk.asked = false;
  if (p.bytes[at] === 0x53) p.setApp(p.id('tls'));
  return SILENT;
}

function typeName(b: Uint8Array, at: number, typed: number, isFrontend: boolean, talk: Connection | undefined): string {
  if (typed === 0) {
    const code = u32be(b, at + 4);
    return code === TLS ? 'SSL request' : code === CANCEL ? 'Cancel request' : code === GSS_ENCRYPTION ? 'GSS encrypt request' : 'Startup message';
  }
  if (isFrontend && b[at] === 0x70) {
    if (talk?.auth === AUTH_SASL) return 'SASLInitialResponse message';
    if (talk?.auth === AUTH_SASL_CONTINUE) return 'SASLResponse message';
    if (talk?.auth === AUTH_GSS || talk?.auth === AUTH_CONTINUE) return 'GSSResponse message';
  }
  return (isFrontend ? FRONTEND : BACKEND)[String.fromCharCode(b[at])] ?? 'Unknown';
}

/** Puts a text that ends with a zero. Returns the byte behind it, -1 where there is none. */
function putText(p: PacketView, f: Field, at: number, end: number): number {
  if (at < 0) return at;
  const b = p.bytes;
  let i = at;
  while (i < end && b[i] !== 0) i++;
  if (i >= end) return -1;
  p.put(f, at, i - at);
  return i + 1;
}

function putStartup(p: PacketView, at: number, end: number, talk: Connection | undefined): number {
  const code = at + 4 <= end ? u32be(p.bytes, at) : -1;
  if (code === TLS || code === GSS_ENCRYPTION) {
    if (talk !== undefined) talk.asked = true;
    return end;
  }
  if (code === CANCEL) return putRun(p, at + 4, end, KEY);
  let pos = putRun(p, at, end, VERSION);
  while (pos >= 0 && pos < end && p.bytes[pos] !== 0) pos = putText(p, F.parameterValue, putText(p, F.parameterName, pos, end), end);
  return pos;
}

function putFrontend(p: PacketView, type: number, at: number, end: number, talk: Connection | undefined): number {
  switch (type) {
    case 0x70: return putPassword(p, at, end, talk); // p
    case 0x51: return putText(p, F.query, at, end); // Q
    case 0x50: return putParse(p, at, end); // P
    case 0x42: return putText(p, F.statement, putText(p, F.portal, at, end), end); // B
    case 0x45: { // E
      const rows = putText(p, F.portal, at, end);
      if (rows < 0 || rows + 4 > end) return -1;
      p.put(F.returns, rows, 4);
      return end;
    }
    case 0x44: case 0x43: return at < end ? putText(p, p.bytes[at] === 0x53 ? F.statement : F.portal, at + 1, end) : -1; // D, C
    case 0x64: p.put(F.copydata, at, end - at); return end; // d
    case 0x66: return putText(p, F.error, at, end); // f
    case 0x46: if (at + 4 > end) return -1; p.put(F.oid, at, 4); return end; // F
    default: return end;
  }
}

function putPassword(p: PacketView, at: number, end: number, talk: Connection | undefined): number {
  if (talk?.auth === AUTH_SASL) {
    const length = putText(p, F.authSaslMech, at, end);
    if (length < 0 || length + 4 > end) return -1;
    p.put(F.authSaslDataLength, length, 4);
    if (length + 4 < end) p.put(F.authSaslData, length + 4, end - length - 4);
    return end;
  }
  if (talk?.auth === AUTH_SASL_CONTINUE) p.put(F.authSaslData, at, end - at);
  else if (talk?.auth === AUTH_GSS || talk?.auth === AUTH_CONTINUE) p.put(F.authGssapiSspiData, at, end - at);
  else return putText(p, F.password, at, end);
  return end;
}

function putParse(p: PacketView, at: number, end: number): number {
  const pos = putText(p, F.query, putText(p, F.statement, at, end), end);
  if (pos < 0 || pos + 2 > end) return -1;
  return putEach(p, F.oidType, 4, pos + 2, end, u16be(p.bytes, pos));
}

/** `count` values of `len` bytes each. */
function putEach(p: PacketView, f: Field, len: number, at: number, end: number, count: number): number {
  if (at + count * len > end) return -1;
  for (let i = 0; i < count; i++) p.put(f, at + i * len, len);
  return at + count * len;
}

function putBackend(p: PacketView, type: number, at: number, end: number, talk: Connection | undefined): number {
  switch (type) {
    case 0x52: return putAuthentication(p, at, end, talk); // R
    case 0x4b: return putRun(p, at, end, KEY); // K
    case 0x53: return putText(p, F.parameterValue, putText(p, F.parameterName, at, end), end); // S
    case 0x43: return putText(p, F.tag, at, end); // C
    case 0x5a: if (at >= end) return -1; p.put(F.status, at, 1); return end; // Z
    case 0x54: return putColumns(p, at, end); // T
    case 0x44: return putRow(p, at, end); // D
    case 0x74: return at + 2 <= end ? putEach(p, F.oidType, 4, at + 2, end, u16be(p.bytes, at)) : -1; // t
    case 0x45: case 0x4e: return putError(p, at, end); // E, N
    case 0x41: { // A
      if (at + 4 > end) return -1;
      p.put(F.pid, at, 4);
      const text = putText(p, F.condition, at + 4, end);
      return text >= 0 && text < end && p.bytes[text] !== 0 ? putText(p, F.text, text, end) : text;
    }
    case 0x47: case 0x48: case 0x57: { // G, H, W
      if (at + 3 > end) return -1;
      p.put(F.format, at, 1);
      return putEach(p, F.format, 2, at + 3, end, u16be(p.bytes, at + 1));
    }
    case 0x64: p.put(F.copydata, at, end - at); return end; // d
    default: return end;
  }
}

function putAuthentication(p: PacketView, at: number, end: number, talk: Connection | undefined): number {
  if (at + 4 > end) return -1;
  const kind = u32be(p.bytes, at);
  if (talk !== undefined) talk.auth = kind;
  p.put(F.authtype, at, 4);
  const data = at + 4;
  if (kind === AUTH_MD5 || kind === AUTH_CRYPT) p.put(F.salt, data, Math.min(kind === AUTH_MD5 ? 4 : 2, end - data));
  else if (kind === AUTH_CONTINUE) p.put(F.authGssapiSspiData, data, end - data);
  else if (kind === AUTH_SASL) for (let pos = data; pos >= 0 && pos < end && p.bytes[pos] !== 0; ) pos = putText(p, F.authSaslMech, pos, end);
  else if (kind === AUTH_SASL_CONTINUE || kind === AUTH_SASL_FINAL) p.put(F.authSaslData, data, end - data);
  return end;
}

function putColumns(p: PacketView, at: number, end: number): number {
  if (at + 2 > end) return -1;
  p.put(F.fieldCount, at, 2);
  let pos = at + 2;
  for (let n = u16be(p.bytes, at); n > 0 && pos >= 0; n--) {
    pos = putText(p, F.colName, pos, end);
    if (pos >= 0) pos = putRun(p, pos, end, COLUMN);
  }
  return pos;
}

function putRow(p: PacketView, at: number, end: number): number {
  if (at + 2 > end) return -1;
  p.put(F.fieldCount, at, 2);
  let pos = at + 2;
  for (let n = u16be(p.bytes, at); n > 0; n--) {
    if (pos + 4 > end) return -1;
    // -1 stands for NULL.
    const length = u32be(p.bytes, pos) | 0;
    p.put(F.valLength, pos, 4);
    pos += 4;
    if (length <= 0) continue;
    if (pos + length > end) return -1;
    p.put(F.valData, pos, length);
    pos += length;
  }
  return pos;
}

function putError(p: PacketView, at: number, end: number): number {
  let pos = at;
  while (pos >= 0 && pos < end && p.bytes[pos] !== 0) pos = putText(p, ERROR_FIELDS[String.fromCharCode(p.bytes[pos])] ?? F.text, pos + 1, end);
  return pos;
}

export default pgsql;
