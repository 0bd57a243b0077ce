import { isWord, lineEnd, nextLine } from '../codecs/text-line.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

export const tivoFields = defineFields({
  flavor: { name: 'tivoconnect.flavor', ...put('string', 'Flavor') },
  method: { name: 'tivoconnect.method', ...put('string', 'Method') },
  platform: { name: 'tivoconnect.platform', ...put('string', 'Platform') },
  machine: { name: 'tivoconnect.machine', ...put('string', 'Machine') },
  identity: { name: 'tivoconnect.identity', ...put('string', 'Identity') },
  services: { name: 'tivoconnect.services', ...put('string', 'Services') },
  version: { name: 'tivoconnect.version', ...put('string', 'Version') },
});
const F = tivoFields;
const KEYS = [
  ['TIVOCONNECT=', F.flavor], ['METHOD=', F.method], ['PLATFORM=', F.platform], ['MACHINE=', F.machine], ['IDENTITY=', F.identity],
  ['SERVICES=', F.services], ['SWVERSION=', F.version],
] as const;

/** TiVoConnect discovery: lines of a name, an equals sign and a value. */
export default defineDissector({
  name: 'tivoconnect',
  title: 'TiVoConnect Discovery Protocol',
  spec: ['TiVoConnect Automatic Machine Discovery Protocol 1.5.1'],
  over: { 'tcp.port': [2190], 'udp.port': [2190] },
  fields: tivoFields,
  short: 'TiVoConnect',
  dissect(p, at, end) {
    const b = p.bytes;
    for (let pos = at; pos < end; ) {
      const line = lineEnd(b, pos, end);
      for (let k = 0; k < KEYS.length; k++) if (isWord(b, pos, line, KEYS[k][0])) p.put(KEYS[k][1], pos + KEYS[k][0].length, line - pos - KEYS[k][0].length);
      pos = nextLine(b, line, end);
    }
    return DONE;
  },
});
