import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtInConfig, findSurroundings } from './built-in.ts';
import { configOf } from './load-config.ts';
import { explainConfig, explainKey } from './explain.ts';

// The kernel's own form: addresses of /proc/net/route are little-endian words.
const ROUTE = `Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
eth1	00000000	0164A8C0	0003	0	0	600	00000000	0	0	0
eth0	00000000	010200C0	0003	0	0	100	00000000	0	0	0
eth0	000200C0	00000000	0001	0	0	100	00FFFFFF	0	0	0
tun0	00000000	00000000	0001	0	0	50	00000000	0	0	0
`;
const IPV6 = `00000000000000000000000000000000 00 00000000000000000000000000000000 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003     eth0
00000000000000000000000000000000 00 00000000000000000000000000000000 00 20010db8000000000000000000000001 00000064 00000001 00000000 00000003     eth0
00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo
`;
const RESOLV = '# made by hand\nnameserver 192.0.2.1\nnameserver 2001:db8::53\n nameserver 127.0.0.53\nsearch example.test\nnameserver 192.0.2.9\n';

test('Default gateways of both families are found, the best metric first, and at most three resolvers', () => {
  assert.deepEqual(findSurroundings({ route: ROUTE, ipv6Route: IPV6, resolvConf: RESOLV }), {
    gateways: [
      { address: '192.0.2.1', family: 4, interface: 'eth0' },
      { address: '2001:db8::1', family: 6, interface: 'eth0' },
      { address: '192.168.100.1', family: 4, interface: 'eth1' },
      { address: 'fe80::1%eth0', family: 6, interface: 'eth0' },
    ],
    resolvers: ['192.0.2.1', '2001:db8::53', '127.0.0.53'],
  });
});

test('A machine without routes or resolvers still has a configuration', () => {
  const { config } = configOf(builtInConfig(findSurroundings({ route: '', ipv6Route: '', resolvConf: '' })), {});
  assert.deepEqual(config.targets, []);
  assert.equal(config.listen.address, '127.0.0.1');
});

test('The built-in configuration watches gateways and resolvers; a resolver beyond the gateway hangs on it', () => {
  const loaded = configOf(builtInConfig(findSurroundings({ route: ROUTE, ipv6Route: IPV6, resolvConf: RESOLV })), {});
  const byId = new Map(loaded.config.targets.map((t) => [t.id, t]));
  assert.deepEqual([...byId.keys()], ['gateway', 'gateway-2', 'gateway-3', 'gateway-4', 'resolver', 'resolver-2', 'resolver-3']);
  assert.deepEqual(byId.get('resolver')?.parents, []);
  assert.deepEqual(byId.get('resolver-2')?.parents, ['gateway', 'gateway-2', 'gateway-3', 'gateway-4']);
  assert.ok(explainConfig(loaded).some((line) => line.includes('2001:db8::53')));
});

test('A key is explained with its meaning, its form, its default and where its value is from', () => {
  const loaded = configOf({ capture: { packets: { maxAge: '2h' } } }, {});
  const found = explainKey('capture.packets.maxAge', loaded);
  assert.deepEqual([found.default, found.value, found.origin], ['"24h"', '7200000', 'built-in configuration']);
  assert.match(found.meaning, /Payload retention/);
  assert.deepEqual(explainKey('capture.packets', loaded).keys, ['enabled', 'maxSize', 'maxAge']);
  assert.throws(() => explainKey('capture.paket.maxAge', loaded), { code: 'WW_ARGUMENT', remedy: 'did you mean "capture.packets.maxAge"?' });
});
