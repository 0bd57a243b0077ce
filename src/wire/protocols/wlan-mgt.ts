import { defineBits, namedFields, putBits } from '../bit-fields.ts';
import { radioState } from '../codecs/radio-state.ts';
import { ELEMENT_FIELDS, ELEMENT_WORDS } from '../codecs/wlan-elements.ts';
import { EXTENDED_CAPABILITIES, EXTENDED_CAPABILITIES_END, putExtendedCapabilities } from '../codecs/wlan-extended-capabilities.ts';
import { readRsn, SECURITY_FIELDS } from '../codecs/wlan-security-elements.ts';
import { readVendor, VENDOR_FIELDS } from '../codecs/wlan-vendor-elements.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE, MALFORMED } from '../packet-view.ts';

// Subtypes of management frames (IEEE 802.11-2020 table 9-1) and numbers of elements (table 9-94).
const ASSOCIATION_REQUEST = 0;
const ASSOCIATION_RESPONSE = 1;
const REASSOCIATION_REQUEST = 2;
const REASSOCIATION_RESPONSE = 3;
const PROBE_RESPONSE = 5;
const BEACON = 8;
const DISASSOCIATE = 10;
const AUTHENTICATION = 11;
const DEAUTHENTICATION = 12;
const ACTION = 13;
const ACTION_NO_ACK = 14;
const SSID = 0;
const RATES = 1;
const TIM = 5;
const COUNTRY = 7;
const QBSS_LOAD = 11;
const CHALLENGE = 16;
const ERP = 42;
const ERP_ALSO = 47;
const RSN = 48;
const MORE_RATES = 50;
const CHANNEL_REPORT = 51;
const OPERATING_CLASSES = 59;
const MESH_ID = 114;
const CAPABILITIES = 127;
const VENDOR = 221;
const EXTENDED = 255;
const LITTLE = { little: true } as const;

/** Names of the elements that people meet most. */
const ELEMENTS = {
  0: 'SSID parameter set', 1: 'Supported Rates', 2: 'FH Parameter set', 3: 'DS Parameter set', 4: 'CF Parameter set', 5: 'Traffic Indication Map (TIM)', 6: 'IBSS Parameter set',
  7: 'Country Information', 10: 'Request', 11: 'QBSS Load Element', 16: 'Challenge text', 32: 'Power Constraint', 33: 'Power Capability', 34: 'TPC Request', 35: 'TPC Report',
  36: 'Supported Channels', 37: 'Channel Switch Announcement', 38: 'Measurement Request', 39: 'Measurement Report', 40: 'Quiet', 42: 'ERP Information',
  45: 'HT Capabilities (802.11n D1.10)', 46: 'QoS Capability', 47: 'ERP Information', 48: 'RSN Information', 50: 'Extended Supported Rates', 51: 'AP Channel Report',
  52: 'Neighbor Report', 54: 'Mobility Domain', 55: 'Fast BSS Transition', 59: 'Supported Operating Classes', 61: 'HT Information (802.11n D1.10)', 62: 'Secondary Channel Offset (802.11n D1.10)',
  70: 'RM Enabled Capabilities (802.11k D10)', 71: 'Multiple BSSID', 72: '20/40 BSS Coexistence', 74: 'Overlapping BSS Scan Parameters', 107: 'Interworking', 108: 'Advertisement Protocol',
  113: 'Mesh Configuration', 114: 'Mesh ID', 127: 'Extended Capabilities', 191: 'VHT Capabilities', 192: 'VHT Operation', 195: 'Tx Power Envelope', 221: 'Vendor Specific', 255: 'Element ID Extension',
} as const;

