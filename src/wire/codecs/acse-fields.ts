import { defineFields, put } from '../define-dissector.ts';

/** Fields of association control. */
export const acseFields = defineFields({
  directReference: { name: 'acse.direct_reference', ...put('oid', 'direct-reference') },
  indirectReference: { name: 'acse.indirect_reference', ...put('i32', 'indirect-reference') },
  encoding: { name: 'acse.encoding', ...put('u32', 'encoding') },
  aarqElement: { name: 'acse.aarq_element', ...put('none', 'aarq') },
  aareElement: { name: 'acse.aare_element', ...put('none', 'aare') },
  rlrqElement: { name: 'acse.rlrq_element', ...put('none', 'rlrq') },
  rlreElement: { name: 'acse.rlre_element', ...put('none', 'rlre') },
  abrtElement: { name: 'acse.abrt_element', ...put('none', 'abrt') },
  protocolVersion: { name: 'acse.protocol_version', ...put('bytes', 'protocol-version') },
  aSOContextName: { name: 'acse.aSO_context_name', ...put('oid', 'aSO-context-name') },
  userInformation: { name: 'acse.user_information', ...put('u32', 'user-information') },
  result: { name: 'acse.result', ...put('u32', 'result') },
  reason: { name: 'acse.reason', ...put('i32', 'reason') },
  abortSource: { name: 'acse.abort_source', ...put('u32', 'abort-source') },
  eXTERNALtElement: { name: 'acse.EXTERNALt_element', ...put('none', 'Association-data') },
});
