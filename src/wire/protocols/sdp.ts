import { fromHex } from '../../base/bytes.ts';
import { parseIp } from '../../base/ip.ts';
import type { Field } from '../../filter/field.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE } from '../packet-view.ts';
import type { RtpAnnouncement } from '../codecs/rtp-types.ts';
import { PAYLOAD_TYPES } from '../codecs/rtp-types.ts';
import { sdpFields } from '../codecs/sdp-fields.ts';

const F = sdpFields;
const LF = 10;
const CR = 13;
const SPACE = 0x20;
const UDP = 17;
/** Addresses of IPv4 within IPv6, as `parseIp` writes them. */
const MAPPED = '00000000000000000000ffff';
const NOBODY = new Uint8Array(0);

/** Lines whose value is one text. */
const PLAIN: Readonly<Record<string, Field>> = {
  s: F.sessionName, u: F.uri, e: F.email, p: F.phone, r: F.repeatTime, z: F.timezone, k: F.key,
};
const OWNER: readonly Field[] = [F.ownerUser, F.ownerSession, F.ownerVersion, F.ownerNetwork, F.ownerAddressType, F.ownerAddress];
const CANDIDATE: readonly (Field | undefined)[] = [
  F.candidateFoundation, F.candidateComponent, F.candidateTransport, F.candidatePriority, F.candidateAddress, F.candidatePort, undefined, F.candidateType,
];

/** What one media section says of its conversation. */
interface Media {
  address: string;
  readonly port: number;
  readonly protocol: string;
  readonly encodings: Map<number, string>;
}

/** Session descriptions in SIP, RTSP and others; they announce RTP conversations. */
export const sdp = defineDissector({
  name: 'sdp',
  title: 'Session Description Protocol',
  spec: ['RFC 8866', 'RFC 3264'],
  over: {},
  fields: sdpFields,
  dissect(p, at, end) {
    const b = p.bytes;
    if (end - at < 2 || b[at + 1] !== 0x3d) return DECLINE;
    putSessions(p, at, end);
    return DONE;
  },
  info: (row) => row.all(F.media).join(', '),
});

/** The lines of a description; each media section is announced as a conversation. */
function putSessions(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  const sections: Media[] = [];
  let address = '';
  for (let q = at; q < end;) {
    const lf = b.indexOf(LF, q);
    const next = lf < 0 || lf >= end ? end : lf + 1;
    let lineEnd = next;
    while (lineEnd > q && (b[lineEnd - 1] === LF || b[lineEnd - 1] === CR)) lineEnd--;
    const media = sections.at(-1);
    if (lineEnd - q < 2 || b[q + 1] !== 0x3d) {
      if (lineEnd > q) p.put(F.invalid, q, lineEnd - q);
    } else if (b[q] === 0x6d) sections.push(putMedia(p, q + 2, lineEnd, address));
    else if (b[q] === 0x63) {
      const own = putConnection(p, q + 2, lineEnd);
      if (media === undefined) address = own;
      else media.address = own;
    } else putLine(p, b[q], q + 2, lineEnd, media);
    q = next;
  }
  for (const media of sections) announce(p, media);
}

/** Calls `visit` for each word of `[at, end)`. */
function eachWord(b: Uint8Array, at: number, end: number, visit: (index: number, from: number, to: number) => void): void {
  let index = 0;
  for (let q = at; q < end;) {
    while (q < end && b[q] === SPACE) q++;
    let to = q;
    while (to < end && b[to] !== SPACE) to++;
    if (to > q) visit(index++, q, to);
    q = to;
  }
}

function putConnection(p: PacketView, at: number, end: number): string {
  let address = '';
  p.put(F.connection, at, end - at);
  eachWord(p.bytes, at, end, (i, from, to) => {
    if (i === 0) p.put(F.connectionNetwork, from, to - from);
    else if (i === 1) p.put(F.connectionAddressType, from, to - from);
    else if (i === 2) {
      const slash = p.bytes.indexOf(0x2f, from);
      const addressEnd = slash >= 0 && slash < to ? slash : to;
      p.put(F.connectionAddress, from, addressEnd - from);
      if (addressEnd < to) p.put(F.connectionTtl, addressEnd + 1, to - addressEnd - 1);
      address = p.host.latin1(p.bytes, from, addressEnd);
    }
  });
  return address;
}

function putMedia(p: PacketView, at: number, end: number, address: string): Media {
  let port = 0;
  let protocol = '';
  p.put(F.media, at, end - at);
  eachWord(p.bytes, at, end, (i, from, to) => {
    if (i === 0) p.put(F.mediaType, from, to - from);
    else if (i === 1) {
      const slash = p.bytes.indexOf(0x2f, from);
      const portEnd = slash >= 0 && slash < to ? slash : to;
      port = Number.parseInt(p.host.latin1(p.bytes, from, portEnd), 10) || 0;
      p.putInt(F.mediaPort, from, portEnd - from, port);
      if (portEnd < to) p.put(F.mediaPortCount, portEnd + 1, to - portEnd - 1);
    } else if (i === 2) {
      p.put(F.mediaProtocol, from, to - from);
      protocol = p.host.latin1(p.bytes, from, to);
    } else {
      const word = p.host.latin1(p.bytes, from, to);
      p.putText(F.mediaFormat, from, to - from, protocol.includes('RTP/') ? formatName(word) : word);
    }
  });
  return { address, port, protocol, encodings: new Map() };
}