export const wlanMgtFields = defineFields({
  fixed: { name: 'wlan.fixed.all', ...put('none', 'Fixed parameters') },
  timestamp: { name: 'wlan.fixed.timestamp', ...put('u64', 'Timestamp', LITTLE) },
  interval: { name: 'wlan.fixed.beacon', ...put('u32', 'Beacon Interval', LITTLE) },
  listen: { name: 'wlan.fixed.listen_ival', ...put('u16', 'Listen Interval', { base: 'hex', ...LITTLE }) },
  currentAp: { name: 'wlan.fixed.current_ap', ...put('ether', 'Current AP') },
  status: { name: 'wlan.fixed.status_code', ...put('u16', 'Status code', { base: 'hex', ...LITTLE }) },
  reason: { name: 'wlan.fixed.reason_code', ...put('u16', 'Reason code', { base: 'hex', ...LITTLE }) },
  aid: { name: 'wlan.fixed.aid', ...put('u16', 'Association ID', { base: 'hex', mask: 0x3fff, ...LITTLE }) },
  algorithm: { name: 'wlan.fixed.auth.alg', ...put('u16', 'Authentication Algorithm', { values: { 0: 'Open System', 1: 'Shared key', 2: 'Fast BSS Transition', 3: 'Simultaneous Authentication of Equals (SAE)' }, ...LITTLE }) },
  authSequence: { name: 'wlan.fixed.auth_seq', ...put('u16', 'Authentication SEQ', { base: 'hex', ...LITTLE }) },
  category: { name: 'wlan.fixed.category_code', ...put('u16', 'Category code') },
  action: { name: 'wlan.fixed.action_code', ...put('u8', 'Action code') },
  dialog: { name: 'wlan.fixed.dialog_token', ...put('u8', 'Dialog token', { base: 'hex' }) },
  blockTimeout: { name: 'wlan.fixed.batimeout', ...put('u16', 'Block Ack Timeout', { base: 'hex', ...LITTLE }) },
  ssc: { name: 'wlan.fixed.ssc', ...put('u16', 'Block Ack Starting Sequence Control (SSC)', { base: 'hex', ...LITTLE }) },
  sscFragment: { name: 'wlan.fixed.ssc.fragment', ...put('u16', 'Fragment', { mask: 0x000f, ...LITTLE }) },
  sscSequence: { name: 'wlan.fixed.ssc.sequence', ...put('u16', 'Starting Sequence Number', { mask: 0xfff0, ...LITTLE }) },
  lengthBad: { name: 'wlan.tag.length.bad', ...put('none', 'Bad tag length') },
  tagged: { name: 'wlan.tagged.all', ...put('none', 'Tagged parameters') },
  tag: { name: 'wlan.tag', ...put('none', 'Tag') },
  number: { name: 'wlan.tag.number', ...put('u8', 'Tag Number', { values: ELEMENTS }) },
  length: { name: 'wlan.tag.length', ...put('u32', 'Tag length') },
  data: { name: 'wlan.tag.data', ...put('bytes', 'Tag Data') },
  extTag: { name: 'wlan.ext_tag', ...put('none', 'Ext Tag') },
  extLength: { name: 'wlan.ext_tag.length', ...put('u32', 'Ext Tag length') },
  extNumber: { name: 'wlan.ext_tag.number', ...put('u8', 'Ext Tag Number') },
  extData: { name: 'wlan.ext_tag.data', ...put('bytes', 'Ext Tag Data') },
  ssid: { name: 'wlan.ssid', ...put('bytes', 'SSID') },
  meshId: { name: 'wlan.mesh.id', ...put('string', 'Mesh ID') },
  rate: { name: 'wlan.supported_rates', ...put('u8', 'Supported Rates', { base: 'hex' }) },
  moreRate: { name: 'wlan.extended_supported_rates', ...put('u8', 'Extended Supported Rates', { base: 'hex' }) },
  bitmap: { name: 'wlan.tim.partial_virtual_bitmap', ...put('bytes', 'Partial Virtual Bitmap') },
  loadVersion: { name: 'wlan.qbss.version', ...put('u8', 'QBSS Version') },
  country: { name: 'wlan.country_info.code', ...put('string', 'Code') },
  environment: { name: 'wlan.country_info.environment', ...put('u8', 'Environment') },
  triplet: { name: 'wlan.country_info.fnm', ...put('none', 'Country Info') },
  firstChannel: { name: 'wlan.country_info.fnm.fcn', ...put('u8', 'First Channel Number') },
  channels: { name: 'wlan.country_info.fnm.nc', ...put('u8', 'Number of Channels') },
  maxPower: { name: 'wlan.country_info.fnm.mtpl', ...put('i8', 'Maximum Transmit Power Level') },
  challenge: { name: 'wlan.tag.challenge_text', ...put('bytes', 'Challenge Text') },
  reportClass: { name: 'wlan.ap_channel_report.operating_class', ...put('u8', 'Operating Class') },
  reportChannel: { name: 'wlan.ap_channel_report.channel_list', ...put('u8', 'Channel List') },
  currentClass: { name: 'wlan.supopeclass.current', ...put('u8', 'Current Operating Class') },
  otherClasses: { name: 'wlan.supopeclass.alt', ...put('none', 'Alternate Operating Classes') },
});
const F = wlanMgtFields;

