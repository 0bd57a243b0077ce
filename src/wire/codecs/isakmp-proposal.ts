import { u16be } from '../../base/bytes.ts';
import type { Field } from '../../filter/field.ts';
import { layout, putLayout } from '../layout.ts';
import type { PacketView } from '../packet-view.ts';
import { isakmpFields as F } from './isakmp-fields.ts';

const PROPOSAL = 2;
const TRANSFORM = 3;
/** Attributes whose value stands in place of a length have this bit in their type (RFC 2408 §3.3). */
const SHORT = 0x8000;
const ISAKMP = 1;

const PROPOSAL_PART = layout({ 4: F.propNumber, 5: [[F.propProtoid, 1]], 6: F.spisize, 7: F.propTransforms });
const TRANSFORM_V1 = layout({ 4: F.transNumber, 5: F.transId, 6: [[F.reserved, 2]] });
const TRANSFORM_IDS: Readonly<Record<number, Field>> = { 1: F.tfIdEncr, 2: F.tfIdPrf, 3: F.tfIdInteg, 4: F.tfIdDh, 5: F.tfIdEsn };

/** Attributes of phase 1 (RFC 2409 appendix A). */
const IKE_VALUES: Readonly<Record<number, Field>> = {
  1: F.ikeAttrEncryptionAlgorithm, 2: F.ikeAttrHashAlgorithm, 3: F.ikeAttrAuthenticationMethod, 4: F.ikeAttrGroupDescription, 5: F.ikeAttrGroupType,
  11: F.ikeAttrLifeType, 12: F.ikeAttrLifeDuration, 14: F.ikeAttrKeyLength,
};
/** Attributes of phase 2 (RFC 2407 §4.5). */
const IPSEC_VALUES: Readonly<Record<number, Field>> = {
  1: F.ipsecAttrLifeType, 2: F.ipsecAttrLifeDuration, 3: F.ipsecAttrGroupDescription, 4: F.ipsecAttrEncapMode, 5: F.ipsecAttrAuthAlgorithm,
  6: F.ipsecAttrKeyLength,
};

/** Head that all payloads share (RFC 2408 §3.2, RFC 7296 §3.2); returns where the payload ends, -1 where it does not fit. */
export function putPayloadHead(p: PacketView, type: number, version: number, at: number, end: number): number {
  if (at + 4 > end) return -1;
  const length = u16be(p.bytes, at + 2);
  p.putInt(F.typepayload, at, Math.min(length, end - at), type);
  p.put(F.nextpayload, at, 1);
  if (version === 1) p.put(F.reserved, at + 1, 1);
  else if (type !== PROPOSAL && type !== TRANSFORM) {
    p.put(F.criticalpayload, at + 1, 1);
    p.put(F.reserved7, at + 1, 1);
  } else p.put(F.reserved, at + 1, 1);
  p.put(F.payloadlength, at + 2, 2);
  return length < 4 || at + length > end ? -1 : at + length;
}

/** Proposals of a security association, each with its transforms (RFC 2408 §3.5, RFC 7296 §3.3). */
export function putProposals(p: PacketView, version: number, at: number, end: number): void {
  const b = p.bytes;
  for (let i = at; i < end;) {
    const next = putPayloadHead(p, PROPOSAL, version, i, end);
    if (next < 0 || !putLayout(p, PROPOSAL_PART, i, next)) return;
    const spi = b[i + 6];
    const protocol = b[i + 5];
    let t = i + 8 + spi;
    if (t > next) return;
    if (spi > 0) p.put(F.spi, i + 8, spi);
    for (let n = b[i + 7]; n > 0 && t < next; n--) {
      const tEnd = putPayloadHead(p, TRANSFORM, version, t, next);
      if (tEnd < 0 || tEnd - t < 8) return;
      if (version === 1) {
        putLayout(p, TRANSFORM_V1, t, tEnd);
        putAttributes(p, F.ikeAttr, protocol === ISAKMP ? IKE_VALUES : IPSEC_VALUES, t + 8, tEnd);
      } else {
        p.put(F.tfType, t + 4, 1);
        p.put(F.reserved, t + 5, 1);
        p.put(TRANSFORM_IDS[b[t + 4]] ?? F.tfId, t + 6, 2);
        putAttributesV2(p, t + 8, tEnd);
      }
      t = tEnd;
    }
    i = next;
  }
}

function putAttributes(p: PacketView, f: Field, values: Readonly<Record<number, Field>>, at: number, end: number): void {
  for (let i = at; i + 4 <= end;) {
    const type = u16be(p.bytes, i);
    const isShort = (type & SHORT) !== 0;
    const value = isShort ? i + 2 : i + 4;
    const next = Math.min(end, isShort ? i + 4 : value + u16be(p.bytes, i + 2));
    const phase1 = values === IKE_VALUES;
    p.open(phase1 ? f : F.ipsecAttr, i);
    p.put(phase1 ? F.ikeAttrFormat : F.ipsecAttrFormat, i, 2);
    p.putInt(phase1 ? F.ikeAttrType : F.ipsecAttrType, i, 2, type & 0x7fff);
    if (!isShort) p.put(phase1 ? F.ikeAttrLength : F.ipsecAttrLength, i + 2, 2);
    if (next > value) {
      p.put(phase1 ? F.ikeAttrValue : F.ipsecAttrValue, value, next - value);
      const named = values[type & 0x7fff];
      if (named !== undefined && next - value <= 4) p.put(named, value, next - value);
    }
    p.close(next);
    i = next;
  }
}

const KEY_LENGTH = 14;

function putAttributesV2(p: PacketView, at: number, end: number): void {
  for (let i = at; i + 4 <= end;) {
    const type = u16be(p.bytes, i);
    const isShort = (type & SHORT) !== 0;
    const value = isShort ? i + 2 : i + 4;
    const next = Math.min(end, isShort ? i + 4 : value + u16be(p.bytes, i + 2));
    p.open(F.ike2Attr, i);
    p.put(F.ike2AttrFormat, i, 2);
    p.putInt(F.ike2AttrType, i, 2, type & 0x7fff);
    if (!isShort) p.put(F.ike2AttrLength, i + 2, 2);
    if (next > value) {
      p.put(F.ike2AttrValue, value, next - value);
      if ((type & 0x7fff) === KEY_LENGTH && next - value === 2) p.put(F.ike2AttrKeyLength, value, 2);
    }
    p.close(next);
    i = next;
  }
}