/** A payload type by its name; dynamic ones by their number. */
function formatName(word: string): string {
  const type = Number(word);
  return PAYLOAD_TYPES[type] ?? (type >= 96 && type <= 127 ? `DynamicRTP-Type-${type}` : word);
}

function putLine(p: PacketView, type: number, at: number, end: number, media: Media | undefined): void {
  const b = p.bytes;
  switch (type) {
    case 0x76: p.put(F.version, at, end - at); return;
    case 0x6f:
      p.put(F.owner, at, end - at);
      eachWord(b, at, end, (i, from, to) => {
        if (i < OWNER.length) p.put(OWNER[i], from, to - from);
      });
      return;
    case 0x69: p.put(media === undefined ? F.sessionInfo : F.mediaTitle, at, end - at); return;
    case 0x62: {
      p.put(F.bandwidth, at, end - at);
      const colon = b.indexOf(0x3a, at);
      if (colon < 0 || colon >= end) return;
      p.put(F.bandwidthModifier, at, colon - at);
      p.put(F.bandwidthValue, colon + 1, end - colon - 1);
      return;
    }
    case 0x74:
      p.put(F.time, at, end - at);
      eachWord(b, at, end, (i, from, to) => {
        if (i < 2) p.put(i === 0 ? F.timeStart : F.timeStop, from, to - from);
      });
      return;
    case 0x61: putAttribute(p, at, end, media); return;
    default: p.put(PLAIN[String.fromCharCode(type)] ?? F.unknown, at, end - at);
  }
}

function putAttribute(p: PacketView, at: number, end: number, media: Media | undefined): void {
  const b = p.bytes;
  p.put(media === undefined ? F.sessionAttribute : F.mediaAttribute, at, end - at);
  const colon = b.indexOf(0x3a, at);
  const fieldEnd = colon < 0 || colon >= end ? end : colon;
  if (fieldEnd === end) return;
  p.put(media === undefined ? F.sessionAttributeField : F.mediaAttributeField, at, fieldEnd - at);
  let valueAt = fieldEnd + 1;
  while (valueAt < end && b[valueAt] === SPACE) valueAt++;
  if (media === undefined) {
    p.put(F.sessionAttributeValue, valueAt, end - valueAt);
    return;
  }
  const name = p.host.latin1(b, at, fieldEnd);
  if (name === 'rtpmap') {
    let type = 0;
    eachWord(b, valueAt, end, (i, from, to) => {
      if (i === 0) {
        p.putText(F.mediaFormat, from, to - from, p.host.latin1(b, from, to));
        type = Number.parseInt(p.host.latin1(b, from, to), 10);
      } else if (i === 1) {
        const slash = b.indexOf(0x2f, from);
        const mimeEnd = slash >= 0 && slash < to ? slash : to;
        p.put(F.mimeType, from, mimeEnd - from);
        if (media.encodings.size < 128) media.encodings.set(type, p.host.latin1(b, from, mimeEnd));
        const second = b.indexOf(0x2f, mimeEnd + 1);
        const rateEnd = second >= 0 && second < to ? second : to;
        if (mimeEnd < to) p.put(F.sampleRate, mimeEnd + 1, rateEnd - mimeEnd - 1);
      }
    });
  } else if (name === 'fmtp') putFormatParameters(p, valueAt, end);
  else if (name === 'candidate') {
    eachWord(b, valueAt, end, (i, from, to) => {
      const f = CANDIDATE[i];
      if (f !== undefined) p.put(f, from, to - from);
    });
  } else p.put(F.mediaAttributeValue, valueAt, end - valueAt);
}

function putFormatParameters(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  let rest = at;
  while (rest < end && b[rest] !== SPACE) rest++;
  const word = p.host.latin1(b, at, rest);
  p.putText(F.mediaFormat, at, rest - at, word);
  for (let q = rest + 1; q < end;) {
    const semicolon = b.indexOf(0x3b, q);
    const to = semicolon < 0 || semicolon >= end ? end : semicolon;
    while (q < to && b[q] === SPACE) q++;
    if (to > q) p.put(F.formatParameter, q, to - q);
    q = to + 1;
  }
}

/** Expects the media's packets, and RTCP on the port above (RFC 3550 §11). */
function announce(p: PacketView, media: Media): void {
  if (media.port === 0 || !media.protocol.includes('RTP/')) return;
  const hex = parseIp(media.address);
  const address = hex === undefined ? undefined : fromHex(hex.startsWith(MAPPED) ? hex.slice(MAPPED.length) : hex);
  if (address === undefined) return;
  const about: RtpAnnouncement = { frame: p.frame, method: 'SDP', encodings: media.encodings, secure: media.protocol.includes('SAVP') };
  const { expected } = p.trackers;
  expected.expect(UDP, address, media.port, NOBODY, p.id('rtp'), about);
  expected.expect(UDP, address, media.port + 1, NOBODY, p.id('rtcp'), about);
}

export default sdp;
