import type { Field } from '../../filter/field.ts';
import { dnp3Fields } from './dnp3-fields.ts';

const F = dnp3Fields;

const eight = (name: 'Biq' | 'Boq' | 'Ctrq' | 'Aiq' | 'Aoq'): readonly Field[] =>
  [0, 1, 2, 3, 4, 5, 6, 7].map((bit) => F[`al${name}B${bit}` as keyof typeof F]);

/** What one part of a point is: the eight flags of a byte, a value, a time, a control block. */
export type PointPart =
  | { readonly flags: readonly Field[] }
  | { readonly value: Field; readonly len: number }
  | { readonly part: 'time' | 'reltime' | 'control' | 'status' };

/** Points packed into bits (1 or 2 a point), or parts that stand one after another. */
export interface ObjectLayout {
  readonly bits?: 1 | 2;
  readonly parts: readonly PointPart[];
}

const BINARY = { flags: eight('Biq') };
const OUTPUT = { flags: eight('Boq') };
const COUNTER = { flags: eight('Ctrq') };
const ANALOG = { flags: eight('Aiq') };
const ANALOG_OUT = { flags: eight('Aoq') };
const TIME = { part: 'time' } as const;
const RELATIVE = { part: 'reltime' } as const;
const STATUS = { part: 'status' } as const;
const value = (field: Field, len: number): PointPart => ({ value: field, len });
const COUNT32 = value(F.alCnt, 4);
const COUNT16 = value(F.alCnt, 2);
const INT32 = value(F.alAnaInt, 4);
const INT16 = value(F.alAnaInt, 2);
const FLOAT = value(F.alAnaFloat, 4);
const DOUBLE = value(F.alAnaDouble, 8);
const OUT32 = value(F.alAnaoutInt, 4);
const OUT16 = value(F.alAnaoutInt, 2);
const OUT_FLOAT = value(F.alAnaoutFloat, 4);
const OUT_DOUBLE = value(F.alAnaoutDouble, 8);

const parts = (...list: PointPart[]): ObjectLayout => ({ parts: list });
const NOTHING: ObjectLayout = { parts: [] };

/** Analog inputs and their frozen kin: 32 and 16 bits with a flag, without, single and double precision. */
const analog = (group: number): [number, ObjectLayout][] => [
  [group | 1, parts(ANALOG, INT32)], [group | 2, parts(ANALOG, INT16)], [group | 3, parts(INT32)], [group | 4, parts(INT16)],
  [group | 5, parts(ANALOG, FLOAT)], [group | 6, parts(ANALOG, DOUBLE)],
];
const analogEvents = (group: number): [number, ObjectLayout][] => [
  [group | 1, parts(ANALOG, INT32)], [group | 2, parts(ANALOG, INT16)], [group | 3, parts(ANALOG, INT32, TIME)], [group | 4, parts(ANALOG, INT16, TIME)],
  [group | 5, parts(ANALOG, FLOAT)], [group | 6, parts(ANALOG, DOUBLE)], [group | 7, parts(ANALOG, FLOAT, TIME)], [group | 8, parts(ANALOG, DOUBLE, TIME)],
];
const counterEvents = (group: number): [number, ObjectLayout][] => [
  [group | 1, parts(COUNTER, COUNT32)], [group | 2, parts(COUNTER, COUNT16)], [group | 5, parts(COUNTER, COUNT32, TIME)], [group | 6, parts(COUNTER, COUNT16, TIME)],
];

