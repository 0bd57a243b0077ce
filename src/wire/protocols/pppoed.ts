import { u16be } from '../../base/bytes.ts';
import type { Field } from '../../filter/field.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

const HEADER_LEN = 6;
const TAG_HEAD = 4;
const CODES = { 0x07: 'Active Discovery Offer (PADO)', 0x09: 'Active Discovery Initiation (PADI)', 0x19: 'Active Discovery Request (PADR)', 0x65: 'Active Discovery Session-confirmation (PADS)', 0xa7: 'Active Discovery Terminate (PADT)' } as const;
const TAGS = { 0x0000: 'End-Of-List', 0x0101: 'Service-Name', 0x0102: 'AC-Name', 0x0103: 'Host-Uniq', 0x0104: 'AC-Cookie', 0x0105: 'Vendor-Specific', 0x0110: 'Relay-Session-Id', 0x0120: 'PPP-Max-Payload', 0x0201: 'Service-Name-Error', 0x0202: 'AC-System-Error', 0x0203: 'Generic-Error' } as const;

export const pppoedFields = defineFields({
  version: { name: 'pppoe.version', ...fixed('u8', 0, 'Version', { mask: 0xf0 }) },
  type: { name: 'pppoe.type', ...fixed('u8', 0, 'Type', { mask: 0x0f }) },
  code: { name: 'pppoe.code', ...fixed('u8', 1, 'Code', { base: 'hex', values: CODES }) },
  sessionId: { name: 'pppoe.session_id', ...fixed('u16', 2, 'Session ID', { base: 'hex' }) },
  payloadLength: { name: 'pppoe.payload_length', ...fixed('u16', 4, 'Payload Length') },
  tags: { name: 'pppoed.tags', ...put('none', 'PPPoE Tags') },
  tag: { name: 'pppoed.tag', ...put('u16', 'Tag', { base: 'hex', values: TAGS }) },
  tagLength: { name: 'pppoed.tag_length', ...put('u16', 'Tag Length') },
  unknown: { name: 'pppoed.tag.unknown_data', ...put('bytes', 'Unknown Data') },
  service: { name: 'pppoed.tags.service_name', ...put('string', 'Service-Name') },
  concentrator: { name: 'pppoed.tags.ac_name', ...put('string', 'AC-Name') },
  host: { name: 'pppoed.tags.host_uniq', ...put('bytes', 'Host-Uniq') },
  cookie: { name: 'pppoed.tags.ac_cookie', ...put('bytes', 'AC-Cookie') },
  vendor: { name: 'pppoed.tags.vendor_id', ...put('u32', 'Vendor id') },
  vendorData: { name: 'pppoed.tags.vendor_unspecified', ...put('bytes', 'Vendor unspecified') },
  relay: { name: 'pppoed.tags.relay_session_id', ...put('bytes', 'Relay-Session-Id') },
  maxPayload: { name: 'pppoed.tags.max_payload', ...put('bytes', 'PPP-Max-Payload') },
  serviceError: { name: 'pppoed.tags.service_name_error', ...put('string', 'Service-Name-Error') },
  systemError: { name: 'pppoed.tags.ac_system_error', ...put('string', 'AC-System-Error') },
  genericError: { name: 'pppoed.tags.generic_error', ...put('string', 'Generic-Error') },
});
const F = pppoedFields;

/** Tags whose whole value is one field. */
const PLAIN: Readonly<Record<number, Field>> = {
  0x0101: F.service, 0x0102: F.concentrator, 0x0103: F.host, 0x0104: F.cookie, 0x0110: F.relay, 0x0120: F.maxPayload, 0x0201: F.serviceError, 0x0202: F.systemError, 0x0203: F.genericError,
};

/** How a subscriber finds an access concentrator. */
export const pppoed = defineDissector({
  name: 'pppoed',
  title: 'PPP-over-Ethernet Discovery',
  short: 'PPPoED',
  spec: ['RFC 2516 §5'],
  over: { ethertype: [0x8863] },
  fields: pppoedFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const b = p.bytes;
    const last = Math.min(end, at + HEADER_LEN + u16be(b, at + 4));
    let from = at + HEADER_LEN;
    if (last > from) p.put(F.tags, from, last - from);
    while (last - from >= TAG_HEAD) {
      const tag = u16be(b, from);
      const length = u16be(b, from + 2);
      const value = from + TAG_HEAD;
      // Tags that are known are shown by their value alone.
      if (TAGS[tag as keyof typeof TAGS] === undefined) {
        p.put(F.tag, from, 2);
        p.put(F.tagLength, from + 2, 2);
      }
      if (value + length > last) return p.tooShort(value + length - at);
      const plain = PLAIN[tag];
      if (length > 0) {
        if (plain !== undefined) p.put(plain, value, length);
        else if (tag === 0x0105 && length >= 4) {
          p.put(F.vendor, value, 4);
          if (length > 4) p.put(F.vendorData, value + 4, length - 4);
        } else if (tag !== 0) p.put(F.unknown, value, length);
      }
      from = value + length;
      if (tag === 0) break;
    }
    return DONE;
  },
  info: (row) => CODES[row.num(F.code) as keyof typeof CODES] ?? `Code ${row.text(F.code)}`,
});
export default pppoed;
