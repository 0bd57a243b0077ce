import type { Field } from '../../filter/field.ts';
import type { PacketView } from '../packet-view.ts';
import type { TlsFields } from './tls-fields.ts';
import { Varints, putVarintValue } from './quic-frames.ts';

const v = new Varints();
const value = new Varints();

/** The field of a parameter whose value is a number, undefined for others. */
function numberField(F: TlsFields, type: number): Field | undefined {
  switch (type) {
    case 0x01: return F.quicIdleTimeout;
    case 0x03: return F.quicUdpPayload;
    case 0x04: return F.quicMaxData;
    case 0x05: return F.quicBidiLocal;
    case 0x06: return F.quicBidiRemote;
    case 0x07: return F.quicUni;
    case 0x08: return F.quicStreamsBidi;
    case 0x09: return F.quicStreamsUni;
    case 0x0a: return F.quicAckExponent;
    case 0x0b: return F.quicAckDelay;
    case 0x0e: return F.quicIdLimit;
    case 0x20: return F.quicDatagram;
    case 0x3127: return F.quicGoogleRtt;
    default: return undefined;
  }
}

/** The field of a parameter whose value is bytes or text. */
function bytesField(F: TlsFields, type: number): Field | undefined {
  switch (type) {
    case 0x00: return F.quicOriginalId;
    case 0x02: return F.quicResetToken;
    case 0x0f: return F.quicSourceId;
    case 0x10: return F.quicRetryId;
    case 0x3128: return F.quicGoogleOptions;
    case 0x3129: return F.quicUserAgent;
    default: return undefined;
  }
}

/** Transport parameters of QUIC (RFC 9000 §18). */
export function putQuicParameters(p: PacketView, F: TlsFields, at: number, end: number): void {
  const b = p.bytes;
  v.begin(at, end);
  while (v.at < end) {
    const from = v.at;
    const type = v.read(b);
    const lengthAt = v.at;
    const length = v.read(b);
    if (!v.ok) return;
    const valueAt = v.at;
    const stop = Math.min(valueAt + length, end);
    putVarintValue(p, F.quicType, from, lengthAt - from, type);
    p.putInt(F.quicLength, lengthAt, valueAt - lengthAt, length);
    if (stop > valueAt) p.put(F.quicValue, valueAt, stop - valueAt);
    const number = numberField(F, type);
    const bytes = bytesField(F, type);
    if (number !== undefined) {
      value.begin(valueAt, stop);
      const n = value.read(b);
      if (value.ok) putVarintValue(p, number, valueAt, stop - valueAt, n);
    } else if (bytes !== undefined && stop > valueAt) p.put(bytes, valueAt, stop - valueAt);
    else if (type === 0x4752 && stop - valueAt >= 4) p.put(F.quicGoogleVersion, valueAt, 4);
    else if (type === 0x11 && stop - valueAt >= 4) {
      p.put(F.quicChosenVersion, valueAt, 4);
      for (let q = valueAt + 4; q + 4 <= stop; q += 4) p.put(F.quicOtherVersion, q, 4);
    }
    v.begin(stop, end);
  }
}
