import module from 'node:module';
import path from 'node:path';

// Compiled code is kept between starts, beside the code: in a folder that every user may write to, others could put theirs. The
// launcher has asked for it already, so that not even this file is compiled again.
module.enableCompileCache(path.resolve(import.meta.dirname, '../../var/compile-cache'));
const { runCli } = await import('./run-cli.ts');
const code = await runCli(process.argv.slice(2));
// Commands close what they open; a stray handle must not keep a finished command alive.
process.exit(code);
