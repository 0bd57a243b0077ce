import koffi from 'koffi';
import { WirewatchError } from '../base/errors.ts';
import { SO_ATTACH_FILTER, SOL_SOCKET, errno, errorText, setsockopt } from './libc.ts';

interface Pcap {
  openDead(linkType: number, snaplen: number): object | null;
  compile(handle: object, program: Uint8Array, text: string, optimize: number, netmask: number): number;
  freeCode(program: Uint8Array): void;
  error(handle: object): string;
  close(handle: object): void;
}

let library: Pcap | null | undefined;

/** libpcap, or null where it is not installed: then the ring takes everything, and a capture filter is refused. */
function pcap(): Pcap | null {
  if (library !== undefined) return library;
  for (const name of ['libpcap.so.0.8', 'libpcap.so.1', 'libpcap.so']) {
    try {
      const l = koffi.load(name);
      library = {
        openDead: l.func('void *pcap_open_dead(int linkType, int snaplen)') as Pcap['openDead'],
        compile: l.func('int pcap_compile(void *handle, void *program, const char *text, int optimize, uint32_t netmask)') as Pcap['compile'],
        freeCode: l.func('void pcap_freecode(void *program)') as Pcap['freeCode'],
        error: l.func('const char *pcap_geterr(void *handle)') as Pcap['error'],
        close: l.func('void pcap_close(void *handle)') as Pcap['close'],
      };
      return library;
    } catch {
      // The next name.
    }
  }
  library = null;
  return library;
}

/**
 * Compiles a capture filter with libpcap and attaches it to a packet socket. The compiled program has the layout of the kernel's
 * sock_fprog, so it is handed on as it is; it also cuts packets at `snaplen`.
 *
 * @throws {WirewatchError} WW_CAPTURE_FILTER with libpcap's own words.
 */
export function attachFilter(fd: number, linkType: number, snaplen: number, text: string): void {
  const lib = pcap();
  if (lib === null) {
    if (text === '') return;
    throw new WirewatchError('WW_CAPTURE_FILTER', 'a capture filter needs libpcap, which is not installed', { remedy: 'apt-get install libpcap0.8' });
  }
  const handle = lib.openDead(linkType, snaplen);
  if (handle === null) throw new Error('pcap_open_dead failed');
  const program = new Uint8Array(16);
  try {
    if (lib.compile(handle, program, text, 1, 0xffffffff) < 0) {
      throw new WirewatchError('WW_CAPTURE_FILTER', `libpcap refuses the capture filter "${text}": ${lib.error(handle)}`, { remedy: 'man pcap-filter has the grammar; a display filter is another language' });
    }
    const done = setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, program, 16);
    const code = errno();
    lib.freeCode(program);
    if (done < 0) throw new WirewatchError('WW_CAPTURE_FILTER', `the kernel refuses the capture filter: ${errorText(code)}`);
  } finally {
    lib.close(handle);
  }
}

/** Is a capture filter well formed? For checking a configuration; true where libpcap is not there to ask. */
export function checkFilter(text: string): string | null {
  const lib = pcap();
  if (lib === null) return null;
  const handle = lib.openDead(1, 262_144);
  if (handle === null) return null;
  const program = new Uint8Array(16);
  try {
    if (lib.compile(handle, program, text, 1, 0xffffffff) < 0) return lib.error(handle);
    lib.freeCode(program);
    return null;
  } finally {
    lib.close(handle);
  }
}

