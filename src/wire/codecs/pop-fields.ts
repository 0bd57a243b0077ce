import { defineFields, put } from '../define-dissector.ts';

export const popFields = defineFields({
  response: { name: 'pop.response', ...put('string', 'Response') },
  responseIndicator: { name: 'pop.response.indicator', ...put('string', 'Response indicator') },
  responseDescription: { name: 'pop.response.description', ...put('string', 'Response description') },
  responseData: { name: 'pop.response.data', ...put('string', 'Data') },
  request: { name: 'pop.request', ...put('string', 'Request') },
  requestCommand: { name: 'pop.request.command', ...put('string', 'Request command') },
  requestParameter: { name: 'pop.request.parameter', ...put('string', 'Request parameter') },
  requestData: { name: 'pop.request.data', ...put('string', 'Data') },
  dataFragments: { name: 'pop.data.fragments', ...put('none', 'DATA fragments') },
  dataFragment: { name: 'pop.data.fragment', ...put('framenum', 'DATA fragment') },
  dataFragmentCount: { name: 'pop.data.fragment.count', ...put('u32', 'DATA fragment count') },
  dataReassembledIn: { name: 'pop.data.reassembled.in', ...put('framenum', 'Reassembled DATA in frame') },
  dataReassembledLength: { name: 'pop.data.reassembled.length', ...put('u32', 'Reassembled DATA length') },
  responseTotLenInvalid: { name: 'pop.response.tot_len.invalid', ...put('none', 'Length must be a string containing an integer') },
});
