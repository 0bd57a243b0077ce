import { spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';
import { CaptureFramer } from '../pcap/capture-framer.ts';
import type { CaptureCounts, CapturedPacket, CaptureSource, LiveOptions } from './capture-source.ts';

const COUNT_EVERY_MS = 10_000;

/** Live packets through `tcpdump -w -`: for a process that may not open the ring while the program tcpdump may capture. */
export class TcpdumpSource implements CaptureSource {
  readonly kind = 'tcpdump';
  readonly #options: LiveOptions;
  #child: ChildProcess | undefined;
  #counter: NodeJS.Timeout | undefined;
  #received = 0;
  #dropped = 0;
  #complaint = '';

  constructor(options: LiveOptions) {
    this.#options = options;
  }

  start(onPacket: CapturedPacket, onEnd: (reason: string) => void): void {
    const o = this.#options;
    const args = ['-i', o.interface, '-w', '-', '-U', '--immediate-mode', '--time-stamp-precision=nano', '-s', String(o.snaplen), ...(o.promiscuous ? [] : ['-p']), ...(o.filter === '' ? [] : [o.filter])];
    let child: ChildProcessByStdio<null, Readable, Readable>;
    try {
      child = spawn('tcpdump', args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, LC_ALL: 'C' } });
    } catch (error) {
      // A process without the capability that the file of tcpdump bears may not even start it: that is thrown, not emitted.
      queueMicrotask(() => onEnd(`tcpdump cannot be started: ${(error as Error).message}`));
      return;
    }
    this.#child = child;
    const framer: CaptureFramer = new CaptureFramer((head) => onPacket(head.bytes, head.at, head.caplen, head.wireLen, head.seconds, head.nanoseconds, head.linkType));
    child.stdout.on('data', (chunk: Buffer) => framer.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => this.#hear(chunk.toString()));
    child.once('error', (error) => onEnd(`tcpdump cannot be started: ${error.message}`));
    child.once('close', (code) => {
      clearInterval(this.#counter);
      onEnd(code === 0 ? 'ended' : this.#complaint.trim() || `tcpdump ended with ${code}`);
    });
    // tcpdump prints its counts on this signal (tcpdump(8)).
    this.#counter = setInterval(() => child.kill('SIGUSR1'), COUNT_EVERY_MS);
  }

  #hear(text: string): void {
    const received = /(\d+) packets? received by filter/.exec(text);
    const dropped = /(\d+) packets? dropped by kernel/.exec(text);
    if (received !== null) this.#received = Number(received[1]);
    if (dropped !== null) this.#dropped = Number(dropped[1]);
    if (received === null && dropped === null) this.#complaint = (this.#complaint + text).slice(-500);
  }

  counts(): CaptureCounts {
    return { received: this.#received, dropped: this.#dropped };
  }

  async stop(): Promise<void> {
    clearInterval(this.#counter);
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise<void>((done) => {
      const hard = setTimeout(() => child.kill('SIGKILL'), 3000);
      child.once('close', () => {
        clearTimeout(hard);
        done();
      });
      child.kill('SIGINT');
    });
  }
}
