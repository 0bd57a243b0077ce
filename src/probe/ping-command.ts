import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';
import { failure, type EchoAnswer, type EchoBurst } from './define-probe.ts';

/**
 * Echo requests by the system's `ping`, for a process that may open no ICMP socket itself: the program has the privilege.
 *
 * Times have ping's resolution (microseconds) and are kernel times there too. Works with iputils and its `-D -n -O` output.
 */
export function pingByCommand(address: string, family: 4 | 6, burst: EchoBurst, signal: AbortSignal): Promise<EchoAnswer> {
  const interval = Math.max(0.002, burst.spacingMs / 1000);
  const wait = Math.max(1, Math.ceil(burst.timeoutMs / 1000));
  const args = [family === 6 ? '-6' : '-4', '-n', '-c', String(burst.count), '-i', interval.toFixed(3), '-W', String(wait), '-s', String(burst.size), address];
  return new Promise((done) => {
    const rttNs: (number | null)[] = Array.from({ length: burst.count }, () => null);
    let unreachable = '';
    let complaint = '';
    let child: ChildProcessByStdio<null, Readable, Readable>;
    try {
      child = spawn('ping', args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, LC_ALL: 'C' } });
    } catch (error) {
      // A process without the capability that the file of ping bears may not even start it: that is thrown, not emitted.
      done({ rttNs, method: 'ping', failure: failure('local', `neither an ICMP socket nor the program ping is allowed: ${(error as Error).message}`) });
      return;
    }
    const hard = setTimeout(() => child.kill('SIGKILL'), burst.spacingMs * burst.count + burst.timeoutMs + 2000);
    const stop = (): void => void child.kill('SIGTERM');
    signal.addEventListener('abort', stop, { once: true });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) {
        const reply = /icmp_seq=(\d+) .*time[=<]([\d.]+) ms/.exec(line);
        if (reply !== null) {
          const i = Number(reply[1]) - 1;
          if (i >= 0 && i < burst.count) rttNs[i] = Math.round(Number(reply[2]) * 1e6);
        } else if (/unreachable|prohibited|Time to live exceeded/i.test(line)) unreachable = line.replace(/^From (\S+).*icmp_seq=\d+ /, '$1: ');
      }
    });
    child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(0, 500)));
    child.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(hard);
      done({ rttNs, method: 'ping', failure: failure('local', error.code === 'ENOENT' ? 'neither an ICMP socket nor the program ping is to be had' : error.message) });
    });
    child.once('close', (code) => {
      clearTimeout(hard);
      signal.removeEventListener('abort', stop);
      const answered = rttNs.some((r) => r !== null);
      const local = /not permitted|Operation not permitted|cannot set/i.test(complaint);
      const noRoute = /unreachable|No route/i.test(complaint);
      const why = answered ? null
        : local ? failure('local', `ping: ${complaint.trim()}`)
        : noRoute ? failure('unreachable', complaint.trim().replace(/^ping: /, ''))
        : unreachable !== '' ? failure('unreachable', unreachable)
        : code === 2 && complaint !== '' ? failure('local', complaint.trim())
        : null;
      done({ rttNs, method: 'ping', failure: why });
    });
  });
}
