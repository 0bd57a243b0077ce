import { namedFields, defineBits } from '../bit-fields.ts';
import { defineFields, fixed, put } from '../define-dissector.ts';

// Fields of the 802.11 MAC header (IEEE 802.11-2020 §9.2), of its control frames and of the security headers. Numbers are little
// endian; Frame Control is shown in the order in which its bytes are sent.

const LITTLE = { little: true } as const;

/** Names of types and subtypes (IEEE 802.11-2020 table 9-1). */
export const FRAME_NAMES: Readonly<Record<number, string>> = {
  0x00: 'Association Request', 0x01: 'Association Response', 0x02: 'Reassociation Request', 0x03: 'Reassociation Response', 0x04: 'Probe Request', 0x05: 'Probe Response',
  0x06: 'Measurement Pilot', 0x08: 'Beacon frame', 0x09: 'ATIM', 0x0a: 'Disassociate', 0x0b: 'Authentication', 0x0c: 'Deauthentication', 0x0d: 'Action', 0x0e: 'Action No Ack',
  0x12: 'Trigger', 0x14: 'Beamforming Report Poll', 0x15: 'VHT/HE NDP Announcement', 0x17: 'Control Wrapper', 0x18: '802.11 Block Ack Req', 0x19: '802.11 Block Ack', 0x1a: 'Power-Save poll',
  0x1b: 'Request-to-send', 0x1c: 'Clear-to-send', 0x1d: 'Acknowledgement', 0x1e: 'CF-End (Control-frame)', 0x1f: 'CF-End + CF-Ack (Control-frame)', 0x20: 'Data',
  0x21: 'Data + CF-Ack', 0x22: 'Data + CF-Poll', 0x23: 'Data + CF-Ack + CF-Poll', 0x24: 'Null function (No data)', 0x25: 'Acknowledgement (No data)', 0x26: 'CF-Poll (No data)',
  0x27: 'CF-Ack/Poll (No data)', 0x28: 'QoS Data', 0x29: 'QoS Data + CF-Acknowledgment', 0x2a: 'QoS Data + CF-Poll', 0x2b: 'QoS Data + CF-Ack + CF-Poll',
  0x2c: 'QoS Null function (No data)', 0x2e: 'QoS CF-Poll (No Data)', 0x2f: 'QoS CF-Ack + CF-Poll (No data)', 0x30: 'DMG Beacon', 0x31: 'S1G Beacon',
};
const TYPES = { 0: 'Management frame', 1: 'Control frame', 2: 'Data frame', 3: 'Extension frame' } as const;

