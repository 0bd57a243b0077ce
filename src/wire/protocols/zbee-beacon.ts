import { defineBits, namedFields, putBits } from '../bit-fields.ts';
import { eui64Text } from '../codecs/eui64-text.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

const OLD_LEN = 11;

export const zbeeBeaconFields = defineFields({
  protocol: { name: 'zbee_beacon.protocol', ...fixed('u8', 0, 'Protocol ID') },
  extendedPan: { name: 'zbee_beacon.ext_panid', ...put('string', 'Extended PAN ID') },
  offset: { name: 'zbee_beacon.tx_offset', ...put('u24', 'Tx Offset', { little: true }) },
  update: { name: 'zbee_beacon.update_id', ...put('u8', 'Update ID') },
});
const F = zbeeBeaconFields;
const CAPABILITIES = defineBits('zbee_beacon', [
  ['.profile', 0xf, 'Stack Profile', 'u16', 'hex'],
  ['.version', 0xf0, 'Protocol Version', 'u16'],
  ['.router', 0x400, 'Router Capacity'],
  ['.depth', 0x7800, 'Device Depth', 'u16'],
  ['.end_dev', 0x8000, 'End Device Capacity'],
], { little: true });

/** What a ZigBee coordinator says in its beacons. */
export const zbeeBeacon = defineDissector({
  name: 'zbee_beacon',
  title: 'ZigBee Beacon',
  short: 'ZigBee',
  column: 'ZigBee',
  spec: ['ZigBee Specification §3.6.7'],
  over: {},
  fields: { ...F, ...namedFields(CAPABILITIES) },
  dissect(p, at, end) {
    if (end - at < OLD_LEN) return p.tooShort(OLD_LEN);
    putBits(p, CAPABILITIES, at + 1, 2);
    if (p.wants(F.extendedPan)) p.putText(F.extendedPan, at + 3, 8, eui64Text(p.bytes, at + 3));
    if (end - at >= OLD_LEN + 3) p.put(F.offset, at + OLD_LEN, 3);
    if (end - at >= OLD_LEN + 4) p.put(F.update, at + OLD_LEN + 3, 1);
    return DONE;
  },
  info: (row) => `Beacon, EPID: ${row.text(F.extendedPan)}`,
});
export default zbeeBeacon;
