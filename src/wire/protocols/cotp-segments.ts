import { defineDissector, defineFields, put } from '../define-dissector.ts';
import { cotpTalk } from '../codecs/cotp-talk.ts';

const F = defineFields({
  segment: { name: 'cotp.segment', ...put('framenum', 'COTP Segment') },
  count: { name: 'cotp.segment.count', ...put('u32', 'Segment count') },
  length: { name: 'cotp.reassembled.length', ...put('u32', 'Reassembled COTP length') },
});

/** A transport message that was put together of data units: which frames gave them, and whose message it is. */
export const cotpSegments = defineDissector({
  name: 'cotp.segments',
  title: 'COTP Segments',
  spec: ['ISO 8073 §6.3'],
  over: {},
  hierarchy: 'heading',
  fields: F,
  dissect(p, at, end) {
    const { frames } = cotpTalk(p);
    for (let i = 0; i < frames.length; i++) p.putInt(F.segment, at, 0, frames[i]);
    p.putInt(F.count, at, 0, frames.length);
    p.putInt(F.length, at, 0, end - at);
    p.payload(at, p.wireEnd);
    return p.next('cotp', -1);
  },
});
export default cotpSegments;