/** Layouts of points by group and variation (IEEE 1815-2012 Annex A): group in the high byte. */
export const OBJECTS: ReadonlyMap<number, ObjectLayout> = new Map<number, ObjectLayout>([
  [0x0100, NOTHING], [0x0101, { bits: 1, parts: [] }], [0x0102, parts(BINARY)],
  [0x0200, NOTHING], [0x0201, parts(BINARY)], [0x0202, parts(BINARY, TIME)], [0x0203, parts(BINARY, RELATIVE)],
  [0x0300, NOTHING], [0x0301, { bits: 2, parts: [] }], [0x0302, parts(BINARY)],
  [0x0400, NOTHING], [0x0401, parts(BINARY)], [0x0402, parts(BINARY, TIME)], [0x0403, parts(BINARY, RELATIVE)],
  [0x0a00, NOTHING], [0x0a01, { bits: 1, parts: [] }], [0x0a02, parts(OUTPUT)],
  [0x0b00, NOTHING], [0x0b01, parts(OUTPUT)], [0x0b02, parts(OUTPUT, TIME)],
  [0x0c00, NOTHING], [0x0c01, parts({ part: 'control' })],
  [0x1400, NOTHING], [0x1401, parts(COUNTER, COUNT32)], [0x1402, parts(COUNTER, COUNT16)], [0x1405, parts(COUNT32)], [0x1406, parts(COUNT16)],
  [0x1500, NOTHING], [0x1501, parts(COUNTER, COUNT32)], [0x1502, parts(COUNTER, COUNT16)], [0x1505, parts(COUNTER, COUNT32, TIME)],
  [0x1506, parts(COUNTER, COUNT16, TIME)], [0x1509, parts(COUNT32)], [0x150a, parts(COUNT16)],
  [0x1600, NOTHING], ...counterEvents(0x1600), [0x1700, NOTHING], ...counterEvents(0x1700),
  [0x1e00, NOTHING], ...analog(0x1e00), [0x1f00, NOTHING], ...analog(0x1f00),
  [0x2000, NOTHING], ...analogEvents(0x2000), [0x2100, NOTHING], ...analogEvents(0x2100), [0x2200, NOTHING],
  [0x2800, NOTHING], [0x2801, parts(ANALOG_OUT, OUT32)], [0x2802, parts(ANALOG_OUT, OUT16)], [0x2803, parts(ANALOG_OUT, OUT_FLOAT)], [0x2804, parts(ANALOG_OUT, OUT_DOUBLE)],
  [0x2900, NOTHING], [0x2901, parts(OUT32, STATUS)], [0x2902, parts(OUT16, STATUS)], [0x2903, parts(OUT_FLOAT, STATUS)], [0x2904, parts(OUT_DOUBLE, STATUS)],
  [0x2a00, NOTHING], [0x2a01, parts(ANALOG_OUT, OUT32)], [0x2a02, parts(ANALOG_OUT, OUT16)], [0x2a03, parts(ANALOG_OUT, OUT32, TIME)],
  [0x2a04, parts(ANALOG_OUT, OUT16, TIME)], [0x2a05, parts(ANALOG_OUT, OUT_FLOAT)], [0x2a07, parts(ANALOG_OUT, OUT_FLOAT, TIME)],
  [0x3200, NOTHING], [0x3201, parts(TIME)], [0x3203, parts(TIME)], [0x3301, parts(TIME)], [0x3302, parts(TIME)],
  [0x3401, parts(value(F.alTimeDelay, 2))], [0x3402, parts(value(F.alTimeDelay, 2))],
  [0x3c01, NOTHING], [0x3c02, NOTHING], [0x3c03, NOTHING], [0x3c04, NOTHING],
  [0x5001, { bits: 1, parts: [] }], [0x5000, NOTHING],
]);

/** Groups whose variation is a length of octets: strings and virtual terminals. */
const BY_LENGTH: ReadonlySet<number> = new Set([110, 111, 112, 113]);
/** Objects that are known by name while their contents are not read: frozen inputs, commands with time, files, data sets. */
const NAMED: ReadonlySet<number> = new Set([
  0x0c02, 0x0c03, 0x0d01, 0x0d02, ...range(0x1403, 0x1408), ...range(0x1503, 0x150c), ...range(0x1603, 0x1608), ...range(0x1703, 0x1708),
  ...range(0x2a06, 0x2a08), ...range(0x2b01, 0x2b08), 0x3202, ...range(0x4603, 0x4606), 0x5501, ...range(0x5601, 0x5603), 0x5701, 0x5801,
]);

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/** Whether an object has a name, whether or not its points can be read. Those of group 0 are attributes of the device. */
export function isNamed(kind: number): boolean {
  return OBJECTS.has(kind) || NAMED.has(kind) || BY_LENGTH.has(kind >> 8);
}

/** Whether messages of a function are made of objects: not those that start and stop applications or prove who sent them. */
export function hasObjects(func: number): boolean {
  return (func >= 1 && func <= 12) || (func >= 20 && func <= 30) || func === 129 || func === 130;
}

/** Function codes of the application layer (IEEE 1815-2012 §4.2.2.5). */
export const DNP3_FUNCTIONS: Readonly<Record<number, string>> = {
  0: 'Confirm', 1: 'Read', 2: 'Write', 3: 'Select', 4: 'Operate', 5: 'Direct Operate', 6: 'Direct Operate No Ack', 7: 'Immediate Freeze', 8: 'Immediate Freeze No Ack',
  9: 'Freeze and Clear', 10: 'Freeze and Clear No ACK', 11: 'Freeze With Time', 12: 'Freeze With Time No ACK', 13: 'Cold Restart', 14: 'Warm Restart',
  15: 'Initialize Data', 16: 'Initialize Application', 17: 'Start Application', 18: 'Stop Application', 19: 'Save Configuration', 20: 'Enable Spontaneous Messages',
  21: 'Disable Spontaneous Messages', 22: 'Assign Classes', 23: 'Delay Measurement', 24: 'Record Current Time', 25: 'Open File', 26: 'Close File', 27: 'Delete File',
  28: 'Get File Info', 29: 'Authenticate File', 30: 'Abort File', 129: 'Response', 130: 'Unsolicited Response', 131: 'Authentication Response',
};
