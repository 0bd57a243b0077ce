import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';
import type { RtpAnnouncement } from '../codecs/rtp-types.ts';
import { PAYLOAD_TYPES } from '../codecs/rtp-types.ts';

//  0                   1                   2                   3
// |V=2|P|X|  CC   |M|     PT      |        sequence number        |
// |                           timestamp                           |
// |                             SSRC                              |
const HEADER_LEN = 12;
const VERSION_2 = 2;
const PADDING = 0x20;
const EXTENSION = 0x10;
/** `ZRTP` where RTP has its timestamp (RFC 6189 §5). */
const ZRTP = 0x5a525450;

const rtpFields = defineFields({
  setup: { name: 'rtp.setup', ...put('string', 'Stream setup') },
  setupFrame: { name: 'rtp.setup-frame', ...put('framenum', 'Setup frame') },
  setupMethod: { name: 'rtp.setup-method', ...put('string', 'Setup Method') },
  version: { name: 'rtp.version', ...put('u8', 'Version', { mask: 0xc0 }) },
  padding: { name: 'rtp.padding', ...put('boolean', 'Padding', { mask: PADDING }) },
  extension: { name: 'rtp.ext', ...put('boolean', 'Extension', { mask: EXTENSION }) },
  sources: { name: 'rtp.cc', ...put('u8', 'Contributing source identifiers count', { mask: 0x0f }) },
  marker: { name: 'rtp.marker', ...put('boolean', 'Marker', { mask: 0x80 }) },
  payloadType: { name: 'rtp.p_type', ...put('u8', 'Payload type', { mask: 0x7f, values: PAYLOAD_TYPES }) },
  sequence: { name: 'rtp.seq', ...put('u16', 'Sequence number') },
  extendedSequence: { name: 'rtp.extseq', ...put('u32', 'Extended sequence number') },
  timestamp: { name: 'rtp.timestamp', ...put('u32', 'Timestamp') },
  ssrc: { name: 'rtp.ssrc', ...put('u32', 'Synchronization Source identifier', { base: 'hex' }) },
  csrcs: { name: 'rtp.csrc.items', ...put('none', 'Contributing Source identifiers') },
  csrc: { name: 'rtp.csrc.item', ...put('u32', 'CSRC item', { base: 'hex' }) },
  profile: { name: 'rtp.ext.profile', ...put('u16', 'Defined by profile', { base: 'hex' }) },
  extensionLength: { name: 'rtp.ext.len', ...put('u16', 'Extension length') },
  headerExtensions: { name: 'rtp.hdr_exts', ...put('none', 'Header extensions') },
  headerExtension: { name: 'rtp.hdr_ext', ...put('u32', 'Header extension', { base: 'hex' }) },
  extensionId: { name: 'rtp.ext.rfc5285.id', ...put('u8', 'Identifier') },
  extensionItemLength: { name: 'rtp.ext.rfc5285.len', ...put('u8', 'Length') },
  extensionData: { name: 'rtp.ext.rfc5285.data', ...put('bytes', 'Extension Data') },
  payload: { name: 'rtp.payload', ...put('bytes', 'Payload') },
  paddingData: { name: 'rtp.padding.data', ...put('bytes', 'Padding data') },
  paddingCount: { name: 'rtp.padding.count', ...put('u8', 'Padding count') },
});
const F = rtpFields;

/** Highest sequence number of a direction with its cycles (RFC 3550 §A.1). */
interface Sequences {
  readonly extended: [number, number];
}
const createSequences = (): Sequences => ({ extended: [0, 0] });

/** Layers of payload types, static and by the name that a session description gives. */
const STATIC_LAYERS: Readonly<Record<number, string>> = { 34: 'rfc2190' };
const NAMED_LAYERS: Readonly<Record<string, string>> = { amr: 'amr', 'amr-wb': 'amr', opus: 'opus', 'telephone-event': 'rtpevent' };

