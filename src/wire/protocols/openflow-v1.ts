import { u16be } from '../../base/bytes.ts';
import { openflowV1Fields } from '../codecs/openflow-v1-fields.ts';
import { defineDissector } from '../define-dissector.ts';
import type { Layout } from '../layout.ts';
import { layout, putLayout } from '../layout.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

const HEADER_LEN = 8;
const F = openflowV1Fields;

// Message types (§5.1).
const ERROR = 1;
const ECHO_REQUEST = 2;
const ECHO_REPLY = 3;
const FEATURES_REPLY = 6;
const PACKET_IN = 10;
const PORT_STATUS = 12;
const PACKET_OUT = 13;
const FLOW_MOD = 14;
const STATS_REQUEST = 16;
const STATS_REPLY = 17;
/** Types that are no more than the head. */
const BARE: ReadonlySet<number> = new Set([0, 5, 7, 18, 19]);
const STATS_FLOW = 1;
const STATS_AGGREGATE = 2;
const OUTPUT = 0;

const CONFIG = layout({ 8: F.configFlags, 10: F.missSendLen });
const FEATURES = layout({
  8: [F.datapathId, F.datapathImp], 10: F.datapathMac, 16: F.nBuffers, 20: F.nTables, 21: [[F.featuresReplyPad, 3]],
  24: [F.capabilities, F.flowStats, F.tableStats, F.portStats, F.groupStats, F.ipReasm, F.queueStats, F.portBlocked],
  28: [
    F.actions, F.output, F.setVlanVid, F.setVlanPcp, F.stripVlan, F.setDlSrc, F.setDlDs, F.setNwSrc, F.setNwDs, F.setNwTos, F.setTpSrc, F.setTpDst, F.enqueue,
  ],
});
const PORT = layout({
  0: F.portNo, 2: F.hwAdd, 8: [[F.portName, 16]],
  24: [F.portConfig, F.portDown, F.noStp, F.noRecv, F.noRecvStp, F.noFlood, F.noFwd, F.noPacketIn], 28: [F.portState, F.linkDown],
  32: F.portCurr, 36: F.portAdvertised, 40: F.portSupported, 44: F.portPeer,
});
const FEATURE_BITS = layout({
  0: [
    F.n10mbHd, F.n10mbFd, F.n100mbHd, F.n100mb0fd, F.n1gbHd, F.n1gbFd, F.n10gbFd, F.copper, F.fiber, F.autoneg, F.pause, F.pauseAsym,
  ],
});
const MATCH = layout({
  0: F.wildcards, 4: F.inPort, 6: F.ethSrc, 12: F.ethDst, 18: F.dlVlan, 20: F.dlVlanPcp, 21: [[F.ofpMatchPad, 1]], 22: F.ofpMatchDlType, 24: F.ofpMatchTos,
  25: F.ofpMatchNwProto, 26: [[F.ofpMatchPad, 2]], 28: F.ofpMatchSourceAddr, 32: F.ofpMatchDestAddr, 36: F.ofpMatchSourcePort, 38: F.ofpMatchDestPort,
});
const FLOW_MOD_TAIL = layout({
  0: F.cookie, 8: F.command, 10: F.idleTimeout, 12: F.hardTimeout, 14: F.priority, 16: F.bufferId, 20: [[F.outPort, 2]], 22: F.flags,
});
const PACKET_IN_PART = layout({ 8: F.bufferId, 12: F.totalLen, 14: F.inPort, 16: F.reason, 17: [[F.pktInPad, 1]] });
const PACKET_OUT_PART = layout({ 8: F.bufferId, 12: F.inPort, 14: F.actionsLen });
const PARTS: Readonly<Record<number, Layout>> = { 8: CONFIG, 9: CONFIG };

