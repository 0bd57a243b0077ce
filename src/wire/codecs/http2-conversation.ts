import { HpackDecoder } from './hpack.ts';

/** Streams of one direction whose content is being collected; beyond, the oldest is forgotten. */
const MAX_STREAMS = 256;
/** Bytes of one stream's content, and of one header block, that are kept. */
const MAX_BODY = 16 << 20;
const MAX_BLOCK = 1 << 20;

/** Content of one stream of one direction, DATA frame by DATA frame. */
export class Http2Body {
  type = '';
  encoding = '';
  /** DATA frames so far, empty ones counted. */
  pieces = 0;
  readonly parts: Uint8Array[] = [];
  readonly frames: number[] = [];
  length = 0;

  add(bytes: Uint8Array, frame: number): void {
    if (this.length + bytes.length > MAX_BODY) return;
    this.parts.push(bytes);
    this.frames.push(frame);
    this.length += bytes.length;
  }

  join(): Uint8Array {
    const whole = new Uint8Array(this.length);
    let at = 0;
    for (const part of this.parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }
}

/** What is remembered of one HTTP/2 connection; by direction. */
export class Http2Conversation {
  readonly decoders = [new HpackDecoder(), new HpackDecoder()] as const;
  /** Header block fragments that wait for CONTINUATION. */
  readonly blocks: [Uint8Array | undefined, Uint8Array | undefined] = [undefined, undefined];
  readonly bodies = [new Map<number, Http2Body>(), new Map<number, Http2Body>()] as const;
  /** Of the header block read last. */
  contentType = '';
  contentEncoding = '';
  /** The client's preface, or a frame of SETTINGS, was seen. */
  begun = false;

  body(dir: 0 | 1, stream: number): Http2Body {
    const bodies = this.bodies[dir];
    let body = bodies.get(stream);
    if (body === undefined) {
      body = new Http2Body();
      if (bodies.size >= MAX_STREAMS) {
        for (const oldest of bodies.keys()) {
          bodies.delete(oldest);
          break;
        }
      }
      bodies.set(stream, body);
    }
    return body;
  }

  /** Adds a fragment; returns the block so far. */
  addBlock(dir: 0 | 1, fragment: Uint8Array): Uint8Array {
    const before = this.blocks[dir];
    if (before === undefined || before.length + fragment.length > MAX_BLOCK) return fragment;
    const whole = new Uint8Array(before.length + fragment.length);
    whole.set(before);
    whole.set(fragment, before.length);
    return whole;
  }
}

export function createHttp2Conversation(): Http2Conversation {
  return new Http2Conversation();
}
