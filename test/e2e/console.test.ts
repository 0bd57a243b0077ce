import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startBrowser, startConsole, type ConsoleServer } from '../support/console-server.ts';
import { createFixtureServices, type FixtureServices } from '../support/fixture-services.ts';

const PASSWORD = 'five plain words of mine';
const INCIDENT = '/incidents/a1b2c3d4e5f60718';

let services: FixtureServices;
let server: ConsoleServer;
let browser: Browser;
let context: BrowserContext;
let page: Page;
/** What the page itself found wrong: a script error, or a breach of the Content-Security-Policy. */
const faults: string[] = [];

before(async () => {
  services = createFixtureServices();
  server = await startConsole(services);
  browser = await startBrowser();
  context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) faults.push(message.text());
  });
});
after(async () => {
  await browser?.close();
  await server?.close();
});

test('the one-time link makes the first account, whose token never stays in the address bar', async () => {
  const link = await server.api.setupPath();
  await page.goto(server.url + link!);
  assert.equal(new URL(page.url()).hash, '');
  await page.getByLabel('Name').fill('ann');
  await page.getByLabel('Password', { exact: false }).first().fill(PASSWORD);
  await page.getByLabel('Password again').fill(PASSWORD);
  await page.getByRole('button', { name: 'Make the account' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  const cookie = (await context.cookies())[0];
  assert.deepEqual([cookie.httpOnly, cookie.sameSite], [true, 'Strict']);
  assert.equal(await server.api.setupPath(), null);
});

test('the overview puts the open incident and the target that is down first', async () => {
  assert.match(await page.getByRole('list', { name: 'Open incidents' }).innerText(), /File server does not answer/);
  assert.equal(await page.locator('.check').first().getAttribute('data-state'), 'DOWN');
});

test('traffic on the overview moves with the live events, and a check changes its state before the eyes', async () => {
  await page.getByText('live', { exact: true }).first().waitFor();
  await waitFor(() => services.listeners() > 0);
  const rate = page.getByTestId('bit-rate');
  const earlier = await rate.innerText();
  services.emit({ type: 'traffic', sample: { time: 1_700_000_001_000_000_000n, bitsPerSecond: 987e6, packetsPerSecond: 90_000, flowsPerSecond: 3, droppedPerSecond: 0 }, captures: [] });
  await waitFor(async () => (await rate.innerText()) === '987 Mbit/s');
  assert.notEqual(earlier, '987 Mbit/s');
  const [gateway] = (await services.overview.get()).checks;
  services.emit({ type: 'check', check: { ...gateway, state: 'UNREACHABLE' } });
  await page.locator('.check[data-state=UNREACHABLE]', { hasText: gateway.title }).waitFor();
});

test('a wrong filter is told with the caret under the place and the nearest name', async () => {
  await page.getByRole('link', { name: 'Flows' }).click();
  const box = page.getByRole('combobox', { name: 'Display filter' });
  await box.fill('tcp.dstport == 443 && ip.sorce == 10.1.2.3');
  await box.press('Enter');
  const alert = page.getByRole('alert');
  await alert.waitFor();
  const caret = await alert.locator('pre').innerText();
  const [text, carets] = caret.split('\n');
  assert.equal(text.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1), 'ip.sorce');
  assert.match(await alert.innerText(), /Did you mean "ip\.src"/);
  assert.equal(await box.getAttribute('aria-invalid'), 'true');
});

test('a filter is completed by its field names and selects flows of both families', async () => {
  const box = page.getByRole('combobox', { name: 'Display filter' });
  await box.fill('tcp.dstp');
  await page.getByRole('option', { name: /tcp\.dstport/ }).waitFor();
  await box.press('ArrowDown');
  await box.press('Enter');
  assert.equal(await box.inputValue(), 'tcp.dstport');
  await box.fill('tcp.dstport == 443 && ipv6.addr == 2001:db8::/32');
  await box.press('Enter');
  await page.locator('.rows-row').first().waitFor();
  const rows = await page.locator('.rows-row').allInnerTexts();
  assert.ok(rows.length > 10 && rows.every((r) => r.includes('2001:db8') && r.includes(']:443')));
  await box.fill('ip.addr == 10.1.2.3 && tcp.dstport == 80');
  await box.press('Enter');
  await waitFor(async () => (await page.locator('.rows-row').allInnerTexts()).every((r) => r.includes('10.1.2.3:50000') && r.includes(':80')));
});

test('only the rows in view exist, whatever the number of flows', async () => {
  await page.goto(`${server.url}/flows`);
  await page.locator('.rows-row').first().waitFor();
  assert.ok((await page.locator('.rows-row').count()) < 80);
  const grid = page.getByRole('grid', { name: 'Flows' });
  await grid.focus();
  await page.keyboard.press('End');
  await waitFor(async () => Number(await grid.getAttribute('aria-rowcount')) > 201);
});

test('from the incident to its evidence, to the packet, to the bytes of the frame that proves it', async () => {
  await page.goto(server.url + INCIDENT);
  await page.getByRole('heading', { name: 'File server does not answer' }).waitFor();
  await page.getByRole('button', { name: 'Verify' }).click();
  await page.getByText('intact', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'packets.pcapng', exact: true }).click();
  await page.locator('.rows-row', { hasText: 'GET /report' }).first().click();
  await page.locator('[data-field="tcp.dstport"]').click();
  const lit = page.locator('.hex-bytes .lit');
  await waitFor(async () => (await lit.allInnerTexts()).join('') === '0050');
  // And back: a click on a byte selects its field.
  await page.locator('.hex-bytes [data-at="26"]').click();
  assert.equal(await page.locator('[role=treeitem][aria-selected=true]').getAttribute('data-field'), 'ip.src');
  assert.equal((await lit.allInnerTexts()).join(''), '0a010203');
  assert.ok(services.audited.some((e) => e.action === 'payload.view' && e.actor === 'ann' && e.object.endsWith('#2')));
});

