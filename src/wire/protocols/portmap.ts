import { defineProgram } from '../codecs/rpc-program.ts';
import { rpcMessage } from '../codecs/rpc-talk.ts';
import { Xdr } from '../codecs/xdr.ts';
import { defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';

const V2 = { 0: 'NULL', 1: 'SET', 2: 'UNSET', 3: 'GETPORT', 4: 'DUMP', 5: 'CALLIT' } as const;
const V3 = { 0: 'NULL', 1: 'SET', 2: 'UNSET', 3: 'GETADDR', 4: 'DUMP', 5: 'CALLIT', 6: 'GETTIME', 7: 'UADDR2TADDR', 8: 'TADDR2UADDR' } as const;

const F = defineFields({
  procedureV1: { name: 'portmap.procedure_v1', ...put('u32', 'V1 Procedure', { values: V2 }) },
  procedureV2: { name: 'portmap.procedure_v2', ...put('u32', 'V2 Procedure', { values: V2 }) },
  procedureV3: { name: 'portmap.procedure_v3', ...put('u32', 'V3 Procedure', { values: V3 }) },
  procedureV4: { name: 'portmap.procedure_v4', ...put('u32', 'V4 Procedure', { values: V3 }) },
  program: { name: 'portmap.prog', ...put('u32', 'Program') },
  port: { name: 'portmap.port', ...put('u32', 'Port') },
  procedure: { name: 'portmap.proc', ...put('u32', 'Procedure') },
  proto: { name: 'portmap.proto', ...put('u32', 'Protocol') },
  version: { name: 'portmap.version', ...put('u32', 'Version') },
  answer: { name: 'portmap.answer', ...put('boolean', 'Answer') },
  args: { name: 'portmap.args', ...put('bytes', 'Arguments') },
  result: { name: 'portmap.result', ...put('bytes', 'Result') },
  rpcb: { name: 'portmap.rpcb', ...put('none', 'RPCB') },
  rpcbProgram: { name: 'portmap.rpcb.prog', ...put('u32', 'Program') },
  rpcbVersion: { name: 'portmap.rpcb.version', ...put('u32', 'Version') },
  rpcbNetid: { name: 'portmap.rpcb.netid', ...put('string', 'Network Id') },
  rpcbAddr: { name: 'portmap.rpcb.addr', ...put('string', 'Universal Address') },
  rpcbOwner: { name: 'portmap.rpcb.owner', ...put('string', 'Owner of this Service') },
  uaddr: { name: 'portmap.uaddr', ...put('string', 'Universal Address') },
});
const xdr = new Xdr();
const SET = 1;
const UNSET = 2;
const GET = 3;
const DUMP = 4;
const CALLIT = 5;
const MOST_ENTRIES = 1024;

/** The port mapper, and rpcbind. */
export const portmap = defineProgram({
  name: 'portmap',
  title: 'Portmap',
  short: 'Portmap',
  spec: ['RFC 1833'],
  programs: [100000],
  procedures: { 1: F.procedureV1, 2: F.procedureV2, 3: F.procedureV3, 4: F.procedureV4 },
  fields: F,
  read(p, at, end) {
    xdr.begin(at, end);
    if (rpcMessage.version <= 2) readV2(p);
    else readV3(p);
  },
});

function readV2(p: PacketView): void {
  const { procedure, isReply } = rpcMessage;
  if (procedure === SET || procedure === UNSET || procedure === GET) {
    if (isReply) {
      if (procedure === GET) xdr.u32(p, F.port);
      else xdr.u32(p, F.answer);
      return;
    }
    putMapping(p);
  } else if (procedure === DUMP && isReply) {
    for (let i = 0; i < MOST_ENTRIES && xdr.u32(p, undefined) === 1; i++) putMapping(p);
  } else if (procedure === CALLIT) {
    if (isReply) {
      xdr.u32(p, F.port);
      xdr.opaque(p, F.result);
    } else {
      xdr.u32(p, F.program);
      xdr.u32(p, F.version);
      xdr.u32(p, F.procedure);
      xdr.opaque(p, F.args);
    }
  }
}

function putMapping(p: PacketView): void {
  xdr.u32(p, F.program);
  xdr.u32(p, F.version);
  xdr.u32(p, F.proto);
  xdr.u32(p, F.port);
}

function readV3(p: PacketView): void {
  const { procedure, isReply } = rpcMessage;
  if (!isReply && (procedure === SET || procedure === UNSET || procedure === GET)) putBinding(p);
  else if (isReply && procedure === GET) xdr.opaque(p, F.uaddr);
  else if (isReply && procedure === DUMP) for (let i = 0; i < MOST_ENTRIES && xdr.u32(p, undefined) === 1; i++) putBinding(p);
}

function putBinding(p: PacketView): void {
  p.put(F.rpcb, xdr.at, 0);
  xdr.u32(p, F.rpcbProgram);
  xdr.u32(p, F.rpcbVersion);
  xdr.opaque(p, F.rpcbNetid);
  xdr.opaque(p, F.rpcbAddr);
  xdr.opaque(p, F.rpcbOwner);
}
export default portmap;
