import type { Host } from '../../base/host.ts';
import type { PacketView } from '../packet-view.ts';
import { mediaLayer } from './http-media.ts';

/** Bytes that one body may inflate to. */
const MAX_INFLATED = 16 << 20;

/** The dissector that shows content of this media type, `media` where it has none of its own. */
export function contentLayer(p: PacketView, type: string): number {
  return p.id(mediaLayer(type)) || p.id('media');
}

/** Undoes a content coding (RFC 9110 §8.4.1); undefined where it does not inflate or the coding is unknown. */
export function inflateContent(host: Host, encoding: string, content: Uint8Array): Uint8Array | undefined {
  switch (encoding.toLowerCase()) {
    case 'gzip': case 'x-gzip': return host.inflate('gzip', content, MAX_INFLATED);
    case 'deflate': case 'x-deflate': return host.inflate('deflate', content, MAX_INFLATED) ?? host.inflate('raw', content, MAX_INFLATED);
    case 'br': return host.inflate('br', content, MAX_INFLATED);
    case 'zstd': return host.inflate('zstd', content, MAX_INFLATED);
    case 'identity': return content;
    default: return undefined;
  }
}