test('an incident is acknowledged, noted, and its waiting action approved, each under the name of who did it', async () => {
  await page.goto(server.url + INCIDENT);
  await page.getByRole('button', { name: 'Acknowledge' }).click();
  await page.getByText('acknowledged by ann').waitFor();
  await page.getByLabel('Note').fill('cable of port 12 replaced');
  await page.getByRole('button', { name: 'Add to the timeline' }).click();
  await page.locator('.timeline', { hasText: 'cable of port 12 replaced' }).waitFor();
  await page.getByRole('button', { name: 'Approve and run' }).click();
  await page.getByText('approved by ann').waitFor();
  const actions = services.audited.filter((e) => e.actor === 'ann').map((e) => e.action);
  for (const action of ['incident.acknowledge', 'incident.note', 'action.approve', 'evidence.verify']) assert.ok(actions.includes(action), action);
});

test('a check is reached by its link, whatever characters its id has', async () => {
  await page.goto(`${server.url}/checks/${encodeURIComponent('shop/http 100%')}`);
  await page.getByRole('alert').waitFor();
  assert.match(await page.getByRole('alert').innerText(), /There is no check shop\/http 100%/);
});

test('every page works at the width of a telephone, in the dark, without a sideways scroll', async () => {
  const narrow = await browser.newContext({ viewport: { width: 400, height: 800 }, colorScheme: 'dark', storageState: await context.storageState() });
  const small = await narrow.newPage();
  small.on('pageerror', (error) => faults.push(error.message));
  for (const path of ['/', '/flows', '/incidents?status=all', INCIDENT, '/packets', '/packets?capture=evidence%3Aev-0001%2Fpackets.pcapng&frame=4', '/mail', '/audit', '/settings', '/checks/files']) {
    await small.goto(server.url + path);
    await small.locator('main').waitFor();
    await waitFor(async () => (await small.locator('.skeleton').count()) === 0);
    assert.equal(await small.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'), 0, path);
  }
  await narrow.close();
});

test('a viewer is offered only what a viewer may', async () => {
  await server.api.authority.createAccount('vic', PASSWORD, ['viewer']);
  const other = await browser.newContext();
  const view = await other.newPage();
  await view.goto(`${server.url}/flows?filter=tcp`);
  await view.getByLabel('Name').fill('vic');
  await view.getByLabel('Password').fill('not the password');
  await view.getByRole('button', { name: 'Sign in' }).click();
  await view.getByText('Name or password is wrong.').waitFor();
  await view.getByLabel('Password').fill(PASSWORD);
  await view.getByRole('button', { name: 'Sign in' }).click();
  // Back where the visitor wanted to go, and refused there.
  await view.getByText('Your role does not include').waitFor();
  assert.equal(new URL(view.url()).pathname, '/flows');
  assert.deepEqual(await view.getByRole('navigation', { name: 'Pages' }).getByRole('link').allInnerTexts(), ['Overview']);
  await other.close();
});

test('an officer adds an account with a role and takes it out of use', async () => {
  await page.goto(`${server.url}/settings`);
  await page.getByRole('button', { name: 'Add an account…' }).click();
  await page.getByLabel('Name').fill('olga');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('combobox', { name: 'Role', exact: true }).selectOption('auditor');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  const row = page.getByRole('row', { name: /olga/ });
  await row.getByRole('button', { name: 'Disable' }).click();
  await row.getByText('disabled').waitFor();
  const olga = await services.accounts.find('olga');
  assert.deepEqual([olga?.roles, olga?.disabled], [['auditor'], true]);
});

test('after signing out, the cookie opens nothing', async () => {
  const old = await context.cookies();
  await page.goto(server.url);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  await context.addCookies(old);
  await page.goto(`${server.url}/incidents`);
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
});

test('no page had a script error or a breach of its content security policy', () => assert.deepEqual(faults, []));

async function waitFor(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not true within 10 s: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
