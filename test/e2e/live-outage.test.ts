// The sentence that the product stands on: a real outage, seen live, ends as a mail; its link leads to the incident, the incident
// to its packets, and the packets to the bytes of the frame that proves it. In a real browser, on real traffic.
import assert from 'node:assert/strict';
import { chmodSync, globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { spawnSync } from 'node:child_process';
import { chromium, type Browser, type Page } from 'playwright-core';
import { readCaptureSync } from '../../src/capture/file-source.ts';
import { CaptureFramer } from '../../src/pcap/capture-framer.ts';
import { SeedNetwork, type SunkMail } from '../support/seed-network.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const dir = mkdtempSync(path.join(os.tmpdir(), 'wirewatch-live-'));
const net = new SeedNetwork(dir, 'live');
const data = path.join(dir, 'data');
let browser: Browser;
let output = '';

const CONFIG = `
version: 1
listen: { port: 0 }
networks: [{ cidr: 192.168.7.0/24, site: office }, { cidr: fd07::/64, site: office }]
targets:
  - { id: web4, name: Web over IPv4, address: 1.1.1.1, checks: [{ type: icmp, interval: 2s, timeout: 1s, options: { count: 3, spacing: 50 }, hysteresis: { failAfter: 2, recoverAfter: 2, recheckInterval: 1s } }] }
  - { id: web6, name: Web over IPv6, address: "2001:db8:1::1", checks: [{ type: icmp, interval: 2s, timeout: 1s, options: { count: 3, spacing: 50 }, hysteresis: { failAfter: 2, recoverAfter: 2, recheckInterval: 1s } }] }
anchors: [{ address: 8.8.8.8, operator: a }, { address: 192.0.2.25, operator: b }, { address: "2001:db8:8::8", operator: c }]
evidence: { before: 20s, after: 3s }
channels:
  mail: { type: smtp, host: smtp.example.com, port: 587, tls: starttls, user: alert@example.com, password: { env: SMTP_PASSWORD }, from: alert@example.com, to: [admin@example.com] }
alerting:
  route: { receiver: default, groupBy: [target], groupWait: 1s, groupInterval: 2s, repeatInterval: 1h }
  receivers: { default: { channels: [mail] } }
`;

before(async () => {
  const build = spawnSync(process.execPath, ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'error'], { cwd: ROOT, encoding: 'utf8' });
  assert.equal(build.status, 0, build.stderr);
  net.start();
  const config = path.join(dir, 'live.yaml');
  writeFileSync(config, CONFIG, { mode: 0o600 });
  const program = net.wirewatch(config, data, { SMTP_PASSWORD: 'password' });
  program.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  program.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  // The console listens on the monitor's own loopback: the browser has to be on that machine.
  const inside = path.join(dir, 'chromium-inside');
  writeFileSync(inside, `#!/bin/sh\nexec ip netns exec ${net.lab.namespace('mon')} /usr/bin/chromium "$@"\n`);
  chmodSync(inside, 0o755);
  browser = await chromium.launch({
    executablePath: inside,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
});

after(async () => {
  await browser?.close();
  await net.destroy();
  rmSync(dir, { recursive: true, force: true });
});

async function until<T>(what: string, withinMs: number, look: () => T | undefined | false): Promise<T> {
  for (const end = Date.now() + withinMs; ;) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    assert.ok(Date.now() < end, `not within ${withinMs / 1000} s: ${what}\n${output}`);
    await new Promise((resume) => setTimeout(resume, 200));
  }
}

/** The same for what a page shows; a picture of it where it does not come. */
async function untilShown(what: string, withinMs: number, look: () => Promise<boolean>, page: Page): Promise<void> {
  for (const end = Date.now() + withinMs; !(await look());) {
    if (Date.now() > end) {
      const shown = await page.locator('main').innerText();
      assert.fail(`not within ${withinMs / 1000} s: ${what}\n${page.url()}\n${shown.slice(0, 2000)}`);
    }
    await new Promise((resume) => setTimeout(resume, 200));
  }
}

const textOf = (mail: SunkMail): string => mail.raw.replaceAll('=\r\n', '').replaceAll('=3D', '=');
const PASSWORD = 'correct horse battery staple';

for (const [family, target, address, request] of [['IPv4', 'Web over IPv4', '1.1.1.1', 'icmp && ip.dst#1 == 1.1.1.1'], ['IPv6', 'Web over IPv6', '2001:db8:1::1', 'icmpv6 && ipv6.dst#1 == 2001:db8:1::1']] as const) {
  test(`from the link in the mail to the bytes of the echo request that nobody answered (${family})`, { timeout: 150_000 }, async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    if (family === 'IPv4') {
      const setup = await until('the setup link', 40_000, () => /http:\/\/127\.0\.0\.1:\d+\/setup#\S+/.exec(output)?.[0]);
      await page.goto(setup);
      await page.getByLabel(/name/i).first().fill('ann');
      for (const field of await page.locator('input[type=password]').all()) await field.fill(PASSWORD);
      await page.locator('button[type=submit]').click();
      await page.getByRole('heading', { name: 'Overview' }).waitFor();
      await until('both targets are up', 30_000, () => output.includes('Web over IPv4: UNKNOWN -> UP') && output.includes('Web over IPv6: UNKNOWN -> UP'));
      net.fault('cloudflare');
    }

    const mail = await net.mails.find((m) => m.raw !== undefined && textOf(m).includes(`${target} does not respond`), 45_000);
    assert.ok(mail, `no mail about ${target}\n${output}`);
    const link = /http:\/\/127\.0\.0\.1:\d+\/incidents\/[\w%-]+/.exec(textOf(mail))?.[0];
    assert.ok(link, textOf(mail));
    await page.goto(link);
    if (family === 'IPv6') {
      await page.getByLabel(/name/i).first().fill('ann');
      await page.locator('input[type=password]').fill(PASSWORD);
      await page.locator('button[type=submit]').click();
    }
    await page.getByRole('heading', { name: `${target} does not respond.` }).waitFor();
    await page.getByRole('link', { name: 'packets.pcapng', exact: true }).first().click({ timeout: 40_000 });
    // What went to the target (`#1`: not what an error message quotes), the unanswered ones last.
    const box = page.getByRole('combobox').or(page.getByRole('textbox')).first();
    await box.fill(request);
    await box.press('Enter');
    const rows = page.locator('.rows-row');
    const answers = page.locator('.rows-row', { hasText: 'reply' });
    await rows.first().waitFor();
    await untilShown('the filter is applied', 20_000, async () => (await rows.count()) > 3 && (await answers.count()) === 0 && (await rows.allInnerTexts()).every((text) => text.includes(address)), page);
    await rows.last().click();
    const number = Number(new URL(page.url()).searchParams.get('frame') ?? (await rows.last().innerText()).trim().split(/\s+/)[0]);
    assert.ok(number > 0);
    await page.locator('.hex-bytes [data-at="0"]').waitFor();
    const shown = await page.locator('.hex-bytes [data-at]').allInnerTexts();
    // The same frame on the disk, in the bundle that the incident froze.
    const capture = new URL(page.url()).searchParams.get('capture') ?? '';
    const bundle = capture.split(':')[1];
    const [file] = globSync(`evidence/${bundle}/packets.pcapng`, { cwd: data });
    let frame = 0;
    let onDisk: string[] = [];
    readCaptureSync(path.join(data, file), new CaptureFramer((h) => {
      if (++frame === number) onDisk = [...h.bytes.subarray(h.at, h.at + h.caplen)].map((b) => b.toString(16).padStart(2, '0'));
    }));
    assert.deepEqual(shown, onDisk);
    // In the tree the type of the message; in the bytes its place.
    const ip = family === 'IPv4' ? 14 + 20 : 14 + 40;
    await page.locator(`.hex-bytes [data-at="${ip}"]`).click();
    await page.locator('.hex-bytes .lit').first().waitFor();
    assert.equal(await page.locator(`.hex-bytes [data-at="${ip}"]`).innerText(), family === 'IPv4' ? '08' : '80');
    assert.match(await page.getByRole('tree').innerText(), /Type: .*(8|128)/);
    await context.close();
  });
}

test('the end of the outage is told, and the evidence verifies from the command line', { timeout: 60_000 }, async () => {
  net.heal('cloudflare');
  const resolved = await net.mails.find((m) => m.raw !== undefined && /RESOLVED/.test(textOf(m)), 40_000);
  assert.ok(resolved, output);
  for (const bundle of globSync('evidence/*/manifest.json', { cwd: data })) {
    const run = spawnSync(process.execPath, [path.join(ROOT, 'src/cli/main.ts'), '--data', data, 'evidence', 'verify', path.basename(path.dirname(bundle))], { encoding: 'utf8' });
    assert.equal(run.status, 0, run.stdout + run.stderr);
  }
});
