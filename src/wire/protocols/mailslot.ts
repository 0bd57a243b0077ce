import { defineDissector, defineFields, put } from '../define-dissector.ts';
import { createSlot } from '../codecs/smb-transactions.ts';
import { DECLINE, DONE } from '../packet-view.ts';

export const mailslotFields = defineFields({
  opcode: { name: 'mailslot.opcode', ...put('u16', 'Opcode', { little: true, values: { 1: 'Write Mail Slot' } }) },
  priority: { name: 'mailslot.priority', ...put('u16', 'Priority', { little: true }) },
  class: { name: 'mailslot.class', ...put('u16', 'Class', { little: true, values: { 1: 'Reliable', 2: 'Unreliable & Broadcast' } }) },
  size: { name: 'mailslot.size', ...put('u16', 'Size', { little: true }) },
  name: { name: 'mailslot.name', ...put('string', 'Mailslot Name') },
});
const F = mailslotFields;

/** One-way messages within SMB transactions: announcements of hosts, searches for controllers. */
export const mailslot = defineDissector({
  name: 'mailslot',
  title: 'SMB MailSlot Protocol',
  spec: ['MS-MAIL §2.2'],
  over: {},
  column: 'SMB Mailslot',
  short: 'SMB Mailslot',
  hierarchy: 'heading',
  fields: F,
  dissect(p, at, end) {
    const carrier = p.trackers.state('mailslot', 0, createSlot);
    const setup = carrier.setupAt;
    if (setup > 0) {
      p.put(F.opcode, setup, 2);
      p.put(F.priority, setup + 2, 2);
      p.put(F.class, setup + 4, 2);
      p.put(F.size, setup + 6, 2);
      if (p.wants(F.name)) p.putText(F.name, setup, 0, carrier.name);
    }
    const reader = p.id(carrier.reader);
    if (reader === 0 || p.call(reader, at, end) === DECLINE) {
      if (end > at) p.call(p.id('data'), at, end);
    }
    return DONE;
  },
});
export default mailslot;
