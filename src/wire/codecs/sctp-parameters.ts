import { u16be } from '../../base/bytes.ts';
import { layout, putLayout } from '../layout.ts';
import type { PacketView } from '../packet-view.ts';
import { sctpFields as F } from './sctp-fields.ts';

// Parameter types (RFC 9260 §3.2.1 and the IANA registry).
const HEARTBEAT_INFORMATION = 1;
const IPV4 = 5;
const IPV6 = 6;
const STATE_COOKIE = 7;
const COOKIE_PRESERVATIVE = 9;
const HOSTNAME = 11;
const ADDRESS_TYPES = 12;
const RANDOM = 0x8002;
const CHUNKS_TO_AUTHENTICATE = 0x8003;
const HMACS = 0x8004;
const SUPPORTED_CHUNKS = 0x8008;
const ADAPTATION = 0xc006;

const HEAD = layout({ 0: [F.parameterType, F.parameterBit1, F.parameterBit2], 2: F.parameterLength });

/** Parameters in a chunk, each filled up to whole words; the filling of the last one may lie behind the chunk. */
export function putSctpParameters(p: PacketView, at: number, end: number, packetEnd: number): void {
  const b = p.bytes;
  for (let i = at; i + 4 <= end;) {
    const type = u16be(b, i);
    const length = u16be(b, i + 2);
    putLayout(p, HEAD, i, end);
    if (length < 4) return;
    const next = Math.min(end, i + length);
    putValue(p, type, i + 4, next);
    const padding = -length & 3;
    if (padding > 0 && i + length + padding <= packetEnd) p.put(F.parameterPadding, i + length, padding);
    // The chunk should say less than its last parameter's filling (RFC 9260 §3.2).
    if (padding > 0 && i + length + padding === end) p.expert('note', 'malformed', 'sctp.parameter_padding.expert', i, length);
    i += length + padding;
  }
}

function putValue(p: PacketView, type: number, at: number, end: number): void {
  if (end <= at) return;
  switch (type) {
    case HEARTBEAT_INFORMATION: p.put(F.parameterHeartbeatInformation, at, end - at); return;
    case IPV4: if (end - at === 4) p.put(F.parameterIpv4Address, at, 4); return;
    case IPV6: if (end - at === 16) p.put(F.parameterIpv6Address, at, 16); return;
    case STATE_COOKIE: p.put(F.parameterStateCookie, at, end - at); return;
    case COOKIE_PRESERVATIVE: if (end - at === 4) p.put(F.parameterCookiePreservativeIncr, at, 4); return;
    case HOSTNAME: p.put(F.parameterHostname, at, end - at); return;
    case ADDRESS_TYPES: for (let i = at; i + 2 <= end; i += 2) p.put(F.parameterSupportedAddressType, i, 2); return;
    case RANDOM: p.put(F.randomNumber, at, end - at); return;
    case CHUNKS_TO_AUTHENTICATE: for (let i = at; i < end; i++) p.put(F.chunkTypeToAuth, i, 1); return;
    case HMACS: for (let i = at; i + 2 <= end; i += 2) p.put(F.hmacId, i, 2); return;
    case SUPPORTED_CHUNKS: for (let i = at; i < end; i++) p.put(F.supportedChunkType, i, 1); return;
    case ADAPTATION: if (end - at === 4) p.put(F.adaptationLayerIndication, at, 4); return;
    default: p.put(F.parameterValue, at, end - at);
  }
}
