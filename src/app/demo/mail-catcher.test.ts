import assert from 'node:assert/strict';
import { test } from 'node:test';
import nodemailer from 'nodemailer';
import { MailCatcher } from './mail-catcher.ts';

test('a mail sent over SMTP is kept with its subject and text, in any script', async () => {
  const catcher = new MailCatcher();
  const port = await catcher.start();
  try {
    const heard: string[] = [];
    catcher.onMail((mail) => heard.push(mail.subject));
    const transport = nodemailer.createTransport({ host: '127.0.0.1', port, ignoreTLS: true });
    await transport.sendMail({
      from: 'wirewatch@example.test', to: ['admin@example.test', 'night@example.test'], subject: 'Störung — шлюз (gateway) is down, and this subject is long enough to be folded',
      text: 'Gateway schweigt — шлюз молчит.\nLine two = fine.', html: '<p>no</p>',
    });
    transport.close();
    const [mail] = catcher.mails();
    assert.equal(mail.subject, 'Störung — шлюз (gateway) is down, and this subject is long enough to be folded');
    assert.equal(mail.text.trim().replaceAll('\r\n', '\n'), 'Gateway schweigt — шлюз молчит.\nLine two = fine.');
    assert.deepEqual(mail.to, ['admin@example.test', 'night@example.test']);
    assert.deepEqual(heard, [mail.subject]);
  } finally {
    await catcher.stop();
  }
});
