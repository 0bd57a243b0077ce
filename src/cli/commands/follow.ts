import path from 'node:path';
import { toHex } from '../../base/bytes.ts';
import { WirewatchError } from '../../base/errors.ts';
import { decodeHttp } from '../../flow/follow-http.ts';
import { nodeHost } from '../../pipeline/node-host.ts';
import { followFile, MAX_FOLLOWED_BYTES, PROTOCOLS, type Followed, type FollowedProtocol, type Piece } from '../followed-stream.ts';
import { keyLogs } from '../key-log-file.ts';
import { defineCommand, EXIT } from '../define-command.ts';

/** Bodies decoded, one direction after the other: what was asked, then what was answered. */
function decoded(pieces: readonly Piece[]): Piece[] {
  const side = (dir: 0 | 1): Piece[] => {
    const whole = Buffer.concat(pieces.filter((p) => p.dir === dir).map((p) => p.bytes));
    return decodeHttp(whole, nodeHost).map((bytes) => ({ ...(pieces.find((p) => p.dir === dir) ?? pieces[0]), dir, bytes }));
  };
  return [...side(0), ...side(1)];
}

/** Printable ASCII, line ends and tabs as they are; all else a dot. */
function ascii(bytes: Uint8Array): string {
  return Buffer.from(bytes.map((c) => ((c >= 0x20 && c < 0x7f) || c === 10 || c === 13 || c === 9 ? c : 0x2e))).toString('latin1');
}

/** One line of YAML a value; bytes as base64 (YAML 1.2 §2.4, tag `!!binary`). */
function yaml(found: Followed, pieces: readonly Piece[]): string {
  const peers = found.peers.map(({ host, port }, i) => `  - peer: ${i}\n    host: ${JSON.stringify(host)}\n    port: ${port}\n`);
  const packets = pieces.map((p, i) => `  - packet: ${p.frame}\n    peer: ${p.dir}\n    index: ${i}\n    timestamp: ${p.seconds}.${String(p.nanoseconds).padStart(9, '0')}\n    data: !!binary ${JSON.stringify(Buffer.from(p.bytes).toString('base64'))}\n`);
  return `peers:\n${peers.join('')}packets:\n${packets.join('')}`;
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
      .argument('<protocol>', 'tcp, udp, http (TCP with bodies decoded), websocket (payloads without their mask), or tls (application data; needs --key-log)')
      .argument('<stream>', 'number of the conversation, as tcp.stream and udp.stream have it')
      .option('--ascii', 'text, with a dot for what does not print (default)')
      .option('--hex', 'hex dump; the second endpoint is indented')
      .option('--yaml', 'YAML with both endpoints, and frame, time and base64 of each piece')
      .option('--key-log <file>', 'secrets of TLS, as NSS writes them (SSLKEYLOGFILE)')
      .option('--raw', 'hex digits, a line a piece, as they were sent; the second endpoint is indented');
  },
  run(ctx, [file, protocol, stream], options) {
    if (!PROTOCOLS.includes(protocol as FollowedProtocol)) throw new WirewatchError('WW_ARGUMENT', `cannot follow ${protocol}`, { remedy: `follow takes ${PROTOCOLS.join(', ')}` });
    const number = Number(stream);
    if (!Number.isInteger(number) || number < 0) throw new WirewatchError('WW_ARGUMENT', `${stream} is no stream number`, { remedy: 'see tcp.stream of a packet: wirewatch read FILE -T fields -e tcp.stream' });
    const found = followFile(path.resolve(ctx.cwd, file), protocol as FollowedProtocol, number, keyLogs(ctx, options));
    const { damage } = found;
    if (damage !== undefined) ctx.terminal.err(`${file}: ${damage.message}${damage.where === undefined ? '' : ` (${damage.where})`}; the stream is followed up to there\n`);
    if (!found.seen) {
      ctx.terminal.err(`${file} has no ${protocol} stream ${number}\n`);
      return Promise.resolve(damage === undefined ? EXIT.negative : EXIT.input);
    }
    const pieces = protocol === 'http' ? decoded(found.pieces) : found.pieces;
    if (ctx.json) ctx.terminal.out(`${JSON.stringify({ protocol, stream: number, leftOut: found.leftOut, pieces: pieces.map((p) => ({ dir: p.dir, hex: toHex(p.bytes) })) })}\n`);
    else if (options.yaml === true) ctx.terminal.out(yaml(found, pieces));
    else {
      for (const { dir, bytes } of pieces) {
        const indent = dir === 1 ? '\t' : '';
        if (options.raw === true) ctx.terminal.out(`${indent}${toHex(bytes)}\n`);
        else if (options.hex === true) ctx.terminal.out(hexDump(bytes, indent));
        else ctx.terminal.out(ascii(bytes));
      }
    }
    if (found.leftOut > 0) ctx.terminal.err(`${found.leftOut} bytes beyond the first ${MAX_FOLLOWED_BYTES} were left out\n`);
    return Promise.resolve(damage === undefined ? EXIT.ok : EXIT.input);
  },
});
export default followCommand;
