import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { CaptureFramer } from '../../src/pcap/capture-framer.ts';

const golden = path.resolve(import.meta.dirname, '../../test/golden');

/** Any bytes as a capture: packets or damage that is told, in bounded memory. */
export default {
  name: 'capture',
  seeds(): Uint8Array[] {
    const files = readdirSync(golden).map((name) => path.join(golden, name, 'input.pcap')).filter((file) => existsSync(file));
    return [...files.map((file) => new Uint8Array(readFileSync(file))), PCAPNG];
  },
  run(bytes: Uint8Array): void {
    const framer = new CaptureFramer((head) => {
      if (head.at < 0 || head.caplen < 0 || head.at + head.caplen > head.bytes.length) throw new Error(`a packet lies outside the buffer: ${head.at} + ${head.caplen}`);
    });
    framer.push(bytes);
    framer.end();
  },
};

/** A section, an Ethernet interface with nanoseconds, one packet with a comment. */
const PCAPNG = fromHex(
  '0a0d0d0a1c0000004d3c2b1a01000000ffffffffffffffff1c000000' +
    '01000000200000000100000000000400090001000900000000000000' + '20000000' +
    '06000000380000000000000000000000010000000a0000000a00000000010203040506070809' + '0000' + '0100020068690000' + '00000000' + '38000000',
);

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}
