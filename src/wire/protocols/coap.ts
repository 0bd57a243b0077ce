import { u16be } from '../../base/bytes.ts';
import type { FieldRun } from '../codecs/field-run.ts';
import { cutShort, putRun } from '../codecs/field-run.ts';
import { mediaLayer } from '../codecs/http-media.ts';
import type { Field } from '../../filter/field.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE } from '../packet-view.ts';

export const coapFields = defineFields({
  version: { name: 'coap.version', ...put('u8', 'Version', { mask: 0xc0 }) },
  type: { name: 'coap.type', ...put('u8', 'Type', { mask: 0x30, values: { 0: 'Confirmable', 1: 'Non-Confirmable', 2: 'Acknowledgement', 3: 'Reset' } }) },
  tokenLength: { name: 'coap.token_len', ...put('u8', 'Token Length', { mask: 0xf }) },
  code: { name: 'coap.code', ...put('u8', 'Code') },
  messageId: { name: 'coap.mid', ...put('u16', 'Message ID') },
  token: { name: 'coap.token', ...put('bytes', 'Token') },
  responseTo: { name: 'coap.response_to', ...put('framenum', 'Request In') },
  responseTime: { name: 'coap.response_time', ...put('reltime', 'Response Time') },
  delta: { name: 'coap.opt.delta', ...put('u8', 'Opt Delta', { mask: 0xf0 }) },
  deltaMore: { name: 'coap.opt.delta_ext', ...put('u16', 'Opt Delta extended') },
  length: { name: 'coap.opt.length', ...put('u8', 'Opt Length', { mask: 0xf }) },
  lengthMore: { name: 'coap.opt.length_ext', ...put('u16', 'Opt Length extended') },
  end: { name: 'coap.opt.end_marker', ...put('u8', 'End of options marker') },
  etag: { name: 'coap.opt.etag', ...put('bytes', 'Etag') },
  ifMatch: { name: 'coap.opt.if_match', ...put('bytes', 'If-Match') },
  uriHost: { name: 'coap.opt.uri_host', ...put('string', 'Uri-Host') },
  uriPort: { name: 'coap.opt.uri_port', ...put('u16', 'Uri-Port') },
  uriPath: { name: 'coap.opt.uri_path', ...put('string', 'Uri-Path') },
  uriQuery: { name: 'coap.opt.uri_query', ...put('string', 'Uri-Query') },
  uriPathWhole: { name: 'coap.opt.uri_path_recon', ...put('string', 'Uri-Path') },
  locationPath: { name: 'coap.opt.location_path', ...put('string', 'Location-Path') },
  locationQuery: { name: 'coap.opt.location_query', ...put('string', 'Location-Query') },
  contentFormat: { name: 'coap.opt.ctype', ...put('string', 'Content-type') },
  observe: { name: 'coap.opt.observe', ...put('u32', 'Observe') },
  maxAge: { name: 'coap.opt.max_age', ...put('u32', 'Max-age') },
  proxyUri: { name: 'coap.opt.proxy_uri', ...put('string', 'Proxy-Uri') },
  size1: { name: 'coap.opt.size1', ...put('u32', 'Size1') },
  unknown: { name: 'coap.opt.unknown', ...put('bytes', 'Unknown') },
  payload: { name: 'coap.payload', ...put('string', 'Payload') },
  payloadLength: { name: 'coap.payload_length', ...put('u32', 'Payload Length') },
});
const F = coapFields;

const HEADER_LEN = 4;
const END_OF_OPTIONS = 0xff;
const URI_PATH = 11;
const CONTENT_FORMAT = 12;
/** Content formats (RFC 7252 §12.3). */
const CONTENT_FORMATS: Readonly<Record<number, string>> = {
  0: 'text/plain; charset=utf-8', 40: 'application/link-format', 41: 'application/xml', 42: 'application/octet-stream', 47: 'application/exi', 50: 'application/json', 60: 'application/cbor',
};
const NO_FORMAT = 'application/octet-stream (no Content-Format)';
/** Of the message at hand, left by `putOptions`. */
let format = NO_FORMAT;
/** Exchanges that wait for their answer, in the table of all protocols. */
const PENDING = 0x636f;
const HEAD: FieldRun = [[F.version, 1, true], [F.type, 1, true], [F.tokenLength, 1], [F.code, 1], [F.messageId, 2]];
/** Options by number (RFC 7252 §12.2, RFC 7641). */
const OPTIONS: Readonly<Record<number, Field>> = {
  1: F.ifMatch, 3: F.uriHost, 4: F.etag, 6: F.observe, 7: F.uriPort, 8: F.locationPath, 11: F.uriPath, 14: F.maxAge, 15: F.uriQuery, 20: F.locationQuery,
  35: F.proxyUri, 60: F.size1,
};

