import type { Host } from '../base/host.ts';
import type { FlowRecord, ProtocolRecord } from '../model/index.ts';
import type { LogColumns } from '../wire/session.ts';

/** What a writer of logs needs: digests for ids, and the columns of transactions by protocol. */
export interface LogContext {
  readonly host: Host;
  readonly columns: Readonly<Record<string, LogColumns>>;
}

/** A piece of a log: which file it belongs to, and its text with the line end. */
export interface LogLine {
  readonly file: string;
  readonly text: string;
}

/** Turns records into lines; one instance a run. */
export interface LogWriter {
  flow(flow: FlowRecord): readonly LogLine[];
  record(record: ProtocolRecord): readonly LogLine[];
  /** Text with which a file begins; '' where nothing stands before the first line. */
  head(file: string): string;
}

/** One form in which logs are written: one file in export/logs exports one of these. */
export interface LogFormat {
  readonly name: string;
  readonly summary: string;
  create(ctx: LogContext): LogWriter;
}

export function defineLogFormat(format: LogFormat): LogFormat {
  return format;
}
