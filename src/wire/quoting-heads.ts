import type { PacketView } from './packet-view.ts';

/** What a packet knows of itself while the packet that it quotes is read. One object a packet view, reused. */
export class QuotingHeads {
  busy: boolean;
  readonly #numbers: Int32Array;

  constructor() {
    this.busy = false;
    this.#numbers = new Int32Array(17);
  }

  keep(p: PacketView): void {
    const n = this.#numbers;
    this.busy = true;
    n[0] = p.ipVersion;
    n[1] = p.ipAt;
    n[2] = p.srcAt;
    n[3] = p.dstAt;
    n[4] = p.networkSource;
    n[5] = p.ipProto;
    n[6] = p.fragment ? 1 : 0;
    n[7] = p.ipLen;
    n[8] = p.srcPort;
    n[9] = p.dstPort;
    n[10] = p.l4At;
    n[11] = p.payloadAt;
    n[12] = p.payloadEnd;
    n[13] = p.payloadWireEnd;
    n[14] = p.flow;
    n[15] = p.dir;
    n[16] = p.vlanCount;
  }

  giveBack(p: PacketView): void {
    const n = this.#numbers;
    p.ipVersion = n[0] as 0 | 4 | 6;
    p.ipAt = n[1];
    p.srcAt = n[2];
    p.dstAt = n[3];
    p.networkSource = n[4];
    p.ipProto = n[5];
    p.fragment = n[6] === 1;
    p.ipLen = n[7];
    p.srcPort = n[8];
    p.dstPort = n[9];
    p.l4At = n[10];
    p.payloadAt = n[11];
    p.payloadEnd = n[12];
    p.payloadWireEnd = n[13];
    p.flow = n[14];
    p.dir = n[15] as 0 | 1;
    p.vlanCount = n[16];
    this.busy = false;
  }
}