/** Constrained Application Protocol. */
export const coap = defineDissector({
  name: 'coap',
  title: 'Constrained Application Protocol',
  spec: ['RFC 7252 §3', 'RFC 7641'],
  over: { 'udp.port': [5683] },
  fields: coapFields,
  short: 'CoAP',
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return end < p.wireEnd ? p.tooShort(HEADER_LEN) : DECLINE;
    const b = p.bytes;
    if (b[at] >> 6 !== 1) return DECLINE;
    putRun(p, at, end, HEAD);
    const token = b[at] & 15;
    const options = at + HEADER_LEN + token;
    if (token > 8 || options > end) return cutShort(p, end);
    if (token > 0) p.put(F.token, at + HEADER_LEN, token);
    const payload = putOptions(p, options, end);
    if (payload < 0) return cutShort(p, end);
    pair(p, at, token);
    if (payload < end) {
      p.putInt(F.payloadLength, payload, 0, end - payload);
      putPayload(p, payload, end);
    }
    return DONE;
  },
  info: (row) => `${row.text(F.code)} ${row.text(F.uriPathWhole)}`,
});

/** Options in the order of their numbers, each a difference (§3.1). Returns where the payload begins, -1 where they are cut. */
function putOptions(p: PacketView, at: number, end: number): number {
  const b = p.bytes;
  format = NO_FORMAT;
  let number = 0;
  let path = '';
  let pos = at;
  while (pos < end) {
    if (b[pos] === END_OF_OPTIONS) {
      p.put(F.end, pos++, 1);
      break;
    }
    let delta = b[pos] >> 4;
    let length = b[pos] & 15;
    p.put(F.delta, pos, 1);
    p.put(F.length, pos, 1);
    pos++;
    if (pos + extended(delta) + extended(length) > end || delta === 15 || length === 15) return -1;
    const deltaLen = extended(delta);
    if (deltaLen > 0) p.put(F.deltaMore, pos, deltaLen);
    delta = deltaLen === 1 ? 13 + b[pos] : deltaLen === 2 ? 269 + u16be(b, pos) : delta;
    pos += deltaLen;
    const lengthLen = extended(length);
    if (lengthLen > 0) p.put(F.lengthMore, pos, lengthLen);
    length = lengthLen === 1 ? 13 + b[pos] : lengthLen === 2 ? 269 + u16be(b, pos) : length;
    pos += lengthLen;
    number += delta;
    if (pos + length > end) return -1;
    if (number === CONTENT_FORMAT && length <= 2) {
      format = CONTENT_FORMATS[length === 2 ? u16be(b, pos) : length === 1 ? b[pos] : 0] ?? 'Unknown Type';
      if (p.wants(F.contentFormat)) p.putText(F.contentFormat, pos, length, format);
    } else p.put(OPTIONS[number] ?? F.unknown, pos, length);
    if (number === URI_PATH && p.wants(F.uriPathWhole)) path += `/${p.host.utf8(b, pos, pos + length)}`;
    pos += length;
  }
  if (path !== '') p.putText(F.uriPathWhole, at, 0, path);
  return pos;
}

function putPayload(p: PacketView, at: number, end: number): void {
  if (p.wants(F.payload)) p.putText(F.payload, at, end - at, `Payload Content-Format: ${format}, Length: ${end - at}`);
  const layer = p.id(mediaLayer(format));
  p.callInside(format === NO_FORMAT || layer === 0 ? p.id('data') : layer, p.source, at, end);
}

const extended = (nibble: number): number => (nibble === 13 ? 1 : nibble === 14 ? 2 : 0);

/** A response has the token of its request (§5.3.2). */
function pair(p: PacketView, at: number, token: number): void {
  if (p.flow < 0 || p.bytes[at + 1] === 0) return;
  let key = token;
  for (let i = 0; i < token; i++) key = (Math.imul(key, 31) + p.bytes[at + HEADER_LEN + i]) | 0;
  const { pending } = p.trackers;
  if (p.bytes[at + 1] < 32) {
    pending.ask(PENDING, p.flow, key, p.frame, p.seconds, p.nanoseconds);
    return;
  }
  const i = pending.find(PENDING, p.flow, key);
  if (i < 0) return;
  p.putInt(F.responseTo, at, 0, pending.frame[i]);
  p.putSince(F.responseTime, pending.seconds[i], pending.nanos[i]);
}

export default coap;