const CAPABILITY_INFORMATION = defineBits('wlan.fixed.capabilities', [
  ['wlan.fixed.capabilities', 0x0, 'Capabilities Information', 'u16', 'hex'],
  ['.ess', 0x1, 'ESS capabilities'],
  ['.ibss', 0x2, 'IBSS status'],
  ['.reserved1', 0x4, 'Reserved', 'u16'],
  ['.reserved2', 0x8, 'Reserved', 'u16'],
  ['.privacy', 0x10, 'Privacy'],
  ['.short_preamble', 0x20, 'Short Preamble'],
  ['.reserved3', 0x40, 'Reserved', 'u16'],
  ['.reserved4', 0x80, 'Reserved', 'u16'],
  ['.spec_man', 0x100, 'Spectrum Management'],
  ['.qos', 0x200, 'QoS'],
  ['.short_slot_time', 0x400, 'Short Slot Time'],
  ['.apsd', 0x800, 'Automatic Power Save Delivery'],
  ['.radio_measurement', 0x1000, 'Radio Measurement'],
  ['.epd', 0x2000, 'EPD'],
  ['.reserved5', 0x4000, 'Reserved', 'u16'],
  ['.reserved6', 0x8000, 'Reserved', 'u16'],
], LITTLE);
const BLOCK_ACK = defineBits('wlan.fixed.baparams', [
  ['wlan.fixed.baparams', 0x0, 'Block Ack Parameters', 'u16', 'hex'],
  ['.amsdu', 0x1, 'A-MSDUs'],
  ['.policy', 0x2, 'Block Ack Policy'],
  ['.tid', 0x3c, 'Traffic Identifier', 'u16', 'hex'],
  ['.buffersize', 0xffc0, 'Number of Buffers (1 Buffer = 2304 Bytes)', 'u16'],
], LITTLE);

/** The body of 802.11 management frames: parameters at fixed places by subtype, then elements. */
export const wlanMgt = defineDissector({
  name: 'wlan.mgt',
  title: 'IEEE 802.11 Wireless Management',
  column: null,
  hierarchy: 'heading',
  spec: ['IEEE 802.11-2020 §9.3.3', 'IEEE 802.11-2020 §9.4'],
  over: {},
  fields: {
    ...F, ...SECURITY_FIELDS, ...VENDOR_FIELDS,
    ...namedFields(CAPABILITY_INFORMATION, BLOCK_ACK, ELEMENT_FIELDS, ...EXTENDED_CAPABILITIES, EXTENDED_CAPABILITIES_END),
  },
  dissect(p, at, end) {
    if (!p.detail) return DONE;
    const { subtype } = radioState(p);
    const size = fixedLength(p, subtype, at, end);
    if (end - at < size) return p.tooShort(size);
    if (size > 0 && subtype < ACTION) p.put(F.fixed, at, size);
    readFixed(p, subtype, at, end);
    const from = at + size;
    if (from >= end) return DONE;
    p.put(F.tagged, from, end - from);
    return elements(p, from, end, subtype, at);
  },
});
export default wlanMgt;

