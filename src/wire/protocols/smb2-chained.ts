import { defineDissector } from '../define-dissector.ts';
import { smb2Fields as F } from '../codecs/smb2-fields.ts';
import { putCommand } from '../codecs/smb2-command.ts';

/** A further command of a compound: part of the same SMB2 message, and a heading of its own in the hierarchy. */
export const smb2Chained = defineDissector({
  name: 'smb2.chained',
  title: 'SMB2 (Server Message Block Protocol version 2), chained command',
  spec: ['MS-SMB2 §3.2.4.1.4'],
  over: {},
  short: 'SMB2',
  hierarchy: 'heading',
  shownAs: 'smb2',
  fields: F,
  dissect: putCommand,
});
export default smb2Chained;
