import type { Field, Scheme } from '../filter/field.ts';
import { BUILTIN_DISSECTORS } from './builtin.ts';
import { Dissector } from './define-dissector.ts';

/** Dissector ids by value of one table (`udp.port`); decode-as writes here, so that two readers in one process do not meet. */
export class DispatchTable {
  readonly name: string;
  ids: Uint16Array;
  /** Values that do not fit a flat table. */
  readonly sparse: Map<number, number>;
  /** Ids of dissectors to be asked where no value fits. */
  readonly heuristics: number[];

  constructor(name: string) {
    this.name = name;
    this.ids = new Uint16Array(256);
    this.sparse = new Map();
    this.heuristics = [];
  }

  set(value: number, id: number): void {
    if (value < 0 || value > 0xffff) {
      this.sparse.set(value, id);
      return;
    }
    if (value >= this.ids.length) {
      const grown = new Uint16Array(value < 4096 ? 4096 : 65536);
      grown.set(this.ids);
      this.ids = grown;
    }
    this.ids[value] = id;
  }

  get(value: number): number {
    return value >= 0 && value < this.ids.length ? this.ids[value] : (this.sparse.get(value) ?? 0);
  }
}

// Ids are unique in the process because `Field.id` stands in the field, and two registries share the fields of their dissectors.
// Fields of the same name (a protocol carried in two ways) share one id.
const allFields: Field[] = [];
const idByName = new Map<string, number>();

function assign(field: Field): Field {
  if (field.id >= 0) return field;
  const known = idByName.get(field.name);
  if (known !== undefined) {
    field.id = known;
    return field;
  }
  field.id = allFields.length;
  allFields.push(field);
  idByName.set(field.name, field.id);
  return field;
}

function assignByName(name: string, title: string, like: Field): Field {
  const id = idByName.get(name);
  if (id !== undefined) return allFields[id];
  return assign({ ...like, name, title, offset: -1, size: 0, also: [], id: -1 });
}

/**
 * The protocols that one reader knows: who follows whom, and which fields there are. Cheap to make; field ids are shared in the
 * process, dispatch is not.
 */
export class Registry implements Scheme {
  /** By id; 0 is nobody. */
  readonly dissectors: readonly Dissector[];
  /** The protocol's own field (`tcp`), by dissector id. */
  readonly protocolFields: readonly Field[];
  /** Fields at fixed offsets, by dissector id. */
  readonly fixedFields: readonly (readonly Field[])[];
  /** Ids of the further names of a field, by field id. */
  readonly alsoIds: (readonly number[] | undefined)[];
  /** The first table that a protocol offers to others, by dissector id. */
  readonly offered: readonly (DispatchTable | undefined)[];
  /** The dissector that puts a field, by field id; 0 = several or none. */
  readonly ownerOf: number[];
  readonly #ids = new Map<string, number>();
  readonly #tables = new Map<string, DispatchTable>();
  readonly #names = new Map<string, Field>();

  constructor(protocols: readonly Dissector[]) {
    const dissectors = [BUILTIN_DISSECTORS[0], ...BUILTIN_DISSECTORS, ...protocols];
    this.dissectors = dissectors;
    this.alsoIds = [];
    this.ownerOf = [];
    const protocolFields: Field[] = [];
    const fixedFields: Field[][] = [];
    for (let id = 1; id < dissectors.length; id++) {
      const d = dissectors[id];
      if (this.#ids.has(d.name)) throw new Error(`two dissectors are named ${d.name}`);
      this.#ids.set(d.name, id);
      for (const t of d.tables) this.table(t);
      const own = assign(Object.values(d.fields).find((f) => f.name === d.name) ?? protocolField(d));
      this.#names.set(own.name, allFields[own.id]);
      this.ownerOf[own.id] ??= id;
      protocolFields[id] = allFields[own.id];
      fixedFields[id] = [];
    }
    for (let id = 1; id < dissectors.length; id++) {
      for (const field of Object.values(dissectors[id].fields)) {
        const f = assign(field);
        if (f.offset >= 0) fixedFields[id].push(f);
        if (!this.#names.has(f.name)) this.#names.set(f.name, allFields[f.id]);
        this.ownerOf[f.id] = this.ownerOf[f.id] === undefined || this.ownerOf[f.id] === id ? id : 0;
      }
    }
    for (let id = 1; id < dissectors.length; id++) {
      for (const f of Object.values(dissectors[id].fields)) {
        if (f.also.length === 0) continue;
        this.alsoIds[f.id] = f.also.map((name) => {
          const also = assignByName(name, f.title, f);
          if (!this.#names.has(name)) this.#names.set(name, also);
          this.ownerOf[also.id] ??= id;
          return also.id;
        });
      }
      this.#enter(dissectors[id], id);
    }
    this.offered = dissectors.map((d) => (d.tables.length > 0 ? this.table(d.tables[0]) : undefined));
    this.protocolFields = protocolFields;
    this.fixedFields = fixedFields;
  }

  #enter(d: Dissector, id: number): void {
    for (const [name, values] of Object.entries(d.over)) for (const value of values) this.table(name).set(value, id);
    for (const over of d.heuristicOver) {
      for (const name of HEURISTIC_TABLES[over] ?? [over]) this.table(name).heuristics.push(id);
    }
  }

  /** All fields of the process by id; the array only grows. */
  get fields(): readonly Field[] {
    return allFields;
  }

  /** True for link, network and transport protocols: those that no port leads to. */
  isLower(dissector: number): boolean {
    const d = this.dissectors[dissector];
    return d.name === 'tcp' || d.name === 'udp' || (d.heuristicOver.length === 0 && Object.keys(d.over).some((t) => LOWER_TABLES.has(t)) && !Object.keys(d.over).some((t) => t.endsWith('.port')));
  }

  /** True for protocols over a transport that carry no packets. */
  isApplication(dissector: number): boolean {
    const d = this.dissectors[dissector];
    return !d.carries && Object.keys(d.over).some((t) => t === 'tcp.port' || t === 'udp.port') && !Object.keys(d.over).some((t) => LOWER_TABLES.has(t));
  }

  /** Id of a dissector by name; 0 where there is none. */
  id(name: string): number {
    return this.#ids.get(name) ?? 0;
  }

  table(name: string): DispatchTable {
    let table = this.#tables.get(name);
    if (table === undefined) {
      table = new DispatchTable(name);
      this.#tables.set(name, table);
    }
    return table;
  }

  /** Reads `value` of `table` as `dissector` from now on (`-d tcp.port==8888,http`). False where there is no such dissector. */
  decodeAs(table: string, value: number, dissector: string): boolean {
    const id = this.id(dissector);
    if (id === 0) return false;
    this.table(table).set(value, id);
    return true;
  }

  find(name: string): Field | undefined {
    return this.#names.get(name);
  }

  names(): Iterable<string> {
    return this.#names.keys();
  }
}

const LOWER_TABLES: ReadonlySet<string> = new Set(['link', 'ethertype', 'ip.proto', 'llc.dsap']);
const HEURISTIC_TABLES: Readonly<Record<string, readonly string[]>> = { tcp: ['tcp.port'], udp: ['udp.port'], eth: ['ethertype'] };

function protocolField(d: Dissector): Field {
  // A layer that stands inside another's tree has no field there, whatever name the list of protocols gives it.
  return { name: d.hierarchy === 'inside' ? d.name : d.shownAs, title: d.title, type: 'protocol', base: 'none', values: undefined, mask: 0, offset: -1, size: 0, little: false, also: [], id: -1 };
}
