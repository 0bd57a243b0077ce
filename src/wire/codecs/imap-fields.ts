import { defineFields, put } from '../define-dissector.ts';

export const imapFields = defineFields({
  isrequest: { name: 'imap.isrequest', ...put('boolean', 'Request') },
  line: { name: 'imap.line', ...put('string', 'Line') },
  request: { name: 'imap.request', ...put('string', 'Request') },
  requestTag: { name: 'imap.request_tag', ...put('string', 'Request Tag') },
  response: { name: 'imap.response', ...put('string', 'Response') },
  responseTag: { name: 'imap.response_tag', ...put('string', 'Response Tag') },
  requestCommand: { name: 'imap.request.command', ...put('string', 'Request Command') },
  responseCommand: { name: 'imap.response.command', ...put('string', 'Response Command') },
  responseStatus: { name: 'imap.response.status', ...put('string', 'Response Status') },
  tag: { name: 'imap.tag', ...put('string', 'Tag') },
  command: { name: 'imap.command', ...put('string', 'Command') },
  requestFolder: { name: 'imap.request.folder', ...put('string', 'Request Folder') },
  requestCommandUid: { name: 'imap.request.command.uid', ...put('boolean', 'Request isUID') },
  requestUsername: { name: 'imap.request.username', ...put('string', 'Request Username') },
  requestPassword: { name: 'imap.request.password', ...put('string', 'Request Password') },
  responseIn: { name: 'imap.response_in', ...put('framenum', 'Response In') },
  responseTo: { name: 'imap.response_to', ...put('framenum', 'Request In') },
  time: { name: 'imap.time', ...put('reltime', 'Response Time') },
});
