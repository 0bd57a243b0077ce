import path from 'node:path';
import { toHex } from '../../base/bytes.ts';
import { WirewatchError } from '../../base/errors.ts';
import { readCaptureSync } from '../../capture/file-source.ts';
import { decodeHttp } from '../../flow/follow-http.ts';
import { StreamFollower } from '../../flow/follow.ts';
import { CaptureFramer } from '../../pcap/capture-framer.ts';
import { nodeHost } from '../../pipeline/node-host.ts';
import { Demand } from '../../wire/demand.ts';
import { Packet } from '../../wire/packet.ts';
import { protocols } from '../../wire/protocols.generated.ts';
import { Registry } from '../../wire/registry.ts';
import { defineCommand, EXIT } from '../define-command.ts';

/** Bytes of a conversation that are kept; what follows is counted and left out, which the output says. */
const MAX_BYTES = 64 << 20;

interface Piece {
  readonly dir: 0 | 1;
  readonly bytes: Uint8Array;
}

interface Followed {
  readonly pieces: Piece[];
  bytes: number;
  leftOut: number;
  seen: boolean;
  /** Where the file is cut or damaged: what was followed before it is valid. */
  damage: WirewatchError | undefined;
}

function follow(file: string, protocol: 'tcp' | 'udp', number: number): Followed {
  const registry = new Registry(protocols);
  const packet = new Packet(registry, new Demand(registry, [registry.find(`${protocol}.stream`)!.id], { track: true }), nodeHost);
  const found: Followed = { pieces: [], bytes: 0, leftOut: 0, seen: false, damage: undefined };
  const add = (dir: 0 | 1, bytes: Uint8Array): void => {
    if (found.bytes + bytes.length > MAX_BYTES) {
      found.leftOut += bytes.length;
      return;
    }
    found.bytes += bytes.length;
    found.pieces.push({ dir, bytes });
  };
  const follower = new StreamFollower(protocol, (stream) => {
    if (stream !== number) return false;
    found.seen = true;
    return true;
  }, {
    data: (_, dir, bytes, at, end) => add(dir, bytes.slice(at, end)),
    gap: (_, dir, length) => add(dir, Buffer.from(`[${length} bytes missing in capture file]`)),
  });
  const framer = new CaptureFramer((head) => {
    packet.begin(head);
    packet.walk();
    follower.packet(packet);
  });
  readCaptureSync(file, framer);
  follower.end();
  found.damage = framer.damage;
  return found;
}

/** Bodies decoded, one direction after the other: what was asked, then what was answered. */
function decoded(pieces: readonly Piece[]): Piece[] {
  const side = (dir: 0 | 1): Piece[] => {
    const whole = Buffer.concat(pieces.filter((p) => p.dir === dir).map((p) => p.bytes));
    return decodeHttp(whole, nodeHost).map((bytes) => ({ dir, bytes }));
  };
  return [...side(0), ...side(1)];
}

/** Printable ASCII, line ends and tabs as they are; all else a dot. */
function ascii(bytes: Uint8Array): string {
  return Buffer.from(bytes.map((c) => ((c >= 0x20 && c < 0x7f) || c === 10 || c === 13 || c === 9 ? c : 0x2e))).toString('latin1');
}

function hexDump(bytes: Uint8Array, indent: string): string {
  let out = '';
  for (let at = 0; at < bytes.length; at += 16) {
    const line = bytes.subarray(at, at + 16);
    const text = Buffer.from(line.map((c) => (c >= 0x20 && c < 0x7f ? c : 0x2e))).toString('latin1');
    out += `${indent}${at.toString(16).padStart(8, '0')}  ${toHex(line, 0, line.length, ' ').padEnd(48)} ${text}\n`;
  }
  return out;
}

export const followCommand = defineCommand({
  name: 'follow',
  summary: 'Put the bytes of one conversation of a capture file together.',
  permission: null,
  configure(command) {
    command
      .argument('<file>', 'capture file')
      .argument('<protocol>', 'tcp, udp, or http (TCP with bodies decoded)')
      .argument('<stream>', 'number of the conversation, as tcp.stream and udp.stream have it')
      .option('--ascii', 'text, with a dot for what does not print (default)')
      .option('--hex', 'hex dump; the second endpoint is indented')
      .option('--raw', 'hex digits, a line a piece, as they were sent; the second endpoint is indented');
  },
  run(ctx, [file, protocol, stream], options) {
    if (protocol !== 'tcp' && protocol !== 'udp' && protocol !== 'http') {
      throw new WirewatchError('WW_ARGUMENT', `cannot follow ${protocol}`, { remedy: 'follow takes tcp, udp or http' });
    }
    const number = Number(stream);
    if (!Number.isInteger(number) || number < 0) throw new WirewatchError('WW_ARGUMENT', `${stream} is no stream number`, { remedy: 'see tcp.stream of a packet: wirewatch read FILE -T fields -e tcp.stream' });
    const found = follow(path.resolve(ctx.cwd, file), protocol === 'udp' ? 'udp' : 'tcp', number);
    const { damage } = found;
    if (damage !== undefined) ctx.terminal.err(`${file}: ${damage.message}${damage.where === undefined ? '' : ` (${damage.where})`}; the stream is followed up to there\n`);
    if (!found.seen) {
      ctx.terminal.err(`${file} has no ${protocol} stream ${number}\n`);
      return Promise.resolve(damage === undefined ? EXIT.negative : EXIT.input);
    }
    const pieces = protocol === 'http' ? decoded(found.pieces) : found.pieces;
    if (ctx.json) ctx.terminal.out(`${JSON.stringify({ protocol, stream: number, leftOut: found.leftOut, pieces: pieces.map((p) => ({ dir: p.dir, hex: toHex(p.bytes) })) })}\n`);
    else {
      for (const { dir, bytes } of pieces) {
        const indent = dir === 1 ? '\t' : '';
        if (options.raw === true) ctx.terminal.out(`${indent}${toHex(bytes)}\n`);
        else if (options.hex === true) ctx.terminal.out(hexDump(bytes, indent));
        else ctx.terminal.out(ascii(bytes));
      }
    }
    if (found.leftOut > 0) ctx.terminal.err(`${found.leftOut} bytes beyond the first ${MAX_BYTES} were left out\n`);
    return Promise.resolve(damage === undefined ? EXIT.ok : EXIT.input);
  },
});
export default followCommand;
