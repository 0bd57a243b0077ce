import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOnLink, judgeUplink, type UplinkEvidence } from './uplink.ts';

const anchor = (operator: string, answered: boolean): UplinkEvidence['anchors'][number] => ({ spec: { address: `${operator}.test`, method: 'icmp', port: undefined, operator }, answered });
const judge = (e: Partial<UplinkEvidence>): ReturnType<typeof judgeUplink> => judgeUplink({ anchors: [], gateway: 'none', link: 'up', ...e }, 0n);

test('one anchor that answers proves the uplink', () => {
  const v = judge({ anchors: [anchor('a', false), anchor('b', true), anchor('c', false)], gateway: 'silent' });
  assert.equal(v.verdict, 'connected');
  assert.equal(v.anchorsAnswered, 1);
});

test('three independent silent anchors make a sure loss, two do not', () => {
  assert.deepEqual([judge({ anchors: ['a', 'b', 'c'].map((o) => anchor(o, false)) })].map((v) => [v.verdict, v.independent]), [['lost', true]]);
  assert.deepEqual([judge({ anchors: ['a', 'b'].map((o) => anchor(o, false)) })].map((v) => [v.verdict, v.independent]), [['lost', false]]);
  assert.equal(judge({ anchors: ['a', 'a', 'a'].map((o) => anchor(o, false)) }).independent, false, 'anchors of one operator count once');
});

test('a link that is down is a loss whoever was asked', () => {
  assert.deepEqual([judge({ link: 'down' }), judge({ link: 'down', gateway: 'answers' })].map((v) => v.verdict), ['lost', 'lost']);
});

test('without anchors the gateway is asked, without either nothing is known', () => {
  assert.equal(judge({ gateway: 'answers' }).verdict, 'connected');
  assert.equal(judge({ gateway: 'silent' }).verdict, 'lost');
  assert.equal(judge({}).verdict, 'unsure');
});

test('what lies in a network of this machine does not depend on its uplink', () => {
  const interfaces = [{ cidr: '192.0.2.5/24' }, { cidr: '2001:db8:1::5/64' }, { cidr: '127.0.0.1/8' }, { cidr: null }];
  for (const [address, local] of [['192.0.2.77', true], ['192.0.3.1', false], ['2001:db8:1::99', true], ['2001:db8:2::1', false], ['127.9.9.9', true], ['fe80::1%eth0', true], ['name.test', false]] as const) {
    assert.equal(isOnLink(address, interfaces), local, address);
  }
});
