import type { StateStore } from '../store/state-store.ts';
import { PersistedMachine } from './persisted-machine.ts';

interface InboxState<T> {
  readonly inputs: Readonly<Record<string, T>>;
}

/** A change of the inbox before it is durable. */
export interface InboxDraft<T> {
  readonly state: InboxState<T>;
  /** What comes in, under its keys, in order. */
  readonly heard: readonly (readonly [key: string, input: T])[];
}

/**
 * What other machines' steps left for the loop to hear, in order, until the loop has taken it.
 *
 * It is written in the transaction of the step that it comes from, and deleted in the transaction of the group that takes it.
 */
export class LoopInbox<T> {
  readonly #machine: PersistedMachine<InboxState<T>>;
  #next: number;

  constructor(store: StateStore) {
    this.#machine = new PersistedMachine<InboxState<T>>(store, 'inbox', { inputs: {} });
    this.#next = Math.max(0, ...Object.keys(this.#machine.state.inputs).map(Number)) + 1;
  }

  /** What an earlier life did not take any more. */
  get left(): readonly (readonly [key: string, input: T])[] {
    return Object.entries(this.#machine.state.inputs).sort(([a], [b]) => (a < b ? -1 : 1));
  }

  adding(inputs: readonly T[]): InboxDraft<T> {
    const heard = inputs.map((input) => [String(this.#next++).padStart(15, '0'), input] as const);
    return { state: { inputs: { ...this.#machine.state.inputs, ...Object.fromEntries(heard) } }, heard };
  }

  without(keys: readonly (string | undefined)[]): InboxDraft<T> {
    if (keys.every((key) => key === undefined)) return { state: this.#machine.state, heard: [] };
    const inputs = { ...this.#machine.state.inputs };
    for (const key of keys) if (key !== undefined) delete inputs[key];
    return { state: { inputs }, heard: [] };
  }

  /** Inside the transaction. */
  write(draft: InboxDraft<T>): void {
    this.#machine.write(draft.state);
  }

  /** After it. */
  adopt(draft: InboxDraft<T>): void {
    this.#machine.adopt(draft.state);
  }
}
