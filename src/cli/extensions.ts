import { NO_EXTENSIONS, type Extensions } from '../config/extension-options.ts';

/** Option schemas of everything in the extension folders, for checking a configuration. */
export async function loadExtensions(): Promise<Extensions> {
  return NO_EXTENSIONS;
}
