/**
 * A mistake of the operator (configuration, filter, file, argument), told so that it can be mended: what, where, why, what to do.
 *
 * Bugs are plain `Error`s; failures of remote hosts are values. `code` is stable and listed in docs/reference/errors.md.
 */
export class WirewatchError extends Error {
  readonly code: ErrorCode;
  /** Where: a path and line, a configuration key, a byte offset, or a caret under the text. */
  readonly where: string | undefined;
  /** What the reader can do about it. */
  readonly remedy: string | undefined;

  constructor(code: ErrorCode, message: string, details: { where?: string | undefined; remedy?: string | undefined; cause?: unknown } = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'WirewatchError';
    this.code = code;
    this.where = details.where;
    this.remedy = details.remedy;
  }
}

/** Every code with its one-line meaning; docs/reference/errors.md is generated from it. */
export const ERROR_CODES = {
  WW_FILTER_SYNTAX: 'A display filter is not well formed; a caret shows the place.',
  WW_FILTER_FIELD: 'A display filter names a field that does not exist; the nearest name is offered.',
  WW_FILTER_TYPE: 'A display filter compares a field with a value that its type cannot hold, or uses an operator that its type lacks.',
  WW_FILTER_NOT_KEPT: 'The filter names a field that stored records do not keep; the message lists what is kept.',
  WW_CAPTURE_FORMAT: 'The file is not a capture, or is damaged at the stated offset; what was read before it stays valid.',
  WW_CAPTURE_PRIVILEGE: 'The process may not capture; the message has the one command that grants it.',
  WW_CAPTURE_INTERFACE: 'There is no such interface, or it is down.',
  WW_CAPTURE_FILTER: 'libpcap refuses the capture filter.',
  WW_PROBE_PRIVILEGE: 'The process may not send ICMP; the message has the one command that grants it.',
  WW_PROBE_OPTION: 'An option of a check does not fit its type.',
  WW_CONFIG_FILE: 'The configuration file cannot be read or is not YAML or JSON.',
  WW_CONFIG_VALUE: 'A key of the configuration is unknown or its value does not fit; line, column and the nearest key are given.',
  WW_CONFIG_SECRET: 'A secret cannot be read, or others can read it.',
  WW_STORE_LOCKED: 'Another process holds the store; its id is given.',
  WW_STORE_VERSION: 'The store was written by a newer version; it is not touched.',
  WW_STORE_FULL: 'The disk under the data folder is full; what could not be written is counted.',
  WW_STORE_QUERY: 'The query could not be answered within its limits.',
  WW_AUTH_REQUIRED: 'Sign in first.',
  WW_AUTH_FORBIDDEN: 'The role lacks the permission that is named.',
  WW_AUTH_CREDENTIALS: 'Name or password is wrong.',
  WW_AUTH_LIMIT: 'Too many failed attempts to sign in; the message says how long to wait.',
  WW_NOT_FOUND: 'There is no such thing; the nearest is offered where there is one.',
  WW_CONFLICT: 'The thing has changed since it was read, or is in a state that does not allow this.',
  WW_ARGUMENT: 'An argument of a command or request is missing or does not fit.',
  WW_EVIDENCE: 'Evidence does not match its manifest; the message names the file.',
  WW_AUDIT_CHAIN: 'The audit chain is broken at the event that is named.',
  WW_ACTION_REFUSED: 'Policy, budget or a precheck refuses the action; the reason is given.',
  WW_NOT_RUNNING: 'No running program answers at the socket of this data folder.',
  WW_RUNNING: 'Another program already runs on this data folder.',
  WW_DRILL_PRIVILEGE: 'A drill makes network namespaces and so needs root; the message has the command.',
  WW_DRILL: 'A stage of the drill did not happen in time; the report names it.',
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;
