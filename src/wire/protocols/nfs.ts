import { nfsFields as F } from '../codecs/nfs-fields.ts';
import { putNfs3Call, putNfs3Reply } from '../codecs/nfs3.ts';
import { putCompoundCall, putCompoundReply } from '../codecs/nfs4.ts';
import { defineProgram } from '../codecs/rpc-program.ts';
import { rpcMessage } from '../codecs/rpc-talk.ts';
import { Xdr } from '../codecs/xdr.ts';

const xdr = new Xdr();

/** The network file system, versions 2 to 4; what version 2 calls are named and not read. */
export const nfs = defineProgram({
  name: 'nfs',
  title: 'Network File System',
  short: 'NFS',
  spec: ['RFC 1094', 'RFC 1813', 'RFC 7530'],
  programs: [100003],
  procedures: { 2: F.procedureV2, 3: F.procedureV3, 4: F.procedureV4 },
  fields: F,
  read(p, at, end) {
    xdr.begin(at, end);
    const { version, procedure, isReply } = rpcMessage;
    if (version === 3) {
      if (isReply) putNfs3Reply(p, xdr, procedure);
      else putNfs3Call(p, xdr, procedure);
    } else if (version === 4 && procedure === 1) {
      if (isReply) putCompoundReply(p, xdr);
      else putCompoundCall(p, xdr);
    }
  },
});
export default nfs;
