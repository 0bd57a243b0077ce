import { builtInConfig, findSurroundings, readSurroundingFiles } from './built-in.ts';
import { configOf, loadConfigFile, type LoadedConfig, type LoadOptions } from './load-config.ts';

/** The configuration of a file, or the safe built-in one where no file is named. */
export function openConfig(file: string | undefined, options: LoadOptions): LoadedConfig {
  return file === undefined ? configOf(builtInConfig(findSurroundings(readSurroundingFiles())), options.env) : loadConfigFile(file, options);
}