/** Messages of version 1.0, which OpenFlow's dissector hands on one by one. */
export const openflowV1 = defineDissector({
  name: 'openflow_v1',
  title: 'OpenFlow 1.0',
  short: 'openflow_v1',
  column: 'OpenFlow',
  spec: ['OpenFlow Switch Specification 1.0 §5'],
  over: {},
  fields: openflowV1Fields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const type = p.bytes[at + 1];
    if (BARE.has(type)) return DONE;
    const part = PARTS[type];
    if (part !== undefined) return putLayout(p, part, at, end) ? DONE : p.tooShort(part.length);
    switch (type) {
      case ERROR: case ECHO_REQUEST: case ECHO_REPLY: return DONE;
      case FEATURES_REPLY:
        if (!putLayout(p, FEATURES, at, end)) return p.tooShort(FEATURES.length);
        for (let i = at + FEATURES.length; i + PORT.length <= end; i += PORT.length) putPort(p, i, end);
        return DONE;
      case PORT_STATUS:
        if (end - at < 16 + PORT.length) return p.tooShort(16 + PORT.length);
        p.put(F.reason, at + 8, 1);
        putPort(p, at + 16, end);
        return DONE;
      case PACKET_IN: {
        if (!putLayout(p, PACKET_IN_PART, at, end)) return p.tooShort(PACKET_IN_PART.length);
        if (end > at + PACKET_IN_PART.length) p.call(p.id('eth'), at + PACKET_IN_PART.length, end);
        return DONE;
      }
      case PACKET_OUT: {
        if (!putLayout(p, PACKET_OUT_PART, at, end)) return p.tooShort(PACKET_OUT_PART.length);
        const data = Math.min(end, at + 16 + u16be(p.bytes, at + 14));
        putActions(p, at + 16, data);
        if (end > data) p.call(p.id('eth'), data, end);
        return DONE;
      }
      case FLOW_MOD: {
        if (!putLayout(p, MATCH, at + HEADER_LEN, end)) return p.tooShort(HEADER_LEN + MATCH.length);
        if (!putLayout(p, FLOW_MOD_TAIL, at + 48, end)) return p.tooShort(48 + FLOW_MOD_TAIL.length);
        putActions(p, at + 72, end);
        return DONE;
      }
      case STATS_REQUEST: case STATS_REPLY: return putStats(p, type, at, end);
      default:
        p.expert('warn', 'undecoded', 'openflow_1_0.type.undecoded', at + HEADER_LEN, end - at - HEADER_LEN);
        return DONE;
    }
  },
});
export default openflowV1;

/** A port, with the bits of the features that it has now. */
function putPort(p: PacketView, at: number, end: number): void {
  putLayout(p, PORT, at, end);
  putLayout(p, FEATURE_BITS, at + 32, end);
}

function putActions(p: PacketView, at: number, end: number): void {
  for (let i = at; i + 4 <= end;) {
    const length = u16be(p.bytes, i + 2);
    p.put(F.actionTyp, i, 2);
    p.put(F.actionLen, i + 2, 2);
    if (length < 8 || i + length > end) return;
    if (u16be(p.bytes, i) === OUTPUT) {
      p.put(F.outputPort, i + 4, 2);
      p.put(F.maxLen, i + 6, 2);
    } else p.expert('warn', 'undecoded', 'openflow.action_typ.undecoded', i, length);
    i += length;
  }
}

function putStats(p: PacketView, type: number, at: number, end: number): number {
  if (end - at < 12) return p.tooShort(12);
  const kind = u16be(p.bytes, at + 8);
  p.put(F.statsType, at + 8, 2);
  p.put(F.flags, at + 10, 2);
  if (type === STATS_REPLY) {
    p.expert('warn', 'undecoded', 'openflow_1_0.type.undecoded', at + 12, end - at - 12);
    return DONE;
  }
  if ((kind === STATS_FLOW || kind === STATS_AGGREGATE) && putLayout(p, MATCH, at + 12, end) && end - at >= 56) {
    p.put(F.tableId, at + 52, 1);
    p.put(F.statsRequestPad, at + 53, 1);
    p.put(F.outPort, at + 54, 2);
  }
  return DONE;
}
