import { defineDissector, defineFields, put } from './define-dissector.ts';
import { DONE } from './packet-view.ts';

/** `frame`: what is known of the packet before any byte is read. The packet puts these fields itself. */
export const frameFields = defineFields({
  encapType: { name: 'frame.encap_type', ...put('i16', 'Encapsulation type') },
  interfaceId: { name: 'frame.interface_id', ...put('u32', 'Interface id') },
  interfaceName: { name: 'frame.interface_name', ...put('string', 'Interface name') },
  interfaceDescription: { name: 'frame.interface_description', ...put('string', 'Interface description') },
  comment: { name: 'frame.comment', ...put('string', 'Comment') },
  time: { name: 'frame.time', ...put('abstime', 'Arrival Time') },
  epoch: { name: 'frame.time_epoch', ...put('reltime', 'Epoch Time') },
  delta: { name: 'frame.time_delta', ...put('reltime', 'Time delta from previous captured frame') },
  deltaDisplayed: { name: 'frame.time_delta_displayed', ...put('reltime', 'Time delta from previous displayed frame') },
  relative: { name: 'frame.time_relative', ...put('reltime', 'Time since reference or first frame') },
  number: { name: 'frame.number', ...put('u32', 'Frame Number') },
  len: { name: 'frame.len', ...put('u32', 'Frame Length') },
  capLen: { name: 'frame.cap_len', ...put('u32', 'Capture Length') },
  marked: { name: 'frame.marked', ...put('boolean', 'Frame is marked') },
  ignored: { name: 'frame.ignored', ...put('boolean', 'Frame is ignored') },
  protocols: { name: 'frame.protocols', ...put('string', 'Protocols in frame') },
  coloringRule: { name: 'frame.coloring_rule.name', ...put('string', 'Coloring Rule Name') },
  timeInvalid: { name: 'frame.time_invalid', ...put('none', 'Arrival Time: Fractional second out of range (0-1000000000)') },
  lengthShort: { name: 'frame.len_lt_caplen', ...put('none', 'Frame length is less than captured length') },
  direction: { name: 'frame.p2p_dir', ...put('i8', 'Point-to-Point Direction') },
});

/** `_ws.expert`: what a dissector found odd. */
export const expertFields = defineFields({
  message: { name: '_ws.expert.message', ...put('string', 'Message') },
  severity: {
    name: '_ws.expert.severity',
    ...put('u32', 'Severity level', { values: { 0x100000: 'Comment', 0x200000: 'Chat', 0x400000: 'Note', 0x600000: 'Warning', 0x800000: 'Error' } }),
  },
  group: {
    name: '_ws.expert.group',
    ...put('u32', 'Group', {
      values: {
        0x01000000: 'Checksum', 0x02000000: 'Sequence', 0x03000000: 'Response', 0x04000000: 'Request', 0x05000000: 'Undecoded',
        0x06000000: 'Reassemble', 0x07000000: 'Malformed', 0x08000000: 'Debug', 0x09000000: 'Protocol', 0x0a000000: 'Security',
        0x0b000000: 'Comments', 0x0c000000: 'Decryption', 0x0d000000: 'Assumption', 0x0e000000: 'Deprecated',
      },
    }),
  },
});

const malformedFields = defineFields({
  expert: { name: '_ws.malformed.expert', ...put('none', 'Malformed Packet (Exception occurred)') },
});

/** Payload that no dissector takes. */
export const dataFields = defineFields({
  data: { name: 'data.data', ...put('bytes', 'Data') },
  len: { name: 'data.len', ...put('i32', 'Length') },
});

/** `tcp.segments`: a PDU that was put together, and from which frames. The stream driver puts these. */
export const segmentFields = defineFields({
  segments: { name: 'tcp.segments', ...put('none', 'Reassembled TCP Segments') },
  segment: { name: 'tcp.segment', ...put('framenum', 'TCP Segment') },
  count: { name: 'tcp.segment.count', ...put('u32', 'Segment count') },
  length: { name: 'tcp.reassembled.length', ...put('u32', 'Reassembled TCP length') },
  data: { name: 'tcp.reassembled.data', ...put('bytes', 'Reassembled TCP Data') },
  reassembledIn: { name: 'tcp.reassembled_in', ...put('framenum', 'Reassembled PDU in frame') },
  segmentData: { name: 'tcp.segment_data', ...put('bytes', 'TCP segment data') },
  pduSize: { name: 'tcp.pdu.size', ...put('u32', 'PDU Size') },
});

const nothing = (): number => DONE;

/** Dissectors that every registry has, in this order: their ids are the constants below. */
export const BUILTIN_DISSECTORS = [
  defineDissector({ name: 'frame', title: 'Frame', short: 'Frame', column: null, spec: [], over: {}, fields: frameFields, dissect: nothing }),
  defineDissector({
    name: 'data', title: 'Data', spec: [], over: {}, fields: dataFields,
    dissect(p, at, end) {
      p.put(dataFields.data, at, end - at);
      p.putInt(dataFields.len, at, 0, end - at);
      return DONE;
    },
  }),
  defineDissector({ name: '_ws.malformed', title: 'Malformed Packet', spec: [], over: {}, fields: malformedFields, hierarchy: 'heading', dissect: nothing }),
  defineDissector({ name: '_ws.short', title: 'Packet size limited during capture', spec: [], over: {}, fields: {}, hierarchy: 'heading', dissect: nothing }),
  defineDissector({ name: '_ws.expert', title: 'Expert Info', spec: [], over: {}, fields: expertFields, dissect: nothing }),
  // Wireshark's `frame.protocols` names the table by which an EtherType was looked up.
  defineDissector({ name: 'ethertype', title: 'Ethertype', short: 'Ethertype', column: null, spec: [], over: {}, hierarchy: 'inside', fields: {}, dissect: nothing }),
  defineDissector({ name: 'tcp.segments', title: 'Reassembled TCP Segments', spec: [], over: {}, hierarchy: 'heading', fields: segmentFields, dissect: nothing }),
];

export const FRAME_ID = 1;
export const DATA_ID = 2;
export const MALFORMED_ID = 3;
export const SHORT_ID = 4;
export const EXPERT_ID = 5;
export const ETHERTYPE_ID = 6;
export const SEGMENTS_ID = 7;
