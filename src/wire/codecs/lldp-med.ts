import { defineBits, namedFields, putBits } from '../bit-fields.ts';
import { defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import type { Field } from '../../filter/field.ts';

// LLDP for Media Endpoint Devices (ANSI/TIA-1057 §10): records of telephones and switches for each other.

const F = defineFields({
  subtype: { name: 'lldp.media.subtype', ...put('u8', 'Media Subtype', { base: 'hex' }) },
  class: { name: 'lldp.media.subtype.class', ...put('u8', 'Class Type') },
  application: { name: 'lldp.media.app_type', ...put('u8', 'Application Type', { values: { 1: 'Voice', 2: 'Voice Signaling', 3: 'Guest Voice', 6: 'Video Conferencing', 7: 'Streaming Video', 8: 'Video Signaling' } }) },
  locationFormat: { name: 'lldp.media.loc.data_format', ...put('u8', 'Location Data Format') },
  elin: { name: 'lldp.media.ecs', ...put('string', 'ELIN') },
  civicLength: { name: 'lldp.media.civic.length', ...put('u8', 'LCI Length') },
  civicWhat: { name: 'lldp.media.civic.what', ...put('u8', 'What') },
  civicCountry: { name: 'lldp.media.civic.country', ...put('string', 'Country') },
  powerValue: { name: 'lldp.media.power.value', ...put('u16', 'Power Value') },
  hardware: { name: 'lldp.media.hardware', ...put('string', 'Hardware Revision') },
  firmware: { name: 'lldp.media.firmware', ...put('string', 'Firmware Revision') },
  software: { name: 'lldp.media.software', ...put('string', 'Software Revision') },
  serial: { name: 'lldp.media.sn', ...put('string', 'Serial Number') },
  manufacturer: { name: 'lldp.media.manufacturer', ...put('string', 'Manufacturer Name') },
  model: { name: 'lldp.media.model', ...put('string', 'Model Name') },
  asset: { name: 'lldp.media.asset', ...put('string', 'Asset ID') },
});
const CAPABILITIES = defineBits('lldp.media.subtype.caps', [
  ['lldp.media.subtype.caps', 0x0, 'Capabilities', 'u16', 'hex'],
  ['.llpd', 0x1, 'LLDP-MED Capabilities'],
  ['.network_policy', 0x2, 'Network Policy'],
  ['.location_id', 0x4, 'Location Identification'],
  ['.mdi_pse', 0x8, 'Extended Power via MDI-PSE'],
  ['.mid_pd', 0x10, 'Extended Power via MDI-PD'],
  ['.inventory', 0x20, 'Inventory'],
]);
const POLICY = defineBits('lldp.media', [
  ['.policy_flag', 0x800000, 'Policy'],
  ['.tag_flag', 0x400000, 'Tagged'],
  ['.vlan_id', 0x1ffe00, 'VLAN Id', 'u24'],
  ['.l2_prio', 0x1c0, 'L2 Priority', 'u24'],
  ['.dscp', 0x3f, 'DSCP Priority', 'u24'],
]);
const POWER = defineBits('lldp.media.power', [
  ['.type', 0xc0, 'Power Type', 'u8'],
  ['.source', 0x30, 'Power Source', 'u8'],
  ['.prio', 0xf, 'Power Priority', 'u8'],
]);

/** Texts by subtype. */
const TEXTS: Readonly<Record<number, Field>> = { 5: F.hardware, 6: F.firmware, 7: F.software, 8: F.serial, 9: F.manufacturer, 10: F.model, 11: F.asset };

export const LLDP_MED_FIELDS = namedFields(Object.values(F), CAPABILITIES, POLICY, POWER);

/** Reads a record from its subtype on. */
export function readMed(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  const left = end - at - 1;
  p.put(F.subtype, at, 1);
  const text = TEXTS[b[at]];
  if (text !== undefined) {
    p.put(text, at + 1, left);
    return;
  }
  switch (b[at]) {
    case 1:
      if (left < 3) return;
      putBits(p, CAPABILITIES, at + 1, 2);
      p.put(F.class, at + 3, 1);
      return;
    case 2:
      if (left < 4) return;
      p.put(F.application, at + 1, 1);
      putBits(p, POLICY, at + 2, 3);
      return;
    case 3:
      if (left < 1) return;
      p.put(F.locationFormat, at + 1, 1);
      if (b[at + 1] === 3) p.put(F.elin, at + 2, left - 1);
      else if (b[at + 1] === 2 && left >= 5) {
        p.put(F.civicLength, at + 2, 1);
        p.put(F.civicWhat, at + 3, 1);
        p.put(F.civicCountry, at + 4, 2);
      }
      return;
    case 4:
      if (left < 3) return;
      putBits(p, POWER, at + 1, 1);
      p.put(F.powerValue, at + 2, 2);
  }
}
