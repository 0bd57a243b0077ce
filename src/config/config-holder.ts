import { WirewatchError } from '../base/errors.ts';
import type { LoadedConfig } from './load-config.ts';

export type ReloadOutcome =
  | { readonly ok: true; readonly loaded: LoadedConfig; readonly restartNeeded: readonly string[] }
  | { readonly ok: false; readonly error: WirewatchError };

/** Keys that are read at the start only. */
const START_ONLY = ['data', 'sensor', 'listen', 'store'] as const;

/**
 * The configuration in force. A reload that finds a mistake changes nothing and says what is wrong; listeners hear of good ones in
 * the order in which they subscribed.
 */
export class ConfigHolder {
  #current: LoadedConfig;
  readonly #read: () => LoadedConfig;
  readonly #listeners: ((now: LoadedConfig, before: LoadedConfig) => void | Promise<void>)[] = [];
  #reloading: Promise<ReloadOutcome> | undefined;

  constructor(first: LoadedConfig, read: () => LoadedConfig) {
    this.#current = first;
    this.#read = read;
  }

  get current(): LoadedConfig {
    return this.#current;
  }

  onChange(listener: (now: LoadedConfig, before: LoadedConfig) => void | Promise<void>): void {
    this.#listeners.push(listener);
  }

  /** Reads anew; two calls at once are one reload. */
  reload(): Promise<ReloadOutcome> {
    this.#reloading ??= this.#reload().finally(() => {
      this.#reloading = undefined;
    });
    return this.#reloading;
  }

  async #reload(): Promise<ReloadOutcome> {
    let loaded: LoadedConfig;
    try {
      loaded = this.#read();
    } catch (error) {
      if (error instanceof WirewatchError) return { ok: false, error };
      throw error;
    }
    const before = this.#current;
    const restartNeeded = START_ONLY.filter((key) => JSON.stringify(loaded.config[key]) !== JSON.stringify(before.config[key]));
    this.#current = loaded;
    for (const listener of this.#listeners) await listener(loaded, before);
    return { ok: true, loaded, restartNeeded };
  }
}
