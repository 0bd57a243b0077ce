import { u24be } from '../../base/bytes.ts';
import { defineBits, namedFields, putBits } from '../bit-fields.ts';
import { defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { readWpa } from './wlan-security-elements.ts';

// Vendor-specific elements (IEEE 802.11-2020 §9.4.2.25): an OUI, then what its owner says. Those of the Wi-Fi Alliance under
// Microsoft's OUI are read: WPA, WMM.

const OUI_MICROSOFT = 0x0050f2;
const OUI_PRE_N = 0x00904c;
const WPA = 1;
const WMM = 2;
const INFORMATION = 0;
const PARAMETER = 1;

const F = defineFields({
  oui: { name: 'wlan.tag.oui', ...put('u24', 'OUI') },
  ouiType: { name: 'wlan.tag.vendor.oui.type', ...put('u8', 'Vendor Specific OUI Type') },
  data: { name: 'wlan.tag.vendor.data', ...put('bytes', 'Vendor Specific Data') },
  wfaType: { name: 'wlan.wfa.ie.type', ...put('u8', 'Type', { base: 'hex', values: { 1: 'WPA Information Element', 2: 'WMM/WME', 4: 'WPS' } }) },
  subtype: { name: 'wlan.wfa.ie.wme.subtype', ...put('u8', 'WME Subtype', { values: { 0: 'Information Element', 1: 'Parameter Element', 2: 'TSPEC Element' } }) },
  version: { name: 'wlan.wfa.ie.wme.version', ...put('u8', 'WME Version') },
  reserved: { name: 'wlan.wfa.ie.wme.reserved', ...put('bytes', 'Reserved') },
  category: { name: 'wlan.wfa.ie.wme.acp', ...put('none', 'Ac Parameters') },
  maxWindow: { name: 'wlan.wfa.ie.wme.acp.cw.max', ...put('u8', 'CW Max') },
  minWindow: { name: 'wlan.wfa.ie.wme.acp.cw.min', ...put('u8', 'CW Min') },
  txop: { name: 'wlan.wfa.ie.wme.acp.txop_limit', ...put('u16', 'TXOP Limit', { little: true }) },
  preN: { name: 'wlan.vs.pren.type', ...put('u8', '802.11n (Pre) Type') },
  preNData: { name: 'wlan.vs.pren.unknown_data', ...put('bytes', '802.11n (Pre) Unknown Data') },
});
const QOS_OF_AP = defineBits('wlan.wfa.ie.wme.qos_info', [
  ['wlan.wfa.ie.wme.qos_info', 0, 'WME QoS Info', 'u8', 'hex'],
  ['.ap.u_apsd', 0x80, 'U-APSD'],
  ['.ap.parameter_set_count', 0xf, 'Parameter Set Count', 'u8', 'hex'],
  ['.ap.reserved', 0x70, 'Reserved', 'u8', 'hex'],
]);
const QOS_OF_STATION = defineBits('wlan.wfa.ie.wme.qos_info', [
  ['wlan.wfa.ie.wme.qos_info', 0, 'WME QoS Info', 'u8', 'hex'],
  ['.sta.max_sp_length', 0x60, 'Max SP Length', 'u8', 'hex'],
  ['.sta.ac_be', 0x8, 'AC_BE'],
  ['.sta.ac_bk', 0x4, 'AC_BK'],
  ['.sta.ac_vi', 0x2, 'AC_VI'],
  ['.sta.ac_vo', 0x1, 'AC_VO'],
  ['.sta.reserved', 0x90, 'Reserved', 'u8', 'hex'],
]);
const CATEGORY = defineBits('wlan.wfa.ie.wme.acp', [
  ['.aci_aifsn', 0x0, 'ACI / AIFSN Field', 'u8', 'hex'],
  ['.aci', 0x60, 'ACI', 'u8'],
  ['.acm', 0x10, 'Admission Control Mandatory'],
  ['.aifsn', 0xf, 'AIFSN', 'u8'],
  ['.reserved', 0x80, 'Reserved', 'u8'],
]);
const WINDOW = defineBits('wlan.wfa.ie.wme.acp', [
  ['.ecw', 0x0, 'ECW', 'u8', 'hex'],
  ['.ecw.max', 0xf0, 'ECW Max', 'u8'],
  ['.ecw.min', 0xf, 'ECW Min', 'u8'],
]);

export const VENDOR_FIELDS = { ...namedFields(Object.values(F), QOS_OF_AP, QOS_OF_STATION, CATEGORY, WINDOW) };

/** Reads a vendor's element; `isFromAp` where the frame is one that only access points send. */
export function readVendor(p: PacketView, at: number, end: number, isFromAp: boolean): void {
  if (end - at < 4) return;
  const b = p.bytes;
  const oui = u24be(b, at);
  p.put(F.oui, at, 3);
  p.put(F.ouiType, at + 3, 1);
  const body = at + 4;
  if (oui === OUI_MICROSOFT) {
    p.put(F.wfaType, at + 3, 1);
    if (b[at + 3] === WPA) readWpa(p, body, end);
    else if (b[at + 3] === WMM) readWmm(p, body, end, isFromAp);
    else p.put(F.data, at + 3, end - at - 3);
  } else if (oui === OUI_PRE_N) {
    p.put(F.preN, at + 3, 1);
    p.put(F.preNData, body, end - body);
  } else p.put(F.data, at + 3, end - at - 3);
}

function readWmm(p: PacketView, at: number, end: number, isFromAp: boolean): void {
  if (end - at < 3) return;
  const b = p.bytes;
  p.put(F.subtype, at, 1);
  p.put(F.version, at + 1, 1);
  if (b[at] !== INFORMATION && b[at] !== PARAMETER) return;
  putBits(p, isFromAp ? QOS_OF_AP : QOS_OF_STATION, at + 2, 1);
  if (b[at] !== PARAMETER || end - at < 4 + 16) return;
  p.put(F.reserved, at + 3, 1);
  for (let i = 0; i < 4; i++) {
    const from = at + 4 + 4 * i;
    p.put(F.category, from, 4);
    putBits(p, CATEGORY, from, 1);
    putBits(p, WINDOW, from + 1, 1);
    p.putInt(F.maxWindow, from + 1, 1, 2 ** (b[from + 1] >> 4) - 1);
    p.putInt(F.minWindow, from + 1, 1, 2 ** (b[from + 1] & 15) - 1);
    p.put(F.txop, from + 2, 2);
  }
}
