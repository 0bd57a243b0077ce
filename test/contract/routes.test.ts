import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { createApi, SESSION_COOKIE, type Api } from '../../src/api/create-api.ts';
import type { Route } from '../../src/api/define-route.ts';
import { routes as manifest } from '../../src/api/routes.generated.ts';
import { ROLES, roleMay, type Permission, type Role } from '../../src/model/index.ts';
import { createFixtureServices, type FixtureServices } from '../support/fixture-services.ts';

const routes = manifest as readonly Route[];
const PASSWORD = 'five plain words of mine';
const STARTED_MS = 1_700_000_000_000;

let services: FixtureServices;
let api: Api;
let nowMs = STARTED_MS;
const cookies = new Map<Role, string>();

before(async () => {
  services = createFixtureServices();
  api = await createApi(services, { version: '0.1.0', nowMs: () => nowMs, consoleDir: null });
  for (const role of Object.keys(ROLES) as Role[]) {
    await api.authority.createAccount(`user-${role}`, PASSWORD, [role]);
    cookies.set(role, (await api.authority.signIn(`user-${role}`, PASSWORD, '192.0.2.1')).cookie);
  }
});
after(() => api.close());

/** Values that let each route succeed on the fixtures. */
const PARAMS: Record<string, string> = {
  capture: encodeURIComponent('evidence:ev-0001/packets.pcapng'), frame: '2', kind: 'dns', scope: 'flows', name: 'user-viewer', fingerprint: 'f00dfeed00000001',
};
const IDS: Record<string, string> = {
  checks: 'gw', incidents: 'a1b2c3d4e5f60718', evidence: 'ev-0001', alerts: 'f00dfeed00000001', actions: 'run-1', drills: 'drill-1', silences: 's-1', receivers: 'on-call', tokens: 'nothing',
};
const QUERY: Record<string, string> = { '/checks/:id': '?from=0&to=1', '/evidence/:id/file': '?path=packets.pcapng' };
const BODY: Record<string, unknown> = {
  '/incidents/:id/assign': { assignee: 'ann' }, '/incidents/:id/note': { text: 'seen' }, '/incidents/:id/phase': { phase: 'contain' }, '/incidents/:id/close': { resolution: 'cable' },
  '/filters/:scope/check': { text: 'tcp' }, '/actions/:id/reject': { reason: 'not now' }, '/drills': { scenario: 'target-down' },
  '/silences': { matchers: ['name="x"'], startsAt: '1', endsAt: '2', comment: 'work' }, '/tokens': { title: 'prometheus', name: 'user-viewer', permissions: ['metrics.read'] },
  '/users/:name': { roles: ['viewer'] }, '/alerts': [{ labels: { alertname: 'HighLoad', instance: 'db' } }],
};

async function urlOf(route: Route): Promise<string> {
  const [, first] = route.path.split('/');
  const flowId = encodeURIComponent((await services.flows.search({ filter: '', from: null, to: null, limit: 1, cursor: null })).rows[0].id);
  const filled = route.path.replace(/:(\w+)/g, (_, name: string) => (name === 'id' ? (first === 'flows' ? flowId : IDS[first]) : PARAMS[name]));
  return `${route.prefix ?? '/api/v1'}${filled}${QUERY[route.path] ?? ''}`;
}

async function call(route: Route, headers: Record<string, string>, body?: unknown) {
  const payload = body ?? BODY[route.path] ?? {};
  return await api.app.inject({
    method: route.method, url: await urlOf(route), headers: { host: '127.0.0.1', ...headers },
    ...(route.method === 'POST' ? { payload: payload as object } : {}),
  });
}

/** Routes that end sessions or make accounts are called with what cannot harm the others. */
const TOUCHY = new Set(['/sign-out', '/me/password', '/setup', '/sign-in', '/users/:name']);

