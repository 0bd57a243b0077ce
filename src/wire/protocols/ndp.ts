import { defineDissector, defineFields, fixed } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

const MESSAGE_LEN = 11;

export const ndpFields = defineFields({ 
  ipaddress: { name: 'ndp.ipaddress', ...fixed('ipv4', 0, 'IP address') },
  segmentident: { name: 'ndp.segmentident', ...fixed('u24', 4, 'Segment Identifier', { base: 'hex' }) },
  chassis: { name: 'ndp.chassis', ...fixed('u8', 7, 'Chassis type') },
  backplane: { name: 'ndp.backplane', ...fixed('u8', 8, 'Backplane type') },
  state: { name: 'ndp.state', ...fixed('u8', 9, 'State') },
  numberoflinks: { name: 'ndp.numberoflinks', ...fixed('u8', 10, 'Number of links') },
});

/** How Nortel's switches find each other. */
export const ndp = defineDissector({
  name: 'ndp',
  title: 'Nortel Discovery Protocol',
  short: 'NDP',
  spec: ['Bay Networks autotopology'],
  over: { 'llc.nortel_pid': [0x01a1, 0x01a2] },
  fields: ndpFields,
  dissect(p, at, end) {
    return end - at < MESSAGE_LEN ? p.tooShort(MESSAGE_LEN) : DONE;
  },
  info: () => 'Hello',
});
export default ndp;
