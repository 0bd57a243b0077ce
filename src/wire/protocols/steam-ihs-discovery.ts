import { u32be, u32le } from '../../base/bytes.ts';
import { cutShort } from '../codecs/field-run.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import { DECLINE, DONE } from '../packet-view.ts';

export const steamFields = defineFields({
  signature: { name: 'steam_ihs_discovery.signature', ...put('u64', 'Signature', { base: 'hex', little: true }) },
  headerLength: { name: 'steam_ihs_discovery.header_length', ...put('u32', 'Header Length', { little: true }) },
  bodyLength: { name: 'steam_ihs_discovery.body_length', ...put('u32', 'Body Length', { little: true }) },
});
const F = steamFields;
const HEADER_LEN = 12;

/** Steam's discovery of hosts for streaming at home: a signature, and a head and a body of protocol buffers. */
export default defineDissector({
  name: 'steam_ihs_discovery',
  title: 'Steam In-Home Streaming Discovery Protocol',
  spec: ['Observed behaviour'],
  over: { 'udp.port': [27_036] },
  fields: steamFields,
  short: 'Steam IHS Discovery',
  column: 'STEAMDISCOVER',
  dissect(p, at, end) {
    const b = p.bytes;
    if (end - at < HEADER_LEN) return end < p.wireEnd ? p.tooShort(HEADER_LEN) : DECLINE;
    if (u32be(b, at) !== 0xffffffff || u32be(b, at + 4) !== 0x214c5fa0) return DECLINE;
    p.put(F.signature, at, 8);
    p.put(F.headerLength, at + 8, 4);
    const body = at + HEADER_LEN + u32le(b, at + 8);
    if (body + 4 > end) return cutShort(p, end);
    p.put(F.bodyLength, body, 4);
    return DONE;
  },
});
