import { u16be } from '../../base/bytes.ts';
import { wlanFields as W } from '../codecs/wlan-fields.ts';
import { putAddress } from '../codecs/wlan-header.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';

const HEADER_LEN = 14;

export const wlanAggregateFields = defineFields({
  subframe: { name: 'wlan_aggregate.a_mdsu.subframe', ...put('none', 'A-MSDU Subframe') },
  length: { name: 'wlan_aggregate.a_mdsu.length', ...put('u16', 'A-MSDU Length') },
});
const F = wlanAggregateFields;

/** Several MSDUs in one frame (A-MSDU): each with its addresses and length, aligned to four bytes. */
export const wlanAggregate = defineDissector({
  name: 'wlan_aggregate',
  title: 'IEEE 802.11 Aggregate MSDU',
  column: null,
  hierarchy: 'heading',
  spec: ['IEEE 802.11-2020 §9.3.2.2'],
  over: {},
  fields: wlanAggregateFields,
  dissect(p, at, end) {
    const llc = p.id('llc');
    for (let from = at; end - from >= HEADER_LEN; ) {
      const length = u16be(p.bytes, from + 12);
      const last = from + HEADER_LEN + length;
      p.put(F.subframe, from, Math.min(end, last) - from);
      putAddress(p, W.da, W.daResolved, from);
      putAddress(p, W.sa, W.saResolved, from + 6);
      p.put(F.length, from + 12, 2);
      if (length === 0 || from + HEADER_LEN >= end) break;
      p.call(llc, from + HEADER_LEN, last);
      from = at + ((last - at + 3) & ~3);
    }
    return p.finish();
  },
});
export default wlanAggregate;
