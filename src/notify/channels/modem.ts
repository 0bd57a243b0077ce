import { closeSync, constants, openSync } from 'node:fs';
import tty from 'node:tty';
import { z } from 'zod';
import { defineChannel, type SendResult } from '../define-channel.ts';
import { runProgram } from '../local-program.ts';
import { smsText } from '../sms-text.ts';

const options = z.strictObject({
  device: z.string().startsWith('/').describe('Serial device (`/dev/ttyUSB2`); this program\'s user must be in its group (dialout).'),
  to: z.string().regex(/^\+[1-9]\d{4,14}$/, 'not a number in the form +491701234567 (E.164)').describe('Who gets it.'),
  pin: z.string().regex(/^\d{4,8}$/).optional().describe('PIN of the card, if it asks for one; a secret. A wrong one is tried once and never again until the configuration changes.'),
  baud: z.int().min(1200).max(921_600).default(115_200),
});

/** Causes of 3GPP TS 27.005 §3.2.5 (of 24.011) that no repetition mends: unassigned, barred and unknown numbers, refused facilities. */
const FINAL_CMS = new Set([1, 8, 10, 21, 28, 29, 30, 50, 69, 304, 305]);
/** CME: no card, card failure, PUK wanted, wrong password. */
const FINAL_CME = new Set([10, 12, 13, 15, 16]);
const CTRL_Z = '\u001A';
const ESCAPE = '\u001B';

/** Cards that a PIN was refused for, by device: two more tries would lock them. */
const refusedPins = new Map<string, string>();

class ModemFault extends Error {
  readonly result: SendResult;

  constructor(result: SendResult) {
    super(result.outcome);
    this.result = result;
  }
}

function openTty(device: string): number {
  const fd = openSync(device, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  if (tty.isatty(fd)) return fd;
  closeSync(fd);
  throw new ModemFault({ outcome: 'permanent', reason: `${device} is not a serial device` });
}

/** The dialogue with a modem in text mode (3GPP TS 27.005, 27.007). */
class Modem {
  readonly #in: tty.ReadStream;
  readonly #out: tty.WriteStream;
  #heard = '';
  #wake: () => void = () => undefined;
  #closed = false;

  /** Each stream owns, and closes, a descriptor of its own. Throws where the device cannot be opened. */
  constructor(device: string) {
    this.#in = new tty.ReadStream(openTty(device));
    this.#out = new tty.WriteStream(openTty(device));
    // Raw and without echo: a modem's own words must not come back to it.
    this.#in.setRawMode(true);
    this.#in.setEncoding('latin1');
    this.#in.on('data', (text: string) => {
      this.#heard = (this.#heard + text).slice(-8192);
      this.#wake();
    });
    for (const stream of [this.#in, this.#out]) {
      stream.on('error', () => this.close());
      stream.on('close', () => this.close());
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#wake();
    this.#in.destroy();
    this.#out.destroy();
  }

  /** Says a line and returns what is answered before `until`. */
  async say(text: string, until: RegExp = /^OK$/m): Promise<string> {
    this.#heard = '';
    this.#out.write(text, 'latin1');
    for (;;) {
      if (until.test(this.#heard.replaceAll('\r', ''))) return this.#heard.replaceAll('\r', '');
      const fault = /^(?:\+(CM[SE]) ERROR: *(\d+)|(ERROR|NO CARRIER|\+CM[SE] ERROR: .*))$/m.exec(this.#heard.replaceAll('\r', ''));
      if (fault !== null) {
        const final = fault[1] === 'CMS' ? FINAL_CMS.has(Number(fault[2])) : fault[1] === 'CME' && FINAL_CME.has(Number(fault[2]));
        throw new ModemFault({ outcome: final ? 'permanent' : 'retry', reason: `the modem says ${fault[0]}` });
      }
      if (this.#closed) throw new ModemFault({ outcome: 'retry', reason: 'the modem is gone, or did not answer within the time allowed' });
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

/** One SMS by a modem on a serial line: the way out that needs no network. */
export const modem = defineChannel({
  name: 'modem',
  title: 'SMS by a GSM modem on a serial line',
  options,
  secrets: ['pin'],
  paceMs: 2_000,
  async send(ctx, n, o) {
    let line: Modem | undefined;
    const stop = (): void => line?.close();
    try {
      await runProgram(['/usr/bin/stty', '-F', o.device, String(o.baud), 'raw', '-echo', 'clocal'], '', ctx.signal);
      line = new Modem(o.device);
      ctx.signal.addEventListener('abort', stop, { once: true });
      if (ctx.signal.aborted) stop();
      return await tell(line, n, o);
    } catch (error) {
      if (error instanceof ModemFault) return error.result;
      return { outcome: 'retry', reason: `${o.device}: ${(error as NodeJS.ErrnoException).code ?? (error as Error).message}` };
    } finally {
      ctx.signal.removeEventListener('abort', stop);
      stop();
    }
  },
});

async function tell(line: Modem, n: Parameters<typeof smsText>[0], o: z.output<typeof options>): Promise<SendResult> {
  // A text that an earlier life began is given up.
  await line.say(`${ESCAPE}\rAT\r`);
  await line.say('ATE0\r');
  await line.say('AT+CMEE=1\r');
  const card = await line.say('AT+CPIN?\r');
  if (/SIM PIN/.test(card)) {
    if (o.pin === undefined) return { outcome: 'permanent', reason: 'the card wants its PIN: set pin' };
    if (refusedPins.get(o.device) === o.pin) return { outcome: 'permanent', reason: 'the card refused this PIN before; it is not tried again' };
    refusedPins.set(o.device, o.pin);
    await line.say(`AT+CPIN="${o.pin}"\r`);
    refusedPins.delete(o.device);
  } else if (!/READY/.test(card)) return { outcome: 'permanent', reason: `the card is not ready: ${/\+CPIN: .*/.exec(card)?.[0] ?? 'unknown'}` };
  await line.say('AT+CMGF=1\r');
  await line.say('AT+CSCS="IRA"\r');
  await line.say(`AT+CMGS="${o.to}"\r`, /^> ?/m);
  const answer = await line.say(`${smsText(n, true)}${CTRL_Z}`, /^\+CMGS: *\d+[\s\S]*^OK$/m);
  return { outcome: 'delivered', detail: `sent, reference ${/\+CMGS: *(\d+)/.exec(answer)?.[1] ?? '?'}` };
}

export default modem;