export const wlanFields = defineFields({
  typeSubtype: { name: 'wlan.fc.type_subtype', ...put('u16', 'Type/Subtype', { base: 'hex', values: FRAME_NAMES }) },
  control: { name: 'wlan.fc', ...fixed('u16', 0, 'Frame Control Field', { base: 'hex' }) },
  version: { name: 'wlan.fc.version', ...fixed('u8', 0, 'Version', { mask: 0x03 }) },
  type: { name: 'wlan.fc.type', ...fixed('u8', 0, 'Type', { mask: 0x0c, values: TYPES }) },
  subtype: { name: 'wlan.fc.subtype', ...fixed('u8', 0, 'Subtype', { mask: 0xf0 }) },
  flags: { name: 'wlan.flags', ...fixed('u8', 1, 'Flags', { base: 'hex' }) },
  ds: { name: 'wlan.fc.ds', ...fixed('u8', 1, 'DS status', { base: 'hex', mask: 0x03 }) },
  toDs: { name: 'wlan.fc.tods', ...fixed('boolean', 1, 'To DS', { mask: 0x01 }) },
  fromDs: { name: 'wlan.fc.fromds', ...fixed('boolean', 1, 'From DS', { mask: 0x02 }) },
  moreFragments: { name: 'wlan.fc.frag', ...fixed('boolean', 1, 'More Fragments', { mask: 0x04 }) },
  retry: { name: 'wlan.fc.retry', ...fixed('boolean', 1, 'Retry', { mask: 0x08 }) },
  power: { name: 'wlan.fc.pwrmgt', ...fixed('boolean', 1, 'PWR MGT', { mask: 0x10 }) },
  moreData: { name: 'wlan.fc.moredata', ...fixed('boolean', 1, 'More Data', { mask: 0x20 }) },
  protected: { name: 'wlan.fc.protected', ...fixed('boolean', 1, 'Protected flag', { mask: 0x40 }) },
  order: { name: 'wlan.fc.order', ...fixed('boolean', 1, '+HTC/Order flag', { mask: 0x80 }) },
  duration: { name: 'wlan.duration', ...put('u16', 'Duration', { mask: 0x7fff, ...LITTLE }) },
  aid: { name: 'wlan.aid', ...put('u16', 'Association ID', { mask: 0x3fff, ...LITTLE }) },
  /** Any address of the head: once a place, whatever the place is called. */
  addr: { name: 'wlan.addr', ...put('ether', 'Hardware address') },
  addrResolved: { name: 'wlan.addr_resolved', ...put('string', 'Hardware address (resolved)') },
  ra: { name: 'wlan.ra', ...put('ether', 'Receiver address') },
  raResolved: { name: 'wlan.ra_resolved', ...put('string', 'Receiver address (resolved)') },
  ta: { name: 'wlan.ta', ...put('ether', 'Transmitter address') },
  taResolved: { name: 'wlan.ta_resolved', ...put('string', 'Transmitter address (resolved)') },
  da: { name: 'wlan.da', ...put('ether', 'Destination address') },
  daResolved: { name: 'wlan.da_resolved', ...put('string', 'Destination address (resolved)') },
  sa: { name: 'wlan.sa', ...put('ether', 'Source address') },
  saResolved: { name: 'wlan.sa_resolved', ...put('string', 'Source address (resolved)') },
  bssid: { name: 'wlan.bssid', ...put('ether', 'BSS Id') },
  bssidResolved: { name: 'wlan.bssid_resolved', ...put('string', 'BSS Id (resolved)') },
  staa: { name: 'wlan.staa', ...put('ether', 'STA address') },
  staaResolved: { name: 'wlan.staa_resolved', ...put('string', 'STA address (resolved)') },
  fragment: { name: 'wlan.frag', ...put('u16', 'Fragment number', { mask: 0x000f, ...LITTLE }) },
  sequence: { name: 'wlan.seq', ...put('u16', 'Sequence number', { mask: 0xfff0, ...LITTLE }) },
  fcs: { name: 'wlan.fcs', ...put('u32', 'Frame check sequence', { base: 'hex', ...LITTLE }) },
  fcsStatus: { name: 'wlan.fcs.status', ...put('u8', 'FCS Status', { base: 'none', values: { 0: 'Bad', 1: 'Good', 2: 'Unverified' } }) },
  qos: { name: 'wlan.qos', ...put('u16', 'Qos Control', { base: 'hex', ...LITTLE }) },
  tid: { name: 'wlan.qos.tid', ...put('u16', 'TID', { mask: 0x000f, ...LITTLE }) },
  priority: { name: 'wlan.qos.priority', ...put('u16', 'Priority', { mask: 0x0007, ...LITTLE }) },
  endOfService: { name: 'wlan.qos.eosp', ...put('boolean', 'EOSP', { mask: 0x0010, ...LITTLE }) },
  bit4: { name: 'wlan.qos.bit4', ...put('boolean', 'QoS bit 4', { mask: 0x0010, ...LITTLE }) },
  ackPolicy: { name: 'wlan.qos.ack', ...put('u16', 'Ack Policy', { base: 'hex', mask: 0x0060, ...LITTLE }) },
  aggregate: { name: 'wlan.qos.amsdupresent', ...put('boolean', 'Payload Type', { mask: 0x0080, ...LITTLE }) },
  bufferState: { name: 'wlan.qos.ps_buf_state', ...put('u16', 'QAP PS Buffer State', { base: 'hex', mask: 0xff00, ...LITTLE }) },
  bufferIndicated: { name: 'wlan.qos.buf_state_indicated', ...put('boolean', 'Buffer State Indicated', { mask: 0x0200, ...LITTLE }) },
  bufferedAc: { name: 'wlan.qos.highest_pri_buf_ac', ...put('u16', 'Highest-Priority Buffered AC', { mask: 0x0c00, ...LITTLE }) },
  bufferLoad: { name: 'wlan.qos.qap_buf_load', ...put('u16', 'QAP Buffered Load', { mask: 0xf000, ...LITTLE }) },
  txopLimit: { name: 'wlan.qos.txop_limit', ...put('u16', 'TXOP Limit', { mask: 0xff00, ...LITTLE }) },
  txopRequested: { name: 'wlan.qos.txop_dur_req', ...put('u16', 'TXOP Duration Requested', { mask: 0xff00, ...LITTLE }) },
  queueSize: { name: 'wlan.qos.queue_size', ...put('u16', 'Queue Size', { mask: 0xff00, ...LITTLE }) },
  htc: { name: 'wlan.htc', ...put('u32', 'HT Control (+HTC)', { base: 'hex', ...LITTLE }) },
  htcVht: { name: 'wlan.htc.vht', ...put('boolean', 'VHT', { mask: 0x00000001, ...LITTLE }) },
  htcHe: { name: 'wlan.htc.he', ...put('boolean', 'HE', { mask: 0x00000002, ...LITTLE }) },
  heControlId: { name: 'wlan.htc.he.a_control.ctrl_id', ...put('u32', 'Control ID', { mask: 0x0000003c, ...LITTLE }) },
  heControlInvalid: { name: 'wlan.htc.he.a_control.ctrl_id.invalid', ...put('none', 'Invalid control word') },
  wepIv: { name: 'wlan.wep.iv', ...put('u24', 'Initialization Vector', { base: 'hex' }) },
  wepKey: { name: 'wlan.wep.key', ...put('u8', 'Key Index', { mask: 0xc0 }) },
  wepIcv: { name: 'wlan.wep.icv', ...put('u32', 'WEP ICV', { base: 'hex' }) },
  tkipIv: { name: 'wlan.tkip.extiv', ...put('string', 'TKIP Ext. Initialization Vector') },
  ccmpIv: { name: 'wlan.ccmp.extiv', ...put('string', 'CCMP Ext. Initialization Vector') },
  baControl: { name: 'wlan.ba.control', ...put('u16', 'Block Ack Control', { base: 'hex', ...LITTLE }) },
  baPolicy: { name: 'wlan.ba.control.ackpolicy', ...put('boolean', 'BA Ack Policy', { mask: 0x0001, ...LITTLE }) },
  baType: { name: 'wlan.ba.control.ba_type', ...put('u16', 'BA Type', { base: 'hex', mask: 0x001e, ...LITTLE }) },
  baReserved: { name: 'wlan.ba.control.reserved', ...put('u16', 'Reserved', { base: 'hex', mask: 0x0fe0, ...LITTLE }) },
  baTid: { name: 'wlan.ba.basic.tidinfo', ...put('u16', 'TID for which a Basic BlockAck frame is requested', { base: 'hex', mask: 0xf000, ...LITTLE }) },
  baBitmap: { name: 'wlan.ba.bm', ...put('bytes', 'Block Ack Bitmap') },
  ssc: { name: 'wlan.fixed.ssc', ...put('u16', 'Block Ack Starting Sequence Control (SSC)', { base: 'hex', ...LITTLE }) },
  sscFragment: { name: 'wlan.fixed.ssc.fragment', ...put('u16', 'Fragment', { mask: 0x000f, ...LITTLE }) },
  sscSequence: { name: 'wlan.fixed.ssc.sequence', ...put('u16', 'Starting Sequence Number', { mask: 0xfff0, ...LITTLE }) },
  retried: { name: 'wlan.fc.retry.expert', ...put('none', 'Retransmission (retry)') },
});

/** High Throughput Control where it is neither VHT's nor HE's (§9.2.4.6). */
export const HT_CONTROL = defineBits('wlan.htc', [
  ['.lac', 0x0000fffe, 'Link Adaptation Control (LAC)', 'u32', 'hex'],
  ['.lac.trq', 0x0002, 'Training Request (TRQ)'],
  ['.lac.mai.mrq', 0x0004, 'MCS Request (MRQ)'],
  ['.lac.mfsi', 0x01c0, 'MCS Feedback Sequence Identifier (MFSI)', 'u16'],
  ['.cal.pos', 0x00030000, 'Calibration Position', 'u32'],
  ['.cal.seq', 0x000c0000, 'Calibration Sequence Identifier', 'u32'],
  ['.csi_steering', 0x00c00000, 'CSI/Steering', 'u32'],
  ['.ndp_announcement', 0x01000000, 'NDP Announcement'],
  ['.ac_constraint', 0x40000000, 'AC Constraint'],
  ['.rdg_more_ppdu', 0x80000000, 'RDG/More PPDU'],
], LITTLE);

export const WLAN_FIELDS = { ...wlanFields, ...namedFields(HT_CONTROL) };
