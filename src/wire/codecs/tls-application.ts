import { TcpPdus } from '../../stream/tcp-pdus.ts';
import { defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import type { StreamLevel } from '../stream-level.ts';
import { startsMessage } from './http-head.ts';
import { startsPreface } from './http2-put.ts';
import type { TlsConversation } from './tls-conversation.ts';
import { applicationOf } from './tls-conversation.ts';

export const tlsSegmentFields = defineFields({
  segments: { name: 'tls.segments', ...put('none', 'Reassembled TLS segments') },
  segment: { name: 'tls.segment', ...put('framenum', 'TLS segment') },
  count: { name: 'tls.segment.count', ...put('u32', 'Segment count') },
  length: { name: 'tls.reassembled.length', ...put('u32', 'Reassembled PDU length') },
  data: { name: 'tls.reassembled.data', ...put('bytes', 'Reassembled PDU data') },
  segmentData: { name: 'tls.segment.data', ...put('bytes', 'TLS segment data') },
});

interface Inner {
  level: StreamLevel | undefined;
}
const create = (): Inner => ({ level: undefined });

/** The stream of what TLS carries: one tracker of its PDUs a capture. */
function levelOf(p: PacketView): StreamLevel {
  const inner = p.trackers.state('tls.stream', 0, create);
  inner.level ??= { tracker: new TcpPdus(), segmentsId: p.id('tls.segments'), fields: tlsSegmentFields };
  return inner.level;
}

/** Hands decrypted application data to its protocol: by ALPN, by port, by its looks. */
export function readApplication(p: PacketView, content: Uint8Array, talk: TlsConversation): void {
  if (content.length === 0) return;
  if (p.flow >= 0) p.trackers.onDecrypted?.(p.flow, p.dir, content);
  if (talk.application === '') {
    const known = applicationOf(talk, p.srcPort, p.dstPort)?.[0] ?? '';
    // A port says little where the bytes say more.
    if (startsPreface(content, 0, content.length)) talk.application = 'http2';
    else if (startsMessage(content, 0, content.length) === 'yes') talk.application = 'http';
    else talk.application = known !== '' && known !== 'http' ? known : known === 'http' && talk.alpn !== '' ? known : 'data';
  }
  const source = p.derive(content, 'decrypted');
  if (source < 0) return;
  const sequence = talk.carried[p.dir];
  talk.carried[p.dir] = sequence + content.length;
  p.callStream(p.id(talk.application) || p.id('data'), source, levelOf(p), sequence, false);
}
