import { defineProgram } from '../codecs/rpc-program.ts';
import { rpcMessage } from '../codecs/rpc-talk.ts';
import { Xdr } from '../codecs/xdr.ts';
import { nfsFields as N } from '../codecs/nfs-fields.ts';
import { putHandle } from '../codecs/nfs-handle.ts';
import { defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';

const PROCEDURES = { 0: 'NULL', 1: 'MNT', 2: 'DUMP', 3: 'UMNT', 4: 'UMNTALL', 5: 'EXPORT', 6: 'EXPORTALL', 7: 'PATHCONF' } as const;
const F = defineFields({
  procedureV1: { name: 'mount.procedure_v1', ...put('u32', 'V1 Procedure', { values: PROCEDURES }) },
  procedureV2: { name: 'mount.procedure_v2', ...put('u32', 'V2 Procedure', { values: PROCEDURES }) },
  procedureV3: { name: 'mount.procedure_v3', ...put('u32', 'V3 Procedure', { values: PROCEDURES }) },
  path: { name: 'mount.path', ...put('string', 'Path') },
  status: { name: 'mount.status', ...put('u32', 'Status', { values: { 0: 'OK', 1: 'ERR_PERM', 2: 'ERR_NOENT', 5: 'ERR_IO', 13: 'ERR_ACCESS', 20: 'ERR_NOTDIR' } }) },
  flavors: { name: 'mount.flavors', ...put('u32', 'Flavors') },
  flavor: { name: 'mount.flavor', ...put('u32', 'Flavor') },
  dumpEntry: { name: 'mount.dump.entry', ...put('none', 'Mount List Entry') },
  dumpHostname: { name: 'mount.dump.hostname', ...put('string', 'Hostname') },
  dumpDirectory: { name: 'mount.dump.directory', ...put('string', 'Directory') },
  exportEntry: { name: 'mount.export.entry', ...put('none', 'Export List Entry') },
  exportDirectory: { name: 'mount.export.directory', ...put('string', 'Directory') },
  exportGroups: { name: 'mount.export.groups', ...put('none', 'Groups') },
  exportGroup: { name: 'mount.export.group', ...put('string', 'Group') },
});
const xdr = new Xdr();
const MNT = 1;
const DUMP = 2;
const UMNT = 3;
const EXPORT = 5;
const MOST = 1024;
const V3_HANDLE = 3;

/** The mount protocol of NFS: paths become file handles. */
export const mount = defineProgram({
  name: 'mount',
  title: 'Mount Service',
  short: 'MOUNT',
  spec: ['RFC 1813 §5'],
  programs: [100005],
  procedures: { 1: F.procedureV1, 2: F.procedureV2, 3: F.procedureV3 },
  fields: { ...F, fhandle: N.fhandle, fhLength: N.fhLength, fhHash: N.fhHash },
  read(p, at, end) {
    xdr.begin(at, end);
    const { procedure, isReply, version } = rpcMessage;
    if (procedure === MNT) {
      if (isReply) putMounted(p, version);
      else xdr.opaque(p, F.path);
    } else if (procedure === UMNT && !isReply) xdr.opaque(p, F.path);
    else if (procedure === DUMP && isReply) putMounts(p);
    else if (procedure === EXPORT && isReply) putExports(p);
  },
});

function putMounted(p: PacketView, version: number): void {
  if (xdr.u32(p, F.status) !== 0) return;
  putHandle(p, xdr, version >= V3_HANDLE ? -1 : 32);
  if (version < V3_HANDLE) return;
  const count = xdr.u32(p, F.flavors);
  for (let i = 0; i < count && i < MOST && !xdr.failed; i++) xdr.u32(p, F.flavor);
}

function putMounts(p: PacketView): void {
  for (let i = 0; i < MOST && xdr.u32(p, undefined) === 1; i++) {
    p.put(F.dumpEntry, xdr.at, 0);
    xdr.opaque(p, F.dumpHostname);
    xdr.opaque(p, F.dumpDirectory);
  }
}

function putExports(p: PacketView): void {
  for (let i = 0; i < MOST && xdr.u32(p, undefined) === 1; i++) {
    p.put(F.exportEntry, xdr.at, 0);
    xdr.opaque(p, F.exportDirectory);
    p.put(F.exportGroups, xdr.at, 0);
    for (let k = 0; k < MOST && xdr.u32(p, undefined) === 1; k++) xdr.opaque(p, F.exportGroup);
  }
}
export default mount;
