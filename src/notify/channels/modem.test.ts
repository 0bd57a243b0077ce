import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { startModem } from '../../../test/support/channel-benches.ts';
import { notificationOf, notifiedAlert } from '../../../test/support/notifications.ts';
import { at } from '../../../test/support/signals.ts';
import type { SendResult } from '../define-channel.ts';
import { modem } from './modem.ts';

const stops: (() => Promise<void> | void)[] = [];
after(async () => {
  for (const stop of stops) await stop();
});

const firing = notificationOf('n1', at(0), [notifiedAlert('web', at(0))], { subject: 'Störung: web is down' });
const send = async (over: Record<string, unknown>): Promise<SendResult> =>
  await modem.send({ signal: AbortSignal.timeout(5000), dedupKey: 'k', attempt: 1, now: at(0), known: null }, firing, modem.options.parse({ to: '+491701234567', ...over }));

test('a message goes out by the modem on the line, again and again, spelt in its alphabet', async () => {
  const said: string[] = [];
  const device = await startModem('works', (stop) => stops.push(stop), said);
  for (const reference of [1, 2, 3]) assert.deepEqual(await send({ device }), { outcome: 'delivered', detail: `sent, reference ${reference}` });
  for (let i = 0; i < 100 && said.length < 3; i++) await wait(20);
  assert.deepEqual(said, Array<string>(3).fill('+491701234567 Storung: web is down http://127.0.0.1:8080/incidents/inc-1'));
});

test('a PIN that the card refused is not tried again, lest the card be locked', async () => {
  const device = await startModem('wrong-pin', (stop) => stops.push(stop));
  assert.deepEqual(await send({ device }), { outcome: 'permanent', reason: 'the card wants its PIN: set pin' });
  assert.deepEqual(await send({ device, pin: '1234' }), { outcome: 'permanent', reason: 'the modem says +CME ERROR: 16' });
  assert.deepEqual(await send({ device, pin: '1234' }), { outcome: 'permanent', reason: 'the card refused this PIN before; it is not tried again' });
});

test('no device, or a file in its place, is told as what it is', async () => {
  assert.deepEqual(await send({ device: '/dev/ttyNowhere9' }), { outcome: 'retry', reason: '/dev/ttyNowhere9: ENOENT' });
  for (const device of ['/dev/null', import.meta.filename]) assert.deepEqual(await send({ device }), { outcome: 'permanent', reason: `${device} is not a serial device` });
});
