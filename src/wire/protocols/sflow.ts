import { u32be } from '../../base/bytes.ts';
import { sflowFields } from '../codecs/sflow-fields.ts';
import { putSflowSample } from '../codecs/sflow-samples.ts';
import { defineDissector } from '../define-dissector.ts';
import { layout, putLayout } from '../layout.ts';
import { DONE } from '../packet-view.ts';

const VERSION = 5;
const IPV4 = 1;

const F = sflowFields;
const HEAD = layout({ 0: F.subAgentId, 4: F.sequenceNumber, 8: F.sysuptime, 12: F.numsamples });

/** Version 5; of 2 and 4 the head is read. */
export const sflow = defineDissector({
  name: 'sflow',
  title: 'InMon sFlow',
  short: 'sFlow',
  spec: ['sFlow version 5', 'RFC 3176'],
  over: { 'udp.port': [6343] },
  fields: sflowFields,
  dissect(p, at, end) {
    if (end - at < 8) return p.tooShort(8);
    const b = p.bytes;
    const size = u32be(b, at + 4) === IPV4 ? 4 : 16;
    const head = at + 8 + size;
    if (head > end) return p.tooShort(8 + size);
    p.put(size === 4 ? F.agent : F.agentV6, at + 8, size);
    if (u32be(b, at) !== VERSION) return DONE;
    if (!putLayout(p, HEAD, head, end)) return p.tooShort(head + HEAD.length - at);
    let i = head + HEAD.length;
    for (let n = u32be(b, head + 12); n > 0 && i < end; n--) {
      if (i + 8 > end) return p.tooShort(i + 8 - at);
      const next = i + 8 + u32be(b, i + 4);
      if (next > end) return p.tooShort(next - at);
      putSflowSample(p, i, next);
      i = next;
    }
    return DONE;
  },
  info: (row) => `V${row.text(F.version)}, agent ${row.text(F.agent)}, ${row.text(F.numsamples)} samples`,
});
export default sflow;
