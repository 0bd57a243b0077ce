import { defineDissector, defineFields, fixed } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

export const latFields = defineFields({
  toHost: { name: 'lat.rrf', ...fixed('boolean', 0, 'RRF', { mask: 0x01 }) },
  type: { name: 'lat.msg_typ', ...fixed('u8', 0, 'Message type', { mask: 0xfc, values: { 0: 'Run', 1: 'Start', 2: 'Stop', 10: 'Service announcement', 12: 'Command', 13: 'Status', 14: 'Solicit information', 15: 'Response information' } }) },
});

/** Terminals of Digital's on their hosts; the head tells what a message is. */
export const lat = defineDissector({
  name: 'lat',
  title: 'Local Area Transport',
  spec: ['DEC LAT Architecture v5.0'],
  over: { ethertype: [0x6004] },
  fields: latFields,
  dissect: (p, at, end) => (end - at < 1 ? p.tooShort(1) : DONE),
  info: (row) => `Message type ${row.text(latFields.type)}`,
});
export default lat;
