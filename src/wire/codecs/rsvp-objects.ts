import type { Field } from '../../filter/field.ts';
import type { Layout } from '../layout.ts';
import { layout, putLayout } from '../layout.ts';
import type { PacketView } from '../packet-view.ts';
import { rsvpFields as F } from './rsvp-fields.ts';

/** An object's own label, the field of its type, and its parts by type (RFC 2205 appendix A). */
interface RsvpObject {
  readonly label: Field;
  readonly ctype: Field;
  readonly parts: Readonly<Record<number, Layout>>;
}

const SENDER_IPV4 = layout({ 4: F.senderIp, 10: F.senderPort });
const LSP_SENDER = layout({ 4: F.senderIp, 10: F.senderLspId });
const BUCKET = layout({
  4: F.tspecMessageFormatVersion, 6: F.dataLength, 8: F.tspecServiceHeader, 10: F.dataLength, 12: F.parameter, 13: F.parameterFlags, 14: F.parameterLength,
  16: F.tspecTokenBucketRate, 20: F.tspecTokenBucketSize, 24: F.tspecPeakDataRate, 28: F.minimumPolicedUnit, 32: F.maximumPacketSize,
});
const FLOW_BUCKET = layout({
  4: F.flowspecMessageFormatVersion, 6: F.dataLength, 8: F.flowspecServiceHeader, 10: F.dataLength, 12: F.parameter, 13: F.parameterFlags, 14: F.parameterLength,
  16: F.flowspecTokenBucketRate, 20: F.flowspecTokenBucketSize, 24: F.flowspecPeakDataRate, 28: F.minimumPolicedUnit, 32: F.maximumPacketSize,
});

const OBJECTS: Readonly<Record<number, RsvpObject>> = {
  1: {
    label: F.session, ctype: F.ctypeSession,
    parts: {
      1: layout({ 4: F.sessionIp, 8: F.sessionProto, 9: F.sessionFlags, 10: F.sessionPort }),
      7: layout({ 4: F.sessionIp, 10: F.sessionTunnelId, 12: F.sessionExtTunnelId }),
    },
  },
  3: { label: F.hop, ctype: F.ctypeHop, parts: { 1: layout({ 4: F.hopNeighborAddressIpv4, 8: F.hopLogicalInterface }) } },
  5: { label: F.time, ctype: F.ctypeTimeValues, parts: { 1: layout({ 4: F.refreshInterval }) } },
  6: {
    label: F.error, ctype: F.ctypeError,
    parts: {
      1: layout({
        4: F.errorErrorNodeIpv4, 8: [F.errorFlags, F.errorFlagsPathStateRemoved, F.errorFlagsNotGuilty, F.errorFlagsInPlace], 9: F.errorErrorCode, 10: F.errorValue,
      }),
    },
  },
  8: { label: F.style, ctype: F.ctypeStyle, parts: { 1: layout({ 4: F.styleFlags, 5: F.styleStyle }) } },
  9: { label: F.flowspec, ctype: F.ctypeFlowspec, parts: { 2: FLOW_BUCKET } },
  10: { label: F.filter, ctype: F.ctypeTemplate, parts: { 1: SENDER_IPV4, 7: LSP_SENDER } },
  11: { label: F.sender, ctype: F.ctypeTemplate, parts: { 1: SENDER_IPV4, 7: LSP_SENDER } },
  12: { label: F.tspec, ctype: F.ctypeTspec, parts: { 2: BUCKET } },
  13: { label: F.adspec, ctype: F.ctypeAdspec, parts: { 2: layout({ 4: F.adspecMessageFormatVersion, 6: F.dataLength }) } },
  15: { label: F.confirm, ctype: F.ctypeConfirm, parts: { 1: layout({ 4: F.confirmReceiverAddressIpv4 }) } },
  16: { label: F.label, ctype: F.ctypeLabel, parts: { 1: layout({ 4: F.labelLabel }) } },
  20: { label: F.explicitRoute, ctype: F.ctypeExplicitRoute, parts: {} },
  21: { label: F.recordRoute, ctype: F.ctypeRecordRoute, parts: {} },
  22: { label: F.helloObj, ctype: F.ctypeHello, parts: { 1: layout({ 4: F.helloSourceInstance, 8: F.helloDestinationInstance }), 2: layout({ 4: F.helloSourceInstance, 8: F.helloDestinationInstance }) } },
  131: { label: F.restart, ctype: F.ctypeRestartCap, parts: { 1: layout({ 4: F.restartCapRestartTime, 8: F.restartCapRecoveryTime }) } },
};

/** Puts one object of a message, head and what is known of its content. */
export function putRsvpObject(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  const known = OBJECTS[b[at + 2]];
  p.open(known?.label ?? F.objUnknown, at);
  p.put(F.length, at, 2);
  p.put(F.object, at + 2, 1);
  p.put(F.ctype, at + 3, 1);
  if (known !== undefined) {
    p.put(known.ctype, at + 3, 1);
    const part = known.parts[b[at + 3]];
    if (part !== undefined) putLayout(p, part, at, end);
  } else {
    p.put(F.ctypeUnknown, at + 3, 1);
    if (end > at + 4) p.put(F.unknownData, at + 4, end - at - 4);
  }
  p.close(end);
}
