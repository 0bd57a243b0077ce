/** What the next message of a MySQL connection is, as far as the ones before tell. */
export const UNKNOWN = 0;
export const LOGIN = 1;
export const REQUEST = 2;
export const RESPONSE_OK = 3;
export const RESPONSE_MESSAGE = 4;
export const RESPONSE_TABLE = 5;
export const COLUMNS = 6;
export const ROWS = 7;
export const AUTH_SWITCH = 8;
export const PREPARED = 9;
export const PREPARED_PARAMS = 10;
export const PREPARED_COLUMNS = 11;

/** Capabilities that change how messages read (MySQL internals, Capability Flags); the extended ones from bit 16 on. */
export const CONNECT_WITH_DB = 0x0008;
export const SSL = 0x0800;
export const PLUGIN_AUTH = 0x0008_0000;
export const CONNECT_ATTRS = 0x0010_0000;
export const SESSION_TRACK = 0x0080_0000;
export const DEPRECATE_EOF = 0x0100_0000;
export const QUERY_ATTRIBUTES = 0x0800_0000;

/** What is remembered of one MySQL connection. */
export class MysqlConversation {
  state = UNKNOWN;
  server = 0;
  client = 0;
  /** Columns that are still to come, parameters and columns of a prepared statement. */
  columns = 0;
  params = 0;
  greeted = false;

  /** Both sides speak it; one that was not seen is taken to. */
  has(capability: number): boolean {
    return (this.client & capability) !== 0;
  }
}

export function createMysqlConversation(): MysqlConversation {
  return new MysqlConversation();
}
