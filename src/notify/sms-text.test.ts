import assert from 'node:assert/strict';
import { test } from 'node:test';
import { notificationOf, notifiedAlert } from '../../test/support/notifications.ts';
import { at } from '../../test/support/signals.ts';
import { septetsOf, smsText } from './sms-text.ts';

const message = (subject: string, link: string | null = null): Parameters<typeof smsText>[0] => notificationOf('n', at(0), [notifiedAlert('web', at(0))], { subject, link });

test('a short message has at most 160 septets, whatever it is made of, and those behind an escape count twice', () => {
  for (const character of ['x', 'ä', '€', '{', 'ő', '\u{1F6A8}', '漢', '\n']) {
    for (const n of [1, 79, 80, 81, 159, 160, 161, 1000]) {
      for (const ascii of [false, true]) {
        const text = smsText(message(`Web ${character.repeat(n)} down`, 'http://192.0.2.1:8080/incidents/0123456789abcdef'), ascii);
        assert.ok(septetsOf(text) <= 160, `${character} x ${n}: ${septetsOf(text)}`);
        if (ascii) assert.match(text, /^[ -~]*$/);
      }
    }
  }
  assert.equal(septetsOf('€'), 2);
});

test('what the alphabet lacks is spelt without its accent, or marked', () => {
  assert.equal(smsText(message('Őr – Störung: 漢 „x“…')), 'Or - Störung: ? ?x?...');
  assert.equal(smsText(message('Straße größer'), true), 'Strasse grosser');
});

test('the link is there whole or not at all', () => {
  const link = 'http://192.0.2.1:8080/incidents/0123456789abcdef';
  assert.ok(smsText(message('Web is down', link)).endsWith(` ${link}`));
  assert.ok(!smsText(message('x'.repeat(140), link)).includes('http'));
});
