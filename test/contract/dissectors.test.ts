import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { readCaptureSync } from '../../src/capture/file-source.ts';
import { CaptureFramer } from '../../src/pcap/capture-framer.ts';
import { nodeHost } from '../../src/pipeline/node-host.ts';
import { MALFORMED_ID } from '../../src/wire/builtin.ts';
import { Demand } from '../../src/wire/demand.ts';
import { FrameHead } from '../../src/wire/frame-head.ts';
import { MAX_LAYERS, Packet } from '../../src/wire/packet.ts';
import { protocols } from '../../src/wire/protocols.generated.ts';
import { Registry } from '../../src/wire/registry.ts';

const golden = path.resolve(import.meta.dirname, '../golden');
const registry = new Registry(protocols);

interface GoldenFrame {
  readonly where: string;
  readonly bytes: Uint8Array;
  readonly linkType: number;
  readonly seconds: number;
}

function goldenFrames(): GoldenFrame[] {
  const frames: GoldenFrame[] = [];
  for (const name of readdirSync(golden)) {
    const file = path.join(golden, name, 'input.pcap');
    if (!existsSync(file)) continue;
    const framer = new CaptureFramer((h) => {
      frames.push({ where: `${name}, frame ${framer.packets}`, bytes: h.bytes.slice(h.at, h.at + h.caplen), linkType: h.linkType, seconds: h.seconds });
    });
    readCaptureSync(file, framer);
  }
  return frames;
}

const frames = goldenFrames();
const head = new FrameHead();

function read(packet: Packet, bytes: Uint8Array, caplen: number, frame: GoldenFrame): void {
  head.bytes = bytes;
  head.at = 0;
  head.caplen = caplen;
  head.wireLen = frame.bytes.length;
  head.seconds = frame.seconds;
  head.linkType = frame.linkType;
  packet.begin(head);
  packet.walk();
}

function hasLayer(packet: Packet, id: number): boolean {
  for (let i = 0; i < packet.layers.count; i++) if (packet.layers.id[i] === id) return true;
  return false;
}

test('there are golden frames', () => {
  assert.ok(frames.length >= 30);
});

test('every field that a dissector puts is one that it declares, under a name of its own or of a shared table', () => {
  for (const [id, d] of registry.dissectors.entries()) {
    if (id === 0) continue;
    for (const field of Object.values(d.fields)) assert.ok(field.id >= 0 && registry.find(field.name) !== undefined, `${d.name}: ${field.name}`);
    for (const other of Object.keys(d.over)) assert.match(other, /^[\w.-]+$/, `${d.name} stands in table ${other}`);
  }
});

test('a golden frame cut by the capture at any byte is never called malformed, and never throws', () => {
  const demand = new Demand(registry, [], { tree: true });
  for (const frame of frames) {
    const whole = new Packet(registry, demand, nodeHost);
    read(whole, frame.bytes, frame.bytes.length, frame);
    assert.equal(hasLayer(whole, MALFORMED_ID), false, `${frame.where} as it is`);
    const packet = new Packet(registry, demand, nodeHost);
    for (let caplen = 0; caplen < frame.bytes.length; caplen++) {
      // The bytes behind the cut are poison: a dissector that reads beyond its end is likely to show them.
      const cut = new Uint8Array(frame.bytes.length).fill(0xa5);
      cut.set(frame.bytes.subarray(0, caplen));
      read(packet, cut, caplen, frame);
      assert.equal(hasLayer(packet, MALFORMED_ID), false, `${frame.where} cut at ${caplen}`);
      for (let r = 0; r < packet.row.rowCount; r++) {
        if (packet.row.rowSource[r] === 0) assert.ok(packet.row.rowAt[r] + packet.row.rowLen[r] <= caplen, `${frame.where} cut at ${caplen}: ${registry.fields[packet.row.rowField[r]].name} lies beyond the captured bytes`);
      }
    }
  }
});

test('a golden frame that its sender cut at any byte never throws', () => {
  const demand = new Demand(registry, [], { tree: true });
  for (const frame of frames) {
    const packet = new Packet(registry, demand, nodeHost);
    for (let length = 0; length < frame.bytes.length; length++) {
      const cut = { ...frame, bytes: frame.bytes.slice(0, length) };
      read(packet, cut.bytes, length, cut);
    }
  }
});

test('golden frames with changed bytes never throw, and their layers stay within bounds', () => {
  let state = 20_261_121;
  const random = (n: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % n;
  };
  const demand = new Demand(registry, [], { tree: true });
  const packet = new Packet(registry, demand, nodeHost);
  for (let round = 0; round < 6000; round++) {
    const frame = frames[random(frames.length)];
    const bytes = frame.bytes.slice();
    for (let k = 1 + random(6); k > 0; k--) bytes[random(bytes.length)] = random(4) === 0 ? 0xff : random(256);
    read(packet, bytes, bytes.length, frame);
    assert.ok(packet.layers.count <= MAX_LAYERS);
    for (let i = 0; i < packet.layers.count; i++) assert.ok(packet.layers.end[i] <= packet.layers.wireEnd[i] && packet.layers.at[i] <= packet.layers.end[i], `${frame.where}: layer ${i}`);
  }
});

test('where nobody reads a field, walking allocates nothing per packet', () => {
  const packet = new Packet(registry, new Demand(registry, []), nodeHost);
  const pass = (n: number): void => {
    for (let i = 0; i < n; i++) {
      const frame = frames[i % frames.length];
      read(packet, frame.bytes, frame.bytes.length, frame);
    }
  };
  pass(100_000);
  const before = process.memoryUsage().heapUsed;
  pass(200_000);
  const grown = process.memoryUsage().heapUsed - before;
  assert.ok(grown < 1_000_000, `${grown} bytes for 200,000 packets`);
});
