// Written by `npm run gen`. Do not edit: add a file to the folder and run it again.
import type { CommandDefinition } from './define-command.ts';

export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  load(): Promise<CommandDefinition>;
}

export const commands: readonly CommandEntry[] = [
  { name: "actions", summary: "list what was or would be done, approve, reject or revert it", load: () => import('./commands/actions.ts').then((m) => m.default) },
  { name: "analyze", summary: "run the whole chain over a capture file: flows, detectors, alerts, incidents", load: () => import('./commands/analyze.ts').then((m) => m.default) },
  { name: "audit", summary: "list the audit chain, or verify that no event was altered, cut out or slipped in", load: () => import('./commands/audit.ts').then((m) => m.default) },
  { name: "capture", summary: "captures an interface into a file or a ring of files, or prints the packets as they come", load: () => import('./commands/capture.ts').then((m) => m.default) },
  { name: "case", summary: "keep an analyst's steps with the hashes of input and result, and run them again", load: () => import('./commands/case.ts').then((m) => m.default) },
  { name: "config", summary: "check, explain, import and reload configurations", load: () => import('./commands/config.ts').then((m) => m.default) },
  { name: "credentials", summary: "list the names and passwords that crossed in clear text: FTP, POP, IMAP, SMTP, HTTP Basic, Telnet, LDAP, SNMP communities", load: () => import('./commands/credentials.ts').then((m) => m.default) },
  { name: "doctor", summary: "look at this machine: privileges, sysctls, packages, disk, clock, names; each finding with its remedy", load: () => import('./commands/doctor.ts').then((m) => m.default) },
  { name: "drill", summary: "make a real fault in a network of namespaces and follow it through the whole program; needs root", load: () => import('./commands/drill.ts').then((m) => m.default) },
  { name: "edit", summary: "cuts, merges, orders, converts and pseudonymises capture files", load: () => import('./commands/edit.ts').then((m) => m.default) },
  { name: "evidence", summary: "list, show and verify what incidents keep as proof", load: () => import('./commands/evidence.ts').then((m) => m.default) },
  { name: "extract", summary: "write the files that the conversations of a capture carried, with their digests", load: () => import('./commands/extract.ts').then((m) => m.default) },
  { name: "flows", summary: "list the flows of a capture file, or the stored ones: who spoke with whom, how much, how it ended", load: () => import('./commands/flows.ts').then((m) => m.default) },
  { name: "follow", summary: "Put the bytes of one conversation of a capture file together.", load: () => import('./commands/follow.ts').then((m) => m.default) },
  { name: "hunt", summary: "Run a list of display filters over many captures, each read once, and tell what matched where.", load: () => import('./commands/hunt.ts').then((m) => m.default) },
  { name: "incidents", summary: "list incidents, show one with its timeline, acknowledge, assign, note, move, close", load: () => import('./commands/incidents.ts').then((m) => m.default) },
  { name: "logs", summary: "write the flows and transactions of a capture file as logs in the form of Zeek or Suricata", load: () => import('./commands/logs.ts').then((m) => m.default) },
  { name: "notify", summary: "send a test message, preview the words of a receiver, list what was told, and why something was not", load: () => import('./commands/notify.ts').then((m) => m.default) },
  { name: "probe", summary: "runs one round of a probe, and shows it whole with --explain", load: () => import('./commands/probe.ts').then((m) => m.default) },
  { name: "read", summary: "Read a capture file: filter its packets, print them as text, fields or JSON.", load: () => import('./commands/read.ts').then((m) => m.default) },
  { name: "reflect", summary: "answers STAMP test packets (RFC 8762) until it is interrupted: the far end of the probe stamp", load: () => import('./commands/reflect.ts').then((m) => m.default) },
  { name: "run", summary: "watch: probe, capture, detect, keep evidence, tell people; the console is on 127.0.0.1", load: () => import('./commands/run.ts').then((m) => m.default) },
  { name: "stats", summary: "Count a capture file: protocols, conversations, endpoints, lengths, traffic over time, response times, HTTP, DNS, experts; a flow graph.", load: () => import('./commands/stats.ts').then((m) => m.default) },
  { name: "status", summary: "say whether the program runs on this data folder, and how its parts are", load: () => import('./commands/status.ts').then((m) => m.default) },
  { name: "trace", summary: "traces the path to a host, flow-stable, once or without end", load: () => import('./commands/trace.ts').then((m) => m.default) },
];
