// One pass over a capture file with everything that a walk needs, for scripts.
import { readCaptureSync } from '../../src/capture/file-source.ts';
import { CaptureFramer } from '../../src/pcap/capture-framer.ts';
import { nodeHost } from '../../src/pipeline/node-host.ts';
import type { Demand } from '../../src/wire/demand.ts';
import type { FrameHead } from '../../src/wire/frame-head.ts';
import { Packet } from '../../src/wire/packet.ts';
import { protocols } from '../../src/wire/protocols.generated.ts';
import { Registry } from '../../src/wire/registry.ts';

/** The registry of all protocols, shared by the kinds of answers. */
export const registry: Registry = new Registry(protocols);

/** Walks every frame of `file`; `onFrame` sees it walked, and ends the pass by returning false. Returns the packet, after the last. */
export function walkCapture(file: string, demand: Demand, onFrame: (packet: Packet, head: FrameHead) => void | false): Packet {
  const packet = new Packet(registry, demand, nodeHost);
  const framer: CaptureFramer = new CaptureFramer((head) => {
    packet.begin(head);
    packet.walk();
    if (onFrame(packet, head) === false) framer.stop();
  });
  readCaptureSync(file, framer);
  return packet;
}