/** RTP, where a session description announced it. */
export const rtp = defineDissector({
  name: 'rtp',
  title: 'Real-Time Transport Protocol',
  spec: ['RFC 3550', 'RFC 8285'],
  over: {},
  fields: rtpFields,
  column: 'RTP',
  heir: (p, at, end) => (end - at >= HEADER_LEN && p.bytes[at] >> 6 === 0 && isZrtp(p.bytes, at) ? p.id('zrtp') : 0),
  dissect(p, at, end) {
    const b = p.bytes;
    if (end - at < HEADER_LEN || b[at] >> 6 !== VERSION_2) {
      p.call(p.id('data'), at, end);
      return DONE;
    }
    const about = p.trackers.expected.about(p.flow) as RtpAnnouncement | undefined;
    putSetup(p, at, about);
    p.put(F.version, at, 1);
    p.put(F.padding, at, 1);
    p.put(F.extension, at, 1);
    p.put(F.sources, at, 1);
    p.put(F.marker, at + 1, 1);
    p.put(F.payloadType, at + 1, 1);
    p.put(F.sequence, at + 2, 2);
    if (p.flow >= 0) p.putInt(F.extendedSequence, at + 2, 0, extend(p.trackers.state('rtp', p.flow, createSequences), p.dir, u16be(b, at + 2)));
    p.put(F.timestamp, at + 4, 4);
    p.put(F.ssrc, at + 8, 4);
    let q = at + HEADER_LEN;
    const sources = b[at] & 0x0f;
    if (q + 4 * sources > end) return p.tooShort(HEADER_LEN + 4 * sources);
    if (sources > 0) p.put(F.csrcs, q, 4 * sources);
    for (let i = 0; i < sources; i++, q += 4) p.put(F.csrc, q, 4);
    if ((b[at] & EXTENSION) !== 0) {
      if (q + 4 > end) return p.tooShort(q + 4 - at);
      q = putExtension(p, q, end);
      if (q > end) return p.tooShort(q - at);
    }
    let stop = end;
    if ((b[at] & PADDING) !== 0 && end === p.wireEnd && b[end - 1] > 0 && end - b[end - 1] >= q) stop = end - b[end - 1];
    const layer = layerOf(p, b[at + 1] & 0x7f, about);
    if (stop > q && layer > 0 && about?.secure !== true) p.call(layer, q, stop);
    else if (stop > q) p.put(F.payload, q, stop - q);
    if (stop < end) {
      if (stop < end - 1) p.put(F.paddingData, stop, end - 1 - stop);
      p.put(F.paddingCount, end - 1, 1);
    }
    return DONE;
  },
  info: (row) => `PT=${row.text(F.payloadType)} SSRC=${row.text(F.ssrc)} Seq=${row.text(F.sequence)} Time=${row.text(F.timestamp)}`,
});

function isZrtp(b: Uint8Array, at: number): boolean {
  return ((b[at + 4] << 24) | (b[at + 5] << 16) | (b[at + 6] << 8) | b[at + 7]) === ZRTP;
}

function putSetup(p: PacketView, at: number, about: RtpAnnouncement | undefined): void {
  if (about === undefined) return;
  if (p.wants(F.setup)) p.putText(F.setup, at, 0, '');
  p.putInt(F.setupFrame, at, 0, about.frame);
  p.putText(F.setupMethod, at, 0, about.method);
}

/** The sequence number with its cycles, which begin at one. */
function extend(s: Sequences, dir: 0 | 1, sequence: number): number {
  const last = s.extended[dir];
  if (last === 0) {
    s.extended[dir] = 0x10000 + sequence;
    return 0x10000 + sequence;
  }
  let value = (last & ~0xffff) + sequence;
  if (value < last - 0x8000) value += 0x10000;
  else if (value > last + 0x8000) value -= 0x10000;
  if (value > last) s.extended[dir] = value;
  return value;
}

/** A header extension (RFC 8285: one-byte and two-byte elements); returns the place behind it. */
function putExtension(p: PacketView, at: number, end: number): number {
  const b = p.bytes;
  const profile = u16be(b, at);
  const length = 4 * u16be(b, at + 2);
  p.put(F.profile, at, 2);
  p.put(F.extensionLength, at + 2, 2);
  const stop = at + 4 + length;
  if (stop > end) return stop;
  if (length > 0) p.put(F.headerExtensions, at + 4, length);
  const oneByte = profile === 0xbede;
  if (!oneByte && profile >> 4 !== 0x100) {
    for (let q = at + 4; q < stop; q += 4) p.put(F.headerExtension, q, 4);
    return stop;
  }
  for (let q = at + 4; q + 1 < stop;) {
    if (b[q] === 0) {
      q++;
      continue;
    }
    const head = oneByte ? 1 : 2;
    const size = oneByte ? (b[q] & 0x0f) + 1 : b[q + 1];
    if (q + head + size > stop) break;
    p.putInt(F.extensionId, q, 1, oneByte ? b[q] >> 4 : b[q]);
    p.putInt(F.extensionItemLength, q + head - 1, 1, size);
    if (size > 0) p.put(F.extensionData, q + head, size);
    q += head + size;
  }
  return stop;
}

function layerOf(p: PacketView, type: number, about: RtpAnnouncement | undefined): number {
  const encoding = about?.encodings.get(type);
  const name = encoding === undefined ? STATIC_LAYERS[type] : NAMED_LAYERS[encoding.toLowerCase()] ?? STATIC_LAYERS[type];
  return name === undefined ? 0 : p.id(name);
}

export default rtp;
