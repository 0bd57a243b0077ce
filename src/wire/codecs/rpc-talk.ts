import type { PacketView } from '../packet-view.ts';

/** A call that waits for its reply. */
export interface RpcCall {
  readonly program: number;
  readonly version: number;
  readonly procedure: number;
  readonly frame: number;
  readonly seconds: number;
  readonly nanoseconds: number;
}

interface RpcTalk {
  readonly calls: Map<number, RpcCall>;
}
const create = (): RpcTalk => ({ calls: new Map() });
const MAX_CALLS = 4096;

export function findCall(p: PacketView, xid: number): RpcCall | undefined {
  return p.flow < 0 ? undefined : p.trackers.state('rpc', p.flow, create).calls.get(xid);
}

export function keepCall(p: PacketView, xid: number, call: RpcCall): void {
  if (p.flow < 0) return;
  const { calls } = p.trackers.state('rpc', p.flow, create);
  if (calls.size >= MAX_CALLS && !calls.has(xid)) {
    for (const oldest of calls.keys()) {
      calls.delete(oldest);
      break;
    }
  }
  calls.set(xid, call);
}

/** The message whose body a program reads. One a process, valid while the program reads. */
export const rpcMessage = { version: 0, procedure: 0, isReply: false };