for (const route of routes) {
  test(`${route.method} ${route.path} is for ${route.permission} and nobody else`, async () => {
    const stranger = await call(route, {});
    if (route.permission === 'public') assert.notEqual(stranger.statusCode, 403);
    else assert.equal(stranger.statusCode, 401);
    for (const role of Object.keys(ROLES) as Role[]) {
      const may = route.permission === 'public' || route.permission === 'signed-in' || roleMay(role, route.permission);
      if (may && TOUCHY.has(route.path)) continue;
      const body = route.path === '/users' ? { name: `new-${role}`, password: PASSWORD, roles: ['viewer'] } : undefined;
      const answer = await call(route, { cookie: `${SESSION_COOKIE}=${cookies.get(role)}` }, body);
      if (!may) {
        assert.equal(answer.statusCode, 403, `${role}: ${answer.body}`);
        assert.equal(answer.json().code, 'WW_AUTH_FORBIDDEN');
      } else if (route.path === '/config/reload') {
        assert.equal(answer.json().code, 'WW_CONFIG_VALUE', 'the fixture refuses the file on disk');
      } else {
        assert.equal(answer.statusCode, 200, `${role}: ${answer.body}`);
        // What leaves fits the schema that OpenAPI and the console's client are made from.
        if (route.response !== undefined) route.response.parse(answer.json());
      }
    }
  });
}

test('every route that changes something writes an audit event, and so do payload views and downloads', () => {
  for (const route of routes) {
    const changes = route.method === 'POST' && !['/filters/:scope/check', '/config/check'].includes(route.path);
    if (changes || route.permission === 'payload.read' || route.response === undefined) assert.ok(route.audit, `${route.method} ${route.path}`);
  }
});

test('a payload view is in the audit with its reader and frame', async () => {
  const route = routes.find((r) => r.path.endsWith('/bytes'))!;
  await call(route, { cookie: `${SESSION_COOKIE}=${cookies.get('analyst')}` });
  const event = services.audited.at(-1)!;
  assert.deepEqual([event.actor, event.action, event.object], ['user-analyst', 'payload.view', 'evidence:ev-0001/packets.pcapng#2']);
});

test('a change from another origin is refused even with the cookie', async () => {
  const route = routes.find((r) => r.path === '/incidents/:id/acknowledge')!;
  const cookie = `${SESSION_COOKIE}=${cookies.get('analyst')}`;
  assert.equal((await call(route, { cookie, origin: 'http://evil.test' })).statusCode, 403);
  assert.equal((await call(route, { cookie, origin: 'null' })).statusCode, 403);
  assert.equal((await call(route, { cookie, 'sec-fetch-site': 'cross-site' })).statusCode, 403);
  assert.equal((await call(route, { cookie, origin: 'http://127.0.0.1' })).statusCode, 200);
});

test('a host name that nobody configured is refused, addresses of both families are not', async () => {
  for (const [host, status] of [['evil.test', 403], ['127.0.0.1:8470', 401], ['[::1]:8470', 401], ['localhost', 401]] as const) {
    assert.equal((await api.app.inject({ url: '/api/v1/me', headers: { host } })).statusCode, status, host);
  }
});

test('metrics are OpenMetrics, for a token that may read them and for no other', async () => {
  const cookie = `${SESSION_COOKIE}=${cookies.get('security-officer')}`;
  const make = async (permissions: Permission[]): Promise<string> => {
    const made = await api.app.inject({ method: 'POST', url: '/api/v1/tokens', headers: { host: '127.0.0.1', cookie }, payload: { title: 't', name: 'user-security-officer', permissions } });
    return (made.json() as { text: string }).text;
  };
  const read = async (token: string) => await api.app.inject({ url: '/metrics', headers: { host: '127.0.0.1', authorization: `Bearer ${token}` } });
  const good = await read(await make(['metrics.read']));
  assert.equal(good.statusCode, 200);
  assert.match(good.headers['content-type'] as string, /application\/openmetrics-text/);
  assert.match(good.body, /# EOF\n$/);
  assert.equal((await read(await make(['overview.read']))).statusCode, 403);
  assert.equal((await read('wwt_wrong')).statusCode, 401);
});

test('the socket is the operator with every permission, and only its owner can open it', async () => {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'wirewatch-api-'));
  const socketPath = path.join(dir, 'api.sock');
  try {
    await api.listenSocket(socketPath);
    assert.equal(statSync(socketPath).mode & 0o777, 0o600);
    const body = await new Promise<string>((resolve, reject) => {
      http.get({ socketPath, path: '/api/v1/me' }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (c: string) => (text += c)).on('end', () => resolve(text));
      }).on('error', reject);
    });
    const me = JSON.parse(body) as { actor: string; permissions: string[] };
    assert.equal(me.actor, `cli:${process.getuid!()}`);
    assert.ok(me.permissions.includes('users.write'));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});

