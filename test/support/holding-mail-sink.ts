// A real SMTP server that can keep its answer to a mail back, so that a sender can be killed between the last byte and the reply.
// Each mail is one line of JSON when it is in hand; `hold` and `release` come as lines on standard input.
//
//   node holding-mail-sink.ts HOST PORT KEY.pem CERT.pem
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { SMTPServer } from 'smtp-server';

const [host, port, keyFile, certFile] = process.argv.slice(2);
let holding = false;
const kept: (() => void)[] = [];

createInterface({ input: process.stdin }).on('line', (line) => {
  holding = line === 'hold';
  if (!holding) for (const reply of kept.splice(0)) reply();
});

const server = new SMTPServer({
  key: readFileSync(keyFile), cert: readFileSync(certFile), secure: false, authOptional: true, disableReverseLookup: true,
  onData(stream, _session, done) {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      const raw = Buffer.concat(chunks).toString('utf8');
      const header = (name: string): string => new RegExp(`^${name}: *((?:.|\\r\\n[ \\t])*)`, 'im').exec(raw)?.[1].replace(/\r\n[ \t]+/g, ' ') ?? '';
      process.stdout.write(`${JSON.stringify({ id: header('Message-ID'), subject: header('Subject'), delivery: header('X-Wirewatch-Delivery'), at: Date.now() })}\n`);
      if (holding) kept.push(() => done());
      else done();
    });
  },
});
server.on('error', () => undefined);
server.listen(Number(port), host);
process.on('SIGTERM', () => process.exit(0));
