import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { WirewatchError } from '../base/errors.ts';
import type { CapturedPacket } from '../pcap/captured-packet.ts';
import { pcapHead, pcapPacket } from '../pcap/pcap-writer.ts';
import { pcapngInterface, pcapngPacket, pcapngSection } from '../pcap/pcapng-writer.ts';

export type CaptureFileFormat = 'pcap' | 'pcapng';

/**
 * Writes packets to a capture file: pcapng with an interface for each link type and name, or pcap with nanoseconds, which holds one
 * link type alone. A name that ends with `.gz` is compressed; `-` is standard output.
 */
export class CaptureFile {
  readonly path: string;
  readonly format: CaptureFileFormat;
  packets: number;
  readonly #out: Writable;
  readonly #file: Writable;
  readonly #interfaces: Map<string, number>;
  #linkType: number;
  #failure: Error | undefined;

  constructor(path: string, format: CaptureFileFormat, comment: string) {
    this.path = path;
    this.format = format;
    this.packets = 0;
    this.#interfaces = new Map();
    this.#linkType = -1;
    this.#failure = undefined;
    this.#file = path === '-' ? process.stdout : createWriteStream(path);
    this.#file.on('error', (error) => (this.#failure = error));
    const gzip = path.endsWith('.gz') ? createGzip() : undefined;
    gzip?.pipe(this.#file);
    this.#out = gzip ?? this.#file;
    if (format === 'pcapng') this.#out.write(pcapngSection('wirewatch edit', comment));
  }

  async write(packet: CapturedPacket): Promise<void> {
    if (this.#failure !== undefined) throw this.#failed(this.#failure);
    const { bytes } = packet;
    if (this.format === 'pcap') {
      if (this.#linkType < 0) this.#begin(packet.linkType);
      if (packet.linkType !== this.#linkType) {
        throw new WirewatchError('WW_ARGUMENT', `pcap holds packets of one link type; packet ${packet.number} has link type ${packet.linkType}, those before ${this.#linkType}`, { remedy: 'Write pcapng: --format pcapng.' });
      }
      await this.#put(pcapPacket(packet.seconds, packet.nanoseconds, bytes, 0, bytes.length, packet.wireLen));
    } else {
      const comment = packet.comments.join('\n');
      await this.#put(pcapngPacket(this.#interface(packet), packet.seconds, packet.nanoseconds, bytes, 0, bytes.length, packet.wireLen, comment));
    }
    this.packets++;
  }

  async close(): Promise<void> {
    // An empty pcap still has a head; nobody's packets are Ethernet's.
    if (this.format === 'pcap' && this.#linkType < 0) this.#begin(1);
    if (this.path === '-') return;
    this.#out.end();
    if (this.#failure === undefined) await once(this.#file, 'close').catch((error: unknown) => (this.#failure = error as Error));
    if (this.#failure !== undefined) throw this.#failed(this.#failure);
  }

  #begin(linkType: number): void {
    this.#linkType = linkType;
    this.#out.write(pcapHead(linkType));
  }

  #interface(packet: CapturedPacket): number {
    const key = `${packet.linkType} ${packet.interfaceName ?? ''}`;
    let id = this.#interfaces.get(key);
    if (id === undefined) {
      id = this.#interfaces.size;
      this.#interfaces.set(key, id);
      this.#out.write(pcapngInterface(packet.linkType, 0, packet.interfaceName ?? ''));
    }
    return id;
  }

  async #put(bytes: Uint8Array): Promise<void> {
    if (!this.#out.write(bytes)) await once(this.#out, 'drain');
  }

  #failed(error: Error): WirewatchError {
    return new WirewatchError('WW_ARGUMENT', `The file cannot be written: ${error.message}`, { where: this.path, cause: error });
  }
}