test('a set-up link works once, and only while there is no account', async () => {
  const fresh = createFixtureServices();
  const first = await createApi(fresh, { version: '0', nowMs: () => nowMs, consoleDir: null });
  try {
    const link = await first.setupPath();
    const token = link!.split('#')[1];
    const post = async (t: string) => await first.app.inject({ method: 'POST', url: '/api/v1/setup', headers: { host: '127.0.0.1' }, payload: { token: t, name: 'ann', password: PASSWORD } });
    assert.equal((await post('guess')).statusCode, 401);
    const done = await post(token);
    assert.equal(done.statusCode, 200, done.body);
    assert.match(done.headers['set-cookie'] as string, /HttpOnly; SameSite=Strict/);
    assert.equal((await post(token)).statusCode, 401);
    assert.equal(await first.setupPath(), null);
    assert.deepEqual(fresh.audited.map((e) => e.action), ['account.setup']);
  } finally {
    await first.close();
  }
});

test('an expired session and a signed-out one are no sessions', async () => {
  const { cookie } = await api.authority.signIn('user-viewer', PASSWORD, '192.0.2.2');
  const me = async () => (await api.app.inject({ url: '/api/v1/me', headers: { host: '127.0.0.1', cookie: `${SESSION_COOKIE}=${cookie}` } })).statusCode;
  assert.equal(await me(), 200);
  nowMs = STARTED_MS + 13 * 3_600_000;
  assert.equal(await me(), 401);
  nowMs = STARTED_MS;
});

test('wrong passwords are limited by address, nobody is locked out by another address, and known names look like unknown ones', async () => {
  const attempt = async (name: string, remoteAddress: string) => await api.app.inject({
    method: 'POST', url: '/api/v1/sign-in', headers: { host: '127.0.0.1' }, payload: { name, password: 'wrong password' }, remoteAddress,
  });
  assert.equal((await attempt('user-auditor', '192.0.2.50')).body, (await attempt('nobody-here', '2001:db8::50')).body);
  for (let i = 0; i < 10; i++) await attempt(`name-${i}`, '192.0.2.60');
  const limited = await attempt('user-viewer', '192.0.2.60');
  assert.equal(limited.statusCode, 429);
  assert.equal((limited.json() as { code: string }).code, 'WW_AUTH_LIMIT');
  // The person with that name, at another address of either family, is not locked out by it.
  for (let i = 0; i < 10; i++) await attempt('user-viewer', '2001:db8::60');
  assert.equal((await attempt('user-viewer', '2001:db8::61')).statusCode, 401);
});

test('a filter error answers with the caret', async () => {
  const answer = await api.app.inject({ url: '/api/v1/flows?filter=tcp.prot%20%3D%3D%2080', headers: { host: '127.0.0.1', cookie: `${SESSION_COOKIE}=${cookies.get('analyst')}` } });
  assert.equal(answer.statusCode, 400);
  const body = answer.json() as { code: string; where: string; remedy: string };
  assert.equal(body.code, 'WW_FILTER_FIELD');
  assert.equal(body.where, 'tcp.prot == 80\n^^^^^^^^');
  assert.match(body.remedy, /tcp\.port/);
});

test('OpenAPI describes every route with its permission', async () => {
  const answer = await api.app.inject({ url: '/api/v1/openapi.json', headers: { host: '127.0.0.1', cookie: `${SESSION_COOKIE}=${cookies.get('viewer')}` } });
  const document = answer.json() as { openapi: string; paths: Record<string, Record<string, { 'x-permission': string }>>; components: { schemas: Record<string, unknown> } };
  assert.equal(document.openapi, '3.1.0');
  for (const route of routes) {
    const operation = document.paths[`${route.prefix ?? '/api/v1'}${route.path.replace(/:(\w+)/g, '{$1}')}`][route.method.toLowerCase()];
    assert.equal(operation['x-permission'], route.permission);
  }
  const text = answer.body;
  for (const [, name] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)) assert.ok(name in document.components.schemas, name);
});