function fixedLength(p: PacketView, subtype: number, at: number, end: number): number {
  switch (subtype) {
    case ASSOCIATION_REQUEST: return 4;
    case ASSOCIATION_RESPONSE: case REASSOCIATION_RESPONSE: return 6;
    case REASSOCIATION_REQUEST: return 10;
    case PROBE_RESPONSE: case BEACON: return 12;
    case DISASSOCIATE: case DEAUTHENTICATION: return 2;
    case AUTHENTICATION: return 6;
    case ACTION: case ACTION_NO_ACK: return actionLength(p, at, end);
    default: return 0;
  }
}

const CATEGORY_BLOCK_ACK = 3;
/** Length of the body's fixed part by category and action, where it is known: for others all of it is fixed. */
function actionLength(p: PacketView, at: number, end: number): number {
  if (end - at < 2) return 1;
  const category = p.bytes[at];
  const action = p.bytes[at + 1];
  if (category === CATEGORY_BLOCK_ACK) return action === 2 ? 6 : 9;
  if (category === 0) return action < 4 ? 3 : 2;
  if (category === 5) return 3;
  return end - at;
}

function readFixed(p: PacketView, subtype: number, at: number, end: number): void {
  switch (subtype) {
    case ASSOCIATION_REQUEST: case REASSOCIATION_REQUEST:
      putBits(p, CAPABILITY_INFORMATION, at, 2);
      p.put(F.listen, at + 2, 2);
      if (subtype === REASSOCIATION_REQUEST) p.put(F.currentAp, at + 4, 6);
      return;
    case ASSOCIATION_RESPONSE: case REASSOCIATION_RESPONSE:
      putBits(p, CAPABILITY_INFORMATION, at, 2);
      p.put(F.status, at + 2, 2);
      p.put(F.aid, at + 4, 2);
      return;
    case PROBE_RESPONSE: case BEACON:
      p.put(F.timestamp, at, 8);
      p.put(F.interval, at + 8, 2);
      putBits(p, CAPABILITY_INFORMATION, at + 10, 2);
      return;
    case DISASSOCIATE: case DEAUTHENTICATION:
      p.put(F.reason, at, 2);
      return;
    case AUTHENTICATION:
      p.put(F.algorithm, at, 2);
      p.put(F.authSequence, at + 2, 2);
      p.put(F.status, at + 4, 2);
      return;
    case ACTION: case ACTION_NO_ACK:
      readAction(p, at, end);
  }
}

function readAction(p: PacketView, at: number, end: number): void {
  const category = p.bytes[at];
  p.put(F.category, at, 1);
  if (end - at < 3 || (category !== CATEGORY_BLOCK_ACK && category !== 0 && category !== 5)) return;
  p.put(F.action, at + 1, 1);
  const action = p.bytes[at + 1];
  if (category !== CATEGORY_BLOCK_ACK) {
    if (category === 5 || action < 4) p.put(F.dialog, at + 2, 1);
    return;
  }
  if (action === 2) {
    p.put(F.reason, at + 4, 2);
    return;
  }
  p.put(F.dialog, at + 2, 1);
  if (action === 1) p.put(F.status, at + 3, 2);
  const from = action === 1 ? at + 5 : at + 3;
  putBits(p, BLOCK_ACK, from, 2);
  p.put(F.blockTimeout, from + 2, 2);
  if (action !== 0) return;
  p.put(F.ssc, from + 4, 2);
  p.put(F.sscFragment, from + 4, 2);
  p.put(F.sscSequence, from + 4, 2);
}

