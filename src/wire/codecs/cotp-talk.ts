import type { PacketView } from '../packet-view.ts';
import { FragmentBuffer } from './fragment-buffer.ts';

/** What a transport connection remembers: the message under way of each direction. */
class CotpTalk {
  readonly parts: readonly [FragmentBuffer, FragmentBuffer];
  constructor() {
    this.parts = [new FragmentBuffer(), new FragmentBuffer()];
  }
}

const create = (): CotpTalk => new CotpTalk();

/** The message under way in the direction of the packet at hand. */
export function cotpTalk(p: PacketView): FragmentBuffer {
  return p.trackers.state('cotp', p.flow, create).parts[p.dir];
}
