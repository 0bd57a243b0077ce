// A real SMTP server for drills and tests: STARTTLS and login required, as a provider's submission port does (RFC 6409). It
// keeps nothing and delivers nothing: each mail is printed as one line of JSON. Started in a network namespace as a process:
//
//   node mail-sink.ts HOST PORT KEY.pem CERT.pem USER PASSWORD
import { readFileSync } from 'node:fs';
import { SMTPServer } from 'smtp-server';

const [host, port, keyFile, certFile, user, password] = process.argv.slice(2);

const server = new SMTPServer({
  key: readFileSync(keyFile),
  cert: readFileSync(certFile),
  secure: false,
  authMethods: ['PLAIN', 'LOGIN'],
  size: 1 << 20,
  // A lab has no resolver: asking one for the client's name only costs time.
  disableReverseLookup: true,
  onAuth(auth, session, done) {
    if (!session.secure) return done(new Error('STARTTLS first'));
    if (auth.username === user && auth.password === password) return done(null, { user });
    return done(new Error('535 authentication failed'));
  },
  onData(stream, session, done) {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      const { mailFrom, rcptTo } = session.envelope;
      const mail = {
        from: mailFrom === false ? '' : mailFrom.address, to: rcptTo.map((r) => r.address), tls: session.secure, user: session.user,
        receivedAt: new Date().toISOString(), raw: Buffer.concat(chunks).toString('utf8'),
      };
      process.stdout.write(`${JSON.stringify(mail)}\n`);
      done();
    });
  },
});
server.on('error', (error) => {
  process.stderr.write(`mail sink: ${error.message}\n`);
});
server.listen(Number(port), host, () => process.stdout.write(`${JSON.stringify({ listening: Number(port) })}\n`));
process.on('SIGTERM', () => process.exit(0));
