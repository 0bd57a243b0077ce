import { defineDissector, defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

export const rshFields = defineFields({
  stderrPort: { name: 'rsh.stderr_port', ...put('string', 'Stderr port (optional)') },
  clientUser: { name: 'rsh.client_username', ...put('string', 'Client username') },
  serverUser: { name: 'rsh.server_username', ...put('string', 'Server username') },
  command: { name: 'rsh.command', ...put('string', 'Command to execute') },
  clientData: { name: 'rsh.client_server_data', ...put('bytes', 'Client -> Server Data') },
  serverData: { name: 'rsh.server_client_data', ...put('bytes', 'Server -> Client data') },
});
const F = rshFields;
const PORT = 514;
/** Texts that open a connection, in their order. */
const OPENING = [F.stderrPort, F.clientUser, F.serverUser, F.command];

interface Opening {
  /** Texts that were seen, 4 = all. */
  seen: number;
}

const createOpening = (): Opening => ({ seen: 0 });

/** Remote Shell: four texts that end with zero, then what the command reads and writes. */
export default defineDissector({
  name: 'rsh',
  title: 'Remote Shell',
  spec: ['BSD rshd(8)'],
  over: { 'tcp.port': [PORT] },
  fields: rshFields,
  dissect(p, at, end) {
    if (p.dstPort !== PORT) {
      p.put(F.serverData, at, end - at);
      return DONE;
    }
    const opening = p.flow >= 0 ? p.trackers.state('rsh', p.flow, createOpening) : createOpening();
    const rest = putOpening(p, at, end, opening);
    if (rest < end) p.put(F.clientData, rest, end - rest);
    return DONE;
  },
});

function putOpening(p: PacketView, at: number, end: number, opening: Opening): number {
  let pos = at;
  while (opening.seen < OPENING.length && pos < end) {
    let i = pos;
    while (i < end && p.bytes[i] !== 0) i++;
    if (i >= end) return end;
    p.put(OPENING[opening.seen++], pos, i - pos);
    pos = i + 1;
  }
  return pos;
}