/** Elements to the end: number, length, value. */
function elements(p: PacketView, at: number, end: number, subtype: number, start: number): number {
  const b = p.bytes;
  const isFromAp = subtype === ASSOCIATION_RESPONSE || subtype === REASSOCIATION_RESPONSE || subtype === PROBE_RESPONSE || subtype === BEACON;
  for (let from = at; from < end; ) {
    if (end - from < 2) return p.tooShort(from - start + 2);
    const number = b[from];
    const length = b[from + 1];
    const body = from + 2;
    if (body + length > p.wireEnd) {
      p.put(F.tag, from, end - from);
      p.put(F.number, from, 1);
      p.put(F.length, from + 1, 1);
      p.expert('error', 'malformed', 'wlan.tag.length.bad', from + 1, 1);
      return MALFORMED;
    }
    const last = Math.min(body + length, end);
    p.put(F.tag, from, last - from);
    if (number === EXTENDED && length > 0) {
      p.put(F.number, from, 1);
      p.put(F.extLength, from + 1, 1);
      if (body < end) {
        p.put(F.extNumber, body, 1);
        if (last > body + 1) p.put(F.extData, body + 1, last - body - 1);
      }
    } else {
      p.put(F.number, from, 1);
      p.put(F.length, from + 1, 1);
      if (number === RSN) {
        if (!readRsn(p, body, last, last === body + length)) return MALFORMED;
      } else readElement(p, number, body, last, isFromAp);
    }
    if (body + length > end) return p.tooShort(body + length - start);
    from = body + length;
  }
  return DONE;
}

function readElement(p: PacketView, number: number, at: number, end: number, isFromAp: boolean): void {
  const words = ELEMENT_WORDS[number === ERP_ALSO ? ERP : number];
  if (words !== undefined) {
    // A load element of the first version has a byte less.
    if (number === QBSS_LOAD) p.putInt(F.loadVersion, at, end - at, end - at === 5 ? 2 : 1);
    for (let i = 0; i < words.length; i++) if (at + words[i].offset + words[i].size <= end) putBits(p, words[i].fields, at + words[i].offset, words[i].size);
    if (number === TIM && end - at > 3) p.put(F.bitmap, at + 3, end - at - 3);
    return;
  }
  switch (number) {
    case SSID: p.put(F.ssid, at, end - at); return;
    case MESH_ID: p.put(F.meshId, at, end - at); return;
    case RATES: for (let i = at; i < end; i++) p.put(F.rate, i, 1); return;
    case MORE_RATES: for (let i = at; i < end; i++) p.put(F.moreRate, i, 1); return;
    case COUNTRY: country(p, at, end); return;
    case CHALLENGE: p.put(F.challenge, at, end - at); return;
    case VENDOR: readVendor(p, at, end, isFromAp); return;
    case CAPABILITIES: putExtendedCapabilities(p, at, end); return;
    case CHANNEL_REPORT:
      if (at < end) p.put(F.reportClass, at, 1);
      for (let i = at + 1; i < end; i++) p.put(F.reportChannel, i, 1);
      return;
    case OPERATING_CLASSES:
      if (at < end) p.put(F.currentClass, at, 1);
      if (at + 1 < end) p.put(F.otherClasses, at + 1, end - at - 1);
      return;
    default: if (end > at) p.put(F.data, at, end - at);
  }
}

function country(p: PacketView, at: number, end: number): void {
  if (end - at < 3) return;
  p.put(F.country, at, 2);
  p.put(F.environment, at + 2, 1);
  for (let i = at + 3; i + 3 <= end; i += 3) {
    // Numbers from 201 on begin another kind of triplet.
    if (p.bytes[i] > 200) continue;
    p.put(F.triplet, i, 3);
    p.put(F.firstChannel, i, 1);
    p.put(F.channels, i + 1, 1);
    p.put(F.maxPower, i + 2, 1);
  }
}
