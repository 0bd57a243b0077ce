import { readFile } from 'node:fs/promises';

/** PEM of the authorities that a channel trusts: as given, or from the file, read each time so that a renewed one counts. */
export async function authorityOf(options: { readonly ca?: string | undefined; readonly caFile?: string | undefined }): Promise<string | undefined> {
  return options.ca ?? (options.caFile === undefined ? undefined : await readFile(options.caFile, 'utf8'));
}
