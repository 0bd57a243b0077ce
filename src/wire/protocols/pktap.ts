import { u32le } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { MALFORMED } from '../packet-view.ts';

const HEADER_LEN = 108;
const NAME_LEN = 24;

export const pktapFields = defineFields({
  length: { name: 'pktap.hdrlen', ...fixed('u32', 0, 'Header length', { little: true }) },
  dlt: { name: 'pktap.dlt', ...fixed('u32', 8, 'DLT', { little: true }) },
  interface: { name: 'pktap.ifname', ...put('string', 'Interface name') },
  pid: { name: 'pktap.pid', ...fixed('i32', 52, 'Process ID', { little: true }) },
});

/** Head of macOS captures that names interface and process. */
export const pktap = defineDissector({
  name: 'pktap',
  title: 'PKTAP packet header',
  spec: ['LINKTYPE_PKTAP'],
  over: { link: [258] },
  fields: pktapFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const b = p.bytes;
    const length = u32le(b, at);
    if (length < HEADER_LEN) return MALFORMED;
    let name = 0;
    while (name < NAME_LEN && b[at + 12 + name] !== 0) name++;
    p.put(pktapFields.interface, at + 12, name);
    p.payload(at + length, p.wireEnd);
    return p.next('link', u32le(b, at + 8));
  },
});
export default pktap;
